/** Files of the tree that tidy tests read, paths relative to its root, sorted. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['dsl', 'electron', 'renderer', 'src', 'test'];
const ENDINGS = ['.ts', '.vue', '.mjs'];

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : walk(path);
    return ENDINGS.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
  });
}

export const sourceFiles = (): readonly string[] =>
  FOLDERS.flatMap((folder) => {
    try {
      return walk(folder);
    } catch {
      return [];
    }
  }).sort();
