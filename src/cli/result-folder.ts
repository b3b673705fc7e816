/** Reads result.json of an output folder. The file may come from a mail: its shape is checked. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkResult } from '../app/check-result.js';
import { RESULT_FILE } from '../app/output-folder.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { reasonOf } from './scenario-file.js';
import { printError } from './terminal.js';

const RESULT_BYTES_MAX = 1_073_741_824;

/** The result of a folder or of a result.json; undefined after a message. */
export function readResult(given: string): ExperimentResult | undefined {
  try {
    const path = statSync(given).isDirectory() ? join(given, RESULT_FILE) : given;
    const { size } = statSync(path);
    if (size > RESULT_BYTES_MAX) {
      printError(`'${given}' has ${String(size)} bytes, more than a result may have`);
      return undefined;
    }
    const checked = checkResult(readFileSync(path, 'utf8'));
    if (checked.result === undefined) printError(`'${given}' is no result: ${checked.problem}`);
    return checked.result;
  } catch (error) {
    printError(`cannot read '${given}': ${reasonOf(error)}`, 'name the folder given to --out');
    return undefined;
  }
}
