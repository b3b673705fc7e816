/**
 * A bundle's scenario and inputs as files of a folder of their own, so that everything reads them as it
 * reads files beside any scenario. Each file is written once, where nothing stands, and only when its
 * bytes have the sum that the bundle names: a bundle that was changed on its way is refused whole. The folder
 * names the process that made it, so that what a killed one has left is found and removed by the next.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BundleError, inputsProblem, isScenarioName } from '../contract/bundle-form.js';
import type { BundledScenario } from '../contract/bundle-form.js';
import { fileTrouble } from './file-trouble.js';
import { mayLive, processMark } from './process-mark.js';

const PREFIX = 'xlab-bundle-';
/** The maker's mark and what makes the name unique. */
const NAME = new RegExp(`^${PREFIX}(.+)-[A-Za-z0-9]{6}$`);

/** The bytes of an input by its path; throws BundleError for names and sums that are wrong. */
function checkedFiles({ file, inputs }: BundledScenario): readonly (readonly [string, Buffer])[] {
  const problem = isScenarioName(file) ? inputsProblem(inputs, file) : 'the bundle has no scenario';
  if (problem !== '') throw new BundleError(problem);
  return inputs.map(({ path, sha256, data }) => {
    const bytes = Buffer.from(data, 'base64');
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (sum !== sha256) {
      throw new BundleError(`the input '${path}' is not what the bundle says: its hash differs`);
    }
    return [path, bytes] as const;
  });
}

/** Writes scenario and inputs into a new folder; its path. Throws BundleError, and leaves nothing then. */
export async function unpackBundle(scenario: BundledScenario): Promise<string> {
  const files = checkedFiles(scenario);
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${processMark()}-`)).catch(
    (error: unknown) => {
      throw notWritten(error);
    },
  );
  try {
    for (const [path, bytes] of files) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes, { flag: 'wx' });
    }
    await writeFile(join(folder, scenario.file), scenario.text, { flag: 'wx' });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw notWritten(error);
  }
}

const notWritten = (error: unknown): BundleError =>
  new BundleError(
    `the inputs of the bundle cannot be written into the folder for temporary files: ${fileTrouble(error)}`,
  );

/** Removes the user's own folders of bundles whose processes have ended; what cannot be removed stays. */
export async function removeStaleBundles(folder = tmpdir()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const mark = NAME.exec(name)?.[1];
    if (mark === undefined || mayLive(mark)) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => null);
    const isOwn = process.getuid === undefined || found?.uid === process.getuid();
    if (found?.isDirectory() !== true || !isOwn) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
