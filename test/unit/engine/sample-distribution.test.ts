/** Samplers against their distributions: shares below points, cuts, one draw a value. */
import { describe, expect, it } from 'vitest';
import type { DistributionPlan } from '../../../src/contract/scenario-plan.js';
import { DrawStreams } from '../../../src/engine/draw-streams.js';
import { normalQuantile, normalShare } from '../../../src/engine/normal-quantile.js';
import { samplerOf } from '../../../src/engine/sample-distribution.js';

/** Share of 20,001 evenly spaced draws at or below `bound`. */
function shareBelow(plan: DistributionPlan, bound: number): number {
  const sample = samplerOf(plan);
  const steps = 20_001;
  let below = 0;
  for (let i = 0; i < steps; i += 1) if (sample((i + 0.5) / steps) <= bound) below += 1;
  return below / steps;
}

interface Row {
  readonly name: string;
  readonly plan: DistributionPlan;
  /** Bound and the share of values at or below it. */
  readonly shares: readonly (readonly [number, number])[];
}

const ROWS: readonly Row[] = [
  {
    name: 'constant',
    plan: { kind: 'constant', value: 5 },
    shares: [
      [4.9, 0],
      [5, 1],
    ],
  },
  {
    name: 'uniform',
    plan: { kind: 'uniform', low: 10, high: 20 },
    shares: [
      [12.5, 0.25],
      [20, 1],
    ],
  },
  {
    name: 'normal',
    plan: { kind: 'normal', mean: 100, sd: 10 },
    shares: [
      [100, 0.5],
      [110, 0.8413],
      [80, 0.0228],
    ],
  },
  {
    name: 'normal cut at its mean',
    plan: { kind: 'normal', mean: 100, sd: 10, min: 100 },
    shares: [
      [99.99, 0],
      [110, 0.6827],
      [120, 0.9545],
    ],
  },
  {
    name: 'lognormal',
    plan: { kind: 'lognormal', median: 8, p99: 120 },
    shares: [
      [8, 0.5],
      [120, 0.99],
    ],
  },
  {
    name: 'lognormal cut on both sides',
    plan: { kind: 'lognormal', median: 8, p99: 120, min: 8, max: 120 },
    shares: [
      [7.99, 0],
      [120, 1],
      [13.6, 0.3587],
    ],
  },
  {
    name: 'exponential',
    plan: { kind: 'exp', mean: 3 },
    shares: [
      [3, 0.6321],
      [9, 0.9502],
    ],
  },
  {
    name: 'exponential cut above',
    plan: { kind: 'exp', mean: 3, max: 3 },
    shares: [
      [3, 1],
      [1.5, 0.6225],
    ],
  },
  {
    name: 'pareto',
    plan: { kind: 'pareto', min: 2, shape: 1.5 },
    shares: [
      [1.99, 0],
      [4, 0.6464],
      [20, 0.9684],
    ],
  },
  {
    name: 'pareto cut above',
    plan: { kind: 'pareto', min: 2, shape: 1, max: 4 },
    shares: [
      [3, 0.6667],
      [4, 1],
    ],
  },
  {
    name: 'zipf of skew 0',
    plan: { kind: 'zipf', skew: 0, count: 10 },
    shares: [
      [1, 0.1],
      [5, 0.5],
    ],
  },
  {
    name: 'zipf',
    plan: { kind: 'zipf', skew: 1, count: 4 },
    shares: [
      [1, 0.48],
      [2, 0.72],
      [3, 0.88],
      [4, 1],
    ],
  },
  {
    name: 'choice',
    plan: {
      kind: 'choice',
      options: [
        { weight: 0.7, value: { kind: 'constant', value: 1 } },
        { weight: 0.3, value: { kind: 'uniform', low: 10, high: 20 } },
      ],
    },
    shares: [
      [1, 0.7],
      [15, 0.85],
      [20, 1],
    ],
  },
  {
    name: 'quantiles in straight lines',
    plan: {
      kind: 'quantiles',
      scale: 'linear',
      points: [
        { share: 0, value: 0 },
        { share: 0.5, value: 100 },
        { share: 1, value: 1000 },
      ],
    },
    shares: [
      [50, 0.25],
      [100, 0.5],
      [550, 0.75],
    ],
  },
  {
    name: 'quantiles in log scale',
    plan: {
      kind: 'quantiles',
      scale: 'log',
      points: [
        { share: 0, value: 1 },
        { share: 1, value: 100 },
      ],
    },
    shares: [
      [10, 0.5],
      [100, 1],
    ],
  },
  {
    name: 'rows of a file',
    plan: { kind: 'empirical', values: [1, 1, 2, 9] },
    shares: [
      [1, 0.5],
      [2, 0.75],
      [9, 1],
    ],
  },
];

describe('samplers', () => {
  it.each(ROWS)('$name has the shares of its distribution', ({ plan, shares }) => {
    for (const [bound, share] of shares) expect(shareBelow(plan, bound)).toBeCloseTo(share, 3);
  });

  it.each(ROWS)('$name gives a finite value at both ends of its range', ({ plan }) => {
    const sample = samplerOf(plan);
    for (const unit of [0, 1 - 2 ** -53]) expect(Number.isFinite(sample(unit))).toBe(true);
  });

  it('a zipf of many ranks keeps its tail', () => {
    const plan = { kind: 'zipf', skew: 0.8, count: 1_000_000 } as const;
    const harmonic = (n: number): number => {
      let sum = 0;
      for (let rank = 1; rank <= n; rank += 1) sum += rank ** -0.8;
      return sum;
    };
    const total = harmonic(1_000_000);
    for (const bound of [10, 4096, 50_000, 500_000]) {
      expect(shareBelow(plan, bound)).toBeCloseTo(harmonic(bound) / total, 3);
    }
  });

  it('the normal quantile is right to many digits', () => {
    // Abramowitz and Stegun, table 26.5; the last from R.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.99)).toBeCloseTo(2.3263478740408408, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
    expect(normalShare(1)).toBeCloseTo(0.8413447460685429, 13);
  });
});

describe('draw streams', () => {
  it('are one per address, each with a position of its own', () => {
    const streams = new DrawStreams(7);
    const first = streams.stream('a').unit();
    const other = streams.stream('b').unit();
    const second = streams.stream('a').unit();
    const again = new DrawStreams(7);
    expect([again.stream('a').unit(), again.stream('a').unit()]).toEqual([first, second]);
    expect(again.stream('b').unit()).toBe(other);
    expect(new DrawStreams(8).stream('a').unit()).not.toBe(first);
  });
});
