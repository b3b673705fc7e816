/** Distributions and weights: X0401 to X0404. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { shareText } from '../values/units.js';
import { make, replace, shortName } from './make.js';

export const p99NotAboveMedian = (span: Span, swapped: string | undefined): Diagnostic =>
  make('X0401', span, 'p99 must be larger than the median', {
    help: swapped === undefined ? 'write constant(...) for one value' : `swap them: ${swapped}`,
    ...(swapped === undefined ? {} : replace(span, swapped, 'Swap median and p99')),
  });

export const contradiction = (span: Span, message: string, help: string): Diagnostic =>
  make('X0401', span, message, { help });

export const endsSwapped = (span: Span, swapped: string | undefined): Diagnostic =>
  make('X0401', span, 'the low end must not lie above the high end', {
    help: swapped === undefined ? 'swap them' : `swap them: ${swapped}`,
    ...(swapped === undefined ? {} : replace(span, swapped, 'Swap the ends')),
  });

export const missingParameter = (span: Span, form: string, parameter: string): Diagnostic =>
  make('X0401', span, `'${form}' needs '${parameter}'`, {
    help: `add '${parameter}=...'`,
  });

export const quantileEnds = (span: Span, sizes: boolean): Diagnostic =>
  make('X0402', span, 'quantiles must start at 0% and end at 100%', {
    help: sizes
      ? 'add the smallest and the largest size: 0%: 64B, 100%: 64KiB'
      : 'add the smallest value at 0% and the largest at 100%',
  });

export const quantileOrder = (span: Span, what: string): Diagnostic =>
  make('X0402', span, `quantiles must rise, this ${what} does not`, {
    help: 'sort the points by share; values must rise with them',
  });

export function wrongWeights(at: {
  span: Span;
  weights: readonly number[];
  /** `rest:` is possible here. */
  rest: boolean;
}): Diagnostic {
  const total = at.weights.reduce((sum, weight) => sum + weight, 0);
  const list = at.weights.map(shareText).join(' + ');
  const change = total > 1 ? 'reduce them' : 'raise them';
  const other = at.rest ? "write 'rest:' for the last one" : 'change one of them';
  return make('X0403', at.span, `weights add up to ${shareText(total)}, not 100%`, {
    ...(list.length > 60 ? {} : { notes: [list] }),
    help: `${change}, or ${other}`,
  });
}

export const restNotLast = (span: Span): Diagnostic =>
  make('X0403', span, "'rest:' must be the last of a mix, and only once", {
    help: 'move it to the end',
  });

export const tildeMissing = (span: Span, what: string, text: string): Diagnostic => {
  const shown = shortName(text);
  return make('X0404', span, `'${what}' got a distribution without '~'`, {
    help: `write '${what} ~ ${shown}' to draw a ${what} each time`,
    ...replace({ start: span.start, end: span.start }, '~ ', "Insert '~'"),
  });
};

export const tildeOnFixed = (span: Span, tilde: Span, text: string): Diagnostic =>
  make('X0404', span, `'~' draws at random, but '${shortName(text)}' is a fixed value`, {
    help: "remove the '~', or write a distribution",
    ...replace(tilde, '', "Remove '~'"),
  });

export const distributionInPlace = (span: Span, what: string): Diagnostic =>
  make('X0404', span, `'${shortName(what)}' takes a fixed value, not a distribution`, {
    help: 'write a fixed value',
  });
