/**
 * The value of an expectation's expression in one phase of one run, in base units: bytes,
 * nanoseconds, counts, fractions 0..1 (metrics in percent are divided by 100, as literals are).
 * An expression that has no value says why; nothing here is NaN or infinite.
 */
import { unreachable } from '../base/assert.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { PhaseResult, PhaseStatistics, RunResult } from '../contract/run-result.js';
import type {
  ExpectExpr,
  MetricFunction,
  PointPlan,
  RecordedSeriesPlan,
} from '../contract/scenario-plan.js';
import { phaseOfRun } from './phase-value.js';
import { quantileOfSorted } from './statistics.js';

export type ClaimValue =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Where an expression is evaluated. */
export interface ClaimContext {
  readonly run: RunResult;
  readonly phase: PhaseResult;
  /** `at end of`: a bare metric is its value at the end of the phase. */
  readonly atEnd: boolean;
  readonly metrics: ReadonlyMap<string, MetricInfo>;
  /** Run of another design with the same seed and point. */
  readonly runOf: (design: string) => RunResult | undefined;
  readonly recordings: PointPlan['recordings'];
  readonly recordedSeries: readonly RecordedSeriesPlan[];
}

const NANOSECONDS_PER_SECOND = 1e9;

const known = (value: number): ClaimValue =>
  Number.isFinite(value)
    ? { kind: 'value', value }
    : { kind: 'unknown', reason: 'the value is not a finite number' };
const unknown = (reason: string): ClaimValue => ({ kind: 'unknown', reason });

export function evaluateExpression(expr: ExpectExpr, context: ClaimContext): ClaimValue {
  switch (expr.kind) {
    case 'number':
      return known(expr.value);
    case 'metric':
      return metricValue(expr, context);
    case 'recorded':
      return recordedValue(expr, context);
    case 'matched':
      return matchedShare(expr.name, context);
    case 'abs': {
      const operand = evaluateExpression(expr.operand, context);
      return operand.kind === 'value' ? known(Math.abs(operand.value)) : operand;
    }
    case 'binary':
      return binaryValue(expr, context);
    default:
      return unreachable(expr);
  }
}

function metricValue(
  expr: Extract<ExpectExpr, { kind: 'metric' }>,
  context: ClaimContext,
): ClaimValue {
  const info = context.metrics.get(expr.metric);
  if (info === undefined) return unknown(`there is no metric '${expr.metric}'`);
  const run = expr.design === undefined ? context.run : context.runOf(expr.design);
  if (run === undefined) {
    return unknown(
      `the run of ${expr.design ?? ''} with seed ${String(context.run.seed)} is missing`,
    );
  }
  const phase = expr.design === undefined ? context.phase : phaseOfRun(run, context.phase.name);
  const statistics = phase?.metrics[expr.metric];
  if (phase === undefined || statistics === undefined) {
    return unknown(`${expr.metric} was not recorded in phase ${context.phase.name}`);
  }
  const value =
    expr.fn === undefined
      ? bareValue(info, statistics, context.atEnd)
      : statisticOf(expr.fn, statistics, phase.endNs - phase.startNs);
  return known(info.unit === 'percent' ? value / 100 : value);
}

const bareValue = (info: MetricInfo, statistics: PhaseStatistics, atEnd: boolean): number =>
  info.kind === 'counter' && !atEnd ? statistics.delta : statistics.last;

function statisticOf(fn: MetricFunction, statistics: PhaseStatistics, durationNs: number): number {
  if (fn !== 'rate') return statistics[fn];
  return durationNs > 0 ? statistics.delta / (durationNs / NANOSECONDS_PER_SECOND) : 0;
}

/** Statistics of a recorded series over its whole length. */
export function recordedStatistics(series: RecordedSeriesPlan): PhaseStatistics | undefined {
  const { timesNs, values } = series;
  const first = values[0];
  const last = values[values.length - 1];
  if (first === undefined || last === undefined) return undefined;
  let integral = 0;
  for (let i = 0; i + 1 < values.length; i += 1) {
    const widthNs = (timesNs[i + 1] ?? 0) - (timesNs[i] ?? 0);
    integral += ((values[i] ?? 0) * widthNs) / NANOSECONDS_PER_SECOND;
  }
  const seconds = ((timesNs[timesNs.length - 1] ?? 0) - (timesNs[0] ?? 0)) / NANOSECONDS_PER_SECOND;
  const sorted = Float64Array.from(values).sort();
  return {
    first,
    last,
    min: sorted[0] ?? first,
    max: sorted[sorted.length - 1] ?? last,
    mean: seconds > 0 ? integral / seconds : last,
    p50: quantileOfSorted(sorted, 0.5),
    p90: quantileOfSorted(sorted, 0.9),
    p99: quantileOfSorted(sorted, 0.99),
    delta: last - first,
    integral,
  };
}

