/**
 * Statistics against published figures and against distributions computed another way: exactly, by
 * counting, without a random draw.
 */
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../../src/analysis/difference.js';
import { bootstrapMedianInterval, median, quantile } from '../../../src/analysis/statistics.js';

/** Extra hours of sleep under two drugs, ten patients (Student 1908, "The probable error of a mean"). */
const DEXTRO = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const LAEVO = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/** Heights of cross- and self-fertilised maize in eighths of an inch (Darwin 1876, Fisher 1935). */
const DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

const factorials = (count: number): readonly number[] => {
  const list = [1];
  for (let i = 1; i <= count; i += 1) list.push((list[i - 1] ?? 1) * i);
  return list;
};

/**
 * Exact distribution of the median of a resample of `sorted` (distinct places, equal values allowed):
 * every way in which the draws fall below, on and between two ranks, with its probability.
 */
function exactMedians(sorted: readonly number[]): readonly (readonly [number, number])[] {
  const n = sorted.length;
  const fact = factorials(n);
  const low = Math.floor((n - 1) / 2);
  const high = Math.floor(n / 2);
  /** P(at least `a` draws among the first i values and at least `b` among the first j), i <= j. */
  const joint = (i: number, a: number, j: number, b: number): number => {
    let sum = 0;
    for (let first = a; first <= n; first += 1) {
      for (let second = Math.max(0, b - first); first + second <= n; second += 1) {
        const rest = n - first - second;
        const ways =
          (fact[n] ?? 0) / ((fact[first] ?? 1) * (fact[second] ?? 1) * (fact[rest] ?? 1));
        sum += ways * (i / n) ** first * ((j - i) / n) ** second * ((n - j) / n) ** rest;
      }
    }
    return sum;
  };
  /** P(rank `low` is at or below value i and rank `high` at or below value j). */
  const below = (i: number, j: number): number => joint(Math.min(i, j), low + 1, j, high + 1);
  const medians: (readonly [number, number])[] = [];
  for (let i = 1; i <= n; i += 1) {
    for (let j = i; j <= n; j += 1) {
      const chance =
        below(i, j) - below(i - 1, j) - (j > i ? below(i, j - 1) - below(i - 1, j - 1) : 0);
      if (chance > 0) medians.push([((sorted[i - 1] ?? 0) + (sorted[j - 1] ?? 0)) / 2, chance]);
    }
  }
  return medians.sort((a, b) => a[0] - b[0]);
}

/** Smallest value whose cumulated chance reaches `share`. */
function exactQuantile(medians: readonly (readonly [number, number])[], share: number): number {
  let sum = 0;
  for (const [value, chance] of medians) {
    sum += chance;
    if (sum >= share) return value;
  }
  return Number.NaN;
}

/** The interval lies where counting puts it: 10,000 draws meet a share to within 4 standard errors. */
function expectInterval(
  values: readonly number[],
  medians: readonly (readonly [number, number])[],
  level: number,
): void {
  const found = bootstrapMedianInterval(values, level);
  const tail = (1 - level) / 2;
  const slack = 4 * Math.sqrt((tail * (1 - tail)) / 10_000);
  expect(found.low).toBeGreaterThanOrEqual(exactQuantile(medians, tail - slack) - 1e-9);
  expect(found.low).toBeLessThanOrEqual(exactQuantile(medians, tail + slack) + 1e-9);
  expect(found.high).toBeGreaterThanOrEqual(exactQuantile(medians, 1 - tail - slack) - 1e-9);
  expect(found.high).toBeLessThanOrEqual(exactQuantile(medians, 1 - tail + slack) + 1e-9);
}

describe('the exact distribution that these tests compare with', () => {
  it('adds up to one and has the middle of an odd sample as its most likely value', () => {
    const medians = exactMedians([1, 2, 3, 4, 5]);
    expect(medians.reduce((sum, [, chance]) => sum + chance, 0)).toBeCloseTo(1, 12);
    // Efron (1979): P(median = middle) for n = 5, by hand: 2 x P(at most 2 of 5 fall in 2/5) - 1.
    const middle = medians.filter(([value]) => value === 3).reduce((sum, [, c]) => sum + c, 0);
    const atMost = [0, 1, 2].reduce(
      (sum, k) => sum + ([1, 5, 10][k] ?? 0) * 0.4 ** k * 0.6 ** (5 - k),
      0,
    );
    expect(middle).toBeCloseTo(2 * atMost - 1, 12);
  });
});

describe("Student's sleep data", () => {
  const differences = LAEVO.map((hours, i) => hours - (DEXTRO[i] ?? 0));

  it('has the median difference of 1.3 hours that is printed with it', () => {
    expect(median(differences)).toBeCloseTo(1.3, 12);
    expect(differences.reduce((sum, value) => sum + value, 0) / 10).toBeCloseTo(1.58, 12);
    const pairs = DEXTRO.map((base, i) => ({ seed: i + 1, base, other: LAEVO[i] ?? 0 }));
    const difference = pairedDifference(pairs);
    // A baseline of zero hours allows no percentage.
    expect(difference.kind).toBe('absolute');
    expect(difference.amount).toBeCloseTo(1.3, 12);
    expect(difference.significant).toBe(true);
  });

  it('has the interval that counting all resamples gives', () => {
    const sorted = [...differences].sort((a, b) => a - b);
    const medians = exactMedians(sorted);
    for (const level of [0.5, 0.8, 0.9, 0.95]) expectInterval(differences, medians, level);
  });
});

describe("Darwin's maize", () => {
  it('has the published median of 24 eighths, and an interval above zero', () => {
    expect(median(DARWIN)).toBe(24);
    const medians = exactMedians([...DARWIN].sort((a, b) => a - b));
    expectInterval(DARWIN, medians, 0.95);
    expect(bootstrapMedianInterval(DARWIN).low).toBeGreaterThan(0);
  });
});

describe('percentiles', () => {
  // R 4, quantile(mtcars$mpg, c(.25, .5, .75, .9, .99)): type 7 over 32 published mileages.
  const MPG = [
    21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4,
    14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4,
  ];
  it.each([
    [0.25, 15.425],
    [0.5, 19.2],
    [0.75, 22.8],
    [0.9, 30.09],
    [0.99, 33.435],
  ])('share %d of the mileages of 1974 is %d', (share, expected) => {
    expect(quantile(MPG, share)).toBeCloseTo(expected, 10);
  });

  it('of an even and an odd sample interpolate between the closest ranks', () => {
    expect(quantile([2, 4, 4, 5, 6, 7, 8], 0.25)).toBe(4);
    expect(quantile([2, 4, 4, 5, 6, 7, 8], 0.75)).toBe(6.5);
    expect(quantile([1, 3, 3, 4, 5, 6, 6, 7, 8, 8], 0.75)).toBe(6.75);
  });
});
