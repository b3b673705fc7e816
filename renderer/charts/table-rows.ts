/**
 * Rows of the comparison table on screen: the same metrics, numbers and stars as the mail report for
 * a phase; values at a moment, or statistics of a selected span, in the same columns.
 */
import { buildComparison } from '../../src/analysis/comparison.js';
import type { ComparisonRow, ComparisonTable } from '../../src/analysis/comparison.js';
import { NO_DIFFERENCE, pairedDifference } from '../../src/analysis/difference.js';
import { isPerSecond } from '../../src/analysis/metric-roles.js';
import {
  chooseUnit,
  formatDifference,
  formatIn,
  rowLabel,
} from '../../src/analysis/quantity-text.js';
import type { DisplayUnit } from '../../src/analysis/quantity-text.js';
import { indexRuns, orderedDesigns } from '../../src/analysis/run-index.js';
import { median, medianOrNone } from '../../src/analysis/statistics.js';
import { seriesOf, sliceValues, valueAt } from '../../src/analysis/time-slices.js';
import { recordedMark } from '../../src/export/mail-table.js';
import type { MetricInfo } from '../../src/contract/metric-table.js';
import type { ExperimentResult, SeriesResult } from '../../src/contract/run-result.js';
import type { TimeRange } from '../stores/view.js';

export interface TableCell {
  readonly value: string;
  /** Empty in the baseline's column and where there is nothing to compare. */
  readonly difference: string;
  /** In words, for a tint and for screen readers. */
  readonly verdict: 'better' | 'worse' | '';
  readonly significant: boolean;
}

export interface TableRow {
  readonly metric: string;
  readonly label: string;
  readonly meaning: string;
  readonly want: 'low' | 'high' | '-';
  readonly cells: readonly TableCell[];
}

export interface ScreenTable {
  readonly rows: readonly TableRow[];
  /** Labels of rows that are the same in all designs. */
  readonly unchanged: readonly string[];
  readonly warnings: readonly string[];
  /** `median over 6 seeds; * 95% CI excludes 0`. */
  readonly note: string;
}

export interface TableChoice {
  readonly point: number;
  readonly seed: number | null;
}

/** Statistics of a phase, as in the report. */
export function phaseTable(
  result: ExperimentResult,
  choice: { readonly point: number; readonly phase: string },
): ScreenTable {
  const table = buildComparison(result, choice);
  return {
    rows: table.rows.flatMap((row) => screenRows(row, table)),
    unchanged: table.unchanged.map((row) => row.metric.label),
    warnings: table.warnings,
    note: noteOf(table),
  };
}

function noteOf(table: ComparisonTable): string {
  const seeds = `median over ${String(table.seedCount)} seed${table.seedCount === 1 ? '' : 's'}`;
  if (table.designs.length < 2) return seeds;
  return table.starsPossible
    ? `${seeds}; * 95% CI of the paired difference excludes 0`
    : `${seeds}; no stars: fewer than 6 seeds`;
}

/** The row, and below it what recorded machines showed, in the first column and the same unit. */
function screenRows(row: ComparisonRow, table: ComparisonTable): readonly TableRow[] {
  const known = table.recorded.filter(({ metric }) => metric.name === row.metric.name);
  const unit = chooseUnit(row.metric, [
    ...row.cells.map((cell) => cell.value ?? 0),
    ...known.map(({ value }) => value),
  ]);
  const head = {
    metric: row.metric.name,
    label: rowLabel(row.metric, unit, row.perSecond),
    meaning: row.metric.meaning,
    want: row.metric.better,
  };
  const recorded = known.map(({ series, value }): TableRow => ({
    ...head,
    metric: `${head.metric} of ${series}`,
    label: `${head.label}${recordedMark(known, series)}`,
    cells: row.cells.map((_, i) => ({
      value: i === 0 ? formatIn(value, unit) : '',
      difference: '',
      verdict: '',
      significant: false,
    })),
  }));
  const simulated: TableRow = {
    ...head,
    cells: row.cells.map((cell, i) => ({
      value: formatIn(cell.value, unit),
      difference: i === 0 ? '' : formatDifference(cell.difference, unit),
      verdict: i === 0 ? '' : verdictOf(row.metric, cell.difference.absolute),
      significant: cell.difference.significant,
    })),
  };
  return [simulated, ...recorded];
}

function verdictOf(metric: MetricInfo, absolute: number): TableCell['verdict'] {
  if (absolute === 0 || metric.better === '-') return '';
  return absolute < 0 === (metric.better === 'low') ? 'better' : 'worse';
}

/** Values of all recorded metrics at one time. */
export function momentTable(
  result: ExperimentResult,
  timeNs: number,
  choice: TableChoice,
): ScreenTable {
  const count = seedCount(result, choice.seed);
  return {
    rows: sampledRows(result, choice, (_metric, series) => valueAt(series, timeNs)),
    unchanged: [],
    warnings: [],
    note: count === 1 ? 'value at the cursor' : `value at the cursor, median over ${count} seeds`,
  };
}

/** Means (rates for counters) of all recorded metrics over a span. */
export function spanTable(
  result: ExperimentResult,
  span: TimeRange,
  choice: TableChoice,
): ScreenTable {
  const count = seedCount(result, choice.seed);
  const slice = { ...span, count: 1 };
  return {
    rows: sampledRows(
      result,
      choice,
      (metric, series, endNs) => sliceValues(metric, series, slice, endNs)[0],
    ),
    unchanged: [],
    warnings: [],
    note: `mean over the selection, median over ${count} seed${count === 1 ? '' : 's'}`,
  };
}

