/**
 * The chart of a mail report: 58 columns by 9 rows in a frame, one letter per design, `#` where two
 * meet, `+` in the bottom line at phase borders. Each column is the mean of its time slice in one
 * named seed.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import { metricsByInterest } from '../analysis/headline.js';
import { isPerSecond } from '../analysis/metric-roles.js';
import { percentOf, type ComparisonTable } from '../analysis/comparison.js';
import {
  displayUnits,
  formatNumber,
  formatQuantity,
  rowLabel,
  type DisplayUnit,
} from '../analysis/quantity-text.js';
import { indexRuns } from '../analysis/run-index.js';
import { sampleIndexAt, seriesOf, sliceValues } from '../analysis/time-slices.js';
import { asciiLine, clip, paragraph, REPORT_WIDTH } from './mail-text.js';

export const CHART_COLUMNS = 58;
export const CHART_ROWS = 9;
const LABEL_COLUMNS = 5;
/** What is left of 72 columns beside the frame; only values of unusual size need more than five. */
const LABEL_COLUMNS_MAX = REPORT_WIDTH - CHART_COLUMNS - 3;
const CHART_DESIGN_COUNT_MAX = 3;
/** Starts at zero unless all values lie in the upper part of the axis. */
const ZERO_START_RATIO = 0.75;

interface ChartLine {
  readonly letter: string;
  readonly values: readonly (number | undefined)[];
  /** Every sample of the time drawn has the same value. */
  readonly isStill: boolean;
  readonly run: RunResult;
}

interface ChartFrame {
  readonly horizontal: string;
  readonly vertical: string;
  readonly corner: string;
  readonly border: string;
}

const ASCII_FRAME: ChartFrame = { horizontal: '-', vertical: '|', corner: '+', border: '+' };
const BOX_FRAME: ChartFrame = {
  horizontal: '\u2500',
  vertical: '\u2502',
  corner: '\u253c',
  border: '\u2534',
};

/** The chart of the headline metric, or of the first metric of interest that has a series. */
export function chartLines(
  result: ExperimentResult,
  table: ComparisonTable,
  unicode = false,
): readonly string[] {
  const seed = chartSeed(result, table);
  if (seed === undefined) return [];
  const chosen = chartColumns(table);
  const ordered = [
    ...(table.headline === undefined ? [] : [table.headline]),
    ...metricsByInterest(result),
  ];
  for (const metric of ordered) {
    const lines = linesOf({ result, table, metric, seed, columns: chosen });
    if (lines.length === 0) continue;
    if (lines.every((line) => line.isStill)) return constantSentence(metric, lines);
    const drawn = drawChart(metric, seed, lines, unicode ? BOX_FRAME : ASCII_FRAME);
    if (drawn.length === 0) continue;
    const isPart = chosen.length < table.designs.length;
    return isPart ? [...drawn, '(drawn: the baseline, the best and the worst design)'] : drawn;
  }
  return [];
}

/** The first seed that the baseline has, else any. */
function chartSeed(result: ExperimentResult, table: ComparisonTable): number | undefined {
  const index = indexRuns(result);
  const { seeds } = result.scenario;
  const has = (seed: number, design: string): boolean =>
    index.comparable({ point: table.point, seed, design }) !== undefined;
  const names = table.designs.map((design) => design.name);
  return (
    seeds.find((seed) => names.every((name) => has(seed, name))) ??
    seeds.find((seed) => names.some((name) => has(seed, name)))
  );
}

/** Columns of the designs to draw: all, or the baseline, the best and the worst. */
function chartColumns(table: ComparisonTable): readonly number[] {
  const all = table.designs.map((_, i) => i);
  if (all.length <= CHART_DESIGN_COUNT_MAX) return all;
  const row = table.rows.find((candidate) => candidate.metric.name === table.headline?.name);
  const sign = row?.metric.better === 'high' ? -1 : 1;
  const score = (column: number): number => {
    const difference = row?.cells[column]?.difference;
    return difference === undefined ? 0 : sign * percentOf(difference);
  };
  const others = all.slice(1).sort((a, b) => score(a) - score(b) || a - b);
  const picked = [0, others[0] ?? 0, others[others.length - 1] ?? 0];
  return [...new Set(picked)].sort((a, b) => a - b);
}

/** From the start of the first phase that counts to the end of the longest run. */
function chartSpan(runs: readonly RunResult[]): TimeSpan {
  const starts = runs.flatMap((run) => run.phases.find((phase) => !phase.discard)?.startNs ?? []);
  return {
    startNs: Math.min(...(starts.length > 0 ? starts : [0])),
    endNs: Math.max(0, ...runs.map((run) => run.durationNs)),
  };
}

interface LineRequest {
  readonly result: ExperimentResult;
  readonly table: ComparisonTable;
  readonly metric: MetricInfo;
  readonly seed: number;
  readonly columns: readonly number[];
}

