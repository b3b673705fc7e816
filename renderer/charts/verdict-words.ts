/** How verdicts are signed and said wherever they are counted, in the order in which they matter. */
import type { VerdictState } from '../../src/contract/run-result.js';

export const VERDICT_ORDER: readonly VerdictState[] = ['fail', 'warn', 'unknown', 'pass'];

export const VERDICT_SIGNS: Readonly<Record<VerdictState, string>> = {
  fail: 'x',
  warn: '!',
  unknown: '?',
  pass: 'ok',
};

export const VERDICT_WORDS: Readonly<Record<VerdictState, string>> = {
  fail: 'failed',
  warn: 'warning',
  unknown: 'not evaluated',
  pass: 'held',
};
