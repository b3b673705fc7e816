/** Simulated times as text: one unit, enough digits for the span in view, the unit always shown. */

interface TimeUnit {
  readonly suffix: string;
  readonly ns: number;
}

const SECONDS: TimeUnit = { suffix: 's', ns: 1e9 };
const UNITS: readonly TimeUnit[] = [
  SECONDS,
  { suffix: 'ms', ns: 1e6 },
  { suffix: 'us', ns: 1e3 },
  { suffix: 'ns', ns: 1 },
];

/** The unit in which a span of this length is read. */
const unitFor = (spanNs: number): TimeUnit => UNITS.find(({ ns }) => spanNs >= 2 * ns) ?? SECONDS;

/** `212.4 s`: about a thousandth of `spanNs` can be told apart. */
export function timeText(timeNs: number, spanNs: number): string {
  const unit = unitFor(Math.max(spanNs, 1));
  const step = Math.max(spanNs, 1) / 1000 / unit.ns;
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step))));
  return `${(timeNs / unit.ns).toFixed(decimals)} ${unit.suffix}`;
}

/** `3.214118 s`: to the microsecond, below a microsecond in ns. */
export const exactTimeText = (timeNs: number): string =>
  timeNs % 1000 === 0 ? `${(timeNs / 1e9).toFixed(6)} s` : `${(timeNs / 1e9).toFixed(9)} s`;

/** A length of time in the unit it fills: `5 min`, `1.5 s`, `20 ms`. */
export function durationText(ns: number): string {
  if (ns >= 120e9) return `${trimmed(ns / 60e9)} min`;
  const unit = UNITS.find((candidate) => ns >= candidate.ns) ?? SECONDS;
  return `${trimmed(ns / unit.ns)} ${unit.suffix}`;
}

const trimmed = (value: number): string => String(Number(value.toPrecision(3)));
