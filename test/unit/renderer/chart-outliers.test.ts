/** Odd seeds in charts: found where they are, silent where all seeds agree. */
import { describe, expect, it } from 'vitest';
import { chartOutliers, nearestOutlier } from '../../../renderer/charts/chart-outliers.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { chartRow } from '../../../renderer/charts/chart-rows.js';
import { fakeResult } from '../../support/fake-result.js';

const METRIC = 'text.pte_4k';
const plain = fakeResult({ seedCount: 8 });
const DESIGN = plain.scenario.designs[1]?.name ?? '';

/** One seed of one design has three times the value of the others from the middle of the run on. */
const odd: ExperimentResult = {
  ...plain,
  runs: plain.runs.map((run) =>
    run.seed === 5 && run.design === DESIGN
      ? {
          ...run,
          series: run.series.map((series) =>
            series.metric === METRIC
              ? {
                  ...series,
                  values: series.values.map((value, i) =>
                    i > series.values.length / 2 ? value * 3 : value,
                  ),
                }
              : series,
          ),
        }
      : run,
  ),
};

describe('odd seeds', () => {
  it('are named with their design, in the half of the run where they are odd', () => {
    const points = chartOutliers(odd, METRIC, {}).filter(({ seed }) => seed === 5);
    expect(points.length).toBeGreaterThan(10);
    expect(new Set(points.map(({ design, letter }) => `${letter} ${design}`))).toEqual(
      new Set([`B ${DESIGN}`]),
    );
    const middle = (odd.runs[0]?.durationNs ?? 0) / 2e9;
    expect(Math.min(...points.map(({ seconds }) => seconds))).toBeGreaterThan(middle * 0.95);
  });

  it('are not those that differ as much as the others do', () => {
    expect(chartOutliers(plain, METRIC, {}).length).toBeLessThan(5);
    const few = fakeResult({ seedCount: 3 });
    expect(chartOutliers(few, METRIC, {})).toEqual([]);
  });

  it('do not exist where one seed is shown', () => {
    expect(chartOutliers(odd, METRIC, { seed: 5 })).toEqual([]);
  });

  it('lie inside the scale of their chart', () => {
    const row = chartRow(odd, METRIC, { mode: 'over', band: true, choice: {} });
    const [picture] = row.pictures;
    const highest = Math.max(...(picture?.outliers.map(({ value }) => value) ?? []));
    expect(highest).toBeGreaterThan(0);
    expect(picture?.scale.max).toBeGreaterThanOrEqual(highest);
  });

  it('are found by the pointer within its reach, the nearest first', () => {
    const points = [
      { x: 10, y: 10, point: 'a' },
      { x: 16, y: 10, point: 'b' },
    ];
    expect(nearestOutlier(points, { x: 14, y: 10 }, 9)?.point).toBe('b');
    expect(nearestOutlier(points, { x: 40, y: 10 }, 9)).toBeNull();
  });
});
