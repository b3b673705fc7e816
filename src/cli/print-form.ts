/** Prints a form of a result part by part: whole, it may be longer than a string can be. */
import type { ExperimentResult } from '../contract/run-result.js';
import { exporterRegistry } from '../export/index.js';

export function printForm(result: ExperimentResult, form: string): void {
  for (const part of exporterRegistry.get(form).parts(result)) process.stdout.write(part);
}
