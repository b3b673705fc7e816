/** Reads result.json of an output folder, or the result of a bundle. Either may come from a mail: its shape is checked. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_FILE } from '../app/output-folder.js';
import { checkResult } from '../app/check-result.js';
import { isBundlePath, readBundle } from '../app/read-bundle.js';
import { readResultFile } from '../app/result-file.js';
import { BundleError } from '../contract/bundle-form.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { reasonOf } from './scenario-file.js';
import { printError } from './terminal.js';

/** The result of a folder, of a result.json or of a bundle; undefined after a message. */
export function readResult(given: string): ExperimentResult | undefined {
  try {
    if (isBundlePath(given)) return bundledResult(given);
    const path = statSync(given).isDirectory() ? join(given, RESULT_FILE) : given;
    const checked = readResultFile(path);
    if (checked.result === undefined) printError(`'${given}' is no result: ${checked.problem}`);
    return checked.result;
  } catch (error) {
    printError(`cannot read '${given}': ${reasonOf(error)}`, 'name the folder given to --out');
    return undefined;
  }
}

function bundledResult(given: string): ExperimentResult | undefined {
  try {
    const { result, problem } = checkResult(JSON.stringify(readBundle(given).result ?? null));
    if (result === undefined) printError(`'${given}' holds no result: ${problem}`);
    return result;
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    printError(`cannot read '${given}': ${error.message}`);
    return undefined;
  }
}