function linesOf(request: LineRequest): readonly ChartLine[] {
  const { result, table, metric, seed, columns } = request;
  const index = indexRuns(result);
  const runs = columns.flatMap((column) => {
    const design = table.designs[column];
    if (design === undefined) return [];
    const run = index.comparable({ point: table.point, seed, design: design.name });
    return run === undefined ? [] : [{ run, letter: design.letter }];
  });
  const { startNs, endNs } = chartSpan(runs.map(({ run }) => run));
  if (endNs <= startNs) return [];
  const range = { startNs, endNs, count: CHART_COLUMNS };
  return runs.flatMap(({ run, letter }) => {
    const series = seriesOf(run, metric.name);
    if (series === undefined) return [];
    const values = sliceValues(metric, series, range, run.durationNs);
    const first = Math.max(0, sampleIndexAt(series, startNs));
    const isStill = isConstant(values) && isConstant(series.values.slice(first));
    return [{ letter, run, isStill, values }];
  });
}

interface Axis {
  readonly start: number;
  readonly step: number;
  readonly unit: DisplayUnit;
  /** Decimals of a label at most. */
  readonly decimalsMax: number;
}

/** Nothing when no slice differs from another: what changed did so at the very end. */
function drawChart(
  metric: MetricInfo,
  seed: number,
  lines: readonly ChartLine[],
  frame: ChartFrame,
): readonly string[] {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== undefined));
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (lines.every((line) => isConstant(line.values))) return [];
  const axis = chooseAxis(metric, low, high);
  const span = chartSpan(lines.map((line) => line.run));
  const labels = gridRows(lines, axis).map((cells, row) => ({
    cells,
    label: row % 2 === 0 ? clip(axisLabel(axis, CHART_ROWS - 1 - row), LABEL_COLUMNS_MAX) : '',
  }));
  const labelColumns = Math.max(LABEL_COLUMNS, ...labels.map(({ label }) => label.length));
  const body = labels.map(({ cells, label }) => {
    return `${label.padStart(labelColumns)} ${frame.vertical}${cells}${frame.vertical}`;
  });
  const longest = lines.reduce((a, b) => (b.run.durationNs > a.run.durationNs ? b : a));
  return [
    ...chartTitle({
      metric,
      seed,
      lines,
      axis,
      sliceNs: (span.endNs - span.startNs) / CHART_COLUMNS,
    }),
    ...body,
    ' '.repeat(labelColumns + 1) + bottomLine(longest.run, span, frame),
    timeLabels(span, labelColumns + 1),
  ];
}

const isConstant = (values: readonly (number | undefined)[]): boolean =>
  new Set(values.filter((value) => value !== undefined)).size <= 1;

function constantSentence(metric: MetricInfo, lines: readonly ChartLine[]): readonly string[] {
  const parts = lines.map((line) => {
    const value = line.values.find((candidate) => candidate !== undefined) ?? 0;
    return { letter: line.letter, text: formatQuantity(metric, value, isPerSecond(metric)) };
  });
  const same = new Set(parts.map((part) => part.text)).size === 1;
  const values = same
    ? `${parts[0]?.text ?? ''} in ${parts.map((part) => part.letter).join(', ')}`
    : parts.map((part) => `${part.letter} ${part.text}`).join(', ');
  return paragraph('', `${metric.label} does not change over time: ${values}. No chart.`);
}

const NICE_STEPS: readonly number[] = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const LABEL_STEPS = 4;

function chooseAxis(metric: MetricInfo, low: number, high: number): Axis {
  const fromZero = low >= 0 && low < high * ZERO_START_RATIO;
  const units = displayUnits(metric);
  const axisIn = (unit: DisplayUnit, decimalsMax: number): Axis => ({
    ...niceAxis(fromZero ? 0 : low / unit.divisor, high / unit.divisor),
    unit,
    decimalsMax,
  });
  const fits = (unit: DisplayUnit, decimalsMax: number, columns: number): Axis | undefined => {
    const axis = axisIn(unit, decimalsMax);
    const labels = Array.from({ length: LABEL_STEPS + 1 }, (_, i) => axisLabel(axis, i * 2));
    const distinct = new Set(labels).size === labels.length;
    return distinct && labels.every((label) => label.length <= columns) ? axis : undefined;
  };
  for (const [decimalsMax, columns] of [
    [3, LABEL_COLUMNS],
    [8, LABEL_COLUMNS_MAX],
  ] as const) {
    for (const unit of units) {
      const axis = fits(unit, decimalsMax, columns);
      if (axis !== undefined) return axis;
    }
  }
  return axisIn(units[units.length - 1] ?? { suffix: '', divisor: 1 }, 3);
}

/** Start and distance of the five labels, in the unit of the axis. */
function niceAxis(low: number, high: number): { readonly start: number; readonly step: number } {
  const span = high - low > 0 ? high - low : Math.max(Math.abs(high), 1);
  let power = 10 ** Math.floor(Math.log10(span / LABEL_STEPS));
  for (;;) {
    for (const nice of NICE_STEPS) {
      const step = nice * power;
      const start = low === 0 ? 0 : Math.floor(low / step) * step;
      if (start + step * LABEL_STEPS >= high * (1 - 1e-12)) return { start, step };
    }
    power *= 10;
  }
}

