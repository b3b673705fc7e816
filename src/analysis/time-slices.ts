/**
 * Series cut into equal time slices. A sample holds until the next one; before its first sample and
 * after the end of its run a series has no value. A ratio tells about the time up to its sample, so it
 * has none after the last one either: nothing ran any more that it could tell about.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { RunResult, SeriesResult } from '../contract/run-result.js';
import { isPerSecond } from './metric-roles.js';

export interface SliceRange {
  readonly startNs: number;
  /** Half-open end. */
  readonly endNs: number;
  readonly count: number;
}

/** The series of a metric; undefined when the run did not record one. */
export const seriesOf = (run: RunResult, metric: string): SeriesResult | undefined =>
  run.series.find((series) => series.metric === metric && series.timesNs.length > 0);

/** Index of the last sample at or before `timeNs`, -1 before the first. O(log samples). */
export function sampleIndexAt(series: SeriesResult, timeNs: number): number {
  let low = 0;
  let high = series.timesNs.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((series.timesNs[middle] ?? 0) <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Value at an instant; undefined before the first sample. */
export function valueAt(series: SeriesResult, timeNs: number): number | undefined {
  const index = sampleIndexAt(series, timeNs);
  return index < 0 ? undefined : finiteOrNone(series.values[index]);
}

/** A value that a file could not hold (null in JSON) is no value. */
const finiteOrNone = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

const lastSampleNs = (series: SeriesResult): number =>
  series.timesNs[series.timesNs.length - 1] ?? 0;

/**
 * One number per slice: the time-weighted mean, or the increase per second for counters that are
 * read as rates. Undefined where the series has no value.
 */
export function sliceValues(
  metric: MetricInfo,
  series: SeriesResult,
  range: SliceRange,
  runEndNs: number,
): readonly (number | undefined)[] {
  const width = (range.endNs - range.startNs) / range.count;
  const rate = isPerSecond(metric);
  const seriesEndNs = metric.kind === 'ratio' ? Math.min(runEndNs, lastSampleNs(series)) : runEndNs;
  return Array.from({ length: range.count }, (_, i) => {
    const from = range.startNs + width * i;
    const to = Math.min(from + width, seriesEndNs);
    if (to <= from && seriesEndNs < range.endNs) return undefined;
    return rate ? rateBetween(series, from, to) : meanBetween(series, from, to);
  });
}

/** Running totals grow evenly between samples here; else slices would alias with the probes. */
function totalAt(series: SeriesResult, timeNs: number): number | undefined {
  const index = sampleIndexAt(series, timeNs);
  const before = finiteOrNone(series.values[index]);
  if (index < 0 || before === undefined) return undefined;
  const after = finiteOrNone(series.values[index + 1]);
  const startNs = series.timesNs[index] ?? 0;
  const endNs = series.timesNs[index + 1];
  if (after === undefined || endNs === undefined || endNs <= startNs) return before;
  return before + (after - before) * ((timeNs - startNs) / (endNs - startNs));
}

function rateBetween(series: SeriesResult, fromNs: number, toNs: number): number | undefined {
  const end = totalAt(series, toNs);
  if (end === undefined || toNs <= fromNs) return undefined;
  const start = sampleIndexAt(series, fromNs) < 0 ? 0 : totalAt(series, fromNs);
  if (start === undefined) return undefined;
  return (end - start) / ((toNs - fromNs) / 1e9);
}

/** Weighs the distances from the first value, so that the mean of equal values is that value exactly. */
function meanBetween(series: SeriesResult, fromNs: number, toNs: number): number | undefined {
  let index = Math.max(0, sampleIndexAt(series, fromNs));
  let weight = 0;
  let sum = 0;
  let base: number | undefined;
  while (index < series.timesNs.length) {
    const from = Math.max(fromNs, series.timesNs[index] ?? 0);
    const to = Math.min(toNs, series.timesNs[index + 1] ?? toNs);
    if (from >= toNs) break;
    const value = finiteOrNone(series.values[index]);
    if (to > from && value !== undefined) {
      base ??= value;
      sum += (value - base) * (to - from);
      weight += to - from;
    }
    index += 1;
  }
  return base === undefined ? valueAt(series, toNs) : base + sum / weight;
}
