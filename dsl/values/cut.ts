/**
 * Cuts of distributions (`min=`, `max=`): what lies outside is as if it were drawn again. Forms that
 * keep their cut in the plan are narrowed there; the others are rebuilt from what is left of them.
 */
import { log } from '../../src/base/math.js';
import type { DistributionPlan } from '../../src/contract/scenario-plan.js';
import type { Argument, Expr } from '../ast.js';
import { contradiction } from '../diagnostics/distributions.js';
import type { Distribution } from './distributions.js';
import { evaluate, numberOf, reportMixed } from './evaluate.js';
import type { CallExpr, Scope } from './scope.js';
import type { UnitKind } from './units.js';

/** Bounds in base units, both included. */
export interface Cut {
  readonly min?: number;
  readonly max?: number;
}

export interface SplitArguments {
  readonly cut: ReadonlyMap<'min' | 'max', Expr>;
  readonly rest: readonly Argument[];
}

/** Parts the arguments of a call into its cut and the others; `own` are parameters of the form. */
export function splitCut(call: CallExpr, own: readonly string[]): SplitArguments {
  const cut = new Map<'min' | 'max', Expr>();
  const rest: Argument[] = [];
  for (const argument of call.args) {
    const name = argument.name?.text;
    if ((name === 'min' || name === 'max') && !own.includes(name)) cut.set(name, argument.value);
    else rest.push(argument);
  }
  return { cut, rest };
}

/** The distribution within its cut; undefined after a report. */
export function withCut(
  found: Distribution,
  cutArguments: SplitArguments['cut'],
  call: CallExpr,
  scope: Scope,
): Distribution | undefined {
  if (cutArguments.size === 0) return found;
  const cut: { min?: number; max?: number } = {};
  for (const [name, expr] of cutArguments) {
    const value = boundOf(expr, found.unit, scope);
    if (value === undefined) return undefined;
    cut[name] = value;
  }
  const plan = cutPlan(found.plan, cut);
  if (plan !== undefined) return { ...found, plan };
  const { min = -Infinity, max = Infinity } = cut;
  scope.file.report(
    min > max
      ? contradiction(call.span, 'min must not be larger than max', 'swap them')
      : contradiction(call.span, 'nothing of it lies within min and max', 'widen them'),
  );
  return undefined;
}

function boundOf(expr: Expr, unit: UnitKind, scope: Scope): number | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind !== 'number') return numberOf(expr, scope, unit);
  if (scalar.unit === unit) return scalar.value;
  reportMixed(expr, scalar.unit, unit, scope);
  return undefined;
}

/** What is left of a plan within a cut; undefined when nothing is. */
export function cutPlan(plan: DistributionPlan, cut: Cut): DistributionPlan | undefined {
  const { min = -Infinity, max = Infinity } = cut;
  if (min > max) return undefined;
  switch (plan.kind) {
    case 'constant':
      return plan.value >= min && plan.value <= max ? plan : undefined;
    case 'uniform': {
      const low = Math.max(plan.low, min);
      const high = Math.min(plan.high, max);
      return low <= high ? { kind: 'uniform', low, high } : undefined;
    }
    case 'normal':
    case 'lognormal':
    case 'exp':
      return narrowed(plan, cut);
    case 'pareto': {
      // What lies above a raised minimum is a Pareto distribution of the same shape.
      const from = Math.max(plan.min, min);
      const to = Math.min(plan.max ?? Infinity, max);
      if (from > to) return undefined;
      return { ...plan, min: from, ...(to === Infinity ? {} : { max: to }) };
    }
    case 'zipf':
      return min > 1 || max < 1 ? undefined : { ...plan, count: Math.min(plan.count, max) };
    case 'choice':
      return cutChoice(plan, cut);
    case 'quantiles':
      return cutQuantiles(plan, min, max);
    case 'empirical': {
      const values = plan.values.filter((value) => value >= min && value <= max);
      return values.length === 0 ? undefined : { kind: 'empirical', values };
    }
  }
}

function narrowed<P extends Extract<DistributionPlan, { kind: 'normal' | 'lognormal' | 'exp' }>>(
  plan: P,
  cut: Cut,
): P | undefined {
  const min = Math.max(plan.min ?? -Infinity, cut.min ?? -Infinity);
  const max = Math.min(plan.max ?? Infinity, cut.max ?? Infinity);
  if (min > max) return undefined;
  return {
    ...plan,
    ...(min === -Infinity ? {} : { min }),
    ...(max === Infinity ? {} : { max }),
  };
}

/** Cuts each option; options of which nothing is left leave their weight to the others. */
function cutChoice(
  plan: Extract<DistributionPlan, { kind: 'choice' }>,
  cut: Cut,
): DistributionPlan | undefined {
  const left = plan.options.flatMap(({ weight, value }) => {
    const inner = cutPlan(value, cut);
    return inner === undefined || weight === 0 ? [] : [{ weight, value: inner }];
  });
  const total = left.reduce((sum, option) => sum + option.weight, 0);
  if (total <= 0) return undefined;
  return {
    kind: 'choice',
    options: left.map(({ weight, value }) => ({ weight: weight / total, value })),
  };
}

type QuantilesPlan = Extract<DistributionPlan, { kind: 'quantiles' }>;
type Point = QuantilesPlan['points'][number];

/** Cuts the line at both bounds and stretches the shares of what is left to 0..1. */
function cutQuantiles(plan: QuantilesPlan, min: number, max: number): QuantilesPlan | undefined {
  const first = plan.points[0];
  const last = plan.points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (first.value > max || last.value < min) return undefined;
  const low = first.value >= min ? first : { share: shareAt(plan, min, 'low'), value: min };
  const high = last.value <= max ? last : { share: shareAt(plan, max, 'high'), value: max };
  const width = high.share - low.share;
  if (width <= 0) return undefined;
  const inner = plan.points.filter(({ share }) => share > low.share && share < high.share);
  const points = [low, ...inner, high].map(({ share, value }, index, all) => ({
    share: index === all.length - 1 ? 1 : (share - low.share) / width,
    value,
  }));
  return { ...plan, points };
}

/** Share at which the line reaches a value; at a flat part its end that keeps the part. */
function shareAt(plan: QuantilesPlan, value: number, end: 'low' | 'high'): number {
  const reaches = ({ value: at }: Point): boolean => (end === 'low' ? at >= value : at > value);
  const index = plan.points.findIndex(reaches);
  const upper = plan.points[index];
  const lower = plan.points[index - 1];
  if (upper === undefined || lower === undefined || upper.value === lower.value) {
    return upper?.share ?? 1;
  }
  const part =
    plan.scale === 'log'
      ? log(value / lower.value) / log(upper.value / lower.value)
      : (value - lower.value) / (upper.value - lower.value);
  return lower.share + part * (upper.share - lower.share);
}
