/**
 * Evaluates the scalar expressions of the language. Units never convert between kinds: sizes add to
 * sizes, a count scales anything, a rate times a time is a count. A mistake is reported once, where
 * it stands, and gives `broken`, which everything above passes on in silence.
 */
import type { BinaryOp, Expr, ParamDecl } from '../ast.js';
import { missingUnit, partByte, unknownUnit, wrongKind } from '../diagnostics/values.js';
import { badArithmetic, noValueHere } from '../diagnostics/values.js';
import { paramCycle, unknownName } from '../diagnostics/names.js';
import { tooLongChain, tornUnit } from '../diagnostics/syntax.js';
import { BROKEN, Scope, type Binding, type Scalar } from './scope.js';
import { KIND_TEXT, quantityParts, quantityValue, type UnitKind } from './units.js';

const SECOND_NS = 1e9;

export function evaluate(expr: Expr, scope: Scope): Scalar {
  switch (expr.kind) {
    case 'quantity':
      return quantity(expr, scope);
    case 'text':
      return { kind: 'text', value: expr.value };
    case 'ref':
      return reference(expr, scope);
    case 'call':
      return { kind: 'form', call: expr, scope };
    case 'tuple': {
      const [only, second] = expr.items;
      if (only !== undefined && second === undefined) return evaluate(only, scope);
      scope.file.report(noValueHere(expr.span, 'a list'));
      return BROKEN;
    }
    case 'range':
      scope.file.report(noValueHere(expr.span, 'a range'));
      return BROKEN;
    case 'of_design':
      scope.file.report(noValueHere(expr.span, 'a metric of a design'));
      return BROKEN;
    case 'binary':
      return binary(expr, scope);
  }
}

function quantity(expr: Extract<Expr, { kind: 'quantity' }>, scope: Scope): Scalar {
  const parts = quantityParts(expr.text);
  const found = quantityValue(parts);
  if (found === undefined) {
    scope.file.report(unknownUnit(expr.span, parts));
    return BROKEN;
  }
  if (parts.torn) scope.file.report(tornUnit(expr.span, `${parts.digits}${parts.unit}`));
  if (found.kind === 'size' && !Number.isInteger(found.value)) {
    scope.file.report(partByte(expr.span, expr.text, found.value));
    return BROKEN;
  }
  return { kind: 'number', unit: found.kind, value: found.value };
}

/** Deepest chain of params and arguments whose values lead to each other. */
const CHAIN_MAX = 100;

/** Value of a loop variable or argument; computed once, or a chain of them would double each time. */
function bindingValue(binding: Binding, expr: Expr, scope: Scope): Scalar {
  if (binding.kind === 'scalar') return binding.scalar;
  const { values } = scope;
  const known = values.bindings.get(binding);
  if (known !== undefined) return known;
  if (values.chain >= CHAIN_MAX) {
    scope.file.report(tooLongChain(expr.span, CHAIN_MAX));
    return BROKEN;
  }
  values.chain += 1;
  const value = evaluate(binding.expr, binding.scope);
  values.chain -= 1;
  values.bindings.set(binding, value);
  return value;
}

function reference(expr: Extract<Expr, { kind: 'ref' }>, scope: Scope): Scalar {
  const { path } = expr;
  const local = path.names.length === 1 ? scope.local(path.text) : undefined;
  if (local !== undefined) return bindingValue(local, expr, scope);
  const found = scope.find(path, ['param', 'dist']);
  if (found?.symbol.kind === 'param') {
    return paramValue(found.symbol, new Scope(found.file, scope.values));
  }
  if (found?.symbol.kind === 'dist') return { kind: 'dist', decl: found.symbol, file: found.file };
  if (scope.isBroken(path)) return BROKEN;
  return { kind: 'word', value: path.text };
}

/** Value of a param at this sweep point. `scope` is that of its file. */
export function paramValue(decl: ParamDecl, scope: Scope): Scalar {
  const { values } = scope;
  const known = values.cache.get(decl);
  if (known !== undefined) return known;
  if (values.evaluating.has(decl)) {
    scope.file.report(paramCycle(decl.name.text, decl.name.span));
    return BROKEN;
  }
  if (values.chain >= CHAIN_MAX) {
    scope.file.report(tooLongChain(decl.name.span, CHAIN_MAX));
    return BROKEN;
  }
  values.evaluating.add(decl);
  values.chain += 1;
  const override = values.overrides.get(decl);
  const value =
    override === undefined
      ? evaluate(decl.value, scope)
      : bindingValue(override, decl.value, scope);
  values.chain -= 1;
  values.evaluating.delete(decl);
  values.cache.set(decl, value);
  return value;
}

/** `a time`, `the word 'fresh'`: what an expression turned out to be. */
export function describe(scalar: Scalar): string {
  switch (scalar.kind) {
    case 'number':
      return KIND_TEXT[scalar.unit];
    case 'text':
      return 'a text';
    case 'word':
      return `the word '${scalar.value}'`;
    case 'form':
      return `'${scalar.call.path.text}(...)'`;
    case 'dist':
      return 'a distribution';
    case 'broken':
      return 'a mistake';
  }
}

