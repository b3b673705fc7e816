/** Where a series has a value, slice by slice. */
import { describe, expect, it } from 'vitest';
import { sliceValues } from '../../../src/analysis/time-slices.js';
import type { MetricInfo, MetricKind } from '../../../src/contract/metric-table.js';

const metric = (kind: MetricKind): MetricInfo => ({
  name: 'metric',
  label: 'metric',
  kind,
  unit: 'count',
  better: 'low',
  meaning: '',
  counterpart: '',
});
const SECOND = 1e9;
const series = { metric: 'metric', timesNs: [0, SECOND, 2 * SECOND], values: [4, 6, 8] };
const range = { startNs: 0, endNs: 4 * SECOND, count: 4 };

describe('slices of a series', () => {
  it('of a gauge hold the last value to the end of the run', () => {
    expect(sliceValues(metric('gauge'), series, range, 4 * SECOND)).toEqual([4, 6, 8, 8]);
  });

  it('of a ratio end with its last sample: nothing ran that it could tell about', () => {
    const values = sliceValues(metric('ratio'), series, range, 4 * SECOND);
    expect(values).toEqual([4, 6, undefined, undefined]);
  });

  it('are empty behind the end of a run', () => {
    const values = sliceValues(metric('gauge'), series, range, 3 * SECOND);
    expect(values).toEqual([4, 6, 8, undefined]);
  });

  it('of a constant are that constant, to the last digit', () => {
    const timesNs = [0, 1, 2, 3].map((second) => second * SECOND);
    const constant = { metric: 'metric', timesNs, values: timesNs.map(() => 0.1) };
    const slices = { startNs: 0, endNs: 3 * SECOND, count: 58 };
    const values = sliceValues(metric('gauge'), constant, slices, 3 * SECOND);
    expect(new Set(values)).toEqual(new Set([0.1]));
  });
});
