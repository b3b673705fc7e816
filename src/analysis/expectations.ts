/**
 * Judges the scenario's expectations over the runs of an experiment: in every seed and sweep point,
 * or for the paired difference over seeds where a claim carries a confidence level. A claim that
 * cannot be evaluated is neither pass nor fail and says why.
 */
import { compare, type Comparison } from '../contract/comparison.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { PhaseResult, RunResult, Verdict } from '../contract/run-result.js';
import type {
  ExpectationPlan,
  ExpectExpr,
  PointPlan,
  ScenarioPlan,
} from '../contract/scenario-plan.js';
import { evaluateExpression, firstMetric, isQuotient, type ClaimContext } from './claim-value.js';
import { formatNumber, formatQuantity } from './quantity-text.js';
import { bootstrapMedianInterval, STAR_SEED_COUNT_MIN } from './statistics.js';

export interface ExpectationInput {
  readonly plan: ScenarioPlan;
  readonly runs: readonly RunResult[];
  readonly metrics: readonly MetricInfo[];
}

/** One judged place of a claim: a phase of a run. */
interface Judgement {
  readonly run: RunResult;
  readonly phase: string;
  readonly holds: boolean | undefined;
  /** left - right; positive is above the bound. */
  readonly difference: number;
  /** The numbers that decided, or why there are none. */
  readonly text: string;
}

/** The input with what every judgement looks up. */
interface Lookup extends ExpectationInput {
  readonly byPoint: ReadonlyMap<number, readonly RunResult[]>;
  /** Runs that did what the scenario says, by point, seed and design. */
  readonly okRuns: ReadonlyMap<string, RunResult>;
  readonly metricOf: ReadonlyMap<string, MetricInfo>;
}

const runKey = (run: Pick<RunResult, 'point' | 'seed' | 'design'>): string =>
  `${String(run.point)}/${String(run.seed)}/${run.design}`;

function lookupOf(input: ExpectationInput): Lookup {
  const byPoint = new Map<number, RunResult[]>();
  const okRuns = new Map<string, RunResult>();
  for (const run of input.runs) {
    const list = byPoint.get(run.point);
    if (list === undefined) byPoint.set(run.point, [run]);
    else list.push(run);
    if (run.status === 'ok' && !okRuns.has(runKey(run))) okRuns.set(runKey(run), run);
  }
  const metricOf = new Map(input.metrics.map((metric) => [metric.name, metric]));
  return { ...input, byPoint, okRuns, metricOf };
}

/** Verdicts in the order of the scenario's expectations. O(expectations x runs). */
export function evaluateExpectations(given: ExpectationInput): readonly Verdict[] {
  const input = lookupOf(given);
  const first = input.plan.points[0];
  return (first?.expectations ?? []).map((claim, expectation) => {
    const judgements = input.plan.points.flatMap((point, pointIndex) =>
      judgePoint(input, { point, pointIndex, expectation }),
    );
    const verdict = { expectation, text: claim.text, line: claim.line, severity: claim.severity };
    return { ...verdict, ...conclude(input, claim, judgements) };
  });
}

interface ClaimPlace {
  readonly point: PointPlan;
  readonly pointIndex: number;
  readonly expectation: number;
}

function judgePoint(input: Lookup, place: ClaimPlace): readonly Judgement[] {
  const claim = place.point.expectations[place.expectation];
  if (claim === undefined) return [];
  const designs =
    claim.designs.length > 0 ? claim.designs : place.point.designs.map((design) => design.name);
  return (input.byPoint.get(place.pointIndex) ?? [])
    .filter((run) => designs.includes(run.design))
    .flatMap((run) => judgeRun(input, place, claim, run));
}

function judgeRun(
  input: Lookup,
  place: ClaimPlace,
  claim: ExpectationPlan,
  run: RunResult,
): readonly Judgement[] {
  if (run.status !== 'ok') {
    const why = run.status === 'overran' ? 'the run overran' : 'the design broke a rule';
    return [{ run, phase: '', holds: undefined, difference: 0, text: why }];
  }
  if (claim.claim.kind === 'never') return [judgeNever(place.expectation, run)];
  const phases = run.phases.filter((phase) =>
    claim.phase === undefined ? !phase.discard : phase.name === claim.phase,
  );
  if (phases.length === 0) {
    const text = `the run has no phase ${claim.phase ?? 'that counts'}`;
    return [{ run, phase: '', holds: undefined, difference: 0, text }];
  }
  return phases.map((phase) => judgePhase(input, place, claim, { run, phase }));
}

