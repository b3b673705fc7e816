/** Expectations: X0601 to X0606. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { make, replace, shortName } from './make.js';

export const equalForCompare = (span: Span): Diagnostic =>
  make('X0601', span, "'=' names a value; use '==' to compare", {
    help: "write '=='",
    ...replace(span, '==', "Write '=='"),
  });

export const notCompared = (at: {
  span: Span;
  name: string;
  designs: readonly string[];
  better: string;
}): Diagnostic => {
  const list = at.designs.join(', ');
  return make(
    'X0602',
    at.span,
    `'${shortName(at.name)}' is not one of the designs of this scenario`,
    {
      notes: [`compare lists: ${list}`],
      help: `add it to 'compare', or compare with '${at.better}'`,
      ...replace(at.span, at.better, `Change to '${at.better}'`),
    },
  );
};

export function notRecorded(at: {
  span: Span;
  metric: string;
  needsSeries: boolean;
  /** Start of the expectation, where a probe may be inserted. */
  declaration: number;
}): Diagnostic {
  const { span, metric, needsSeries, declaration } = at;
  const message = needsSeries
    ? `no probe samples '${metric}' over time`
    : `nothing records '${metric}' here`;
  const probe = needsSeries ? `probe every 100ms: ${metric}` : `probe at end: ${metric}`;
  return make('X0603', span, message, {
    help: `add: ${probe}`,
    ...replace({ start: declaration, end: declaration }, `${probe}\n`, 'Add the probe'),
  });
}

export const tooFewSeeds = (span: Span, seeds: number): Diagnostic =>
  make('X0604', span, `confidence needs at least 6 seeds, this scenario has ${seeds}`, {
    help: "write 'seeds 1..10' or --seeds 1..10, or no 'with confidence'",
  });

export const readsNothing = (span: Span): Diagnostic =>
  make('X0606', span, 'no run can change this: it reads no metric', {
    help: 'compare a metric with it',
  });

export const cannotFail = (span: Span, metric: string): Diagnostic =>
  make('X0606', span, `this cannot fail: '${shortName(metric)}' is never below 0`, {
    help: 'compare with a value that would be a surprise',
  });
