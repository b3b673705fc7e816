/**
 * Makes a folder and the folders above it. The recursive form of mkdir that the runtime offers never
 * returns where the file system refuses new entries as if their folder were missing (procfs does), so
 * each folder is made by itself: the nearest one that exists first.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Throws what the operating system says. */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let folder = resolve(path);
  while (statSync(folder, { throwIfNoEntry: false }) === undefined) {
    missing.push(folder);
    folder = dirname(folder);
  }
  for (const name of missing.reverse()) {
    try {
      mkdirSync(name);
    } catch (error) {
      // Another run may have made it meanwhile.
      if (codeOf(error) !== 'EEXIST' || !statSync(name).isDirectory()) throw error;
    }
  }
}
