/** The recordings that ship with the lab, and folders named on a command line. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../contract/diagnostic.js';
import { readRecording } from '../recording/read-recording.js';
import type { Recording } from '../recording/recording.js';
import { openRecordingFolder } from './recording-folder.js';

const SHIPPED = join('scenarios', 'recordings');
/** Folders above the program that are looked at. */
const LEVELS_MAX = 6;

export type { Recording };

/** Folder of the shipped recordings, looked for upwards from `start`; undefined when not there. */
export function shippedRecordingsFolder(start: string): string | undefined {
  let folder = start;
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const candidate = join(folder, SHIPPED);
    if (existsSync(candidate)) return candidate;
    folder = dirname(folder);
  }
  return undefined;
}

/** Recording folders inside a folder, by name. */
export function recordingFoldersIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory());
}

/** A path as given, or the name of a shipped recording. */
export function resolveRecording(given: string, start: string): string {
  if (existsSync(given)) return given;
  const shipped = shippedRecordingsFolder(start);
  const named = shipped === undefined ? undefined : join(shipped, given);
  return named !== undefined && !given.includes('..') && existsSync(named) ? named : given;
}

export function loadRecording(folder: string): {
  readonly recording?: Recording;
  readonly diagnostics: readonly Diagnostic[];
} {
  return readRecording(openRecordingFolder(folder));
}
