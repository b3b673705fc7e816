/**
 * The comparison table: metrics against designs in one phase of one sweep point. Values are medians
 * over seeds, differences are paired by seed with the baseline. Pure data; layout is the exporters'.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { NO_DIFFERENCE, pairedDifference, type Difference, type SeedPair } from './difference.js';
import { headlineMetric, headlinePhase, headlinePoint, namesMetric } from './headline.js';
import { isCoreMetric, isPerSecond, metricRole, rowRank } from './metric-roles.js';
import { phaseOfRun, phaseValue } from './phase-value.js';
import { designLetter, indexRuns, orderedDesigns, type RunIndex } from './run-index.js';
import { medianOrNone, STAR_SEED_COUNT_MIN } from './statistics.js';
import { sumWarnings } from './sum-checks.js';

export interface ComparedDesign {
  /** `A` is the baseline. */
  readonly letter: string;
  readonly name: string;
  /** Seeds with a comparable run at this point. */
  readonly seedCount: number;
}

export interface ComparisonCell {
  /** Median over seeds, undefined where no run has the metric. */
  readonly value: number | undefined;
  readonly bySeed: ReadonlyMap<number, number>;
  /** To the baseline; `none` in the baseline's own column. */
  readonly difference: Difference;
}

export interface ComparisonRow {
  readonly metric: MetricInfo;
  readonly perSecond: boolean;
  readonly cells: readonly ComparisonCell[];
}

/** What a recorded machine showed of a metric of the table; it never carries a star. */
export interface RecordedRow {
  readonly metric: MetricInfo;
  readonly perSecond: boolean;
  /** Name of the import. */
  readonly series: string;
  readonly value: number;
}

export interface ComparisonTable {
  readonly point: number;
  readonly pointLabel: string;
  readonly phase: string;
  readonly headline: MetricInfo | undefined;
  readonly designs: readonly ComparedDesign[];
  readonly rows: readonly ComparisonRow[];
  /** Metrics that are the same in every run of every design and that no expectation names. */
  readonly unchanged: readonly ComparisonRow[];
  /** Of the metrics in `rows`, in their order. */
  readonly recorded: readonly RecordedRow[];
  /** Largest number of seeds any design has. */
  readonly seedCount: number;
  /** False when no design shares enough seeds with the baseline for stars. */
  readonly starsPossible: boolean;
  /** Sums that do not hold, runs that are missing. Shown with the table. */
  readonly warnings: readonly string[];
}

export interface ComparisonChoice {
  readonly point?: number;
  readonly phase?: string;
  /** Every recorded metric instead of the usual selection. */
  readonly allMetrics?: boolean;
}

/** At most this many rows in the selection. */
const ROW_COUNT_MAX = 16;

export function buildComparison(
  result: ExperimentResult,
  choice: ComparisonChoice = {},
): ComparisonTable {
  const point = choice.point ?? headlinePoint(result);
  const phase = choice.phase ?? headlinePhase(result)?.name ?? '';
  const index = indexRuns(result);
  const names = orderedDesigns(result);
  const seeds = result.scenario.seeds;
  const headline = headlineMetric(result);
  const candidates = result.metrics
    .map((metric) => comparisonRow({ metric, index, names, seeds, point, phase }))
    .filter((row) => row.cells.some((cell) => cell.value !== undefined));
  const chosen = choice.allMetrics === true ? candidates : selectRows(result, candidates, headline);
  const sorted = sortRows(chosen, headline);
  const isFolded = (row: ComparisonRow): boolean =>
    names.length > 1 &&
    result.scenario.recorded?.some(({ metric }) => metric === row.metric.name) !== true &&
    row.metric.name !== headline?.name &&
    isUnchanged(row) &&
    !result.verdicts.some((verdict) => namesMetric(verdict.text, row.metric.name));
  const designs = names.map((name, i) => ({
    letter: designLetter(i),
    name,
    seedCount: seeds.filter((seed) => index.comparable({ point, seed, design: name })).length,
  }));
  const rows = sorted.filter((row) => !isFolded(row));
  const seedCount = Math.max(0, ...designs.map((design) => design.seedCount));
  const pairCount = Math.max(
    0,
    ...sorted.flatMap((row) => row.cells.map((cell) => cell.difference.pairCount)),
  );
  return {
    point,
    pointLabel: result.scenario.points[point]?.label ?? '',
    phase,
    headline,
    designs,
    rows,
    unchanged: sorted.filter(isFolded),
    recorded: rows.flatMap((row) => recordedRows(result, row)),
    seedCount,
    starsPossible: (names.length < 2 ? seedCount : pairCount) >= STAR_SEED_COUNT_MIN,
    warnings: sumWarnings(result, { point, phase }),
  };
}

