/** Lowers arrival patterns: `poisson(RATE)`, `uniform(RATE)`, `burst(N, RATE)`. */
import type { ArrivalPlan } from '../../src/contract/scenario-plan.js';
import type { Argument, Expr } from '../ast.js';
import { missingParameter } from '../diagnostics/distributions.js';
import { unknownName } from '../diagnostics/names.js';
import { arrivalNeeded, wrongNumber } from '../diagnostics/values.js';
import { argumentsFit } from '../values/arguments.js';
import { describe, evaluate, numberOf } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import { fixedNumber } from './values.js';

export const ARRIVAL_FORMS = ['poisson', 'uniform', 'burst'] as const;

const NONE: ArrivalPlan = { kind: 'poisson', ratePerSecond: 1 };

/** After a report, one event per second, which nothing will run. */
export function lowerArrival(expr: Expr, scope: Scope): ArrivalPlan {
  const scalar = evaluate(expr, scope);
  if (scalar.kind !== 'form') {
    if (scalar.kind !== 'broken') {
      const isRate = scalar.kind === 'number' && scalar.unit === 'rate';
      const rate = isRate ? scope.file.textOf(expr.span) : undefined;
      scope.file.report(arrivalNeeded(expr.span, describe(scalar), rate));
    }
    return NONE;
  }
  const { call } = scalar;
  const name = call.path.text;
  const kind = ARRIVAL_FORMS.find((form) => form === name);
  if (kind === undefined) {
    const candidates = ARRIVAL_FORMS;
    const span = call.path.span;
    const what = 'arrival';
    scope.file.report(unknownName({ span, what, name, candidates, listAs: 'possible' }));
    return NONE;
  }
  const parameters = kind === 'burst' ? ['count', 'rate'] : ['rate'];
  if (!argumentsFit(call, parameters, scalar.scope)) return NONE;
  if (kind === 'burst') return burst(call.args, expr, scalar.scope);
  const [argument] = call.args;
  if (argument === undefined) {
    scope.file.report(missingParameter(expr.span, kind, 'rate'));
    return NONE;
  }
  return { kind, ratePerSecond: rateOf(argument, kind, scalar.scope) };
}

function rateOf(argument: Argument, what: string, scope: Scope): number {
  const rate = numberOf(argument.value, scope, 'rate', what);
  if (rate === undefined) return 1;
  if (rate > 0 && rate <= 1e9) return rate;
  const help = 'write a rate between 1/h and 1/ns';
  scope.file.report(
    wrongNumber(argument.value.span, 'the rate must be above 0, at most 1/ns', help),
  );
  return 1;
}

/** The count and the rate, in either order or by name. */
function burst(args: readonly Argument[], at: Expr, scope: Scope): ArrivalPlan {
  let count: number | undefined;
  let rate: number | undefined;
  for (const argument of args) {
    const scalar = evaluate(argument.value, scope);
    const isRate = scalar.kind === 'number' && scalar.unit === 'rate';
    if (isRate || argument.name?.text === 'rate') rate = rateOf(argument, 'burst', scope);
    else count = fixedNumber(argument.value, { unit: 'count', what: 'burst', min: 1 }, scope);
  }
  const missing = count === undefined ? 'count' : rate === undefined ? 'rate' : undefined;
  if (missing !== undefined) scope.file.report(missingParameter(at.span, 'burst', missing));
  return { kind: 'burst', ratePerSecond: rate ?? 1, count: count ?? 1 };
}