function binary(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): Scalar {
  const { op, left, right } = expr;
  const torn = tornRate(expr, scope);
  if (torn !== undefined) return torn;
  const a = operand(left, scope);
  const b = operand(right, scope);
  if (a === undefined || b === undefined) return BROKEN;
  const unit = resultUnit(op, a.unit, b.unit);
  if (unit === undefined) {
    scope.file.report(badArithmetic(expr.span, op, KIND_TEXT[a.unit], KIND_TEXT[b.unit]));
    return BROKEN;
  }
  if (op === '/' && b.value === 0) {
    scope.file.report(noValueHere(right.span, 'a division by zero'));
    return BROKEN;
  }
  const timed =
    (a.unit === 'rate' && b.unit === 'time') || (a.unit === 'time' && b.unit === 'rate');
  const perTime = op === '/' && unit === 'rate' && b.unit === 'time';
  const toTime = op === '/' && unit === 'time' && b.unit === 'rate';
  const scale = timed && op === '*' ? 1 / SECOND_NS : perTime || toTime ? SECOND_NS : 1;
  return { kind: 'number', unit, value: apply(op, a.value, b.value) * scale };
}

/** `40 / s` and `40 /s`: a rate torn apart, unless something is named `s`. */
function tornRate(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): Scalar | undefined {
  const { op, left, right } = expr;
  if (op !== '/' || left.kind !== 'quantity' || right.kind !== 'ref') return undefined;
  const name = right.path.text;
  if (scope.local(name) !== undefined || scope.file.names.has(name)) return undefined;
  const parts = quantityParts(left.text);
  const value = parts.unit === '' ? quantityValue({ ...parts, unit: `/${name}` }) : undefined;
  if (value === undefined) return undefined;
  scope.file.report(tornUnit(expr.span, `${parts.digits}/${name}`));
  return { kind: 'number', unit: 'rate', value: value.value };
}

type NumberScalar = Extract<Scalar, { kind: 'number' }>;

function operand(expr: Expr, scope: Scope): NumberScalar | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'number') return scalar;
  reportNotNumber(expr, scalar, scope);
  return undefined;
}

/** Reports that a number was wanted, whatever its kind. */
function reportNotNumber(expr: Expr, scalar: Scalar, scope: Scope): void {
  if (scalar.kind === 'broken') return;
  if (scalar.kind === 'word') {
    const candidates = [...scope.localNames, ...scope.file.namesOf(['param'])];
    const span = expr.span;
    scope.file.report(unknownName({ span, what: 'name', name: scalar.value, candidates }));
  } else scope.file.report(noValueHere(expr.span, describe(scalar)));
}

function resultUnit(op: BinaryOp, left: UnitKind, right: UnitKind): UnitKind | undefined {
  if (op === '+' || op === '-') return left === right ? left : undefined;
  if (op === '*') {
    if (left === 'count') return right;
    if (right === 'count') return left;
    if (left === 'share') return right;
    if (right === 'share') return left;
    const timed = (left === 'rate' && right === 'time') || (left === 'time' && right === 'rate');
    return timed ? 'count' : undefined;
  }
  if (left === right) return 'count';
  if (right === 'count') return left;
  if (right === 'share') return left;
  if (left === 'count' && right === 'time') return 'rate';
  return left === 'count' && right === 'rate' ? 'time' : undefined;
}

function apply(op: BinaryOp, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}

/** The bare number of an expression as written, for messages that add a unit to it. */
const bareDigits = (expr: Expr): string | undefined =>
  expr.kind === 'quantity' ? quantityParts(expr.text).digits : undefined;

/** Reports that `unit` was wanted and `scalar` found. */
export function reportUnit(
  at: { readonly expr: Expr; readonly unit: UnitKind; readonly what?: string },
  scalar: Scalar,
  scope: Scope,
): void {
  const { expr, unit, what } = at;
  if (scalar.kind === 'number' && scalar.unit === 'count') {
    scope.file.report(missingUnit(expr.span, unit, bareDigits(expr)));
  } else if (scalar.kind === 'word' && expr.kind === 'ref') {
    reportNotNumber(expr, scalar, scope);
  } else if (scalar.kind !== 'broken') {
    const wanted = { span: expr.span, wanted: unit, found: describe(scalar) };
    scope.file.report(wrongKind(what === undefined ? wanted : { ...wanted, what }));
  }
}

/** The number behind `expr`, which must be of `unit`; undefined after a report. */
export function numberOf(
  expr: Expr,
  scope: Scope,
  unit: UnitKind,
  what?: string,
): number | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'number' && scalar.unit === unit) return scalar.value;
  reportUnit(what === undefined ? { expr, unit } : { expr, unit, what }, scalar, scope);
  return undefined;
}

/** Reports that parts of one value have different kinds. */
export function reportMixed(expr: Expr, found: UnitKind, wanted: UnitKind, scope: Scope): void {
  const digits = expr.kind === 'quantity' ? expr.text : undefined;
  scope.file.report(
    found === 'count'
      ? missingUnit(expr.span, wanted, digits)
      : wrongKind({ span: expr.span, wanted, found: KIND_TEXT[found] }),
  );
}