function recordedRows(result: ExperimentResult, row: ComparisonRow): readonly RecordedRow[] {
  const { metric, perSecond } = row;
  return (result.scenario.recorded ?? []).flatMap(
    ({ series, durationNs, statistics, ...found }) => {
      if (found.metric !== metric.name) return [];
      const metrics = { [metric.name]: statistics };
      const whole = { name: series, startNs: 0, endNs: durationNs, discard: false, strip: '' };
      const value = phaseValue(metric, { ...whole, metrics });
      return value === undefined ? [] : [{ metric, perSecond, series, value }];
    },
  );
}

/** Which metric, of whom, when. */
export interface RowRequest {
  readonly metric: MetricInfo;
  readonly index: RunIndex;
  readonly names: readonly string[];
  readonly seeds: readonly number[];
  readonly point: number;
  readonly phase: string;
}

/** Values of one metric at one point and phase: for each design, by seed. */
export function valuesBySeed(request: RowRequest): readonly ReadonlyMap<number, number>[] {
  const { metric, index, names, seeds, point, phase } = request;
  return names.map((design) => {
    const bySeed = new Map<number, number>();
    for (const seed of seeds) {
      const run = index.comparable({ point, seed, design });
      const found = run === undefined ? undefined : phaseOfRun(run, phase);
      const value = found === undefined ? undefined : phaseValue(metric, found);
      if (value !== undefined) bySeed.set(seed, value);
    }
    return bySeed;
  });
}

/** One metric over all designs at one point and phase. */
export function comparisonRow(request: RowRequest): ComparisonRow {
  const { metric } = request;
  const bySeedOf = valuesBySeed(request);
  const base = bySeedOf[0] ?? new Map<number, number>();
  const cells = bySeedOf.map((bySeed, i) => ({
    value: medianOrNone([...bySeed.values()]),
    bySeed,
    difference: i === 0 ? NO_DIFFERENCE : pairedDifference(seedPairs(base, bySeed)),
  }));
  return { metric, perSecond: isPerSecond(metric), cells };
}

/** Values of the seeds that both sides have. */
export function seedPairs(
  base: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): readonly SeedPair[] {
  return [...base].flatMap(([seed, value]) => {
    const match = other.get(seed);
    return match === undefined ? [] : [{ seed, base: value, other: match }];
  });
}

/** True when every design has the same value in each seed. */
function isUnchanged(row: ComparisonRow): boolean {
  const base = row.cells[0];
  if (base === undefined) return false;
  return row.cells.every(
    (cell) =>
      cell.bySeed.size === base.bySeed.size &&
      [...cell.bySeed].every(([seed, value]) => base.bySeed.get(seed) === value),
  );
}

/**
 * Rows of the usual selection: what the scenario is about, the core of every comparison, and the
 * metric that got worse the most if none of those did.
 */
function selectRows(
  result: ExperimentResult,
  candidates: readonly ComparisonRow[],
  headline: MetricInfo | undefined,
): readonly ComparisonRow[] {
  const interest = new Set(result.scenario.metricsOfInterest);
  if (headline !== undefined) interest.add(headline.name);
  const wanted = candidates.filter((row) => interest.has(row.metric.name));
  const core = candidates.filter(
    (row) => isCoreMetric(row.metric.name) && !interest.has(row.metric.name),
  );
  const chosen = [...wanted, ...core].slice(0, ROW_COUNT_MAX);
  if (chosen.some((row) => worstRegression(row) > 0)) return chosen;
  const rest = candidates.filter((row) => !chosen.includes(row) && worstRegression(row) > 0);
  rest.sort((a, b) => worstRegression(b) - worstRegression(a));
  return rest[0] === undefined ? chosen : [...chosen, rest[0]];
}

/**
 * How much worse the worst design is than the baseline, in percent; zero-baseline changes count as
 * 100. Zero when nothing got worse.
 */
export function worstRegression(row: ComparisonRow): number {
  const sign = row.metric.better === 'low' ? 1 : row.metric.better === 'high' ? -1 : 0;
  return Math.max(0, ...row.cells.map((cell) => sign * percentOf(cell.difference)));
}

/** The difference as percent of the baseline, with sign. */
export function percentOf(difference: Difference): number {
  switch (difference.kind) {
    case 'percent':
      return difference.amount;
    case 'factor':
      return (difference.amount - 1) * 100;
    case 'absolute':
      return Math.sign(difference.amount) * 100;
    default:
      return 0;
  }
}

function sortRows(
  rows: readonly ComparisonRow[],
  headline: MetricInfo | undefined,
): readonly ComparisonRow[] {
  const rank = (row: ComparisonRow): number => {
    if (row.metric.name === headline?.name) return -1;
    const cost = metricRole(row.metric.name) === 'cost' ? 1000 : 0;
    return cost + rowRank(row.metric.name);
  };
  return rows
    .map((row, order) => ({ row, order }))
    .sort((a, b) => rank(a.row) - rank(b.row) || a.order - b.order)
    .map(({ row }) => row);
}
