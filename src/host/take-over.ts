/**
 * Copies a scenario that came in a bundle, with its inputs, into the user's folder. Nothing that stands
 * there is ever replaced: the scenario gets a free name, an input stays out where another file stands.
 */
import { constants, existsSync } from 'node:fs';
import { copyFile, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileTrouble } from '../app/file-trouble.js';
import { makeFolder } from '../app/make-folder.js';
import { LabError } from '../contract/lab-api.js';
import type { BundlePlace } from './bundle-folders.js';
import { numberedNames } from './numbered-names.js';

export interface CopiedBundle {
  /** Absolute path of the scenario. */
  readonly path: string;
  /** Inputs in whose place another file stood. */
  readonly leftAlone: readonly string[];
}

/** Rejects with a LabError when the folder cannot be written. */
export async function copyBundle(place: BundlePlace, userFolder: string): Promise<CopiedBundle> {
  try {
    makeFolder(userFolder);
    const leftAlone: string[] = [];
    for (const input of place.inputs) {
      const isThere = await copied(join(place.folder, input), userFolder, input);
      if (!isThere) leftAlone.push(input);
    }
    return { path: await copiedScenario(place, userFolder), leftAlone };
  } catch (error) {
    if (error instanceof LabError) throw error;
    const why = fileTrouble(error);
    throw new LabError(`cannot write the bundle's files into the scenario folder: ${why}`);
  }
}

async function copiedScenario(place: BundlePlace, userFolder: string): Promise<string> {
  const source = join(place.folder, place.file);
  for (const name of numberedNames(place.file, '.xlab')) {
    if (await copied(source, userFolder, name)) return join(userFolder, name);
  }
  throw new LabError(`the scenario folder is full of files called ${place.file}`);
}

/** True when the bytes of `source` stand at a path inside the folder, by this copy or before. */
async function copied(source: string, folder: string, path: string): Promise<boolean> {
  const target = join(folder, path);
  // A link inside the folder may lead out of it.
  let above = dirname(target);
  while (!existsSync(above)) above = dirname(above);
  const way = relative(await realpath(folder), await realpath(above));
  if (way !== relative(folder, above)) return false;
  try {
    makeFolder(dirname(target));
  } catch {
    // A file stands where the folder would be.
    return false;
  }
  try {
    await copyFile(source, target, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const [own, theirs] = await Promise.all([readFile(source), readFile(target).catch(() => null)]);
  return theirs !== null && own.equals(theirs);
}
