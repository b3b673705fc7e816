/**
 * Order statistics and the paired bootstrap behind every star of a report.
 *
 * A difference between two designs is taken within each seed. Its interval is the percentile
 * bootstrap of the median (Efron and Tibshirani, "An Introduction to the Bootstrap", chapter 13)
 * with RESAMPLE_COUNT resamples drawn from one fixed seed, so that a report never changes by chance.
 */
import { assert, at } from '../base/assert.js';
import { PrngStream } from '../base/prng.js';

/** Resamples of every bootstrap. */
export const RESAMPLE_COUNT = 10_000;
/** With fewer seeds no difference carries a star. */
export const STAR_SEED_COUNT_MIN = 6;

const RESAMPLE_SEED = 20220713;

/** Half of a two-sided interval pair, in the unit of the values. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Values in ascending order, as a copy. Values must be numbers, never NaN. */
export const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/**
 * Quantile `share` (0..1) of values in ascending order, linear between the closest ranks: position
 * (n - 1) x share, Hyndman and Fan's type 7.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  assert(sorted.length > 0, 'quantile of no values');
  const position = (sorted.length - 1) * share;
  const lower = Math.floor(position);
  const left = sorted[lower] ?? 0;
  const right = sorted[Math.min(lower + 1, sorted.length - 1)] ?? left;
  return left === right ? left : left + (right - left) * (position - lower);
}

/** Quantile of values in any order; at least one value. */
export const quantile = (values: readonly number[], share: number): number =>
  quantileOfSorted(ascending(values), share);

/** Median; at least one value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median, or undefined without values. */
export const medianOrNone = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : median(values);

/**
 * Where the median of each resample stands, as two ranks (equal when `count` is odd) of the sorted
 * sample. The ranks of a resample do not depend on the values, so they are drawn once per count.
 */
interface ResampleRanks {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

const ranksByCount = new Map<number, ResampleRanks>();

function resampleRanks(count: number): ResampleRanks {
  const known = ranksByCount.get(count);
  if (known !== undefined) return known;
  const stream = new PrngStream(RESAMPLE_SEED, `bootstrap/${String(count)}`);
  const low = new Uint32Array(RESAMPLE_COUNT);
  const high = new Uint32Array(RESAMPLE_COUNT);
  const drawn = new Uint32Array(count);
  const lowRank = Math.floor((count - 1) / 2);
  const highRank = Math.floor(count / 2);
  for (let resample = 0; resample < RESAMPLE_COUNT; resample += 1) {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw += 1) {
      const index = stream.below(count);
      drawn[index] = (drawn[index] ?? 0) + 1;
    }
    let seen = 0;
    let index = -1;
    while (seen <= lowRank) {
      index += 1;
      seen += drawn[index] ?? 0;
    }
    low[resample] = index;
    while (seen <= highRank) {
      index += 1;
      seen += drawn[index] ?? 0;
    }
    high[resample] = index;
  }
  const ranks = { low, high };
  ranksByCount.set(count, ranks);
  return ranks;
}

/**
 * Percentile interval of the bootstrapped median at confidence `level` (0..1, 0.95 gives the 2.5 %
 * and 97.5 % quantiles). At least one value; O(RESAMPLE_COUNT log RESAMPLE_COUNT).
 */
export function bootstrapMedianInterval(values: readonly number[], level = 0.95): Interval {
  assert(values.length > 0, 'bootstrap of no values');
  const sorted = ascending(values);
  const first = at(sorted, 0);
  if (first === sorted[sorted.length - 1]) return { low: first, high: first };
  const ranks = resampleRanks(sorted.length);
  const medians = new Float64Array(RESAMPLE_COUNT);
  for (let i = 0; i < RESAMPLE_COUNT; i += 1) {
    const left = sorted[ranks.low[i] ?? 0] ?? 0;
    const right = sorted[ranks.high[i] ?? 0] ?? 0;
    medians[i] = left + (right - left) / 2;
  }
  medians.sort();
  const tail = (1 - level) / 2;
  return { low: quantileOfSorted(medians, tail), high: quantileOfSorted(medians, 1 - tail) };
}

/** True when zero lies outside the closed interval. */
export const excludesZero = (interval: Interval): boolean => interval.low > 0 || interval.high < 0;
