/**
 * Seeds that stand far outside what the other seeds of their design do: the line is a median and the
 * band ends at the 90th percentile, so that without these points an odd seed would not be seen.
 *
 * A value is an outlier when it lies outside the band, and further from the median than five times the
 * median distance, and by more than a hundredth of the axis. Per column of time, design and side only
 * the furthest is kept.
 */
import { designLetter } from '../../src/analysis/run-index.js';
import { ascending, quantileOfSorted } from '../../src/analysis/statistics.js';
import { sliceValues } from '../../src/analysis/time-slices.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { chartSource, chartUnit } from '../../src/export/chart-model.js';
import type { ChartChoice } from '../../src/export/chart-model.js';

export interface OutlierPoint {
  readonly seed: number;
  readonly design: string;
  readonly letter: string;
  /** Place in the palette. */
  readonly style: number;
  readonly seconds: number;
  /** In the unit of the axis. */
  readonly value: number;
}

/** What a chart asks of the rings that lie over it. */
export interface OutlierRings {
  /** The pointer is at this place of the chart, pixels. */
  hover(x: number, y: number): void;
  leave(): void;
  /** True when the click was one on an odd seed. */
  click(): boolean;
}

/** Columns of the time axis. */
const COLUMNS = 40;
const SEEDS_MIN = 5;
const DISTANCES = 5;
const AXIS_SHARE = 0.01;

export function chartOutliers(
  result: ExperimentResult,
  metricName: string,
  choice: ChartChoice,
): readonly OutlierPoint[] {
  if (choice.seed !== undefined) return [];
  const source = chartSource(result, metricName, choice);
  if (source === undefined) return [];
  const { metric, designs, startNs, endNs } = source;
  const unit = chartUnit(
    metric,
    designs.flatMap(({ runs }) => runs),
  );
  const slices = { startNs, endNs, count: COLUMNS };
  const found: (OutlierPoint & { readonly excess: number })[] = [];
  let largest = 0;
  for (const { design, style, runs } of designs) {
    const bySeed = runs.map(({ run, series }) => ({
      seed: run.seed,
      values: sliceValues(metric, series, slices, run.durationNs),
    }));
    for (let column = 0; column < COLUMNS; column += 1) {
      const values = bySeed.flatMap(({ seed, values: own }) => {
        const value = own[column];
        return value === undefined ? [] : [{ seed, value: value / unit.divisor }];
      });
      for (const { value } of values) largest = Math.max(largest, Math.abs(value));
      const seconds = (startNs + ((column + 0.5) / COLUMNS) * (endNs - startNs)) / 1e9;
      const place = { design, letter: designLetter(style), style, seconds };
      found.push(...furthest(values).map((point) => ({ ...place, ...point })));
    }
  }
  return found.filter(({ excess }) => excess > largest * AXIS_SHARE);
}

interface SeedValue {
  readonly seed: number;
  readonly value: number;
}

/** The furthest outlier above and below the band. */
function furthest(
  values: readonly SeedValue[],
): readonly (SeedValue & { readonly excess: number })[] {
  if (values.length < SEEDS_MIN) return [];
  const sorted = ascending(values.map(({ value }) => value));
  const middle = quantileOfSorted(sorted, 0.5);
  const usual = quantileOfSorted(ascending(sorted.map((value) => Math.abs(value - middle))), 0.5);
  const low = quantileOfSorted(sorted, 0.1);
  const high = quantileOfSorted(sorted, 0.9);
  return [sorted[0] ?? middle, sorted.at(-1) ?? middle].flatMap((value) => {
    const excess = Math.max(value - high, low - value);
    const own = values.find((entry) => entry.value === value);
    const isFar = excess > 0 && Math.abs(value - middle) > DISTANCES * usual;
    return own === undefined || !isFar ? [] : [{ ...own, excess }];
  });
}

/** The point within reach of a place of the picture, the nearest one; null where there is none. */
export function nearestOutlier<T>(
  points: readonly { readonly x: number; readonly y: number; readonly point: T }[],
  at: { readonly x: number; readonly y: number },
  reachPx: number,
): { readonly x: number; readonly y: number; readonly point: T } | null {
  let best: (typeof points)[number] | null = null;
  let bestPx = reachPx;
  for (const entry of points) {
    const distancePx = Math.hypot(entry.x - at.x, entry.y - at.y);
    if (distancePx > bestPx) continue;
    best = entry;
    bestPx = distancePx;
  }
  return best;
}
