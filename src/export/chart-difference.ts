/**
 * A time chart of differences: each design minus the baseline of the same seed, then the median and
 * the 10th to 90th percentile over seeds. Zero is the baseline itself.
 */
import { chooseUnit } from '../analysis/quantity-text.js';
import { designLetter } from '../analysis/run-index.js';
import { sliceValues } from '../analysis/time-slices.js';
import type { ExperimentResult } from '../contract/run-result.js';
import {
  chartSource,
  chartUnit,
  finishModel,
  sliceCountOf,
  spreadOver,
  type ChartChoice,
  type ChartLine,
  type ChartModel,
  type ChartSource,
} from './chart-model.js';

/** Value of one design minus the baseline's, slice by slice, for each seed that both have. */
type SeedDifferences = readonly (readonly (number | undefined)[])[];

/** The chart of differences; undefined when there is nothing to subtract. */
export function buildDifferenceModel(
  result: ExperimentResult,
  metricName: string,
  choice: ChartChoice = {},
): ChartModel | undefined {
  const source = chartSource(result, metricName, choice);
  if (source === undefined) return undefined;
  const found = differencesOf(source, choice.sliceCount);
  if (found.length === 0) return undefined;
  const { metric, startNs, endNs } = source;
  let largest = 0;
  for (const { bySeed } of found) {
    for (const values of bySeed) {
      for (const value of values) largest = Math.max(largest, Math.abs(value ?? 0));
    }
  }
  // Where nothing differs, the unit is that of the values: a zero alone has none.
  const unit =
    largest === 0
      ? chartUnit(
          metric,
          source.designs.flatMap(({ runs }) => runs),
        )
      : chooseUnit(metric, [largest], metric.unit === 'bytes' ? 10_000 : 100_000);
  const range = { metric, startNs, endNs, unit, sliceCount: choice.sliceCount };
  const lines = found.map(({ design, style, bySeed }): ChartLine => {
    const spread = spreadOver(bySeed, range);
    const line = { letter: designLetter(style), name: design, style, seedCount: bySeed.length };
    return bySeed.length > 1
      ? { ...line, points: spread.points, band: spread.band }
      : { ...line, points: spread.points };
  });
  const model = finishModel(result, {
    source,
    lines: [baselineLine(source), ...lines],
    unit,
    seed: choice.seed,
  });
  return {
    ...model,
    title: `${model.title}, difference to A`,
    axisName: `difference to A: ${model.axisName}`,
    difference: { better: metric.better },
  };
}

/** The baseline minus itself: the zero line, with its letter. */
function baselineLine(source: ChartSource): ChartLine {
  const base = source.designs.find(({ style }) => style === 0);
  return {
    letter: designLetter(0),
    name: base?.design ?? '',
    style: 0,
    points: [
      [source.startNs / 1e9, 0],
      [source.endNs / 1e9, 0],
    ],
    seedCount: base?.runs.length ?? 0,
  };
}

function differencesOf(
  source: ChartSource,
  sliceCount: number | undefined,
): readonly {
  readonly design: string;
  readonly style: number;
  readonly bySeed: SeedDifferences;
}[] {
  const { metric, startNs, endNs } = source;
  const slices = { startNs, endNs, count: sliceCountOf({ metric, sliceCount }) };
  const base = source.designs.find(({ style }) => style === 0);
  if (base === undefined) return [];
  const baseBySeed = new Map(
    base.runs.map(({ run, series }) => [
      run.seed,
      sliceValues(metric, series, slices, run.durationNs),
    ]),
  );
  return source.designs.flatMap(({ design, style, runs }) => {
    if (style === 0) return [];
    const bySeed = runs.flatMap(({ run, series }) => {
      const baseValues = baseBySeed.get(run.seed);
      if (baseValues === undefined) return [];
      return [
        sliceValues(metric, series, slices, run.durationNs).map((value, i) => {
          const baseValue = baseValues[i];
          return value === undefined || baseValue === undefined ? undefined : value - baseValue;
        }),
      ];
    });
    return bySeed.length === 0 ? [] : [{ design, style, bySeed }];
  });
}
