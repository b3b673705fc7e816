/** Recordings for tests: shipped ones by name, and small ones written in the test. */
import { join } from 'node:path';
import { loadRecording } from '../../src/app/recording-store.js';
import type { RecordingFile, RecordingFiles } from '../../src/recording/read-recording.js';
import type { Recording } from '../../src/recording/recording.js';

export const SHIPPED_RECORDINGS = join(import.meta.dirname, '../../scenarios/recordings');

const loaded = new Map<string, Recording>();

/** A shipped recording; read once. */
export function shippedRecording(name: string): Recording {
  const known = loaded.get(name);
  if (known) return known;
  const { recording, diagnostics } = loadRecording(join(SHIPPED_RECORDINGS, name));
  if (!recording) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`);
  loaded.set(name, recording);
  return recording;
}

/** A recording folder from texts; a name that is not given is missing. */
export function filesOf(
  texts: Readonly<Record<string, string | RecordingFile>>,
  name = 'written',
): RecordingFiles {
  return {
    name,
    sha256: 'f'.repeat(64),
    read: (file) => {
      const entry = texts[file];
      if (entry === undefined) return { kind: 'missing' };
      return typeof entry === 'string' ? { kind: 'text', text: entry } : entry;
    },
  };
}

export const META = JSON.stringify({
  release: '6.12.107+deb13-amd64',
  initial: { module_area_base: '0xffffffffc0000000', bpf_boot_chunks: 25 },
  guest: {},
});

export const lines = (...rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
