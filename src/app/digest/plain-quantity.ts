/** Exact quantities as a report's description prints them: `168 B`, `2 KiB`, `8 s`, `40/s`. */
import type { DistributionPlan, ValuePlan } from '../../contract/scenario-plan.js';

interface Unit {
  readonly suffix: string;
  readonly divisor: number;
}

const SIZES: readonly Unit[] = [
  { suffix: 'TiB', divisor: 1099511627776 },
  { suffix: 'GiB', divisor: 1073741824 },
  { suffix: 'MiB', divisor: 1048576 },
  { suffix: 'KiB', divisor: 1024 },
  { suffix: 'B', divisor: 1 },
];
const TIMES: readonly Unit[] = [
  { suffix: 'min', divisor: 60e9 },
  { suffix: 's', divisor: 1e9 },
  { suffix: 'ms', divisor: 1e6 },
  { suffix: 'us', divisor: 1e3 },
  { suffix: 'ns', divisor: 1 },
];

/** At most four significant digits, no exponent below a million million, no trailing zeros. */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return String(Number(value.toFixed(Math.min(12, digits))));
}

/** The largest unit of which the value holds a multiple of a half; else the largest below it. */
function inUnits(value: number, units: readonly Unit[]): string {
  const fits = units.filter((unit) => Math.abs(value) >= unit.divisor);
  const exact = fits.find((unit) => Number.isInteger((2 * value) / unit.divisor));
  const unit = exact ?? fits[0] ?? units[units.length - 1];
  if (unit === undefined) return plainNumber(value);
  return `${plainNumber(value / unit.divisor)} ${unit.suffix}`;
}

export const sizeText = (bytes: number): string => inUnits(bytes, SIZES);
export const durationText = (ns: number): string => inUnits(ns, TIMES);
export const shareText = (share: number): string => `${plainNumber(share * 100)}%`;

/** Events per second; below one per second as a period. */
export const rateText = (perSecond: number): string =>
  perSecond > 0 && perSecond < 1
    ? `every ${durationText(1e9 / perSecond)}`
    : `${largeNumber(perSecond)}/s`;

/** `5e6` rather than `5000000`. */
export function largeNumber(value: number): string {
  if (!Number.isInteger(value) || value < 100_000) return plainNumber(value);
  const zeros = /0*$/.exec(String(value))?.[0].length ?? 0;
  const exponent = String(value).length - 1;
  const mantissa = value / 10 ** exponent;
  return zeros < 3 ? String(value) : `${plainNumber(mantissa)}e${String(exponent)}`;
}

/** A value in a few words: fixed, or the figures that shape its distribution. */
export function valueText(value: ValuePlan, show: (value: number) => string): string {
  return value.kind === 'fixed' ? show(value.value) : distributionText(value.distribution, show);
}

export function distributionText(plan: DistributionPlan, show: (value: number) => string): string {
  switch (plan.kind) {
    case 'constant':
      return show(plan.value);
    case 'uniform':
      return `${show(plan.low)} to ${show(plan.high)}`;
    case 'normal':
    case 'exp':
      return `mean ${show(plan.mean)}`;
    case 'lognormal':
      return `q50 ${show(plan.median)}, q99 ${show(plan.p99)}`;
    case 'pareto':
      return `from ${show(plan.min)}, shape ${plainNumber(plan.shape)}`;
    case 'zipf':
      return `zipf ${plainNumber(plan.skew)}`;
    case 'choice':
      return plan.options
        .map(({ weight, value }) => `${shareText(weight)} ${distributionText(value, show)}`)
        .join(', ');
    case 'quantiles':
      return plan.points
        .filter(({ share }) => share >= 0.5 && share < 1)
        .map(({ share, value }) => `q${plainNumber(share * 100)} ${show(value)}`)
        .join(', ');
    case 'empirical': {
      const sorted = [...plan.values].sort((a, b) => a - b);
      const at = (share: number): string =>
        show(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
      return `q50 ${at(0.5)}, q99 ${at(0.99)} of ${String(sorted.length)}`;
    }
  }
}