/** Label of a row counted from the bottom; rows stand half a step apart. */
function axisLabel(axis: Axis, rowFromBottom: number): string {
  const value = axis.start + (axis.step * rowFromBottom) / 2;
  const whole = Number.isInteger(axis.step) && Number.isInteger(axis.start);
  if (whole || Math.abs(value) >= 1000) return formatNumber(Math.round(value));
  const decimals = Math.min(
    axis.decimalsMax,
    Math.max(1, Math.ceil(-Math.log10(axis.step) + 1e-9)),
  );
  const exact = Number((axis.step * 10 ** decimals).toPrecision(12)) % 1 === 0;
  return value.toFixed(exact ? decimals : decimals + 1);
}

function gridRows(lines: readonly ChartLine[], axis: Axis): readonly string[] {
  const grid = Array.from({ length: CHART_ROWS }, () => new Array<string>(CHART_COLUMNS).fill(' '));
  for (const line of lines) {
    line.values.forEach((value, column) => {
      if (value === undefined) return;
      const level = Math.round(((value / axis.unit.divisor - axis.start) / axis.step) * 2);
      const row = CHART_ROWS - 1 - Math.min(CHART_ROWS - 1, Math.max(0, level));
      const cells = grid[row];
      if (cells === undefined) return;
      cells[column] = cells[column] === ' ' ? line.letter.charAt(0) : '#';
    });
  }
  return grid.map((cells) => cells.join(''));
}

interface TitleRequest {
  readonly metric: MetricInfo;
  readonly seed: number;
  readonly lines: readonly ChartLine[];
  readonly axis: Axis;
  readonly sliceNs: number;
}

function chartTitle(request: TitleRequest): readonly string[] {
  const { metric, axis, lines } = request;
  const slice = secondsText(request.sliceNs);
  const from = axis.start === 0 ? '' : `, y from ${axisLabel(axis, 0)}`;
  const name = asciiLine(rowLabel(metric, axis.unit, isPerSecond(metric)));
  const text = `${name}, ${slice} mean, seed ${String(request.seed)}${from}`;
  const overlap = lines.length > 1 ? '   (# = overlap)' : '';
  const legend = `${lines.map((line) => line.letter).join(' ')}${overlap}`;
  const gap = REPORT_WIDTH - 6 - text.length - legend.length;
  return gap >= 3
    ? [`${text}${' '.repeat(gap)}${legend}`]
    : [...paragraph('', text), `  ${legend}`];
}

/** `5 s`, `172 ms`, `12 us`: at most three digits. */
export function secondsText(ns: number): string {
  const units = [
    { suffix: 's', divisor: 1e9 },
    { suffix: 'ms', divisor: 1e6 },
    { suffix: 'us', divisor: 1e3 },
    { suffix: 'ns', divisor: 1 },
  ];
  const unit = units.find(({ divisor }) => ns >= divisor) ?? { suffix: 'ns', divisor: 1 };
  const value = ns / unit.divisor;
  const text = value >= 99.5 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2);
  return `${text} ${unit.suffix}`;
}

interface TimeSpan {
  readonly startNs: number;
  readonly endNs: number;
}

function bottomLine(run: RunResult, span: TimeSpan, frame: ChartFrame): string {
  const cells = new Array<string>(CHART_COLUMNS).fill(frame.horizontal);
  for (const phase of run.phases.slice(1)) {
    const column = Math.round(
      ((phase.startNs - span.startNs) / (span.endNs - span.startNs)) * CHART_COLUMNS,
    );
    if (column > 0 && column < CHART_COLUMNS) cells[column] = frame.border;
  }
  return `${frame.corner}${cells.join('')}${frame.corner}`;
}

/** Five times under the frame, whose left corner is in column `first`. */
function timeLabels({ startNs, endNs }: TimeSpan, first: number): string {
  const cells = new Array<string>(REPORT_WIDTH).fill(' ');
  const unit = timeUnit(endNs);
  for (let i = 0; i <= LABEL_STEPS; i += 1) {
    const text = `${formatTime((startNs + ((endNs - startNs) * i) / LABEL_STEPS) / unit.divisor)} ${unit.suffix}`;
    const anchor = first + Math.round(((CHART_COLUMNS + 1) * i) / LABEL_STEPS);
    const start = Math.min(
      first + CHART_COLUMNS + 2 - text.length,
      i === 0 ? first : anchor - Math.floor(text.length / 2),
    );
    for (let offset = 0; offset < text.length; offset += 1) {
      cells[start + offset] = text.charAt(offset);
    }
  }
  return cells.join('').trimEnd();
}

const timeUnit = (endNs: number): DisplayUnit =>
  endNs >= 10e9
    ? { suffix: 's', divisor: 1e9 }
    : endNs >= 10e6
      ? { suffix: 'ms', divisor: 1e6 }
      : { suffix: 'us', divisor: 1e3 };

const formatTime = (value: number): string =>
  Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toFixed(1);
