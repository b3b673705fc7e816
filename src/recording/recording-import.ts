/** Import format `recording`: layout, stream, machine and recorded counters in one. */
import type { ImportedData } from '../contract/catalog.js';
import type { Diagnostic } from '../contract/diagnostic.js';
import { readRecording, type RecordingFiles } from './read-recording.js';
import { machineOfRecording } from './recorded-machine.js';
import { layoutOfRecording, seriesOfRecording, streamOfRecording } from './recorded-stream.js';

export function readRecordingImport(files: RecordingFiles): {
  readonly data?: ImportedData;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { recording, diagnostics, eventLines, dropped } = readRecording(files);
  if (!recording) return { diagnostics };
  return {
    data: {
      sha256: files.sha256,
      layout: layoutOfRecording(recording),
      stream: streamOfRecording(recording, { lines: eventLines, dropped }),
      series: seriesOfRecording(recording),
      machine: machineOfRecording(recording),
    },
    diagnostics,
  };
}
