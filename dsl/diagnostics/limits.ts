/** Runs, events and time: X0412, X0501 to X0504. */
import type { Diagnostic, RelatedSpan, Span } from '../../src/contract/diagnostic.js';
import { groupedNumber, timeText } from '../values/units.js';
import { make, replace, shortName } from './make.js';

/** Rounded up to two digits: what a raised limit is set to. */
function roundedUp(value: number): number {
  const step = 10 ** Math.max(0, String(Math.ceil(value)).length - 2);
  return Math.ceil(value / step) * step;
}

/** `2e9` for long round numbers. */
const shortNumber = (value: number): string =>
  value < 1e6 ? String(value) : value.toExponential().replace('+', '');

export interface RunCounts {
  readonly axes: readonly number[];
  readonly seeds: number;
  readonly designs: number;
  readonly limit: number;
}

const plural = (count: number, one: string): string =>
  `${groupedNumber(count)} ${one}${count === 1 ? '' : 's'}`;

export function tooManyRuns(span: Span, counts: RunCounts): Diagnostic {
  const points = counts.axes.reduce((product, axis) => product * axis, 1);
  const runs = points * counts.seeds * counts.designs;
  const sweep = counts.axes.length === 0 ? [] : [`${counts.axes.join(' x ')} sweep points`];
  const parts = [...sweep, plural(counts.seeds, 'seed'), plural(counts.designs, 'design')];
  const fewer = counts.seeds > 1 ? 'fewer seeds' : 'fewer values';
  const asks = `${groupedNumber(runs)} runs (limit ${groupedNumber(counts.limit)})`;
  return make('X0412', span, `this scenario asks for ${asks}`, {
    notes: [parts.join(', ')],
    help: `${fewer}, or raise it: limit runs ${roundedUp(runs)}`,
  });
}

export function tooManyEvents(at: {
  span: Span;
  events: number;
  limit: number;
  statementEvents: number;
}): Diagnostic {
  const asks = `${groupedNumber(at.events)} events (limit ${groupedNumber(at.limit)})`;
  return make('X0412', at.span, `one run may make ${asks}`, {
    notes: [`this statement may make ${groupedNumber(at.statementEvents)}`],
    help: `fewer repetitions or a lower rate, or raise it: limit events ${shortNumber(roundedUp(at.events))}`,
  });
}

export const tooManyStatements = (span: Span, max: number): Diagnostic =>
  make('X0412', span, `more than ${groupedNumber(max)} statements after 'for' and 'run'`, {
    help: "repeat with 'repeat', which is not written out",
  });

export const tooManyInPoints = (span: Span, max: number): Diagnostic =>
  make('X0412', span, `more than ${groupedNumber(max)} statements in all sweep points`, {
    help: 'sweep over fewer values',
  });

export const tooManySeeds = (span: Span, max: number): Diagnostic =>
  make('X0412', span, `more than ${groupedNumber(max)} seeds`, { help: 'use fewer seeds' });

export const endless = (at: {
  span: Span;
  statement: string;
  phase: string;
  phaseName: Span;
}): Diagnostic => {
  const message = `'${at.statement}' never ends, and ${at.phase} has no duration`;
  const { end } = at.phaseName;
  return make('X0501', at.span, message, {
    related: [{ span: at.phaseName, label: "add 'for 5min' here" }],
    ...replace({ start: end, end }, ' for 5min', "Add 'for 5min'"),
  });
};

export const afterBlockEnd = (at: {
  span: Span;
  text: string;
  block: string;
  durationNs: number;
  durationSpan: Span | undefined;
}): Diagnostic => {
  const related: RelatedSpan[] =
    at.durationSpan === undefined ? [] : [{ span: at.durationSpan, label: 'the phase ends here' }];
  const end = timeText(at.durationNs);
  return make(
    'X0502',
    at.span,
    `'at ${shortName(at.text)}' lies after the end of ${at.block} (${end})`,
    {
      related,
    },
  );
};

export const longerThanPhase = (at: {
  span: Span;
  phase: string;
  expectedNs: number;
  durationNs: number;
}): Diagnostic => {
  const lasts = timeText(roundTime(at.expectedNs));
  const message = `statements of ${at.phase} last about ${lasts}, it has ${timeText(at.durationNs)}`;
  return make('X0503', at.span, message, {
    notes: ['counted from the means of the waits'],
    help: 'give the phase more time, or wait less',
  });
};

/** Three significant digits are enough for an estimate. */
function roundTime(ns: number): number {
  const unit = [3600e9, 60e9, 1e9, 1e6, 1e3].find((scale) => ns >= scale * 10) ?? 1;
  return Math.round(ns / unit) * unit;
}

export const nothingHappens = (span: Span, phase: string): Diagnostic =>
  make('X0504', span, `nothing happens in ${phase}`, {
    help: 'give it statements, or remove it',
  });
