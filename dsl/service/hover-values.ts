/** Texts about values: a quantity in other units, a distribution in figures and a small picture. */
import { log } from '../../src/base/math.js';
import type { DistributionPlan } from '../../src/contract/scenario-plan.js';
import { representativeValues } from '../values/representative.js';
import { groupedNumber, quantityParts, quantityValue, type UnitKind } from '../values/units.js';

const PAGE = 4096;
const BARS = '▁▂▃▄▅▆▇█';
const BINS = 16;
const STEPS = 1000;

/** Number with at most four significant digits, long whole ones with commas. */
function digits(value: number): string {
  if (Math.abs(value) >= 10_000) return groupedNumber(value);
  return String(Number(value.toPrecision(4)));
}

/** A value in the unit that suits it: `1.5KiB`, `80ms`, `40/s`. */
export function readable(value: number, unit: UnitKind): string {
  const scaled = (scales: readonly (readonly [string, number])[]): string => {
    const [name, scale] = scales.find(([, one]) => Math.abs(value) >= one) ??
      scales.at(-1) ?? ['', 1];
    return `${digits(value / scale)}${name}`;
  };
  switch (unit) {
    case 'size':
      return scaled([
        ['TiB', 2 ** 40],
        ['GiB', 2 ** 30],
        ['MiB', 2 ** 20],
        ['KiB', 1024],
        ['B', 1],
      ]);
    case 'time':
      return scaled([
        ['h', 3600e9],
        ['min', 60e9],
        ['s', 1e9],
        ['ms', 1e6],
        ['us', 1e3],
        ['ns', 1],
      ]);
    case 'rate':
      return scaled([
        ['/ms', 1e3],
        ['/s', 1],
        ['/min', 1 / 60],
        ['/h', 1 / 3600],
      ]);
    case 'share':
      return `${digits(value * 100)}%`;
    case 'factor':
      return `${digits(value)}x`;
    case 'count':
      return digits(value);
  }
}

/** A quantity in other units; undefined for counts, shares and mistakes. */
export function quantityText(image: string): string | undefined {
  const found = quantityValue(quantityParts(image));
  if (found === undefined) return undefined;
  const { kind, value } = found;
  switch (kind) {
    case 'size': {
      const pages = value >= PAGE ? `, ${digits(value / PAGE)} pages of 4 KiB` : '';
      return `${image} = ${groupedNumber(value)} bytes = ${readable(value, 'size')}${pages}`;
    }
    case 'time':
      return `${image} = ${groupedNumber(value)} ns = ${digits(value / 1e9)} s = ${readable(value, 'time')}`;
    case 'rate':
      return `${image} = ${digits(value)}/s = ${digits(value * 60)}/min, one each ${readable(1e9 / value, 'time')}`;
    case 'share':
    case 'factor':
    case 'count':
      return undefined;
  }
}

/** Heights of bins between the 1st and the 99th percentile, in a log scale where it spreads. */
function picture(values: readonly number[]): string {
  const low = values[Math.floor(values.length * 0.01)] ?? 0;
  const high = values[Math.ceil(values.length * 0.99) - 1] ?? 0;
  if (high <= low) return BARS.charAt(BARS.length - 1);
  const logScale = low > 0 && high / low > 30;
  const place = (value: number): number =>
    logScale ? log(value / low) / log(high / low) : (value - low) / (high - low);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    if (value < low || value > high) continue;
    const bin = Math.min(BINS - 1, Math.floor(place(value) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return counts.map((count) => BARS.charAt(Math.ceil((count / most) * (BARS.length - 1)))).join('');
}

/** Mean, median and 99th percentile with a histogram. */
export function distributionText(plan: DistributionPlan, unit: UnitKind): string {
  const values = representativeValues(plan, STEPS);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (part: number): number => values[Math.floor(part * values.length)] ?? 0;
  const figures = [
    `mean ${readable(mean, unit)}`,
    `p50 ${readable(share(0.5), unit)}`,
    `p99 ${readable(share(0.99), unit)}`,
  ];
  const low = readable(share(0.01), unit);
  return `${figures.join(', ')}\n\n${low} ${picture(values)} ${readable(share(0.985), unit)}`;
}
