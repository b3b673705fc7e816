/** What a window says and shows before its user has done anything: sweep strip, parting, durations. */
import { describe, expect, it } from 'vitest';
import { partingTime } from '../../../renderer/charts/parting-time.js';
import { waitText } from '../../../renderer/charts/progress-text.js';
import { resultNotices } from '../../../renderer/charts/result-notices.js';
import type { NoticeSource } from '../../../renderer/charts/result-notices.js';
import { sweepStrip } from '../../../renderer/charts/sweep-cells.js';
import { parseRecent } from '../../../renderer/stores/recent.js';
import { buildSweep, sweepMedians } from '../../../src/analysis/sweep.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { fakeResult } from '../../support/fake-result.js';

const result = fakeResult({ seedCount: 6 });

/** The same runs at two sweep points, the second with larger values. */
function swept(): ExperimentResult {
  const grown = result.runs.map((run) => ({
    ...run,
    point: 1,
    phases: run.phases.map((phase) => ({
      ...phase,
      metrics: Object.fromEntries(
        Object.entries(phase.metrics).map(([name, statistics]) => [
          name,
          Object.fromEntries(
            Object.entries(statistics).map(([key, value]) => [key, Number(value) * 2]),
          ) as unknown as typeof statistics,
        ]),
      ),
    })),
  }));
  const points = [{ label: 'n=512, buddy=fresh' }, { label: 'n=1024, buddy=fresh' }];
  return { ...result, scenario: { ...result.scenario, points }, runs: [...result.runs, ...grown] };
}

const SOURCE: NoticeSource = {
  line: 'open',
  wasOpen: true,
  isOpen: true,
  diagnostics: [],
  text: 'xlab 1',
  summary: null,
  state: 'running',
  message: '',
  progress: { done: 0, total: 1080, requests: 0, elapsedMs: 0 },
  result: null,
  ranText: null,
  stale: false,
  fromFile: '',
  startedAt: null,
  phase: '',
  bundled: false,
  missingText: '',
  expected: null,
  workers: 2,
  keepsLong: false,
  keepsPartial: false,
  model: null,
};

describe('sweep strip', () => {
  it('is absent without a sweep', () => {
    expect(sweepStrip(result)).toBeNull();
  });

  it('has a column for each point and shades from the least to the most', () => {
    const strip = sweepStrip(swept());
    expect(strip?.names).toBe('n, buddy');
    expect(strip?.columns.map(({ title }) => title)).toEqual(['512 fresh', '1024 fresh']);
    expect(strip?.columns[0]?.cells).toHaveLength(strip?.letters.length ?? 0);
    const shades = strip?.columns.flatMap(({ cells }) => cells.map(({ shade }) => shade)) ?? [];
    expect([Math.min(...shades), Math.max(...shades)]).toEqual([0, 1]);
  });

  it('has the medians of the sweep table of the report, which also has differences', () => {
    const experiment = swept();
    for (const metric of experiment.metrics) {
      const table = buildSweep(experiment, metric, 'steady');
      const medians = sweepMedians(experiment, metric, 'steady');
      expect(medians?.rows).toHaveLength(2);
      expect(medians?.rows.map((row) => row.medians)).toEqual(
        table?.rows.map(({ row }) => row.cells.map(({ value }) => value)),
      );
      expect([medians?.names, medians?.letters]).toEqual([table?.names, table?.letters]);
    }
  });
});

describe('the moment where curves part', () => {
  it('lies inside the run, and is its start when all designs agree', () => {
    const time = partingTime(result);
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThanOrEqual(Math.max(...result.runs.map(({ durationNs }) => durationNs)));
    const first = result.runs[0]?.design ?? '';
    const alone = result.runs.filter(({ design }) => design === first);
    expect(partingTime({ ...result, runs: alone })).toBe(0);
  });
});

describe('notices of a run', () => {
  const idOf = (change: Partial<NoticeSource>): readonly string[] =>
    resultNotices({ ...SOURCE, ...change }).map(({ id }) => id);

  it('ask about a long run once the first runs have told its length', () => {
    const progress = { done: 2, total: 1080, requests: 9, elapsedMs: 2000 };
    const [notice] = resultNotices({ ...SOURCE, progress });
    expect(notice?.text).toBe('1080 runs, about 18 min on 2 workers. Results appear run by run.');
    expect(notice?.action?.kind).toBe('keep-long');
    expect(idOf({ progress, keepsLong: true })).toEqual(['running']);
    expect(idOf({ progress: { ...progress, total: 100 } })).toEqual(['running']);
  });

  it('say before the first run how long it will take, and what that rests on', () => {
    const summary = {
      scenarioHash: 'ab'.repeat(32),
      ...{ runs: 18, designs: ['a', 'b', 'c'], seeds: 6, points: [''], params: [] },
      runSize: { durationNs: 6e9, requests: 80 },
    };
    const source: NoticeSource = { ...SOURCE, state: 'idle', summary };
    const textOf = (expected: NoticeSource['expected']) =>
      resultNotices({ ...source, expected })[0]?.text;
    expect(textOf(null)).toBe('Not run. 18 runs.');
    expect(textOf({ ms: 6200, basis: 'size', workers: 2 })).toBe(
      'Not run. 18 runs, about 6 s on 2 workers, guessed from its size.',
    );
    expect(textOf({ ms: 6200, basis: 'itself', workers: 2 })).toBe(
      'Not run. 18 runs, about 6 s here, on 2 workers.',
    );
  });

  it('say how many seeds the charts show while runs come in', () => {
    const runs = result.runs.filter(({ seed }) => seed < 3);
    const [notice] = resultNotices({
      ...SOURCE,
      progress: { done: 6, total: 18, requests: 9, elapsedMs: 100 },
      result: { ...result, runs, complete: false },
    });
    expect(notice?.text).toBe('Running: 6 of 18 runs, 2 of 6 seeds so far.');
  });

  it('say that a result is of one phase only', () => {
    expect(idOf({ state: 'done', result, phase: 'steady' })).toContain('phase');
    expect(idOf({ state: 'done', result })).toEqual([]);
  });
});

describe('durations', () => {
  it.each([
    [300, '1 s'],
    [6200, '6 s'],
    [840_000, '14 min'],
    [9_000_000, '2.5 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(waitText(ms)).toBe(text);
  });
});

describe('recent files', () => {
  it('are a bounded list of names whatever the storage holds', () => {
    expect(parseRecent(null)).toEqual([]);
    expect(parseRecent('{"a":1}')).toEqual([]);
    expect(parseRecent('nonsense')).toEqual([]);
    expect(parseRecent('["a.xlab", 5, "b.xlab"]')).toEqual(['a.xlab', 'b.xlab']);
    expect(parseRecent(JSON.stringify(Array.from({ length: 40 }, () => 'x')))).toHaveLength(6);
  });
});
