/**
 * What `--set` and `sweep` can change: params, machine keys (`machine.ram`), options of allocators
 * (`rox_big.cache`). Values are expressions of the language with the checks of the declaration.
 */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { Expr, ParamDecl } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import { outsideRange, wrongKind } from '../diagnostics/values.js';
import type { FileSymbols } from '../names/file-symbols.js';
import { describe, evaluate, paramValue, reportUnit } from '../values/evaluate.js';
import { PointValues, Scope } from '../values/scope.js';
import { designOfAllocator, findOption } from './designs.js';
import { MACHINE_KEYS } from './machine-keys.js';

export type Target =
  | {
      readonly kind: 'param';
      readonly name: string;
      readonly decl: ParamDecl;
      readonly file: FileSymbols;
    }
  | { readonly kind: 'machine'; readonly name: string; readonly key: string }
  | { readonly kind: 'option'; readonly name: string };

export interface TargetPath {
  readonly text: string;
  readonly span: Span;
}

const machineKeys = MACHINE_KEYS.map((key) => key.name);

/** Undefined after a report. */
export function findTarget(
  path: TargetPath,
  main: FileSymbols,
  report: FileSymbols,
  catalog: LabCatalog,
): Target | undefined {
  const [first = '', second, third] = path.text.split('.');
  const { span, text: name } = path;
  const symbol = main.names.get(first);
  if (second === undefined) {
    if (symbol?.kind === 'param') return { kind: 'param', name, decl: symbol, file: main };
  } else if (third === undefined) {
    if (symbol?.kind === 'use') {
      const decl = symbol.file?.names.get(second);
      if (symbol.file !== undefined && decl?.kind === 'param') {
        return { kind: 'param', name, decl, file: symbol.file };
      }
    } else if (symbol?.kind === 'allocator') {
      const info = designOfAllocator(symbol, main, catalog);
      if (info === undefined) return undefined;
      const key = { text: second, span };
      const spec = findOption(info, key, new Scope(report, new PointValues()));
      return spec === undefined ? undefined : { kind: 'option', name };
    } else if (first === 'machine') {
      if (machineKeys.includes(second)) return { kind: 'machine', name, key: second };
      const candidates = machineKeys.map((key) => `machine.${key}`);
      report.report(unknownName({ span, what: 'key', name, candidates }));
      return undefined;
    }
  }
  if (main.tree.brokenNames.has(first)) return undefined;
  const design = catalog.designs.find((info) => info.name === first);
  if (design !== undefined && second !== undefined) {
    const otherwise = `name it: allocator my_${first} = ${first}, and compare that`;
    report.report(unknownName({ span, what: 'allocator', name: first, candidates: [], otherwise }));
    return undefined;
  }
  const candidates = [...main.namesOf(['param']), ...machineKeys.map((key) => `machine.${key}`)];
  report.report(unknownName({ span, what: 'param', name, candidates }));
  return undefined;
}

/** Does the value of a param lie in its range and have its kind? Reports at `at`. */
export function checkParamValue(
  target: { readonly decl: ParamDecl; readonly file: FileSymbols },
  at: { readonly expr: Expr; readonly scope: Scope },
  plain: Scope,
): void {
  const { decl } = target;
  const value = evaluate(at.expr, at.scope);
  const standard = evaluate(decl.value, plain);
  if (value.kind === 'broken' || standard.kind === 'broken') return;
  if (standard.kind === 'number' && (value.kind !== 'number' || value.unit !== standard.unit)) {
    reportUnit({ expr: at.expr, unit: standard.unit, what: decl.name.text }, value, at.scope);
    return;
  }
  if (standard.kind !== 'number' && value.kind === 'number') {
    const { span } = at.expr;
    at.scope.file.report(wrongKind({ span, wanted: 'text', found: describe(value) }));
    return;
  }
  if (decl.low === undefined || decl.high === undefined || value.kind !== 'number') return;
  const low = evaluate(decl.low, plain);
  const high = evaluate(decl.high, plain);
  if (low.kind !== 'number' || high.kind !== 'number') return;
  if (low.unit !== value.unit || high.unit !== value.unit) return;
  if (value.value >= low.value && value.value <= high.value) return;
  at.scope.file.report(
    outsideRange({
      span: at.expr.span,
      name: decl.name.text,
      value: at.scope.file.textOf(at.expr.span),
      low: target.file.textOf(decl.low.span),
      high: target.file.textOf(decl.high.span),
    }),
  );
}

/** Checks the declaration of a param: its value, its range, and both together. */
export function checkParam(decl: ParamDecl, scope: Scope): void {
  const value = paramValue(decl, scope);
  for (const end of [decl.low, decl.high]) {
    if (end === undefined || value.kind !== 'number') continue;
    const found = evaluate(end, scope);
    if (found.kind === 'broken') return;
    if (found.kind !== 'number' || found.unit !== value.unit) {
      reportUnit({ expr: end, unit: value.unit, what: decl.name.text }, found, scope);
      return;
    }
  }
  const range = decl.low ?? decl.high;
  if (range !== undefined && value.kind !== 'number' && value.kind !== 'broken') {
    const found = describe(value);
    scope.file.report(wrongKind({ span: decl.value.span, wanted: 'count', found }));
    return;
  }
  if (!scope.values.overrides.has(decl)) {
    checkParamValue({ decl, file: scope.file }, { expr: decl.value, scope }, scope);
  }
}
