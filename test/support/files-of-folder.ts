/** All files below a folder, by relative name, with their bytes as base64. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export function filesOfFolder(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    names.map((name) => [relative(folder, name), readFileSync(name, 'base64')]),
  );
}
