import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { evaluateExpectations } from '../../../src/analysis/expectations.js';
import { compare, type Comparison } from '../../../src/contract/comparison.js';
import type { MetricInfo } from '../../../src/contract/metric-table.js';
import type { RunResult, Verdict } from '../../../src/contract/run-result.js';
import type {
  ExpectationPlan,
  ExpectExpr,
  MetricFunction,
  PointPlan,
} from '../../../src/contract/scenario-plan.js';
import {
  lineFrom,
  oneRun,
  planOf,
  pointOf,
  runOf,
  designsOf,
  type Moves,
} from './hand-made-runs.js';

const info = (name: string, kind: MetricInfo['kind'], unit: MetricInfo['unit']): MetricInfo => ({
  name,
  label: name,
  kind,
  unit,
  better: 'low',
  meaning: '',
  counterpart: '',
});
const METRICS = [
  info('walks', 'counter', 'count'),
  info('pages', 'gauge', 'count'),
  info('waste', 'gauge', 'percent'),
  info('bytes', 'gauge', 'bytes'),
];

const num = (value: number): ExpectExpr => ({ kind: 'number', value });
const metric = (name: string, fn?: MetricFunction, design?: string): ExpectExpr => ({
  kind: 'metric',
  metric: name,
  ...(fn === undefined ? {} : { fn }),
  ...(design === undefined ? {} : { design }),
});
const binary = (op: '+' | '-' | '*' | '/', left: ExpectExpr, right: ExpectExpr): ExpectExpr => ({
  kind: 'binary',
  op,
  left,
  right,
});

const claimOf = (
  claim: ExpectationPlan['claim'],
  more: Partial<ExpectationPlan> = {},
): ExpectationPlan => ({
  text: 'expect claim',
  line: 9,
  severity: 'expect',
  claim,
  atEnd: false,
  designs: [],
  ...more,
});
const holds = (
  left: ExpectExpr,
  cmp: Comparison,
  right: ExpectExpr,
  more: Partial<ExpectationPlan> = {},
): ExpectationPlan => claimOf({ kind: 'holds', left, cmp, right }, more);

const DESIGNS = designsOf('a', 'b');

