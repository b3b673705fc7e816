import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import {
  bootstrapMedianInterval,
  excludesZero,
  median,
  quantile,
  RESAMPLE_COUNT,
} from '../../../src/analysis/statistics.js';
import { pairedDifference } from '../../../src/analysis/difference.js';

describe('order statistics', () => {
  it.each([
    // Hyndman and Fan (1996), type 7, as R's quantile(1:10) prints it.
    { values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share: 0.25, expected: 3.25 },
    { values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share: 0.9, expected: 9.1 },
    // Worked example of the percentile article of an encyclopaedia: 35 20 15 50 40 at 40 %.
    { values: [35, 20, 15, 50, 40], share: 0.4, expected: 29 },
    { values: [1, 2, 3, 4], share: 0.75, expected: 3.25 },
    { values: [7], share: 0.3, expected: 7 },
    { values: [3, -1], share: 1, expected: 3 },
  ])('quantile $share of $values is $expected', ({ values, share, expected }) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 12);
  });

  it('takes the mean of the two middle values of an even sample', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

/** The bootstrap as a textbook writes it, with its own draws. */
function slowBootstrap(values: readonly number[], seed: number): readonly [number, number] {
  const stream = new PrngStream(seed, 'slow');
  const medians: number[] = [];
  for (let i = 0; i < RESAMPLE_COUNT; i += 1) {
    const resample = values.map(() => values[stream.below(values.length)] ?? 0);
    medians.push(median(resample));
  }
  return [quantile(medians, 0.025), quantile(medians, 0.975)];
}

/** P(median of a resample <= k-th smallest), k from 1, of an odd count (Efron 1979, section 3). */
function exactMedianShare(count: number, k: number): number {
  const p = k / count;
  let sum = 0;
  let ways = 1;
  for (let hits = 0; hits <= count; hits += 1) {
    if (hits > (count - 1) / 2) sum += ways * p ** hits * (1 - p) ** (count - hits);
    ways = (ways * (count - hits)) / (hits + 1);
  }
  return sum;
}

describe('bootstrap of the median', () => {
  // Efron and Tibshirani (1993), table 2.1: survival days of the treated mice.
  const treated = [16, 23, 38, 94, 99, 141, 197];

  it('has the exact distribution that gives the published standard error of the mouse data', () => {
    const chances = treated.map((_, i) => exactMedianShare(7, i + 1) - exactMedianShare(7, i));
    const mean = treated.reduce((sum, value, i) => sum + value * (chances[i] ?? 0), 0);
    const variance = treated.reduce(
      (sum, value, i) => sum + (value - mean) ** 2 * (chances[i] ?? 0),
      0,
    );
    // Table 2.2 of the book, B = infinity: 37.83.
    expect(Math.sqrt(variance)).toBeCloseTo(37.83, 1);
    for (const level of [0.5, 0.8, 0.95]) {
      const tail = (1 - level) / 2;
      const lowRank = treated.findIndex((_, i) => exactMedianShare(7, i + 1) > tail);
      const highRank = treated.findIndex((_, i) => exactMedianShare(7, i + 1) >= 1 - tail);
      expect(bootstrapMedianInterval(treated, level)).toEqual({
        low: treated[lowRank],
        high: treated[highRank],
      });
    }
  });

  it('agrees with an independent slow implementation', () => {
    for (const count of [6, 7, 16, 30]) {
      const values = Array.from({ length: count }, (_, i) => ((i * 7) % count) + 0.5);
      const [low, high] = slowBootstrap(values, count);
      const fast = bootstrapMedianInterval(values);
      expect(Math.abs(fast.low - low)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(fast.high - high)).toBeLessThanOrEqual(0.5);
    }
  });

  it('matches the exact distribution of the median of three values', () => {
    // P(median of the resample = smallest) = (1 + 3 x 2) / 27, so 2.5 % is the smallest value.
    const { low, high } = bootstrapMedianInterval([1, 2, 3]);
    expect([low, high]).toEqual([1, 3]);
    // 7/27 = 25.9 % on either side: the middle half lies on the middle value.
    const half = bootstrapMedianInterval([1, 2, 3], 0.4);
    expect([half.low, half.high]).toEqual([2, 2]);
  });

  it('gives the same interval every time and none of width for equal values', () => {
    expect(bootstrapMedianInterval(treated)).toEqual(bootstrapMedianInterval([...treated]));
    expect(bootstrapMedianInterval([5, 5, 5])).toEqual({ low: 5, high: 5 });
  });

  it('excludes zero only when the whole interval lies on one side', () => {
    expect(excludesZero({ low: 0, high: 2 })).toBe(false);
    expect(excludesZero({ low: -3, high: -0.1 })).toBe(true);
  });
});

const pairsOf = (base: readonly number[], other: readonly number[]) =>
  base.map((value, i) => ({ seed: i + 1, base: value, other: other[i] ?? 0 }));

describe('paired differences', () => {
  it('is the median of the relative differences within each seed', () => {
    const difference = pairedDifference(pairsOf([10, 20, 40], [5, 15, 10]));
    expect(difference).toMatchObject({ kind: 'percent', amount: -50, absolute: -5, pairCount: 3 });
  });

  it('carries no star and no interval below six seeds', () => {
    const five = pairedDifference(pairsOf([10, 11, 12, 13, 14], [1, 1, 1, 1, 1]));
    expect(five.significant).toBe(false);
    expect(five.interval).toBeUndefined();
    const six = pairedDifference(pairsOf([10, 11, 12, 13, 14, 15], [1, 1, 1, 1, 1, 1]));
    expect(six.significant).toBe(true);
  });

  it('carries no star when the interval covers zero', () => {
    const mixed = pairedDifference(pairsOf([10, 10, 10, 10, 10, 10], [12, 8, 13, 7, 11, 9]));
    // Not `=`: some seeds differ, though half of them the one way and half the other.
    expect(mixed).toMatchObject({ kind: 'percent', amount: 0 });
    expect(mixed.significant).toBe(false);
    expect(mixed.interval).toMatchObject({ low: expect.any(Number) as number });
  });

  it('is absolute when the baseline is zero in any seed', () => {
    expect(pairedDifference(pairsOf([0, 0, 0], [9, 9, 8]))).toMatchObject({
      kind: 'absolute',
      amount: 9,
    });
    expect(pairedDifference(pairsOf([0, 4, 4], [6, 8, 10]))).toMatchObject({ kind: 'absolute' });
  });

  it('is a factor above 999 percent', () => {
    expect(pairedDifference(pairsOf([2, 2, 2], [47, 47, 47]))).toMatchObject({
      kind: 'factor',
      amount: 23.5,
    });
  });

  it('is still a percentage at 999, and a factor from there on', () => {
    expect(pairedDifference(pairsOf([100], [1099]))).toMatchObject({
      kind: 'percent',
      amount: 999,
    });
    expect(pairedDifference(pairsOf([100], [1100]))).toMatchObject({ kind: 'factor', amount: 11 });
  });

  it('is equal without a star when every seed is the same', () => {
    const same = pairedDifference(pairsOf([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]));
    expect(same).toMatchObject({ kind: 'equal', significant: false });
  });

  it('divides by the size of a negative baseline so that a rise stays positive', () => {
    expect(pairedDifference(pairsOf([-10], [-5]))).toMatchObject({ kind: 'percent', amount: 50 });
  });
});
