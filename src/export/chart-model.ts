/**
 * A time chart as data: one metric of all designs at one sweep point. Over several seeds a line is
 * the median and the band the 10th to 90th percentile; over one seed the line is the run itself,
 * reduced to minimum and maximum per slice so that no spike is lost.
 */
import { experimentPhases, metricsByInterest } from '../analysis/headline.js';
import { isPerSecond } from '../analysis/metric-roles.js';
import {
  chooseUnit,
  formatQuantity,
  rowLabel,
  type DisplayUnit,
} from '../analysis/quantity-text.js';
import { designLetter, indexRuns, orderedDesigns } from '../analysis/run-index.js';
import { ascending, quantileOfSorted } from '../analysis/statistics.js';
import { sampleIndexAt, seriesOf, sliceValues } from '../analysis/time-slices.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult, RunResult, SeriesResult } from '../contract/run-result.js';
import { hash12 } from './mail-context.js';

/** Time in seconds, value in the unit of the axis; null where there is no value. */
export type ChartPoint = readonly [number, number | null];

export interface ChartBand {
  /** 10th percentile over seeds. */
  readonly low: readonly ChartPoint[];
  /** 90th percentile over seeds. */
  readonly high: readonly ChartPoint[];
}

export interface ChartLine {
  readonly letter: string;
  readonly name: string;
  /** Place in the palette: 0 for the baseline. */
  readonly style: number;
  readonly points: readonly ChartPoint[];
  readonly band?: ChartBand;
  readonly seedCount: number;
}

export interface ChartPhase {
  readonly name: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly discard: boolean;
}

export interface ChartModel {
  readonly metric: MetricInfo;
  /** `DirectMap4k over time`. */
  readonly title: string;
  /** What the lines are: median of how many seeds, at which point. */
  /** Statistic and subject on one line. */
  readonly subtitle: string;
  /** What a point of a line is: `median of 6 seeds, ...`. */
  readonly statistic: string;
  /** Scenario and sweep point. */
  readonly subject: string;
  /** Quantity with unit and better direction in words. */
  readonly axisName: string;
  readonly unit: DisplayUnit;
  readonly lines: readonly ChartLine[];
  readonly phases: readonly ChartPhase[];
  /** Visible span of the time axis; 0 unless zoomed. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Present when the lines are differences to the baseline: which side of zero is the better one. */
  readonly difference?: { readonly better: MetricInfo['better'] };
  /** Hash, tool, model, seeds: what leads back to the run. */
  readonly stamp: string;
  /** One paragraph made from the data, for those who do not see the picture. */
  readonly description: string;
}

export interface ChartChoice {
  readonly point?: number;
  /** Only this seed instead of all. */
  readonly seed?: number;
  /** Slices of the time axis; the picture has at most four times as many points per line. */
  readonly sliceCount?: number;
  /** Visible span; the whole run without it. */
  readonly range?: { readonly startNs: number; readonly endNs: number };
}

const SLICE_COUNT = 240;
const RATE_SLICE_COUNT = 80;
const NANOSECONDS_PER_SECOND = 1e9;

/** Charts of an output folder, where the result has the metric. */
export const DEFAULT_CHART_METRICS: readonly (readonly string[])[] = [
  ['DirectMap4k'],
  ['direct_map_level2_splits'],
  ['itlb.walks_per_kinst', 'itlb_misses.walk_completed'],
  ['itlb_misses.stlb_hit'],
  ['text.reserved_bytes'],
  ['text.waste_pct'],
];

/** Metrics to draw by default: the usual six and what the scenario asks about, with a series. */
export function defaultChartMetrics(result: ExperimentResult): readonly string[] {
  const recorded = new Set(result.runs.flatMap((run) => run.series.map(({ metric }) => metric)));
  const usual = DEFAULT_CHART_METRICS.flatMap(
    (names) => names.find((name) => recorded.has(name)) ?? [],
  );
  const interest = metricsByInterest(result)
    .slice(0, result.scenario.metricsOfInterest.length)
    .map(({ name }) => name)
    .filter((name) => recorded.has(name));
  return [...new Set([...interest, ...usual])];
}

/** The runs behind a chart, design by design, and the span of time that it shows. */
export interface ChartSource {
  readonly metric: MetricInfo;
  readonly point: number;
  readonly designs: readonly {
    readonly design: string;
    /** Place in the palette. */
    readonly style: number;
    readonly runs: readonly DrawnRun[];
  }[];
  readonly startNs: number;
  readonly endNs: number;
}

