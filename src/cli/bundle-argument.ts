/**
 * A bundle in the place of a scenario or a result folder: its scenario is read with the inputs that it
 * carries, from a folder that goes with the process, so that it runs where none of them are.
 */
import { rmSync } from 'node:fs';
import { unpackBundle } from '../app/bundle-folder.js';
import { readBundle } from '../app/read-bundle.js';
import { BundleError, type BundleForm } from '../contract/bundle-form.js';
import { reasonOf, UnreadableFile, type ScenarioFile } from './scenario-file.js';

export interface OpenedBundle {
  readonly source: ScenarioFile;
  readonly form: BundleForm;
}

/** Throws UnreadableFile with the reason. */
export async function openBundle(path: string): Promise<OpenedBundle> {
  try {
    const form = readBundle(path);
    const folder = await unpackBundle(form);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return { source: { file: form.file, folder, text: form.text }, form };
  } catch (error) {
    throw new UnreadableFile(error instanceof BundleError ? error.message : reasonOf(error));
  }
}
