/** What the chart pane draws: modes, shared scales, differences, zoom, missing series. */
import { describe, expect, it } from 'vitest';
import { chartRow, firstMetrics, noChart } from '../../../renderer/charts/chart-rows.js';
import { lineValueAt } from '../../../renderer/charts/line-value.js';
import { momentTable, phaseTable, spanTable } from '../../../renderer/charts/table-rows.js';
import { fakeResult } from '../../support/fake-result.js';

const result = fakeResult({ seedCount: 8 });
const request = { band: true, choice: {} } as const;
const METRIC = 'direct_map_level2_splits';

describe('a result without any line', () => {
  const unprobed = { ...result, runs: result.runs.map((run) => ({ ...run, series: [] })) };

  it('says that nothing was probed, and offers a probe of the first metric of interest', () => {
    expect(firstMetrics(unprobed)).toEqual([]);
    const { text, metric } = noChart(unprobed);
    expect(text).toMatch(/^No metric was probed in this run/);
    expect(result.metrics.map(({ name }) => name)).toContain(metric);
  });

  it('offers nothing where no run counts', () => {
    const runs = unprobed.runs.map((run) => ({ ...run, status: 'misbehaved' as const }));
    expect(noChart({ ...unprobed, runs })).toEqual({
      text: 'No run counts: why is said above.',
      metric: null,
    });
  });
});

describe('chart rows', () => {
  it('diff without any difference has the unit of the values', () => {
    const [first] = result.runs;
    const same = result.runs.map((run) => ({ ...run, series: first?.series ?? [] }));
    const row = chartRow({ ...result, runs: same }, 'DirectMap4k', { ...request, mode: 'diff' });
    const values = chartRow({ ...result, runs: same }, 'DirectMap4k', { ...request, mode: 'over' });
    const unitOf = (title: string): string => /DirectMap4k, (\w+)/.exec(title)?.[1] ?? '';
    expect(unitOf(row.title)).toMatch(/iB$/);
    expect(unitOf(row.title)).toBe(unitOf(values.title));
  });

  it('open with the direct map and the walks', () => {
    expect(firstMetrics(result)).toEqual(['DirectMap4k', 'itlb.walks_per_kinst']);
  });

  it('side gives one picture for each design, all on one scale', () => {
    const row = chartRow(result, METRIC, { ...request, mode: 'side' });
    expect(row.pictures.map(({ key }) => key)).toEqual(['A', 'B', 'C']);
    expect(new Set(row.pictures.map(({ scale }) => scale)).size).toBe(1);
  });

  it('side gives each design its own scale where that is asked for, and says so', () => {
    const same = chartRow(result, METRIC, { ...request, mode: 'side' });
    const free = chartRow(result, METRIC, { ...request, mode: 'side', freeScale: true });
    expect([same.scalesDiffer, free.scalesDiffer]).toEqual([false, true]);
    const tops = free.pictures.map(({ scale }) => scale.max);
    expect(Math.max(...tops)).toBe(same.pictures[0]?.scale.max);
    expect(Math.min(...tops)).toBeLessThan(Math.max(...tops));
    const over = chartRow(result, METRIC, { ...request, mode: 'over', freeScale: true });
    expect(over.scalesDiffer).toBe(false);
  });

  it('diff shows the baseline as zero and the others as they differ from it', () => {
    const over = chartRow(result, METRIC, { ...request, mode: 'over', choice: { seed: 3 } });
    const diff = chartRow(result, METRIC, { ...request, mode: 'diff', choice: { seed: 3 } });
    const end = 389;
    const valueOf = (row: typeof over, letter: string): number => {
      const line = row.pictures[0]?.model.lines.find((candidate) => candidate.letter === letter);
      return line === undefined ? Number.NaN : (lineValueAt(line, end) ?? Number.NaN);
    };
    expect(valueOf(diff, 'A')).toBe(0);
    const wanted = valueOf(over, 'B') - valueOf(over, 'A');
    expect(Math.abs(valueOf(diff, 'B') - wanted)).toBeLessThan(Math.abs(wanted) * 0.05);
  });

  it('zoom keeps to the visible span', () => {
    const range = { startNs: 100e9, endNs: 200e9 };
    const row = chartRow(result, METRIC, { ...request, mode: 'over', choice: { range } });
    const model = row.pictures[0]?.model;
    expect([model?.startSeconds, model?.endSeconds]).toEqual([100, 200]);
    const times = model?.lines.flatMap((line) => line.points.map(([time]) => time)) ?? [];
    expect(Math.min(...times)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...times)).toBeLessThanOrEqual(200);
  });

  it('says that a metric was not probed', () => {
    const row = chartRow(result, 'vmap.holes', { ...request, mode: 'over' });
    expect(row.missing).toBe('vmap.holes was not probed in this run.');
  });

  it('says that a metric is zero in all designs', () => {
    expect(chartRow(result, 'alloc.failed', { ...request, mode: 'over' }).flat).toBe(true);
    expect(chartRow(result, METRIC, { ...request, mode: 'over' }).flat).toBe(false);
  });

  it('tells how many of the planned seeds a line has', () => {
    const partial = fakeResult({ seedCount: 8, finishedRuns: 12 });
    const row = chartRow(partial, METRIC, { ...request, mode: 'over' });
    expect(row.subtitle).toContain('median of 4 of 8 seeds');
  });
});

describe('table rows', () => {
  const choice = { point: 0, seed: null };

  it('give words for better and worse by the direction of the metric', () => {
    const table = phaseTable(result, { point: 0, phase: 'steady' });
    const splits = table.rows.find(({ metric }) => metric === METRIC);
    expect(splits?.cells.map(({ verdict }) => verdict)).toEqual(['', 'better', 'better']);
  });

  it('hold the same value at a moment as the series', () => {
    const table = momentTable(result, 200e9, { point: 0, seed: 1 });
    const row = table.rows.find(({ metric }) => metric === 'text.pmd_2m');
    const run = result.runs.find(({ seed, design }) => seed === 1 && design === 'execmem_rox');
    const series = run?.series.find(({ metric }) => metric === 'text.pmd_2m');
    const index = series?.timesNs.findLastIndex((time) => time <= 200e9) ?? 0;
    expect(Number(row?.cells[2]?.value)).toBe(series?.values[index]);
  });

  it('take means over a span and have no stars there', () => {
    const table = spanTable(result, { startNs: 100e9, endNs: 200e9 }, choice);
    expect(table.note).toContain('mean over the selection');
    expect(table.rows.every((row) => row.cells.every((cell) => !cell.significant))).toBe(true);
  });
});