function judgeNever(expectation: number, run: RunResult): Judgement {
  const found = run.never.find((entry) => entry.expectation === expectation);
  if (found === undefined) {
    return { run, phase: '', holds: undefined, difference: 0, text: 'it was not checked' };
  }
  const seconds = (found.firstNs / 1e9).toFixed(3);
  return {
    run,
    phase: '',
    holds: !found.violated,
    difference: found.violated ? 1 : 0,
    text: found.violated ? `first at ${seconds} s` : 'at no instant',
  };
}

function judgePhase(
  input: Lookup,
  place: ClaimPlace,
  expectation: ExpectationPlan,
  where: { readonly run: RunResult; readonly phase: PhaseResult },
): Judgement {
  const { run, phase } = where;
  const metrics = input.metricOf;
  const { claim } = expectation;
  if (claim.kind === 'no') return judgeNo(claim.metric, metrics, run, phase);
  const context: ClaimContext = {
    run,
    phase,
    atEnd: expectation.atEnd,
    metrics,
    runOf: (design) => input.okRuns.get(runKey({ point: run.point, seed: run.seed, design })),
    recordings: place.point.recordings,
    recordedSeries: input.plan.recordedSeries ?? [],
  };
  const left = evaluateExpression(claim.left, context);
  const right = evaluateExpression(claim.right, context);
  for (const side of [left, right]) {
    if (side.kind === 'unknown') {
      return { run, phase: phase.name, holds: undefined, difference: 0, text: side.reason };
    }
  }
  const leftValue = left.kind === 'value' ? left.value : 0;
  const rightValue = right.kind === 'value' ? right.value : 0;
  return {
    run,
    phase: phase.name,
    holds: compare(leftValue, claim.cmp, rightValue),
    difference: leftValue - rightValue,
    text:
      `${valueText(claim.left, leftValue, claim, metrics)} against ` +
      valueText(claim.right, rightValue, claim, metrics),
  };
}

/** `no METRIC`: a counter does not rise in the phase, anything else is 0 throughout. */
function judgeNo(
  name: string,
  metrics: ReadonlyMap<string, MetricInfo>,
  run: RunResult,
  phase: PhaseResult,
): Judgement {
  const statistics = phase.metrics[name];
  const info = metrics.get(name);
  if (statistics === undefined || info === undefined) {
    const text = `${name} was not recorded in phase ${phase.name}`;
    return { run, phase: phase.name, holds: undefined, difference: 0, text };
  }
  const largest = Math.max(statistics.max, -statistics.min);
  const value = info.kind === 'counter' ? statistics.delta : largest;
  return {
    run,
    phase: phase.name,
    holds: value === 0,
    difference: value,
    text: `${formatQuantity(info, value)}, not 0`,
  };
}

function valueText(
  expr: ExpectExpr,
  value: number,
  claim: { readonly left: ExpectExpr; readonly right: ExpectExpr },
  metrics: ReadonlyMap<string, MetricInfo>,
): string {
  if (isQuotient(claim.left) || isQuotient(claim.right)) return formatNumber(value);
  const name = firstMetric(expr) ?? firstMetric(claim.left) ?? firstMetric(claim.right);
  const info = name === undefined ? undefined : metrics.get(name);
  if (info === undefined) return formatNumber(value);
  return formatQuantity(info, info.unit === 'percent' ? value * 100 : value);
}

type Conclusion = Pick<Verdict, 'state' | 'held' | 'total' | 'detail'>;

function conclude(
  input: ExpectationInput,
  claim: ExpectationPlan,
  judgements: readonly Judgement[],
): Conclusion {
  if (judgements.length === 0) {
    return { state: 'unknown', held: 0, total: 0, detail: 'no run that it covers has finished' };
  }
  return claim.confidence === undefined
    ? concludeEveryRun(input, claim, judgements)
    : concludePaired(input, claim, claim.confidence, judgements);
}

function concludeEveryRun(
  input: ExpectationInput,
  claim: ExpectationPlan,
  judgements: readonly Judgement[],
): Conclusion {
  const byRun = new Map<RunResult, Judgement[]>();
  for (const judgement of judgements) {
    const list = byRun.get(judgement.run);
    if (list === undefined) byRun.set(judgement.run, [judgement]);
    else list.push(judgement);
  }
  const runs = [...byRun.values()];
  const held = runs.filter((list) => list.every((entry) => entry.holds === true)).length;
  const counts = { held, total: runs.length };
  const open = judgements.find((entry) => entry.holds === undefined);
  if (claim.severity === 'warn') {
    const warned = judgements.filter((entry) => entry.holds === true);
    const inRuns = runs.filter((list) => list.some((entry) => entry.holds === true)).length;
    if (warned.length > 0) {
      return { held: inRuns, total: runs.length, state: 'warn', detail: worst(input, warned) };
    }
    if (open !== undefined) return { ...counts, state: 'unknown', detail: place(input, open) };
    return { held: 0, total: runs.length, state: 'pass', detail: 'in no run' };
  }
  const broken = judgements.filter((entry) => entry.holds === false);
  if (broken.length > 0) return { ...counts, state: 'fail', detail: worst(input, broken) };
  if (open !== undefined) return { ...counts, state: 'unknown', detail: place(input, open) };
  return { ...counts, state: 'pass', detail: 'in every run' };
}

