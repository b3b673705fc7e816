/**
 * One metric over the points of a sweep, one column per design, with the paired difference of one
 * design to the baseline at each point.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { comparisonRow, valuesBySeed, type ComparisonRow, type RowRequest } from './comparison.js';
import { designLetter, indexRuns, orderedDesigns } from './run-index.js';
import { medianOrNone } from './statistics.js';

export interface SweepPointRow {
  readonly point: number;
  /** Values of the swept params, in order: `2048`, `page_cache`. */
  readonly values: readonly string[];
  readonly row: ComparisonRow;
}

export interface SweepTable {
  readonly metric: MetricInfo;
  readonly phase: string;
  /** Names of the swept params. */
  readonly names: readonly string[];
  readonly letters: readonly string[];
  readonly rows: readonly SweepPointRow[];
}

/** Splits `n=512, buddy=fresh` into its names and values. */
export function parsePointLabel(label: string): {
  readonly names: readonly string[];
  readonly values: readonly string[];
} {
  const parts = label
    .split(/[,;]\s*|\s+(?=[\w.-]+=)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return {
    names: parts.map((part) => (part.includes('=') ? part.slice(0, part.indexOf('=')) : '')),
    values: parts.map((part) => part.slice(part.indexOf('=') + 1)),
  };
}

/** The medians over seeds alone, one for each design at each point. */
export interface SweepMedians extends Pick<SweepTable, 'names' | 'letters'> {
  readonly rows: readonly (Pick<SweepPointRow, 'point' | 'values'> & {
    readonly medians: readonly (number | undefined)[];
  })[];
}

/** The sweep of one metric in one phase; undefined when there is no more than one point. */
export function buildSweep(
  result: ExperimentResult,
  metric: MetricInfo,
  phase: string,
): SweepTable | undefined {
  const swept = overPoints(result, metric, phase, (request) => ({ row: comparisonRow(request) }));
  return swept === undefined ? undefined : { metric, phase, ...swept };
}

/** As `buildSweep`, without the differences, which take far longer to find than the medians. */
export function sweepMedians(
  result: ExperimentResult,
  metric: MetricInfo,
  phase: string,
): SweepMedians | undefined {
  return overPoints(result, metric, phase, (request) => ({
    medians: valuesBySeed(request).map((bySeed) => medianOrNone([...bySeed.values()])),
  }));
}

/** What `find` says of each point, with the names of the sweep. */
function overPoints<Found extends object>(
  result: ExperimentResult,
  metric: MetricInfo,
  phase: string,
  find: (request: RowRequest) => Found,
):
  | (Pick<SweepTable, 'names' | 'letters'> & {
      readonly rows: readonly (Pick<SweepPointRow, 'point' | 'values'> & Found)[];
    })
  | undefined {
  const { points, seeds } = result.scenario;
  if (points.length < 2) return undefined;
  const index = indexRuns(result);
  const names = orderedDesigns(result);
  return {
    names: parsePointLabel(points[0]?.label ?? '').names,
    letters: names.map((_, i) => designLetter(i)),
    rows: points.map(({ label }, point) => ({
      point,
      values: parsePointLabel(label).values,
      ...find({ metric, phase, seeds, index, names, point }),
    })),
  };
}
