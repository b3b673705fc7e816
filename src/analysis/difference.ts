/**
 * How one design differs from the baseline in one quantity: paired by seed, relative where the
 * baseline allows it, absolute where the baseline is zero. No number here is infinite or NaN.
 */
import {
  bootstrapMedianInterval,
  excludesZero,
  median,
  STAR_SEED_COUNT_MIN,
  type Interval,
} from './statistics.js';

/** One seed's values under the baseline and under the other design. */
export interface SeedPair {
  readonly seed: number;
  readonly base: number;
  readonly other: number;
}

/**
 * `none`: nothing to compare. `equal`: the median difference is zero. `percent`: relative to the
 * baseline. `factor`: the other is more than 999 % above. `absolute`: the baseline is zero.
 */
export type DifferenceKind = 'none' | 'equal' | 'percent' | 'factor' | 'absolute';

export interface Difference {
  readonly kind: DifferenceKind;
  /** Percent for `percent`, quotient for `factor`, unit of the metric for `absolute`, else 0. */
  readonly amount: number;
  /** 95 % interval in percent for `percent` and `factor`, in the metric's unit for `absolute`. */
  readonly interval?: Interval;
  /** Median of other - base, in the metric's unit. */
  readonly absolute: number;
  /** Number of seeds that have both values. */
  readonly pairCount: number;
  /** True when there are enough seeds and the interval excludes zero. */
  readonly significant: boolean;
}

export const NO_DIFFERENCE: Difference = {
  kind: 'none',
  amount: 0,
  absolute: 0,
  pairCount: 0,
  significant: false,
};

/** A relative difference above this many percent is written as a factor. */
export const FACTOR_FROM_PERCENT = 999;

/** Paired difference of one quantity. Pairs come in order of seed; values are finite. */
export function pairedDifference(pairs: readonly SeedPair[]): Difference {
  if (pairs.length === 0) return NO_DIFFERENCE;
  const absolutes = pairs.map((pair) => pair.other - pair.base);
  const absolute = median(absolutes);
  const base = median(pairs.map((pair) => pair.base));
  const relative = pairs.map((pair) => ((pair.other - pair.base) / Math.abs(pair.base)) * 100);
  const zeroBase = base === 0 || !relative.every((percent) => Number.isFinite(percent));
  const measured = zeroBase ? absolutes : relative;
  const enough = pairs.length >= STAR_SEED_COUNT_MIN;
  const interval = enough ? bootstrapMedianInterval(measured) : undefined;
  const common = {
    absolute,
    pairCount: pairs.length,
    significant: interval !== undefined && excludesZero(interval),
    ...(interval === undefined ? {} : { interval }),
  };
  if (absolutes.every((value) => value === 0)) return { ...common, kind: 'equal', amount: 0 };
  if (zeroBase) {
    return { ...common, kind: absolute === 0 ? 'equal' : 'absolute', amount: absolute };
  }
  const percent = median(measured);
  if (percent > FACTOR_FROM_PERCENT && base > 0) {
    return { ...common, kind: 'factor', amount: percent / 100 + 1 };
  }
  return { ...common, kind: 'percent', amount: percent };
}