/** The farthest from its bound, then how many places there are. */
function worst(input: ExpectationInput, list: readonly Judgement[]): string {
  let best = list[0];
  for (const entry of list) {
    if (best === undefined || Math.abs(entry.difference) > Math.abs(best.difference)) best = entry;
  }
  if (best === undefined) return '';
  const more = list.length - 1;
  return place(input, best) + (more === 0 ? '' : `; and ${String(more)} more`);
}

function place(input: ExpectationInput, entry: Judgement): string {
  const label = input.plan.points[entry.run.point]?.label ?? '';
  const parts = [
    entry.run.design,
    `seed ${String(entry.run.seed)}`,
    entry.phase === '' ? '' : `phase ${entry.phase}`,
    label,
  ];
  return `${entry.text} (${parts.filter((part) => part !== '').join(', ')})`;
}

/** Whether the median of the differences keeps the claim over its whole interval. */
function intervalHolds(
  interval: { readonly low: number; readonly high: number },
  cmp: Comparison,
): boolean {
  switch (cmp) {
    case '<':
      return interval.high < 0;
    case '<=':
      return interval.high <= 0;
    case '>':
      return interval.low > 0;
    case '>=':
      return interval.low >= 0;
    case '==':
      return interval.low <= 0 && interval.high >= 0;
    case '!=':
      return interval.low > 0 || interval.high < 0;
  }
}

/** One point, design and phase of a claim with a confidence level. */
interface PairedOutcome {
  /** Undefined when the group cannot be judged. */
  readonly holds: boolean | undefined;
  readonly text: string;
}

function judgeGroup(
  input: ExpectationInput,
  list: readonly Judgement[],
  cmp: Comparison,
  confidence: number,
): PairedOutcome {
  const open = list.find((entry) => entry.holds === undefined);
  if (open !== undefined) return { holds: undefined, text: place(input, open) };
  if (list.length < STAR_SEED_COUNT_MIN) {
    const text = `${String(list.length)} seeds are too few: a confidence level needs 6`;
    return { holds: undefined, text };
  }
  const differences = list.map((entry) => entry.difference);
  const interval = bootstrapMedianInterval(differences, confidence);
  const range = `${formatNumber(interval.low)}..${formatNumber(interval.high)}`;
  const against = list.filter((entry) => entry.holds === false);
  const example = worst(input, against.length > 0 ? against : list.slice(0, 1));
  return {
    holds: intervalHolds(interval, cmp),
    text: `${percentText(confidence)} interval of the difference ${range}; ${example}`,
  };
}

const percentText = (share: number): string => `${String(Math.round(share * 1000) / 10)}%`;

function concludePaired(
  input: ExpectationInput,
  claim: ExpectationPlan,
  confidence: number,
  judgements: readonly Judgement[],
): Conclusion {
  const cmp = claim.claim.kind === 'no' ? '==' : claim.claim.cmp;
  const groups = new Map<string, Judgement[]>();
  for (const entry of judgements) {
    const key = `${String(entry.run.point)}/${entry.run.design}/${entry.phase}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [entry]);
    else list.push(entry);
  }
  const outcomes = [...groups.values()].map((list) => judgeGroup(input, list, cmp, confidence));
  const counts = {
    held: judgements.filter((entry) => entry.holds === true).length,
    total: judgements.length,
  };
  const isWarning = claim.severity === 'warn';
  const news = outcomes.find((outcome) => outcome.holds === isWarning);
  if (news !== undefined) {
    return { ...counts, state: isWarning ? 'warn' : 'fail', detail: news.text };
  }
  const open = outcomes.find((outcome) => outcome.holds === undefined);
  if (open !== undefined) return { ...counts, state: 'unknown', detail: open.text };
  const detail = `at ${percentText(confidence)} over ${String(counts.total)} pairs`;
  return { ...counts, state: 'pass', detail };
}
