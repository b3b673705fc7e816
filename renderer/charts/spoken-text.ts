/** What screen readers are told of a run and of a text with a mistake: the outcome, never the progress. */
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { firstError, problemPlace } from './problem-place.js';

/** `Run finished; 2 expectations failed, first: expect no alloc.failed`. */
export function finishedText(result: ExperimentResult | null): string {
  const failed = (result?.verdicts ?? []).filter(({ state }) => state === 'fail');
  const [first] = failed;
  if (first === undefined) return 'Run finished';
  const what = failed.length === 1 ? '1 expectation' : `${String(failed.length)} expectations`;
  const which = failed.length === 1 ? ': ' : ', first: ';
  return `Run finished; ${what} failed${which}${first.text}`;
}

/** `Error in line 12: ...` of the error to mend first; empty for none. */
export function errorText(diagnostics: readonly Diagnostic[], text: string): string {
  const error = firstError(diagnostics);
  if (error === undefined) return '';
  const { words } = problemPlace(error, text);
  return `Error${words === '' ? '' : ` in ${words}`}: ${error.message}`;
}
