/** `quantiles(0%: a, 50%: b, 100%: z)`: straight lines between points, in log scale on request. */
import type { Expr } from '../ast.js';
import { contradiction, quantileEnds, quantileOrder } from '../diagnostics/distributions.js';
import { unknownName } from '../diagnostics/names.js';
import { missingUnit, wrongKind } from '../diagnostics/values.js';
import type { Distribution } from './distributions.js';
import { evaluate, numberOf } from './evaluate.js';
import type { CallExpr, Scope } from './scope.js';
import { KIND_TEXT, type UnitKind } from './units.js';

interface Point {
  readonly share: number;
  readonly value: number;
}

export function quantiles(call: CallExpr, scope: Scope): Distribution | undefined {
  const points: Point[] = [];
  let unit: UnitKind | undefined;
  let scale: 'linear' | 'log' = 'linear';
  for (const argument of call.args) {
    const name = argument.name?.text;
    if (name === 'scale') {
      const word = evaluate(argument.value, scope);
      if (word.kind !== 'word' || (word.value !== 'log' && word.value !== 'linear')) {
        scope.file.report(
          contradiction(argument.span, 'scale is log or linear', 'write scale=log'),
        );
        return undefined;
      }
      scale = word.value;
      continue;
    }
    if (name !== undefined) {
      const candidates = ['scale', 'min', 'max'];
      const { span } = argument.name ?? argument;
      const where = "of 'quantiles'";
      scope.file.report(unknownName({ span, what: 'parameter', name, where, candidates }));
      return undefined;
    }
    if (argument.share === undefined) {
      scope.file.report(
        contradiction(argument.span, 'a point needs its share', 'write quantiles(0%: a, 100%: z)'),
      );
      return undefined;
    }
    const share = numberOf(argument.share, scope, 'share');
    const value = valueOf(argument.value, unit, scope);
    if (share === undefined || value === undefined) return undefined;
    unit = value.unit;
    points.push({ share, value: value.value });
  }
  if (!checkPoints(points, unit === 'size', call, scope)) return undefined;
  if (scale === 'log' && points.some((point) => point.value <= 0)) {
    scope.file.report(
      contradiction(call.span, 'a log scale needs values above 0', 'leave out scale=log'),
    );
    return undefined;
  }
  return { plan: { kind: 'quantiles', points, scale }, unit: unit ?? 'count' };
}

function valueOf(
  expr: Expr,
  wanted: UnitKind | undefined,
  scope: Scope,
): { readonly unit: UnitKind; readonly value: number } | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind !== 'number') {
    numberOf(expr, scope, wanted ?? 'count');
    return undefined;
  }
  if (wanted === undefined || scalar.unit === wanted) return scalar;
  scope.file.report(
    scalar.unit === 'count'
      ? missingUnit(expr.span, wanted, expr.kind === 'quantity' ? expr.text : undefined)
      : wrongKind({ span: expr.span, wanted, found: KIND_TEXT[scalar.unit] }),
  );
  return undefined;
}

function checkPoints(
  points: readonly Point[],
  sizes: boolean,
  call: CallExpr,
  scope: Scope,
): boolean {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 2 || first?.share !== 0 || last?.share !== 1) {
    scope.file.report(quantileEnds(call.span, sizes));
    return false;
  }
  for (let index = 1; index < points.length; index += 1) {
    const before = points[index - 1];
    const point = points[index];
    if (before === undefined || point === undefined) continue;
    const falls = point.share <= before.share ? 'share' : point.value < before.value ? 'value' : '';
    if (falls === '') continue;
    const argument = call.args.filter((entry) => entry.share !== undefined)[index];
    scope.file.report(quantileOrder(argument?.span ?? call.span, falls));
    return false;
  }
  return true;
}