/** Collects what a chart of the metric draws; undefined when no comparable run has a series of it. */
export function chartSource(
  result: ExperimentResult,
  metricName: string,
  choice: ChartChoice,
): ChartSource | undefined {
  const metric = result.metrics.find((candidate) => candidate.name === metricName);
  if (metric === undefined) return undefined;
  const point = choice.point ?? Math.max(0, result.scenario.points.length - 1);
  const seeds = choice.seed === undefined ? result.scenario.seeds : [choice.seed];
  const index = indexRuns(result);
  const designs = orderedDesigns(result).map((design, style) => {
    const runs = seeds.flatMap((seed) => {
      const run = index.comparable({ point, seed, design });
      const series = run === undefined ? undefined : seriesOf(run, metricName);
      return run === undefined || series === undefined ? [] : [{ run, series }];
    });
    return { design, style, runs };
  });
  const drawn = designs.filter(({ runs }) => runs.length > 0);
  const runEndNs = Math.max(
    0,
    ...drawn.flatMap(({ runs }) => runs.map(({ run }) => run.durationNs)),
  );
  if (drawn.length === 0 || runEndNs === 0) return undefined;
  const startNs = Math.max(0, choice.range?.startNs ?? 0);
  const endNs = Math.min(runEndNs, choice.range?.endNs ?? runEndNs);
  return endNs > startNs ? { metric, point, designs: drawn, startNs, endNs } : undefined;
}

/** The chart of a metric; undefined when no comparable run has a series of it. */
export function buildChartModel(
  result: ExperimentResult,
  metricName: string,
  choice: ChartChoice = {},
): ChartModel | undefined {
  const source = chartSource(result, metricName, choice);
  if (source === undefined) return undefined;
  const { metric, designs, startNs, endNs } = source;
  const unit = chartUnit(
    metric,
    designs.flatMap(({ runs }) => runs),
  );
  const range = { metric, startNs, endNs, unit, sliceCount: choice.sliceCount };
  const lines = designs.map(({ design, style, runs }) => ({
    letter: designLetter(style),
    name: design,
    style,
    seedCount: runs.length,
    ...linePoints(runs, range),
  }));
  return finishModel(result, { source, lines, unit, seed: choice.seed });
}

export interface DrawnRun {
  readonly run: RunResult;
  readonly series: SeriesResult;
}

interface DrawRange {
  readonly metric: MetricInfo;
  readonly startNs: number;
  readonly endNs: number;
  readonly unit: DisplayUnit;
  readonly sliceCount: number | undefined;
}

/** Rates are judged by their size per second, not by the running total. */
export function chartUnit(metric: MetricInfo, runs: readonly DrawnRun[]): DisplayUnit {
  if (isPerSecond(metric)) {
    const rates = runs.flatMap(({ run, series }) => {
      const range = { startNs: 0, endNs: run.durationNs, count: RATE_SLICE_COUNT };
      return sliceValues(metric, series, range, run.durationNs).map((value) => value ?? 0);
    });
    return chooseUnit(metric, [rates.reduce((a, b) => Math.max(a, b), 0)], 100_000);
  }
  let largest = 0;
  for (const { series } of runs) {
    for (const value of series.values) {
      if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    }
  }
  return chooseUnit(metric, [largest], metric.unit === 'bytes' ? 10_000 : 100_000);
}

function linePoints(
  runs: readonly DrawnRun[],
  range: DrawRange,
): Pick<ChartLine, 'points' | 'band'> {
  const only = runs.length === 1 ? runs[0] : undefined;
  if (only !== undefined && !isPerSecond(range.metric)) {
    return { points: reducedPoints(only.series, range) };
  }
  const count = sliceCountOf(range);
  const slices = { startNs: range.startNs, endNs: range.endNs, count };
  const bySeed = runs.map(({ run, series }) =>
    sliceValues(range.metric, series, slices, run.durationNs),
  );
  const spread = spreadOver(bySeed, range);
  return runs.length > 1 ? { points: spread.points, band: spread.band } : { points: spread.points };
}

/** Rates alias with the probes when their slices are narrow. */
export const sliceCountOf = (range: Pick<DrawRange, 'metric' | 'sliceCount'>): number =>
  range.sliceCount ?? (isPerSecond(range.metric) ? RATE_SLICE_COUNT : SLICE_COUNT);

/** Median and 10th to 90th percentile over seeds in each slice. */
export function spreadOver(
  bySeed: readonly (readonly (number | undefined)[])[],
  range: Pick<DrawRange, 'startNs' | 'endNs' | 'unit' | 'metric' | 'sliceCount'>,
): { readonly points: readonly ChartPoint[]; readonly band: ChartBand } {
  const count = sliceCountOf(range);
  const startSeconds = range.startNs / NANOSECONDS_PER_SECOND;
  const widthSeconds = (range.endNs - range.startNs) / count / NANOSECONDS_PER_SECOND;
  const low: ChartPoint[] = [];
  const points: ChartPoint[] = [];
  const high: ChartPoint[] = [];
  for (let slice = 0; slice < count; slice += 1) {
    const time = startSeconds + widthSeconds * (slice + 0.5);
    const values = bySeed.flatMap((seed) => seed[slice] ?? []);
    const sorted = ascending(values.map((value) => value / range.unit.divisor));
    const at = (share: number): number | null =>
      sorted.length === 0 ? null : quantileOfSorted(sorted, share);
    low.push([time, at(0.1)]);
    points.push([time, at(0.5)]);
    high.push([time, at(0.9)]);
  }
  return { points, band: { low, high } };
}