const seedCount = (result: ExperimentResult, seed: number | null): number =>
  seed === null ? new Set(result.runs.map((run) => run.seed)).size : 1;

type Sampler = (metric: MetricInfo, series: SeriesResult, runEndNs: number) => number | undefined;

/** A recorded metric with the series of every comparable run. */
interface RecordedMetric {
  readonly metric: MetricInfo;
  /** By design, then by place of the seed; undefined where the run has no such series. */
  readonly series: readonly (readonly (RecordedSeries | undefined)[])[];
}

interface RecordedSeries {
  readonly series: SeriesResult;
  readonly runEndNs: number;
}

const recordedByResult = new WeakMap<ExperimentResult, Map<string, readonly RecordedMetric[]>>();

/** Found once for each result and choice: the cursor asks for a table with every move. */
function recordedMetrics(result: ExperimentResult, choice: TableChoice): readonly RecordedMetric[] {
  const known = recordedByResult.get(result) ?? new Map<string, readonly RecordedMetric[]>();
  recordedByResult.set(result, known);
  const key = `${String(choice.point)} ${String(choice.seed)}`;
  const recorded = known.get(key) ?? findRecorded(result, choice);
  known.set(key, recorded);
  return recorded;
}

function findRecorded(result: ExperimentResult, choice: TableChoice): readonly RecordedMetric[] {
  const index = indexRuns(result);
  const seeds = choice.seed === null ? result.scenario.seeds : [choice.seed];
  const runs = orderedDesigns(result).map((design) =>
    seeds.map((seed) => index.comparable({ point: choice.point, seed, design })),
  );
  return result.metrics.flatMap((metric) => {
    const series = runs.map((bySeed) =>
      bySeed.map((run) => {
        const found = run === undefined ? undefined : seriesOf(run, metric.name);
        if (run === undefined || found === undefined) return undefined;
        return { series: found, runEndNs: run.durationNs };
      }),
    );
    const isRecorded = series.some((bySeed) => bySeed.some((entry) => entry !== undefined));
    return isRecorded ? [{ metric, series }] : [];
  });
}

/** The first recorded metric at each of several times, in one unit: its label, then the cells of each time. */
export function timesTable(
  result: ExperimentResult,
  timesNs: readonly number[],
  choice: TableChoice,
): { readonly label: string; readonly cells: readonly (readonly TableCell[])[] } {
  const [first] = recordedMetrics(result, choice);
  if (first === undefined) return { label: '', cells: timesNs.map(() => []) };
  const { metric } = first;
  const sampled = timesNs.map((timeNs) =>
    sampledBySeed(first, (_metric, series) => valueAt(series, timeNs)),
  );
  const unit = chooseUnit(metric, sampled.flatMap(mediansOf));
  return {
    label: rowLabel(metric, unit, isPerSecond(metric)),
    cells: sampled.map((bySeedOf) => sampledRow(metric, bySeedOf, unit).cells),
  };
}

/** Values of each design by the place of the seed; undefined where there is none. */
type SampledValues = readonly (readonly (number | undefined)[])[];

const sampledBySeed = ({ metric, series }: RecordedMetric, sample: Sampler): SampledValues =>
  series.map((bySeed) =>
    bySeed.map((entry) => {
      if (entry === undefined) return undefined;
      const value = sample(metric, entry.series, entry.runEndNs);
      return value !== undefined && Number.isFinite(value) ? value : undefined;
    }),
  );

const mediansOf = (bySeedOf: SampledValues): readonly number[] =>
  bySeedOf.map((bySeed) => medianOrNone(bySeed.flatMap((value) => value ?? [])) ?? 0);

function sampledRows(
  result: ExperimentResult,
  choice: TableChoice,
  sample: Sampler,
): readonly TableRow[] {
  return recordedMetrics(result, choice).flatMap((recorded) => {
    const bySeedOf = sampledBySeed(recorded, sample);
    const isSampled = bySeedOf.some((bySeed) => bySeed.some((value) => value !== undefined));
    const { metric } = recorded;
    return isSampled ? [sampledRow(metric, bySeedOf, chooseUnit(metric, mediansOf(bySeedOf)))] : [];
  });
}

/** `bySeedOf`: the values of each design by the place of the seed, the baseline's first. */
function sampledRow(metric: MetricInfo, bySeedOf: SampledValues, unit: DisplayUnit): TableRow {
  const base = bySeedOf[0] ?? [];
  const perSecond = isPerSecond(metric);
  const values = bySeedOf.map((bySeed) => medianOrNone(bySeed.flatMap((value) => value ?? [])));
  return {
    metric: metric.name,
    label: rowLabel(metric, unit, perSecond),
    meaning: metric.meaning,
    want: metric.better,
    cells: bySeedOf.map((bySeed, i) => {
      const pairs =
        i === 0
          ? []
          : bySeed.flatMap((other, seed) => {
              const own = base[seed];
              return own === undefined || other === undefined ? [] : [{ seed, base: own, other }];
            });
      const difference = pairs.length === 0 ? NO_DIFFERENCE : quickDifference(pairs);
      return {
        value: formatIn(values[i], unit),
        difference: i === 0 ? '' : formatDifference(difference, unit),
        verdict: i === 0 ? '' : verdictOf(metric, difference.absolute),
        significant: false,
      };
    }),
  };
}

/** The paired difference of the median seed: no bootstrap while the cursor moves. */
function quickDifference(
  pairs: readonly { readonly seed: number; readonly base: number; readonly other: number }[],
): ReturnType<typeof pairedDifference> {
  const base = median(pairs.map((pair) => pair.base));
  const other = median(pairs.map((pair) => pair.other));
  return pairedDifference([{ seed: 0, base, other }]);
}
