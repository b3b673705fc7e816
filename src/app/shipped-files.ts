/**
 * Files that ship with the program: scenarios with the library under `std`, the built window, built
 * entry points. They lie beside or above the running code, in a checkout as well as after a build.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders above the program that are looked at. */
const LEVELS_MAX = 6;
const LIBRARY = join('scenarios', 'std', 'layouts.json');

/** Root of the checkout or of the installed package; undefined when the library is not there. */
export function projectRoot(
  start = fileURLToPath(new URL('.', import.meta.url)),
): string | undefined {
  let folder = start;
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    if (existsSync(join(folder, LIBRARY))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

export const shippedScenariosFolder = (): string | undefined => {
  const root = projectRoot();
  return root === undefined ? undefined : join(root, 'scenarios');
};

/** Folder of the built window; undefined before a build. */
export function builtWindowFolder(): string | undefined {
  const root = projectRoot();
  const folder = root === undefined ? undefined : join(root, 'out', 'renderer');
  return folder !== undefined && existsSync(join(folder, 'index.html')) ? folder : undefined;
}

/** A built entry point by its file name, e.g. `sim-worker.js`; undefined before a build. */
export function builtEntry(name: string): string | undefined {
  const root = projectRoot();
  const path = root === undefined ? undefined : join(root, 'out', 'main', name);
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** Scenario of the first start; its result is made with the build. */
const FIRST_RUN = 'sockex1-ladder.xlab';

/**
 * The result that is shipped for the first start, with the text of the scenario that it was made with;
 * null before a build.
 */
export async function readFirstRun(): Promise<{
  id: string;
  scenario: string;
  result: string;
} | null> {
  const root = projectRoot();
  if (root === undefined) return null;
  const [result, scenario] = ['json', 'xlab'].map((end) => join(root, 'out', `first-run.${end}`));
  if (result === undefined || scenario === undefined) return null;
  if (!existsSync(result) || !existsSync(scenario)) return null;
  const texts = [readFile(scenario, 'utf8'), readFile(result, 'utf8')] as const;
  return { id: FIRST_RUN, scenario: await texts[0], result: await texts[1] };
}

/** Text of `std/...`; undefined when the library has no such file. */
export function readShippedLibrary(path: string): string | undefined {
  const folder = shippedScenariosFolder();
  if (folder === undefined || !/^std\/[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(path)) return undefined;
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
