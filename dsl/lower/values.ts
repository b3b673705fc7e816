/** Values of statements: fixed or drawn, counts, shares, choices between words. */
import type { ValuePlan } from '../../src/contract/scenario-plan.js';
import type { Expr, Path, Value } from '../ast.js';
import { distributionInPlace, tildeMissing, tildeOnFixed } from '../diagnostics/distributions.js';
import { unknownName, wrongSymbol } from '../diagnostics/names.js';
import { missingUnit, wrongKind, wrongNumber } from '../diagnostics/values.js';
import type { FileSymbol, SymbolKind } from '../names/file-symbols.js';
import { distributionOf, isDistribution } from '../values/distributions.js';
import { describe, evaluate, numberOf } from '../values/evaluate.js';
import type { Found, Scope } from '../values/scope.js';
import { KIND_TEXT, type UnitKind } from '../values/units.js';
import type { LowerContext } from './context.js';

/** The largest count, size or time of the language: whole numbers stay exact below. */
export const NUMBER_MAX = Number.MAX_SAFE_INTEGER;

/** Units of the values of a plan, for messages. */
const BASE_UNITS: Readonly<Partial<Record<UnitKind, string>>> = {
  size: 'B',
  time: 'ns',
  rate: '/s',
};

export const fixed = (value: number): ValuePlan => ({ kind: 'fixed', value });

export interface Wanted {
  readonly unit: UnitKind;
  /** The property, for messages: `size`. */
  readonly what: string;
  /** Address of the stream when the value is drawn. */
  readonly stream: string;
  /** Smallest allowed fixed value. */
  readonly min?: number;
}

/** A value of a statement. After a report it is a fixed 1, which nothing will run. */
export function lowerValue(value: Value, wanted: Wanted, context: LowerContext): ValuePlan {
  const { scope } = context;
  const { expr, tilde } = value;
  const drawn = isDistribution(expr, scope);
  if (tilde === undefined) {
    if (drawn) {
      const text = scope.file.textOf(expr.span);
      scope.file.report(tildeMissing(expr.span, wanted.what, text));
      return fixed(1);
    }
    return fixed(fixedNumber(expr, wanted, scope));
  }
  if (!drawn && isFixed(expr, scope)) {
    scope.file.report(tildeOnFixed(expr.span, tilde, scope.file.textOf(expr.span)));
    return fixed(1);
  }
  return drawnValue(expr, wanted, context);
}

const isFixed = (expr: Expr, scope: Scope): boolean => {
  if (expr.kind === 'quantity') return true;
  if (expr.kind === 'call') return false;
  const { kind } = evaluate(expr, scope);
  return kind === 'number' || kind === 'text';
};

/** A fixed number of the wanted unit, not below its minimum, rounded up to whole base units. */
export function fixedNumber(expr: Expr, wanted: Omit<Wanted, 'stream'>, scope: Scope): number {
  const { unit, what, min = 0 } = wanted;
  if (isDistribution(expr, scope)) {
    scope.file.report(distributionInPlace(expr.span, what));
    return 1;
  }
  const value = numberOf(expr, scope, unit, what);
  if (value === undefined) return Math.max(1, min);
  if (value < min || value > NUMBER_MAX || Number.isNaN(value)) {
    const bound = value < min ? `at least ${min}${BASE_UNITS[unit] ?? ''}` : 'smaller';
    scope.file.report(wrongNumber(expr.span, `'${what}' must be ${bound}`, 'choose another value'));
    return Math.max(1, min);
  }
  if (unit === 'count' && !Number.isInteger(value)) {
    scope.file.report(wrongNumber(expr.span, `'${what}' must be a whole number`, 'round it'));
    return Math.ceil(value);
  }
  return unit === 'size' ? Math.ceil(value) : unit === 'time' ? Math.round(value) : value;
}

function drawnValue(expr: Expr, wanted: Wanted, context: LowerContext): ValuePlan {
  const { scope } = context;
  const found = distributionOf(expr, scope, context.point.sources.readData);
  if (found === undefined) return fixed(1);
  const { unit, what } = wanted;
  if (found.unit === unit) {
    return { kind: 'draw', distribution: found.plan, stream: wanted.stream };
  }
  scope.file.report(
    found.unit === 'count'
      ? missingUnit(expr.span, unit, undefined)
      : wrongKind({ span: expr.span, wanted: unit, found: KIND_TEXT[found.unit], what }),
  );
  return fixed(1);
}

/** One of a few words; undefined after a report. `1G` and `1GiB` are the same word. */
export function lowerChoice<T extends string>(
  expr: Expr,
  allowed: readonly T[],
  at: { readonly what: string; readonly where?: string },
  scope: Scope,
): T | undefined {
  const text = choiceText(expr, scope);
  if (text === undefined) return undefined;
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  scope.file.report(
    unknownName({
      span: expr.span,
      what: at.what,
      name: text,
      candidates: allowed,
      listAs: 'possible',
      quoted: expr.kind === 'text',
      ...(at.where === undefined ? {} : { where: at.where }),
    }),
  );
  return undefined;
}

const PAGE_SIZES: ReadonlyMap<number, string> = new Map([
  [4096, '4K'],
  [2097152, '2M'],
  [1073741824, '1G'],
]);

/** A word, a text in quotes, a number, or a page size as `4K`, `2M`, `1G`; undefined if broken. */
export function choiceText(expr: Expr, scope: Scope): string | undefined {
  const scalar = evaluate(expr, scope);
  switch (scalar.kind) {
    case 'word':
    case 'text':
      return scalar.value;
    case 'number':
      if (scalar.unit === 'size')
        return PAGE_SIZES.get(scalar.value) ?? scope.file.textOf(expr.span);
      return scalar.unit === 'count' ? String(scalar.value) : scope.file.textOf(expr.span);
    case 'form':
    case 'dist':
      scope.file.report(wrongKind({ span: expr.span, wanted: 'text', found: describe(scalar) }));
      return undefined;
    case 'broken':
      return undefined;
  }
}

const KIND_NAMES: Readonly<Record<SymbolKind, string>> = {
  param: 'a param',
  dist: 'a dist',
  module: 'a module shape',
  allocator: 'an allocator',
  workload: 'a workload',
  import: 'an import',
  phase: 'a phase',
  pool: 'a pool',
  use: 'a used file',
};

/** The declaration that a path names; undefined after a report. */
export function resolve<K extends SymbolKind>(
  path: Path,
  kind: K,
  what: string,
  scope: Scope,
): { readonly symbol: Extract<FileSymbol, { kind: K }>; readonly file: Found['file'] } | undefined {
  const found = scope.find(path, [kind]);
  if (found !== undefined) {
    return { symbol: found.symbol as Extract<FileSymbol, { kind: K }>, file: found.file };
  }
  if (scope.isBroken(path)) return undefined;
  const candidates = scope.candidates(path, [kind]);
  const [first] = path.names;
  const other = path.names.length === 1 ? scope.file.names.get(first?.text ?? '') : undefined;
  const { span, text: name } = path;
  scope.file.report(
    other === undefined
      ? unknownName({ span, what, name, candidates })
      : wrongSymbol({ span, name, found: KIND_NAMES[other.kind], wanted: `a ${what}`, candidates }),
  );
  return undefined;
}

/** Index of a pool; -1 after a report. */
export function poolIndex(path: Path, context: LowerContext): number {
  const found = resolve(path, 'pool', 'pool', context.scope);
  return found === undefined ? -1 : context.point.pool(found.symbol.name, path.text);
}
