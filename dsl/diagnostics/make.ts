/** Builds a diagnostic with the severity of its code. */
import { assert } from '../../src/base/assert.js';
import { editDistance, nearestName } from '../../src/base/nearest-name.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { codeInfo } from './catalogue.js';

type Extras = Pick<Diagnostic, 'related' | 'notes' | 'help' | 'fix' | 'plugin'>;

export function make(code: string, span: Span, message: string, extras: Extras = {}): Diagnostic {
  const info = codeInfo(code);
  assert(info !== undefined, `no code ${code}`);
  return { code, severity: info.severity, message, span, ...extras };
}

/** A fix that replaces one span. */
export const replace = (span: Span, newText: string, title: string): Pick<Diagnostic, 'fix'> => ({
  fix: { title, edits: [{ span, newText }] },
});

/** A name from a text, cut so that a message stays on one line. */
export const shortName = (text: string): string =>
  text.length <= 32 ? text : `${text.slice(0, 29)}...`;

const commonPrefix = (left: string, right: string): number => {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
};

/** Names that a suggestion looks at, and their longest. */
const LOOKED_AT_MAX = 2000;
const LENGTH_MAX = 100;

/** Half of a name may differ: `x` is not a misspelt `p`. */
const isNear = (wanted: string, name: string): boolean =>
  editDistance(wanted, name) * 2 <= Math.max(wanted.length, name.length);

/** The nearest valid name: few edits, or a long common beginning (`node_count` and `nodes`). */
export function suggestion(wanted: string, candidates: readonly string[]): string | undefined {
  if (wanted.length > LENGTH_MAX) return undefined;
  const names = candidates.slice(0, LOOKED_AT_MAX).filter((name) => name.length <= LENGTH_MAX);
  const near = nearestName(wanted, names);
  if (near !== undefined && isNear(wanted, near)) return near;
  let best: string | undefined;
  let bestLength = 3;
  for (const name of names) {
    const length = commonPrefix(wanted, name);
    if (length > bestLength && length * 2 >= name.length) {
      best = name;
      bestLength = length;
    }
  }
  return best;
}
