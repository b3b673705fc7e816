/**
 * Numbers as reports print them: three significant digits below 10, one decimal below 1000, whole
 * numbers above; one unit for a whole row; no locale, no power of ten, no NaN.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import { GIB, KIB, MIB } from '../base/units.js';
import type { Difference } from './difference.js';

/** A unit to print in: divide by `divisor`, write `suffix` behind the label or the number. */
export interface DisplayUnit {
  readonly suffix: string;
  readonly divisor: number;
  /** Some value of the row has a fraction: all of them are written with decimals. */
  readonly fraction?: true;
}

/** True when a value that is written with decimals is no whole number. */
const hasFraction = (value: number): boolean =>
  Math.abs(value) < 999.95 && !Number.isInteger(value);

/** The unit for a row of these values: whole numbers stand alone or among their like. */
export const unitOfRow = (unit: DisplayUnit, values: readonly number[]): DisplayUnit =>
  values.some((value) => hasFraction(value / unit.divisor)) ? { ...unit, fraction: true } : unit;

const BYTE_UNITS: readonly DisplayUnit[] = [
  { suffix: 'B', divisor: 1 },
  { suffix: 'KiB', divisor: KIB },
  { suffix: 'MiB', divisor: MIB },
  { suffix: 'GiB', divisor: GIB },
  { suffix: 'TiB', divisor: GIB * KIB },
];
const COUNT_UNITS: readonly DisplayUnit[] = [
  { suffix: '', divisor: 1 },
  { suffix: 'thousand', divisor: 1e3 },
  { suffix: 'million', divisor: 1e6 },
  { suffix: 'billion', divisor: 1e9 },
  { suffix: 'trillion', divisor: 1e12 },
  { suffix: 'quadrillion', divisor: 1e15 },
];
const TIME_UNITS: readonly DisplayUnit[] = [
  { suffix: 'ns', divisor: 1 },
  { suffix: 'us', divisor: 1e3 },
  { suffix: 'ms', divisor: 1e6 },
  { suffix: 's', divisor: 1e9 },
];

const CYCLE_UNITS: readonly DisplayUnit[] = ['', 'k', 'M', 'G', 'T', 'P'].map((prefix, i) => ({
  suffix: `${prefix}cycles`,
  divisor: 1000 ** i,
}));

/** Units a metric may be printed in, smallest first. */
export function displayUnits(metric: MetricInfo): readonly DisplayUnit[] {
  switch (metric.unit) {
    case 'bytes':
      return BYTE_UNITS;
    case 'ns':
      return TIME_UNITS;
    case 'percent':
      return [{ suffix: '%', divisor: 1 }];
    case 'per_kinst':
      return [{ suffix: /kinst/.test(metric.label) ? '' : '/kinst', divisor: 1 }];
    case 'cycles':
      return CYCLE_UNITS;
    case 'count':
      return COUNT_UNITS;
  }
}

const VALUE_BELOW = 100_000;
/** Counts are written whole up to this. */
const COUNT_BELOW = 10_000_000;

/** What values in this unit stay below: sizes of a KiB and more never print in bytes. */
export function unitLimit(metric: MetricInfo, unit: DisplayUnit, belowMax?: number): number {
  if (unit.divisor === 1 && metric.unit === 'bytes') return KIB;
  if (belowMax !== undefined) return belowMax;
  return unit.divisor === 1 && metric.unit === 'count' ? COUNT_BELOW : VALUE_BELOW;
}

/**
 * The first unit in which every value stays below `belowMax`; sizes of a KiB and more never print
 * in bytes. The largest unit when none is large enough.
 */
export function chooseUnit(
  metric: MetricInfo,
  values: readonly number[],
  belowMax?: number,
): DisplayUnit {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value)));
  const units = displayUnits(metric);
  const match = units.find((unit) => largest / unit.divisor < unitLimit(metric, unit, belowMax));
  return unitOfRow(match ?? units[units.length - 1] ?? { suffix: '', divisor: 1 }, values);
}

/**
 * A number without its unit. Whole numbers have no decimals unless their row has; `-` for none.
 */
export function formatNumber(value: number | undefined, withDecimals = false): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 999.95) return wholeText(value);
  if (Number.isInteger(value) && !withDecimals) return String(value);
  if (size >= 9.995) return value.toFixed(1);
  const decimals = Math.min(5, 2 + Math.max(0, -Math.floor(Math.log10(size))));
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? '0.00000' : text;
}

/** Whole numbers without exponent, at any size. */
const wholeText = (value: number): string => BigInt(Math.round(value)).toString();

/** Value in a unit, without the unit. */
export const formatIn = (value: number | undefined, unit: DisplayUnit): string =>
  formatNumber(value === undefined ? undefined : value / unit.divisor, unit.fraction);

/** Value with its unit: `16868 KiB`, `84.0/s`, `31.4%`. */
export function formatQuantity(metric: MetricInfo, value: number, perSecond = false): string {
  const unit = chooseUnit(metric, [value]);
  const rate = perSecond ? '/s' : '';
  const glue = unit.suffix === '' || /^[%/]/.test(unit.suffix) ? '' : ' ';
  return `${formatIn(value, unit)}${glue}${unit.suffix}${rate}`;
}

/** Name of a row with its unit after a comma: `text.reserved, KiB`, `tlb.remote_flush/s`. */
export function rowLabel(metric: MetricInfo, unit: DisplayUnit, perSecond: boolean): string {
  const rate = perSecond && !metric.label.endsWith('/s') ? '/s' : '';
  if (unit.suffix.startsWith('/')) return `${metric.label}${unit.suffix}${rate}`;
  return unit.suffix === '' ? `${metric.label}${rate}` : `${metric.label}${rate}, ${unit.suffix}`;
}

const signed = (value: number, text: string): string =>
  value < 0 || text.startsWith('-') ? text : `+${text}`;

/** Percent with sign; `decimals` below 100, none above. */
export function formatPercent(percent: number, decimals: number): string {
  const fine = percent.toFixed(decimals);
  const text = Math.abs(Number(fine)) >= 100 ? percent.toFixed(0) : fine;
  return `${signed(percent, text)}%`;
}

/**
 * A difference as tables print it: `-22.3%*`, `=` (every seed the same), `+9*` (baseline zero), `x23.5*` (more than
 * 999 % above), empty where there is nothing to compare.
 */
export function formatDifference(difference: Difference, unit: DisplayUnit, decimals = 1): string {
  const star = difference.significant ? '*' : '';
  switch (difference.kind) {
    case 'none':
      return '';
    case 'equal':
      return '=';
    case 'percent':
      return formatPercent(difference.amount, decimals) + star;
    case 'factor':
      return `x${formatFactor(difference.amount)}${star}`;
    case 'absolute': {
      const scaled = difference.amount / unit.divisor;
      return signed(scaled, formatNumber(scaled, unit.fraction)) + star;
    }
  }
}

/**
 * A difference in a column of such: the last column is the star's, so that numbers without one line
 * up with those that have it.
 */
export function differenceCell(difference: Difference, unit: DisplayUnit, decimals = 1): string {
  const text = formatDifference(difference, unit, decimals);
  return text === '' || /[=*]$/.test(text) ? text : `${text} `;
}

/** At most five characters, so that a factor with sign and star fits every column. */
export function formatFactor(factor: number): string {
  if (factor < 999.95) return factor.toFixed(1);
  if (factor < 99_999.5) return factor.toFixed(0);
  return '>9999';
}
