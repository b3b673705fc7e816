/** Values of the language: expressions with units, distributions with their cuts. */
import { describe, expect, it } from 'vitest';
import type { DistributionPlan, ValuePlan } from '../../../src/contract/scenario-plan.js';
import { compileScenario } from '../../../dsl/compile.js';
import { representativeValues } from '../../../dsl/values/representative.js';
import { CATALOG, hostOf } from './lab-double.js';

const FILES = { 'sizes.csv': 'name,size\na,100\nb,2KiB\nc,5KiB\n' };

function planOf(text: string) {
  const { plan, diagnostics } = compileScenario({ text, file: 'a' }, CATALOG, hostOf(FILES));
  expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
  const point = plan?.points[0];
  if (point === undefined) throw new Error('no plan');
  return point;
}

/** The value of `wait` as nanoseconds, or its distribution. */
function waitOf(value: string, declarations = ''): ValuePlan {
  const point = planOf(`xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
${declarations}
phase a { wait ${value} }
`);
  const [statement] = point.phases[0]?.body ?? [];
  if (statement?.kind !== 'wait') throw new Error('no wait');
  return statement.duration;
}

/** The distribution of the size of a program. */
function sizeOf(form: string): DistributionPlan {
  const point = planOf(`xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
phase a { load bpf size ~ ${form} lifetime 1s }
`);
  const [statement] = point.phases[0]?.body ?? [];
  if (statement?.kind !== 'create' || statement.what.kind !== 'bpf') throw new Error('no program');
  if (statement.what.size.kind !== 'draw') throw new Error('not drawn');
  return statement.what.size.distribution;
}

describe('expressions', () => {
  it.each([
    ['1ns', 1],
    ['2us', 2e3],
    ['1.5ms', 1.5e6],
    ['0.7ms', 7e5],
    ['3s', 3e9],
    ['2min', 120e9],
    ['1h', 3600e9],
    ['5_000ms', 5e9],
    ['2e3ms', 2e9],
    ['1s + 500ms', 1.5e9],
    ['3 * 2s', 6e9],
    ['(1 + 2) * 1s', 3e9],
    ['10s - 3s - 2s', 5e9],
    ['12s / 2 / 3', 2e9],
    ['50% * 10s', 5e9],
    ['10s / 25%', 40e9],
    ['20 / (5/s)', 4e9],
  ])('%s', (text, expected) => {
    expect(waitOf(text)).toEqual({ kind: 'fixed', value: expected });
  });

  it('computes with params, one from another', () => {
    const params = 'param base = 2s\nparam twice = base * 2\nparam rate = 40 / 2s';
    expect(waitOf('twice + base', params)).toEqual({ kind: 'fixed', value: 6e9 });
    expect(waitOf('20 / rate', params)).toEqual({ kind: 'fixed', value: 1e9 });
  });
});

describe('distributions', () => {
  it.each<[string, DistributionPlan]>([
    ['constant(64B)', { kind: 'constant', value: 64 }],
    ['uniform(64B, 1KiB)', { kind: 'uniform', low: 64, high: 1024 }],
    ['normal(mean=1KiB, sd=64B)', { kind: 'normal', mean: 1024, sd: 64, min: 0 }],
    ['lognormal(median=1KiB, p99=2KiB)', { kind: 'lognormal', median: 1024, p99: 2048 }],
    ['exp(mean=1KiB)', { kind: 'exp', mean: 1024 }],
    ['pareto(min=64B, shape=1.5)', { kind: 'pareto', min: 64, shape: 1.5 }],
    [
      'choice(70%: 64B, 30%: exp(mean=1KiB))',
      {
        kind: 'choice',
        options: [
          { weight: 0.7, value: { kind: 'constant', value: 64 } },
          { weight: 0.3, value: { kind: 'exp', mean: 1024 } },
        ],
      },
    ],
    [
      'quantiles(0%: 64B, 100%: 1KiB, scale=log)',
      {
        kind: 'quantiles',
        scale: 'log',
        points: [
          { share: 0, value: 64 },
          { share: 1, value: 1024 },
        ],
      },
    ],
    ['empirical("sizes.csv", column=size)', { kind: 'empirical', values: [100, 2048, 5120] }],
  ])('%s', (form, expected) => {
    expect(sizeOf(form)).toEqual(expected);
  });

  it.each<[string, DistributionPlan]>([
    ['constant(64B, max=1KiB)', { kind: 'constant', value: 64 }],
    ['uniform(64B, 1KiB, min=128B, max=2KiB)', { kind: 'uniform', low: 128, high: 1024 }],
    ['normal(mean=1KiB, sd=64B, min=512B)', { kind: 'normal', mean: 1024, sd: 64, min: 512 }],
    ['exp(mean=1KiB, max=4KiB)', { kind: 'exp', mean: 1024, max: 4096 }],
    ['pareto(min=64B, shape=1.5, max=4KiB)', { kind: 'pareto', min: 64, shape: 1.5, max: 4096 }],
    [
      'choice(50%: 64B, 25%: 1KiB, 25%: 2KiB, min=128B)',
      {
        kind: 'choice',
        options: [
          { weight: 0.5, value: { kind: 'constant', value: 1024 } },
          { weight: 0.5, value: { kind: 'constant', value: 2048 } },
        ],
      },
    ],
    [
      'quantiles(0%: 0B, 100%: 1000B, min=250B, max=750B)',
      {
        kind: 'quantiles',
        scale: 'linear',
        points: [
          { share: 0, value: 250 },
          { share: 1, value: 750 },
        ],
      },
    ],
    ['empirical("sizes.csv", column=size, max=3KiB)', { kind: 'empirical', values: [100, 2048] }],
  ])('%s is cut', (form, expected) => {
    expect(sizeOf(form)).toEqual(expected);
  });

  it('have representative values that rise, within their cuts, around the right middle', () => {
    for (const [form, median] of [
      ['uniform(0B, 1000B)', 500],
      ['normal(mean=1000B, sd=10B)', 1000],
      ['lognormal(median=1KiB, p99=16KiB)', 1024],
      ['exp(mean=1000B)', 693.1],
      ['pareto(min=100B, shape=1)', 200],
      ['quantiles(0%: 0B, 50%: 10B, 100%: 1000B)', 10],
      ['lognormal(median=1KiB, p99=16KiB, min=512B, max=2KiB)', 1024],
    ] as const) {
      const plan = sizeOf(form);
      const values = representativeValues(plan, 2001);
      expect(
        [...values].sort((a, b) => a - b),
        form,
      ).toEqual(values);
      expect(values[1000] ?? 0, form).toBeGreaterThan(median * 0.98);
      expect(values[1000] ?? 0, form).toBeLessThan(median * 1.02);
    }
    const ranks = representativeValues({ kind: 'zipf', skew: 0, count: 4 }, 8);
    expect(ranks).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });
});
