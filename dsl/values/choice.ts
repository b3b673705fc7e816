/** `choice(70%: a, 30%: b)`: one of several values or distributions, with weights. */
import type { DistributionPlan } from '../../src/contract/scenario-plan.js';
import type { Expr } from '../ast.js';
import { contradiction, wrongWeights } from '../diagnostics/distributions.js';
import {
  distributionOf,
  isDistribution,
  type Distribution,
  type ReadData,
} from './distributions.js';
import { evaluate, numberOf, reportMixed } from './evaluate.js';
import type { CallExpr, Scope } from './scope.js';
import type { UnitKind } from './units.js';

/** Single distributions that one may be made of. */
const PARTS_MAX = 10_000;

export function choice(call: CallExpr, scope: Scope, read: ReadData): Distribution | undefined {
  const options: { weight: number; value: DistributionPlan }[] = [];
  let unit: UnitKind | undefined;
  let parts = 0;
  for (const argument of call.args) {
    if (argument.share === undefined || argument.name !== undefined) {
      scope.file.report(
        contradiction(argument.span, 'an option needs its weight', 'write choice(70%: a, 30%: b)'),
      );
      return undefined;
    }
    const weight = numberOf(argument.share, scope, 'share');
    const inner = optionOf(argument.value, scope, read);
    if (weight === undefined || inner === undefined) return undefined;
    unit ??= inner.unit;
    if (inner.unit !== unit) {
      reportMixed(argument.value, inner.unit, unit, scope);
      return undefined;
    }
    options.push({ weight, value: inner.plan });
    parts += inner.parts ?? 1;
  }
  const total = options.reduce((sum, option) => sum + option.weight, 0);
  if (Math.abs(total - 1) > 1e-9) {
    const weights = options.map((option) => option.weight);
    scope.file.report(wrongWeights({ span: call.span, weights, rest: false }));
    return undefined;
  }
  if (parts > PARTS_MAX) {
    const message = `this distribution is made of more than ${PARTS_MAX} others`;
    scope.file.report(contradiction(call.span, message, 'use quantiles or empirical'));
    return undefined;
  }
  return { plan: { kind: 'choice', options }, unit: unit ?? 'count', parts };
}

function optionOf(expr: Expr, scope: Scope, read: ReadData): Distribution | undefined {
  if (isDistribution(expr, scope)) return distributionOf(expr, scope, read);
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'number') {
    return { plan: { kind: 'constant', value: scalar.value }, unit: scalar.unit };
  }
  numberOf(expr, scope, 'count');
  return undefined;
}
