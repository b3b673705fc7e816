/** The benchmarks run what they say they run; times come from a clock of the test's. */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { benchTable } from '../../../src/bench/bench-table.js';
import {
  benchChurn,
  benchGrowth,
  benchMemory,
  churnScenario,
  planOf,
} from '../../../src/bench/churn-bench.js';
import { benchLanguage, longScenario, plainWords } from '../../../src/bench/language-bench.js';
import { medianOf, ratioOf, type BenchClocks } from '../../../src/bench/measure.js';
import { benchProcesses, benchThreads } from '../../../src/bench/process-bench.js';
import { runOne } from '../../../src/app/run-one.js';
import { runCli } from '../../support/run-cli.js';

/** Every reading is a millisecond after the one before, and memory grows by a MiB. */
function steadyClocks(): BenchClocks {
  let reading = 0;
  const next = (step: number) => (): number => (reading += step);
  return { cpuNs: next(1e6), wallNs: next(1e6), residentBytes: next(1_048_576) };
}

describe('the churn benchmark', () => {
  const size = { live: 200, events: 2000 };

  it('has about as many live programs and events as it says', () => {
    const plan = planOf(churnScenario(size, ['linux_6_1']));
    const { phases, requestCount } = runOne(plan, { point: 0, seed: 1, design: 'linux_6_1' });
    const live = phases[0]?.metrics['objects.live']?.max ?? 0;
    expect(live).toBeGreaterThan(size.live * 0.8);
    expect(live).toBeLessThan(size.live * 1.3);
    expect(requestCount).toBeGreaterThan(size.events * 0.8);
    expect(requestCount).toBeLessThan(size.events * 1.2);
  });

  it('gives a row for each design, and divides the time by the events that ran', () => {
    const rows = benchChurn(size, ['linux_6_1', 'topdown_split'], {
      clocks: steadyClocks(),
      runs: 1,
    });
    expect(rows.map(({ what }) => what)).toEqual(['linux_6_1', 'topdown_split']);
    expect(rows[0]?.reference).toBe(1e6 / size.events);
    expect(rows[0]?.value).toBeGreaterThan(1e6 / (size.events * 1.2));
    expect(rows[0]?.value).toBeLessThan(1e6 / (size.events * 0.8));
  });

  it('holds each size against the first', () => {
    const rows = benchGrowth([size, { live: 50, events: 500 }], 'linux_6_1', {
      clocks: steadyClocks(),
      runs: 1,
    });
    expect(rows.map((row) => row.reference)).toEqual([rows[0]?.value, rows[0]?.value]);
  });

  it('tells the memory that a run adds', () => {
    expect(benchMemory(size, 'linux_6_1', steadyClocks())).toMatchObject({
      value: 1,
      reference: 1,
      unit: 'MiB',
    });
  });
});

describe('the language benchmark', () => {
  it.each([500, 5000])('reads a valid scenario of %i lines', (lines) => {
    const text = longScenario(lines);
    expect(text.split('\n')).toHaveLength(lines + 1);
    const request = { file: 'long.xlab', folder: '/', settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario({ ...request, text });
    expect(diagnostics).toEqual([]);
    expect(plan?.points[0]?.phases.length).toBeGreaterThan(lines / 10);
    expect(plainWords(text)).toBeGreaterThan(lines * 4);
  });

  it('counts words like a reader does', () => {
    expect(plainWords('load bpf size 168B # x')).toBe(6);
  });

  it('gives a row for each length', () => {
    const rows = benchLanguage([100, 200], { clocks: steadyClocks(), runs: 1 });
    expect(rows.map(({ what, value }) => [what, value])).toEqual([
      ['100 lines', 1],
      ['200 lines', 1],
    ]);
  });
});

describe('the benchmark of whole processes', () => {
  it('runs each command as often as asked and holds it against nothing', () => {
    const calls: string[] = [];
    const rows = benchProcesses([{ what: 'check', words: ['check', 'a.xlab'] }], {
      clocks: steadyClocks(),
      runs: 3,
      command: (words) => calls.push(words.join(' ')),
      nothing: () => calls.push('nothing'),
    });
    expect(calls).toEqual([
      ...Array<string>(3).fill('nothing'),
      ...Array<string>(3).fill('check a.xlab'),
    ]);
    expect(rows).toMatchObject([{ what: 'check', value: 1, reference: 1 }]);
  });

  it('runs once with one thread and once with two', async () => {
    const threads: number[] = [];
    const row = await benchThreads(async (count) => {
      threads.push(count);
      await Promise.resolve();
    }, steadyClocks());
    expect(threads).toEqual([1, 2]);
    expect(ratioOf(row)).toBe(1);
  });
});

describe('the table of the benchmarks', () => {
  it('shows the ratio where there is a reference, in at most 80 columns', () => {
    const text = benchTable([
      { group: 'g', what: 'a', value: 30, unit: 'ns', reference: 60, against: 'b' },
      { group: 'g', what: 'c', value: 1, unit: 'ms', against: 'b' },
    ]);
    expect(text).toMatch(/a +30\.0 ns +60\.0 ns +0\.50\n/);
    expect(text).toMatch(/c +1\.00 ms +- +-\n/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('is printed by the command, or as JSON, and unknown parts are refused', async () => {
    const json = await runCli('bench', '--only', 'tlb', '--json');
    const { rows } = JSON.parse(json.out) as { rows: readonly { ratio: number | null }[] };
    expect(rows).toHaveLength(2);
    expect(rows.every(({ ratio }) => ratio !== null && ratio > 0)).toBe(true);
    const wrong = await runCli('bench', '--only', 'tbl');
    expect(wrong.code).toBe(2);
    expect(wrong.out).toBe('');
    expect(wrong.err).toContain("no benchmark is called 'tbl'");
  });
});

describe('the median', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 3],
  ])('of %j is %d', (values, wanted) => {
    expect(medianOf(values)).toBe(wanted);
  });
});