function verdictOf(
  claim: ExpectationPlan,
  runs: readonly RunResult[],
  points: readonly PointPlan[] = [pointOf({})],
): Verdict {
  const plan = planOf(
    points.map((point) => ({ ...point, designs: DESIGNS, expectations: [claim] })),
    { designNames: ['a', 'b'], baseline: 'a' },
  );
  const [verdict] = evaluateExpectations({ plan, runs, metrics: METRICS });
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

/** One run of each design per seed; the numbers are ends of a line that starts at 0. */
const pairedRuns = (name: string, a: readonly number[], b: readonly number[]): RunResult[] =>
  a.flatMap((value, i) => [
    oneRun('a', { [name]: [0, value] }, { seed: i + 1 }),
    oneRun('b', { [name]: [0, b[i] ?? 0] }, { seed: i + 1 }),
  ]);

describe('what an expression stands for', () => {
  const moves: Moves = { walks: [100, 400], pages: [10, 4], waste: [20, 60], bytes: [0, 8192] };
  const run = oneRun('a', moves);
  const isTrue = (left: ExpectExpr, right: number, more: Partial<ExpectationPlan> = {}): boolean =>
    verdictOf(holds(left, '==', num(right), more), [run]).state === 'pass';

  it('a bare counter is its increase, at the end its total; a gauge is its last value', () => {
    expect(isTrue(metric('walks'), 300)).toBe(true);
    expect(isTrue(metric('walks'), 400, { atEnd: true, phase: 'steady' })).toBe(true);
    expect(isTrue(metric('pages'), 4)).toBe(true);
  });

  it.each<readonly [MetricFunction, number]>([
    ['first', 100],
    ['last', 400],
    ['min', 100],
    ['max', 400],
    ['mean', 250],
    ['p50', 250],
    ['p90', 370],
    ['p99', 397],
    ['delta', 300],
    ['integral', 2500],
    ['rate', 30],
  ])('%s of a counter that rises from 100 to 400 in 10 s is %s', (fn, value) => {
    expect(isTrue(metric('walks', fn), value)).toBe(true);
  });

  it('percent metrics compare with fractions', () => {
    expect(isTrue(metric('waste'), 0.6)).toBe(true);
    expect(isTrue(metric('waste'), 60)).toBe(false);
  });

  it('knows sums, differences, products, quotients and sizes of them', () => {
    expect(isTrue(binary('+', metric('pages'), num(1)), 5)).toBe(true);
    expect(isTrue(binary('-', num(1), metric('pages')), -3)).toBe(true);
    expect(isTrue({ kind: 'abs', operand: binary('-', num(1), metric('pages')) }, 3)).toBe(true);
    expect(isTrue(binary('*', metric('pages'), num(0.5)), 2)).toBe(true);
    expect(isTrue(binary('/', metric('walks'), metric('pages')), 75)).toBe(true);
  });

  it.each<readonly [Comparison, readonly [boolean, boolean, boolean]]>([
    ['==', [false, true, false]],
    ['!=', [true, false, true]],
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['>', [false, false, true]],
    ['>=', [false, true, true]],
  ])('%s of 1, 2, 3 against 2', (cmp, wanted) => {
    expect([1, 2, 3].map((value) => compare(value, cmp, 2))).toEqual(wanted);
  });
});

describe('a zero baseline', () => {
  const runs = pairedRuns('walks', [0, 5], [3, 3]);
  const below = (right: ExpectExpr): Verdict =>
    verdictOf(holds(metric('walks'), '<=', right, { designs: ['b'] }), runs);

  it('is no bound: a share of zero and a quotient by zero are unknown and say X0605', () => {
    const share = below(binary('*', num(0.5), metric('walks', undefined, 'a')));
    expect(share.state).toBe('fail');
    const justZero = verdictOf(
      holds(metric('walks'), '<=', binary('*', num(0.5), metric('walks', undefined, 'a')), {
        designs: ['b'],
      }),
      runs.slice(0, 2),
    );
    expect(justZero).toMatchObject({ state: 'unknown', held: 0, total: 1 });
    expect(justZero.detail).toBe(
      'X0605: relative to zero, walks @ a is 0 (b, seed 1, phase steady)',
    );
    const quotient = verdictOf(
      holds(binary('/', metric('walks'), metric('walks', undefined, 'a')), '<', num(2), {
        designs: ['b'],
      }),
      runs.slice(0, 2),
    );
    expect(quotient.state).toBe('unknown');
    expect(quotient.detail).toContain('X0605: divided by zero, walks @ a is 0');
  });

  it('may be compared with as it is, and a factor of the own design may be zero', () => {
    expect(below(metric('walks', undefined, 'a')).state).toBe('fail');
    const own = verdictOf(
      holds(binary('*', num(2), metric('walks')), '==', num(0)),
      runs.slice(0, 1),
    );
    expect(own.state).toBe('pass');
  });
});

describe('phases that a claim covers', () => {
  const phases = [
    { name: 'boot', discard: true, moves: { pages: [0, 99] } },
    { name: 'steady', moves: { pages: [0, 5] } },
    { name: 'drain', moves: { pages: [0, 7] } },
  ] as const;
  const run = runOf({ design: 'a', phases });

  it('without a phase it covers every one that is not discarded', () => {
    expect(verdictOf(holds(metric('pages'), '<', num(8)), [run]).state).toBe('pass');
    const failed = verdictOf(holds(metric('pages'), '<', num(6)), [run]);
    expect(failed).toMatchObject({ state: 'fail', held: 0, total: 1 });
    expect(failed.detail).toContain('phase drain');
  });

  it('a named phase counts alone, even a discarded one', () => {
    expect(verdictOf(holds(metric('pages'), '==', num(99), { phase: 'boot' }), [run]).state).toBe(
      'pass',
    );
    expect(verdictOf(holds(metric('pages'), '<', num(6), { phase: 'steady' }), [run]).state).toBe(
      'pass',
    );
  });

  it('a phase that the run lacks makes it unknown', () => {
    const missing = verdictOf(holds(metric('pages'), '<', num(6), { phase: 'storm' }), [run]);
    expect(missing).toMatchObject({ state: 'unknown' });
    expect(missing.detail).toContain('the run has no phase storm');
  });

  it('compares with the same phase of the other design', () => {
    const other = runOf({
      design: 'b',
      phases: phases.map((phase) => ({ ...phase, moves: { pages: [0, 6] } })),
    });
    const claim = holds(metric('pages'), '<', metric('pages', undefined, 'b'), { designs: ['a'] });
    expect(verdictOf({ ...claim, phase: 'steady' }, [run, other]).state).toBe('pass');
    expect(verdictOf({ ...claim, phase: 'drain' }, [run, other]).state).toBe('fail');
  });
});

describe('runs that decide', () => {
  const small = oneRun('a', { pages: [0, 1] }, { seed: 1 });
  const large = oneRun('b', { pages: [0, 9] }, { seed: 2 });
  const farther = oneRun('b', { pages: [0, 12] }, { seed: 3 });
  const below5 = holds(metric('pages'), '<', num(5));

  it('a claim holds in every run, and the farthest from it is named', () => {
    expect(verdictOf(below5, [small])).toMatchObject({ state: 'pass', held: 1, total: 1 });
    const failed = verdictOf(below5, [small, large, farther]);
    expect(failed).toMatchObject({ state: 'fail', held: 1, total: 3 });
    expect(failed.detail).toBe('12 against 5 (b, seed 3, phase steady); and 1 more');
  });

  it('designs narrow it', () => {
    expect(verdictOf({ ...below5, designs: ['a'] }, [small, large])).toMatchObject({
      state: 'pass',
      total: 1,
    });
  });

  it('a failed run makes it unknown unless another run breaks it', () => {
    const overran = oneRun('b', { pages: [0, 1] }, { seed: 2, status: 'overran' });
    expect(verdictOf(below5, [small, overran])).toMatchObject({
      state: 'unknown',
      held: 1,
      total: 2,
    });
    expect(verdictOf(below5, [overran, large]).state).toBe('fail');
    expect(verdictOf(below5, []).state).toBe('unknown');
  });

  it('a missing partner makes it unknown', () => {
    const claim = holds(metric('pages'), '<', metric('pages', undefined, 'b'), { designs: ['a'] });
    const verdict = verdictOf(claim, [small]);
    expect(verdict.state).toBe('unknown');
    expect(verdict.detail).toContain('the run of b with seed 1 is missing');
  });

  it('`no` looks at the increase of a counter and at every value of a gauge', () => {
    const steady = oneRun('a', { walks: [7, 7], pages: [3, 0] });
    expect(verdictOf(claimOf({ kind: 'no', metric: 'walks' }), [steady]).state).toBe('pass');
    expect(verdictOf(claimOf({ kind: 'no', metric: 'pages' }), [steady]).state).toBe('fail');
    expect(verdictOf(claimOf({ kind: 'no', metric: 'bytes' }), [steady]).state).toBe('unknown');
  });

  it('`never` takes what the run found at each instant', () => {
    const claim = claimOf({ kind: 'never', left: metric('pages'), cmp: '>', right: num(5) });
    const judged = (violated: boolean): RunResult =>
      oneRun('a', {}, { never: [{ expectation: 0, violated, firstNs: violated ? 1.5e9 : -1 }] });
    expect(verdictOf(claim, [judged(false)]).state).toBe('pass');
    const broken = verdictOf(claim, [judged(true)]);
    expect(broken.state).toBe('fail');
    expect(broken.detail).toContain('first at 1.500 s');
    expect(verdictOf(claim, [oneRun('a', {})]).state).toBe('unknown');
  });

  it('`warn if` warns where it holds in any run and passes where it holds in none', () => {
    const warning: ExpectationPlan = { ...below5, severity: 'warn' };
    expect(verdictOf(warning, [large, farther])).toMatchObject({
      state: 'pass',
      held: 0,
      total: 2,
    });
    expect(verdictOf(warning, [small, large])).toMatchObject({ state: 'warn', held: 1, total: 2 });
  });

  it('every point of a sweep counts', () => {
    const points = [pointOf({ label: 'n=1' }), pointOf({ label: 'n=2' })];
    const second = oneRun('a', { pages: [0, 6] }, { point: 1 });
    const failed = verdictOf(below5, [small, second], points);
    expect(failed).toMatchObject({ state: 'fail', held: 1, total: 2 });
    expect(failed.detail).toContain('n=2');
  });
});

/** Percentile bootstrap of the median as a textbook writes it, with draws of its own. */
function naiveIntervals(
  values: readonly number[],
  levels: readonly number[],
): readonly (readonly [number, number])[] {
  const stream = new PrngStream(99, 'naive');
  const middle = (list: readonly number[]): number => {
    const sorted = [...list].sort((x, y) => x - y);
    const half = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1
      ? (sorted[half] ?? 0)
      : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
  };
  const medians = Array.from({ length: 2000 }, () =>
    middle(values.map(() => values[stream.below(values.length)] ?? 0)),
  ).sort((x, y) => x - y);
  return levels.map((level) => {
    const tail = (1 - level) / 2;
    return [
      medians[Math.floor(tail * medians.length)] ?? 0,
      medians[Math.ceil((1 - tail) * medians.length) - 1] ?? 0,
    ];
  });
}

describe('claims with a confidence level', () => {
  const lower = holds(metric('walks'), '<', metric('walks', undefined, 'a'), {
    designs: ['b'],
    confidence: 0.95,
  });

  const everySeed = holds(metric('walks'), '<', metric('walks', undefined, 'a'), {
    designs: ['b'],
  });

  it('need six seeds', () => {
    const five = verdictOf(lower, pairedRuns('walks', [9, 9, 9, 9, 9], [1, 1, 1, 1, 1]));
    expect(five).toMatchObject({ state: 'unknown' });
    expect(five.detail).toContain('5 seeds are too few');
    const six = pairedRuns('walks', [9, 9, 9, 9, 9, 9], [1, 2, 3, 1, 2, 3]);
    expect(verdictOf(lower, six)).toMatchObject({ state: 'pass', held: 6, total: 6 });
  });

  it('hold although single seeds disagree, and say how many agree', () => {
    const a = [10, 11, 12, 13, 14, 15, 16, 17, 18];
    const b = [5, 6, 7, 14, 9, 10, 11, 12, 13];
    expect(verdictOf(lower, pairedRuns('walks', a, b))).toMatchObject({
      state: 'pass',
      held: 8,
      total: 9,
    });
    expect(verdictOf(everySeed, pairedRuns('walks', a, b)).state).toBe('fail');
  });

  it('fail when the interval of the difference reaches the other side', () => {
    const a = [10, 10, 10, 10, 10, 10, 10, 10];
    const failed = verdictOf(lower, pairedRuns('walks', a, [9, 9, 9, 9, 11, 11, 11, 9]));
    expect(failed.state).toBe('fail');
    expect(failed.detail).toMatch(/^95% interval of the difference -1\.\.1; /);
  });

  it('are paired by seed: the same two samples in another order decide otherwise', () => {
    const a = [10, 20, 30, 40, 50, 60, 70, 80];
    const shifted = a.map((value) => value - 1);
    expect(verdictOf(lower, pairedRuns('walks', a, shifted)).state).toBe('pass');
    expect(verdictOf(lower, pairedRuns('walks', a, [...shifted].reverse())).state).toBe('fail');
  });

  it('do not strictly hold for equal designs', () => {
    const equal = pairedRuns('walks', [5, 6, 7, 8, 9, 10], [5, 6, 7, 8, 9, 10]);
    expect(verdictOf(lower, equal).state).toBe('fail');
    const claim = { kind: 'holds', left: metric('walks'), right: metric('walks', undefined, 'a') };
    const orEqual = { ...lower, claim: { ...claim, cmp: '<=' } } as ExpectationPlan;
    expect(verdictOf(orEqual, equal).state).toBe('pass');
  });

  /** Differences b - a, seed by seed, against what each comparison makes of their interval. */
  it.each<readonly [string, readonly number[], string]>([
    ['above zero', [1, 1, 1, 1, 1, 1], '> >= !='],
    ['below zero', [-1, -1, -1, -1, -1, -1], '< <= !='],
    ['zero', [0, 0, 0, 0, 0, 0], '<= >= =='],
    ['on both sides', [-2, -1, -1, 1, 1, 2], '=='],
    ['from zero up', [0, 0, 0, 1, 1, 1], '>= =='],
    ['up to zero', [-1, -1, -1, 0, 0, 0], '<= =='],
  ])('take the whole interval: %s', (_, differences, wanted) => {
    const a = differences.map(() => 10);
    const runs = pairedRuns(
      'walks',
      a,
      differences.map((difference) => 10 + difference),
    );
    const all: readonly Comparison[] = ['<', '<=', '>', '>=', '==', '!='];
    const held = all.filter((cmp) => {
      const claim = holds(metric('walks'), cmp, metric('walks', undefined, 'a'), {
        designs: ['b'],
        confidence: 0.95,
      });
      return verdictOf(claim, runs).state === 'pass';
    });
    expect(held.sort()).toEqual(wanted.split(' ').sort());
  });

  it('depend on the level: half of the resamples agree where 95 % do not', () => {
    const b = [5, 6, 7, 8, 9, 13, 14];
    const runs = pairedRuns(
      'walks',
      b.map(() => 10),
      b,
    );
    expect(verdictOf({ ...lower, confidence: 0.5 }, runs).state).toBe('pass');
    expect(verdictOf(lower, runs).state).toBe('fail');
  });

  it('are unknown as soon as one seed has no value', () => {
    const runs = pairedRuns('walks', [9, 9, 9, 9, 9, 9, 9], [1, 1, 1, 1, 1, 1, 1]);
    expect(verdictOf(lower, runs.slice(0, -2)).state).toBe('pass');
    const broken = runs.map((run, i) =>
      i === 3 ? { ...run, status: 'misbehaved' as const } : run,
    );
    expect(verdictOf(lower, broken)).toMatchObject({ state: 'unknown' });
  });

  it('agree with a naive bootstrap wherever that one is clear', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 6,
          maxLength: 15,
        }),
        fc.constantFrom(0.5, 0.8, 0.95),
        (pairs, confidence) => {
          const differences = pairs.map(([x, y]) => y - x);
          // Draws differ: the two may fall on neighbouring values, so only clear cases are judged.
          const intervals = naiveIntervals(differences, [
            confidence,
            confidence + 0.03,
            confidence - 0.03,
          ]);
          if (new Set(intervals.map(([low, high]) => `${low} ${high}`)).size > 1) return;
          const high = intervals[0]?.[1] ?? 0;
          judged += 1;
          const runs = pairedRuns(
            'walks',
            pairs.map(([x]) => x),
            pairs.map(([, y]) => y),
          );
          const verdict = verdictOf({ ...lower, confidence }, runs);
          expect(verdict.state).toBe(high < 0 ? 'pass' : 'fail');
        },
      ),
      { seed: 5, numRuns: 40 },
    );
    expect(judged).toBeGreaterThan(10);
  });
});

describe('the verdict', () => {
  it('carries text, line and severity of the claim, and no number that is none', () => {
    const run = runOf({ design: 'a', phases: [{ moves: {} }] });
    const broken = {
      ...run,
      phases: run.phases.map((phase) => ({
        ...phase,
        metrics: { pages: { ...lineFrom(0, 1), last: Number.NaN } },
      })),
    };
    const verdict = verdictOf(holds(metric('pages'), '<', num(5)), [broken]);
    expect(verdict).toMatchObject({
      text: 'expect claim',
      line: 9,
      severity: 'expect',
      state: 'unknown',
    });
    expect(verdict.detail).toContain('not a finite number');
  });
});
