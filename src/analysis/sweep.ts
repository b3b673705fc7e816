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
  const request = sweepRequest(result, metric, phase);
  if (request === undefined) return undefined;
  const rows = sweptPoints(result).map((swept) => ({
    ...swept,
    row: comparisonRow({ ...request, point: swept.point }),
  }));
  return { metric, phase, ...sweepNames(result, request.names), rows };
}

/** As `buildSweep`, without the differences, which take far longer to find than the medians. */
export function sweepMedians(
  result: ExperimentResult,
  metric: MetricInfo,
  phase: string,
): SweepMedians | undefined {
  const request = sweepRequest(result, metric, phase);
  if (request === undefined) return undefined;
  const rows = sweptPoints(result).map((swept) => ({
    ...swept,
    medians: valuesBySeed({ ...request, point: swept.point }).map((bySeed) =>
      medianOrNone([...bySeed.values()]),
    ),
  }));
  return { ...sweepNames(result, request.names), rows };
}

/** What is asked for at every point. */
function sweepRequest(
  result: ExperimentResult,
  metric: MetricInfo,
  phase: string,
): Omit<RowRequest, 'point'> | undefined {
  const { points, seeds } = result.scenario;
  if (points.length < 2) return undefined;
  return { metric, phase, seeds, index: indexRuns(result), names: orderedDesigns(result) };
}

const sweptPoints = (
  result: ExperimentResult,
): readonly Pick<SweepPointRow, 'point' | 'values'>[] =>
  result.scenario.points.map(({ label }, point) => ({
    point,
    values: parsePointLabel(label).values,
  }));

const sweepNames = (
  result: ExperimentResult,
  designs: readonly string[],
): Pick<SweepTable, 'names' | 'letters'> => ({
  names: parsePointLabel(result.scenario.points[0]?.label ?? '').names,
  letters: designs.map((_, i) => designLetter(i)),
});
