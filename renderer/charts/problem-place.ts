/** Where a finding of the language is: in a line of the text, in a parameter of the bar, in another file. */
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import { lineOf } from '../editor/line-of.js';

export interface ProblemPlace {
  /** `line 41`, `the parameter n`, `sizes.xlab`; empty for a finding without a place. */
  readonly words: string;
  /** Of the text, from 1; null elsewhere. */
  readonly line: number | null;
  /** The parameter of the bar whose value it is; null elsewhere. */
  readonly param: string | null;
}

/** How the language names the value of a setting. */
const SETTING = /^--set (.+)$/;

export function problemPlace({ span, source }: Diagnostic, text: string): ProblemPlace {
  if (source === undefined) {
    const line = span === undefined ? null : lineOf(text, span.start);
    return { words: line === null ? '' : `line ${String(line)}`, line, param: null };
  }
  const param = SETTING.exec(source)?.[1] ?? null;
  return { words: param === null ? source : `the parameter ${param}`, line: null, param };
}

/** The error to mend first: a wrong value in the bar causes others in the text. */
export function firstError(diagnostics: readonly Diagnostic[]): Diagnostic | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.find(({ source }) => SETTING.test(source ?? '')) ?? errors[0];
}