/** What does not depend on a run: recorded series and the accounts of imports. */
export type ClaimConstants = Pick<ClaimContext, 'recordings' | 'recordedSeries'>;

/** Value of an expression that no run can change; undefined where there is none. */
export function claimConstant(
  expr: Extract<ExpectExpr, { kind: 'recorded' | 'matched' }>,
  constants: ClaimConstants,
): number | undefined {
  const found =
    expr.kind === 'recorded' ? recordedValue(expr, constants) : matchedShare(expr.name, constants);
  return found.kind === 'value' ? found.value : undefined;
}

function recordedValue(
  expr: Extract<ExpectExpr, { kind: 'recorded' }>,
  context: ClaimConstants,
): ClaimValue {
  const series = context.recordedSeries.find(
    (candidate) => candidate.series === expr.series && candidate.metric === expr.metric,
  );
  const statistics = series === undefined ? undefined : recordedStatistics(series);
  if (series === undefined || statistics === undefined) {
    return unknown(`${expr.series} has no values of ${expr.metric}`);
  }
  const lengthNs = (series.timesNs[series.timesNs.length - 1] ?? 0) - (series.timesNs[0] ?? 0);
  return known(
    expr.fn === undefined ? statistics.last : statisticOf(expr.fn, statistics, lengthNs),
  );
}

function matchedShare(name: string, context: ClaimConstants): ClaimValue {
  const recording = context.recordings.find((candidate) => candidate.name === name);
  if (recording === undefined) return unknown(`there is no recording '${name}'`);
  const { records, used, beside = 0 } = recording.account;
  const asked = records - beside;
  return asked === 0 ? unknown(`recording '${name}' is empty`) : known(used / asked);
}

function binaryValue(
  expr: Extract<ExpectExpr, { kind: 'binary' }>,
  context: ClaimContext,
): ClaimValue {
  const left = evaluateExpression(expr.left, context);
  if (left.kind === 'unknown') return left;
  const right = evaluateExpression(expr.right, context);
  if (right.kind === 'unknown') return right;
  switch (expr.op) {
    case '+':
      return known(left.value + right.value);
    case '-':
      return known(left.value - right.value);
    case '*': {
      const zero = relativeZero(expr.left, left.value) ?? relativeZero(expr.right, right.value);
      return zero === undefined ? known(left.value * right.value) : unknown(zero);
    }
    case '/':
      return right.value === 0
        ? unknown(`X0605: divided by zero, ${describeExpression(expr.right)} is 0`)
        : known(left.value / right.value);
  }
}

/** A factor that is another design's value: a share of zero is no bound (X0605). */
function relativeZero(expr: ExpectExpr, value: number): string | undefined {
  return value === 0 && expr.kind === 'metric' && expr.design !== undefined
    ? `X0605: relative to zero, ${describeExpression(expr)} is 0`
    : undefined;
}

/** The expression in the language's own spelling. */
export function describeExpression(expr: ExpectExpr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'metric': {
      const inner = expr.design === undefined ? expr.metric : `${expr.metric} @ ${expr.design}`;
      return expr.fn === undefined ? inner : `${expr.fn}(${inner})`;
    }
    case 'recorded': {
      const inner = `${expr.series}.${expr.metric}`;
      return expr.fn === undefined ? inner : `${expr.fn}(${inner})`;
    }
    case 'matched':
      return `matched(${expr.name})`;
    case 'abs':
      return `abs(${describeExpression(expr.operand)})`;
    case 'binary':
      return `${describeExpression(expr.left)} ${expr.op} ${describeExpression(expr.right)}`;
    default:
      return unreachable(expr);
  }
}

/** The first metric of an expression, which gives its unit; undefined for plain numbers. */
export function firstMetric(expr: ExpectExpr): string | undefined {
  switch (expr.kind) {
    case 'metric':
    case 'recorded':
      return expr.metric;
    case 'abs':
      return firstMetric(expr.operand);
    case 'binary':
      return firstMetric(expr.left) ?? firstMetric(expr.right);
    default:
      return undefined;
  }
}

/** True when the expression is a quotient, which has no unit. */
export const isQuotient = (expr: ExpectExpr): boolean =>
  expr.kind === 'binary' && (expr.op === '/' || isQuotient(expr.left) || isQuotient(expr.right));
