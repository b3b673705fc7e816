/** Reads result.json of an output folder. The file may come from a mail: its shape is checked. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_FILE } from '../app/output-folder.js';
import { readResultFile } from '../app/result-file.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { reasonOf } from './scenario-file.js';
import { printError } from './terminal.js';

/** The result of a folder or of a result.json; undefined after a message. */
export function readResult(given: string): ExperimentResult | undefined {
  try {
    const path = statSync(given).isDirectory() ? join(given, RESULT_FILE) : given;
    const checked = readResultFile(path);
    if (checked.result === undefined) printError(`'${given}' is no result: ${checked.problem}`);
    return checked.result;
  } catch (error) {
    printError(`cannot read '${given}': ${reasonOf(error)}`, 'name the folder given to --out');
    return undefined;
  }
}