/**
 * Samples of one run in the visible span and the one before it; per slice the first, lowest, highest
 * and last when there are many.
 */
export function reducedPoints(
  series: SeriesResult,
  range: Pick<DrawRange, 'startNs' | 'endNs' | 'unit' | 'sliceCount'>,
): readonly ChartPoint[] {
  const count = range.sliceCount ?? SLICE_COUNT;
  const { startNs, endNs } = range;
  const point = (i: number): ChartPoint => {
    const value = series.values[i] ?? Number.NaN;
    return [
      Math.max(startNs, series.timesNs[i] ?? 0) / NANOSECONDS_PER_SECOND,
      Number.isFinite(value) ? value / range.unit.divisor : null,
    ];
  };
  const from = Math.max(0, sampleIndexAt(series, startNs));
  const to = sampleIndexAt(series, endNs) + 1;
  if (to - from <= count * 2) return Array.from({ length: to - from }, (_, i) => point(from + i));
  const sliceOf = (i: number): number =>
    Math.floor((((series.timesNs[i] ?? 0) - startNs) / (endNs - startNs)) * count);
  const points: ChartPoint[] = [];
  let start = from;
  while (start < to) {
    const slice = sliceOf(start);
    let end = start;
    let lowest = start;
    let highest = start;
    while (end < to && sliceOf(end) === slice) {
      if ((series.values[end] ?? 0) < (series.values[lowest] ?? 0)) lowest = end;
      if ((series.values[end] ?? 0) > (series.values[highest] ?? 0)) highest = end;
      end += 1;
    }
    const kept = [...new Set([start, lowest, highest, end - 1])].sort((a, b) => a - b);
    points.push(...kept.map(point));
    start = end;
  }
  return points;
}

interface ModelParts {
  readonly source: ChartSource;
  readonly lines: readonly ChartLine[];
  readonly unit: DisplayUnit;
  readonly seed: number | undefined;
}

const DIRECTION_WORDS = { low: 'lower is better', high: 'higher is better', '-': '' } as const;

/** Adds texts, phases and description to the lines. */
export function finishModel(result: ExperimentResult, parts: ModelParts): ChartModel {
  const { lines, unit, seed } = parts;
  const { metric, point, startNs, endNs } = parts.source;
  const seedCount = Math.max(...lines.map((line) => line.seedCount));
  const label = result.scenario.points[point]?.label ?? '';
  const planned = result.scenario.seeds.length;
  const firstSeed = seed ?? result.scenario.seeds[0] ?? 0;
  // While runs come in, some designs have a seed more than others.
  const fewest = Math.min(...lines.map((line) => line.seedCount));
  const counted = fewest < seedCount ? `${fewest} to ${seedCount}` : String(seedCount);
  const seedsText = fewest < planned ? `${counted} of ${planned}` : String(seedCount);
  const statistic =
    seedCount > 1
      ? `median of ${seedsText} seeds, band 10th to 90th percentile`
      : `seed ${String(firstSeed)}`;
  const name = rowLabel(metric, unit, isPerSecond(metric));
  const direction = DIRECTION_WORDS[metric.better];
  const subject = [label, result.scenario.title].filter((text) => text !== '').join(' | ');
  return {
    metric,
    title: `${metric.label}${isPerSecond(metric) ? ' per second' : ''}`,
    subtitle: subject === '' ? statistic : `${statistic} | ${subject}`,
    statistic,
    subject,
    axisName: direction === '' ? name : `${name} (${direction})`,
    unit,
    lines,
    phases: experimentPhases(result).map((phase) => ({
      name: phase.name,
      startSeconds: phase.startNs / NANOSECONDS_PER_SECOND,
      endSeconds: phase.endNs / NANOSECONDS_PER_SECOND,
      discard: phase.discard,
    })),
    startSeconds: startNs / NANOSECONDS_PER_SECOND,
    endSeconds: endNs / NANOSECONDS_PER_SECOND,
    stamp:
      `simulation | scenario ${hash12(result)} | ${result.tool} ${result.toolVersion} | ` +
      `model ${String(result.model)} | seeds ${result.scenario.seedsText}`,
    description: describe(parts, name),
  };
}

/** Start, peak and end of each line in words. */
function describe(parts: ModelParts, name: string): string {
  const { lines, unit } = parts;
  const { metric, startNs, endNs } = parts.source;
  const text = (value: number): string =>
    formatQuantity(metric, value * unit.divisor, isPerSecond(metric));
  const sentences = lines.map((line) => {
    const values = line.points.flatMap(([, value]) => value ?? []);
    const first = values[0] ?? 0;
    const last = values[values.length - 1] ?? 0;
    const peak = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return `${line.letter} ${line.name}: from ${text(first)} to ${text(last)}, at most ${text(peak)}.`;
  });
  const seconds = (timeNs: number): string => String(Math.round(timeNs / 1e6) / 1000);
  const span =
    startNs === 0 ? `over ${seconds(endNs)}` : `from ${seconds(startNs)} to ${seconds(endNs)}`;
  return `Time chart of ${name} ${span} s. ${sentences.join(' ')}`;
}
