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
 * Where the medians of all resamples stand: pairs of ranks (equal when the sample count is odd) of the
 * sorted sample, and how many resamples have each pair. They do not depend on the values, so they are
 * drawn once per count; the pairs are few, at most count x (count + 1) / 2.
 */
interface ResampleRanks {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Adds up to RESAMPLE_COUNT. */
  readonly resamples: Uint32Array;
}

const ranksByCount = new Map<number, ResampleRanks>();

function resampleRanks(count: number): ResampleRanks {
  const known = ranksByCount.get(count);
  if (known !== undefined) return known;
  const stream = new PrngStream(RESAMPLE_SEED, `bootstrap/${String(count)}`);
  const resamplesOf = new Map<number, number>();
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
    const low = index;
    while (seen <= highRank) {
      index += 1;
      seen += drawn[index] ?? 0;
    }
    const pair = low * count + index;
    resamplesOf.set(pair, (resamplesOf.get(pair) ?? 0) + 1);
  }
  const pairs = [...resamplesOf.keys()];
  const ranks = {
    low: Uint32Array.from(pairs, (pair) => Math.floor(pair / count)),
    high: Uint32Array.from(pairs, (pair) => pair % count),
    resamples: Uint32Array.from(resamplesOf.values()),
  };
  ranksByCount.set(count, ranks);
  return ranks;
}

/**
 * Percentile interval of the bootstrapped median at confidence `level` (0..1, 0.95 gives the 2.5 %
 * and 97.5 % quantiles). At least one value; O(p log p) for p pairs of ranks, 21 for six values.
 */
export function bootstrapMedianInterval(values: readonly number[], level = 0.95): Interval {
  assert(values.length > 0, 'bootstrap of no values');
  const sorted = ascending(values);
  const first = at(sorted, 0);
  if (first === sorted[sorted.length - 1]) return { low: first, high: first };
  const { low, high, resamples } = resampleRanks(sorted.length);
  const medians = Float64Array.from(low, (rank, i) => {
    const left = sorted[rank] ?? 0;
    const right = sorted[high[i] ?? 0] ?? 0;
    return left + (right - left) / 2;
  });
  const order = Uint32Array.from(medians.keys()).sort(
    (a, b) => (medians[a] ?? 0) - (medians[b] ?? 0),
  );
  /** The median at a rank of all resamples in ascending order. */
  const medianAt = (rank: number): number => {
    let seen = 0;
    for (const pair of order) {
      seen += resamples[pair] ?? 0;
      if (seen > rank) return medians[pair] ?? 0;
    }
    return medians[order.at(-1) ?? 0] ?? 0;
  };
  // As quantileOfSorted over all medians.
  const medianQuantile = (share: number): number => {
    const position = (RESAMPLE_COUNT - 1) * share;
    const lower = Math.floor(position);
    const [left, right] = [medianAt(lower), medianAt(lower + 1)];
    return left === right ? left : left + (right - left) * (position - lower);
  };
  const tail = (1 - level) / 2;
  return { low: medianQuantile(tail), high: medianQuantile(1 - tail) };
}

/** True when zero lies outside the closed interval. */
export const excludesZero = (interval: Interval): boolean => interval.low > 0 || interval.high < 0;
