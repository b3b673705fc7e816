/**
 * Reads a recording folder. Files come through an injected reader as decompressed text, so nothing
 * here knows about disks; the composition layer (src/app/recording-folder.ts) reads and unzips.
 */
import type { Diagnostic } from '../contract/diagnostic.js';
import { Findings } from './findings.js';
import { FieldError } from './json-fields.js';
import { RECORDING_LIMITS } from './limits.js';
import { readEvents } from './read-events.js';
import { readMeta } from './read-meta.js';
import { readModules } from './read-modules.js';
import { readInitialLeaves, readSnapshots } from './read-snapshots.js';
import type { Recording, RecordedMeta } from './recording.js';

export const RECORDING_FILE_NAMES = [
  'meta.json',
  'modules.json',
  'events.jsonl',
  'snapshots.jsonl',
  'pagetables.jsonl',
] as const;
export type RecordingFileName = (typeof RECORDING_FILE_NAMES)[number];

export type RecordingFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** Why it cannot be read, one line, e.g. `the gzip data end early`. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A recording folder: one call a file, each at most once. */
export interface RecordingFiles {
  /** Folder name for messages. */
  readonly name: string;
  /** SHA-256 over all files of the folder, hex. */
  readonly sha256: string;
  read(file: RecordingFileName): RecordingFile;
}

export interface ReadRecording {
  /** Absent when a finding is an error. */
  readonly recording?: Recording;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines of events.jsonl. */
  readonly eventLines: number;
  /** Event lines not taken, by reason. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** The text of a file, or undefined with a finding when it must be there and is not. */
function textOf(
  files: RecordingFiles,
  file: RecordingFileName,
  findings: Findings,
  needed: boolean,
): string | undefined {
  const found = files.read(file);
  if (found.kind === 'missing') {
    if (needed) {
      findings.error(file, 0, 'missing', `a recording needs ${file} or ${file}.gz`);
    }
    return undefined;
  }
  if (found.kind === 'unreadable') {
    findings.error(file, 0, found.reason);
    return undefined;
  }
  if (found.text.length > RECORDING_LIMITS.fileBytesMax) {
    findings.error(file, 0, `${String(found.text.length)} bytes are too many`);
    return undefined;
  }
  if (found.text.trim() === '') {
    findings.error(file, 0, 'empty');
    return undefined;
  }
  return found.text;
}

function metaOf(files: RecordingFiles, findings: Findings): RecordedMeta | undefined {
  const text = textOf(files, 'meta.json', findings, true);
  if (text === undefined) return undefined;
  try {
    return readMeta(text, files.name);
  } catch (error) {
    if (error instanceof FieldError) findings.error('meta.json', 0, error.message);
    else if (error instanceof SyntaxError) {
      findings.error('meta.json', 0, 'not a complete JSON object');
    } else throw error;
    return undefined;
  }
}

const isBlind = (recording: Pick<Recording, 'events' | 'snapshots'>): boolean =>
  recording.events.every(
    ({ observed }) => !observed.added && observed.address === undefined && !observed.sections,
  ) && recording.snapshots.slice(1).every((snapshot) => snapshot.areas === undefined);

export function readRecording(files: RecordingFiles): ReadRecording {
  const findings = new Findings(files.name);
  const meta = metaOf(files, findings);
  const eventText = textOf(files, 'events.jsonl', findings, true);
  const { events, lines, dropped } = readEvents(eventText ?? '', findings);
  const moduleText = textOf(files, 'modules.json', findings, false);
  const snapshotText = textOf(files, 'snapshots.jsonl', findings, false);
  const leafText = textOf(files, 'pagetables.jsonl', findings, false);
  const modules = moduleText === undefined ? new Map() : readModules(moduleText, findings);
  const snapshots = snapshotText === undefined ? [] : readSnapshots(snapshotText, findings);
  const initialLeaves = leafText === undefined ? [] : readInitialLeaves(leafText, findings);
  const last = snapshots.at(-1);
  if (last && last.afterEvents > events.length && !findings.hasErrors) {
    findings.error(
      'snapshots.jsonl',
      last.line,
      `snapshot after ${String(last.afterEvents)} events, and ${String(events.length)} are there`,
      'the recording is cut short: copy events.jsonl again',
    );
  }
  const diagnostics = findings.diagnostics();
  const result = { diagnostics, eventLines: lines, dropped };
  if (findings.hasErrors || !meta) return result;
  const read = { events, snapshots };
  return {
    ...result,
    recording: { meta, modules, initialLeaves, ...read, blind: isBlind(read) },
  };
}
