/** What the chart pane draws in each compare mode: a pure function of result and view. */
import { metricsByInterest } from '../../src/analysis/headline.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { valueAxisName } from '../../src/export/chart-options.js';
import { buildDifferenceModel } from '../../src/export/chart-difference.js';
import { buildChartModel } from '../../src/export/chart-model.js';
import type { ChartChoice, ChartModel } from '../../src/export/chart-model.js';
import { valueScale } from '../../src/export/chart-scale.js';
import type { ValueScale } from '../../src/export/chart-scale.js';
import { chartOutliers } from './chart-outliers.js';
import type { OutlierPoint } from './chart-outliers.js';
import type { CompareMode } from '../stores/view.js';

export interface ChartPicture {
  /** Distinguishes the small charts of one metric: the design's letter, empty otherwise. */
  readonly key: string;
  readonly heading: string;
  readonly model: ChartModel;
  readonly scale: ValueScale;
  /** Seeds that stand far outside the band; none in charts of differences. */
  readonly outliers: readonly OutlierPoint[];
}

export interface ChartRow {
  readonly metric: string;
  /** Name of the value axis: quantity, unit, better direction. */
  readonly title: string;
  /** What a point of a line is, and of which sweep point. */
  readonly subtitle: string;
  readonly description: string;
  readonly pictures: readonly ChartPicture[];
  /** Why there is no picture; empty when there is one. */
  readonly missing: string;
  /** True when every value of every design is zero. */
  readonly flat: boolean;
  /** True when the pictures of one metric do not share their scale. */
  readonly scalesDiffer: boolean;
}

export interface ChartRequest {
  readonly mode: CompareMode;
  readonly band: boolean;
  /** Side by side, each design has a scale of its own. */
  readonly freeScale?: boolean;
  readonly choice: ChartChoice;
}

export function chartRow(
  result: ExperimentResult,
  metric: string,
  request: ChartRequest,
): ChartRow {
  const build = request.mode === 'diff' ? buildDifferenceModel : buildChartModel;
  const built = build(result, metric, request.choice);
  if (built === undefined) return missingRow(metric, missingText(result, metric, request.mode));
  const model = request.band ? built : withoutBand(built);
  const outliers = request.mode === 'diff' ? [] : chartOutliers(result, metric, request.choice);
  const scale = scaleFor(model, outliers);
  const pictures =
    request.mode === 'side'
      ? model.lines.map((line) => {
          const own = { ...model, lines: [line] };
          const odd = outliers.filter(({ style }) => style === line.style);
          return {
            key: line.letter,
            heading: `${line.letter} ${line.name}`,
            model: own,
            scale: request.freeScale === true ? scaleFor(own, odd) : scale,
            outliers: odd,
          };
        })
      : [{ key: '', heading: '', model, scale, outliers }];
  const flat =
    request.mode !== 'diff' &&
    model.lines.every((line) => line.points.every(([, value]) => (value ?? 0) === 0));
  const scalesDiffer = pictures.some(
    (picture) => picture.scale.min !== scale.min || picture.scale.max !== scale.max,
  );
  const { statistic, description } = model;
  const point = request.choice.point ?? Math.max(0, result.scenario.points.length - 1);
  const label = result.scenario.points[point]?.label ?? '';
  const subtitle = label === '' ? statistic : `${statistic} | ${label}`;
  return {
    metric,
    title: valueAxisName(model, scale),
    subtitle,
    description,
    pictures,
    missing: '',
    flat,
    scalesDiffer,
  };
}

/** The scale of the lines, wide enough for the odd seeds. */
function scaleFor(model: ChartModel, outliers: readonly OutlierPoint[]): ValueScale {
  const [first] = model.lines;
  if (outliers.length === 0 || first === undefined) return valueScale(model);
  const points = outliers.map(({ seconds, value }) => [seconds, value] as const);
  return valueScale({ ...model, lines: [...model.lines, { ...first, points }] });
}

const withoutBand = (model: ChartModel): ChartModel => ({
  ...model,
  lines: model.lines.map(({ band: _band, ...line }) => line),
});

const missingRow = (metric: string, missing: string): ChartRow => ({
  metric,
  title: metric,
  subtitle: '',
  description: missing,
  pictures: [],
  missing,
  flat: false,
  scalesDiffer: false,
});

/** True where no run has recorded the metric. */
export const isUnprobed = (result: ExperimentResult, metric: string): boolean =>
  result.runs.length > 0 &&
  !result.runs.some((run) => run.series.some((one) => one.metric === metric));

function missingText(result: ExperimentResult, metric: string, mode: CompareMode): string {
  if (isUnprobed(result, metric)) return `${metric} was not probed in this run.`;
  if (mode === 'diff') return 'One design only: there is nothing to subtract.';
  return result.runs.length > 0 ? 'No run counts: why is said above.' : 'No run has finished yet.';
}

/** Why there is no chart at all, and the metric that a probe would show; none: no probe would help. */
export function noChart(result: ExperimentResult): {
  readonly text: string;
  readonly metric: string | null;
} {
  if (!result.runs.some(({ status }) => status === 'ok')) {
    return { text: 'No run counts: why is said above.', metric: null };
  }
  const text =
    'No metric was probed in this run, so there is no line over time. The table has the figures of each phase.';
  return { text, metric: metricsByInterest(result)[0]?.name ?? null };
}

/** The direct map and iTLB walks first: the two questions every scenario is about. */
const FIRST_METRICS: readonly (readonly string[])[] = [
  ['DirectMap4k', 'direct_map_level2_splits'],
  ['itlb.walks_per_kinst', 'itlb_misses.walk_completed'],
];

/** Charts that a result opens with: its first metric of interest among the two standing ones. */
export function firstMetrics(result: ExperimentResult): readonly string[] {
  const recorded = new Set(result.runs.flatMap((run) => run.series.map(({ metric }) => metric)));
  const standing = FIRST_METRICS.flatMap((names) => names.find((name) => recorded.has(name)) ?? []);
  const interest = result.scenario.metricsOfInterest.filter((name) => recorded.has(name));
  return [...new Set([...standing, ...interest])].slice(0, Math.max(2, standing.length));
}
