/**
 * Expressions of expectations: metrics with functions, other designs, recorded series, params. Every
 * expression has a unit; `any` marks what has none to compare with (rates and integrals of sizes).
 * Shares are fractions 0..1, metrics in percent included.
 */
import type { MetricInfo, MetricUnit } from '../../src/contract/metric-table.js';
import { METRIC_FUNCTIONS } from '../../src/contract/scenario-plan.js';
import type { ExpectExpr, MetricFunction } from '../../src/contract/scenario-plan.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { Expr, Path } from '../ast.js';
import { notCompared } from '../diagnostics/expectations.js';
import { unknownName } from '../diagnostics/names.js';
import { badArithmetic, missingUnit, noValueHere, wrongKind } from '../diagnostics/values.js';
import { describe, evaluate } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import { KIND_TEXT, type UnitKind } from '../values/units.js';

/** Where the names of all metrics can be read. */
export const METRICS_LISTED = 'xlab list metrics shows the names';

export type ClaimUnit = UnitKind | 'any';

export interface MetricUse {
  readonly info: MetricInfo;
  readonly fn: MetricFunction | undefined;
  readonly span: Span;
}

export interface ClaimInput {
  readonly scope: Scope;
  readonly metrics: readonly MetricInfo[];
  /** Designs of `compare`, before `--only`. */
  readonly designs: readonly string[];
  readonly baseline: string;
  /** Names of imports with the metrics that they recorded. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  /** Filled: metrics read from runs. */
  readonly uses: MetricUse[];
}

export interface Claim {
  readonly expr: ExpectExpr;
  readonly unit: ClaimUnit;
}

const UNIT_OF_METRIC: Readonly<Record<MetricUnit, ClaimUnit>> = {
  bytes: 'size',
  count: 'count',
  percent: 'share',
  per_kinst: 'count',
  cycles: 'count',
  ns: 'time',
};

/** Undefined after a report. */
export function lowerClaim(expr: Expr, input: ClaimInput): Claim | undefined {
  switch (expr.kind) {
    case 'of_design':
      return metricClaim(expr, undefined, input);
    case 'ref':
      return refClaim(expr, input);
    case 'call':
      return callClaim(expr, input);
    case 'binary':
      return binaryClaim(expr, input);
    case 'tuple': {
      const [only, second] = expr.items;
      if (only !== undefined && second === undefined) return lowerClaim(only, input);
      return constantClaim(expr, input);
    }
    default:
      return constantClaim(expr, input);
  }
}

function constantClaim(expr: Expr, input: ClaimInput): Claim | undefined {
  const scalar = evaluate(expr, input.scope);
  if (scalar.kind === 'number') {
    return { expr: { kind: 'number', value: scalar.value }, unit: scalar.unit };
  }
  if (scalar.kind !== 'broken') {
    input.scope.file.report(noValueHere(expr.span, describe(scalar)));
  }
  return undefined;
}

function refClaim(expr: Extract<Expr, { kind: 'ref' }>, input: ClaimInput): Claim | undefined {
  const known = input.metrics.some((metric) => metric.name === expr.path.text);
  if (known) return metricClaim(expr, undefined, input);
  if (recordedPath(expr.path, input) !== undefined) return metricClaim(expr, undefined, input);
  if (input.scope.find(expr.path, ['param']) !== undefined) return constantClaim(expr, input);
  if (!input.scope.isBroken(expr.path)) reportMetric(expr.path, input);
  return undefined;
}

function reportMetric(path: Path, input: ClaimInput): void {
  const { scope, metrics } = input;
  const candidates = [...metrics.map((metric) => metric.name), ...scope.file.namesOf(['param'])];
  const { span, text: name } = path;
  scope.file.report(
    unknownName({ span, what: 'metric', name, candidates, otherwise: METRICS_LISTED }),
  );
}

/** Import and metric of `real.DirectMap4k`; the metric may be one that was not recorded. */
function recordedPath(
  path: Path,
  input: ClaimInput,
): { readonly series: string; readonly metric: string } | undefined {
  const [first, ...rest] = path.names;
  if (first === undefined || rest.length === 0) return undefined;
  const found = input.scope.file.names.get(first.text);
  if (found?.kind !== 'import') return undefined;
  input.scope.file.used.add(found);
  return { series: first.text, metric: rest.map((name) => name.text).join('.') };
}

function metricClaim(
  expr: Extract<Expr, { kind: 'ref' | 'of_design' }>,
  fn: MetricFunction | undefined,
  input: ClaimInput,
): Claim | undefined {
  const { path } = expr;
  const info = input.metrics.find((metric) => metric.name === path.text);
  const recorded = info === undefined ? recordedPath(path, input) : undefined;
  const withFn = fn === undefined ? {} : { fn };
  if (recorded !== undefined) return recordedClaim(expr, recorded, fn, input);
  if (info === undefined) {
    if (!input.scope.isBroken(path)) reportMetric(path, input);
    return undefined;
  }
  input.uses.push({ info, fn, span: path.span });
  const unit = unitOf(info, fn);
  if (expr.kind === 'ref') return { expr: { kind: 'metric', metric: info.name, ...withFn }, unit };
  const design = expr.design.text;
  if (!input.designs.includes(design)) {
    const { span } = expr.design;
    const { designs, baseline } = input;
    input.scope.file.report(notCompared({ span, name: design, designs, better: baseline }));
    return undefined;
  }
  return { expr: { kind: 'metric', metric: info.name, ...withFn, design }, unit };
}

function recordedClaim(
  expr: Extract<Expr, { kind: 'ref' | 'of_design' }>,
  recorded: { readonly series: string; readonly metric: string },
  fn: MetricFunction | undefined,
  input: ClaimInput,
): Claim | undefined {
  const { span } = expr.path;
  const names = input.recorded.get(recorded.series);
  // An import that could not be read has no list of what it recorded, and has been reported.
  if (names === undefined) return undefined;
  if (!names.includes(recorded.metric)) {
    const where = `in '${recorded.series}'`;
    const name = recorded.metric;
    input.scope.file.report(
      unknownName({ span, what: 'series', name, where, candidates: names, listAs: 'recorded' }),
    );
    return undefined;
  }
  if (expr.kind === 'of_design') {
    input.scope.file.report(noValueHere(expr.design.span, 'a design of a recorded series'));
  }
  const info = input.metrics.find((metric) => metric.name === recorded.metric);
  const unit = info === undefined ? 'any' : unitOf(info, fn);
  return { expr: { kind: 'recorded', ...recorded, ...(fn === undefined ? {} : { fn }) }, unit };
}

function unitOf(info: MetricInfo, fn: MetricFunction | undefined): ClaimUnit {
  const unit = UNIT_OF_METRIC[info.unit];
  if (fn === 'integral') return 'any';
  if (fn === 'rate') return unit === 'count' ? 'rate' : 'any';
  return unit;
}

const FUNCTIONS: readonly string[] = [...METRIC_FUNCTIONS, 'abs', 'matched'];

function callClaim(expr: Extract<Expr, { kind: 'call' }>, input: ClaimInput): Claim | undefined {
  const name = expr.path.text;
  const [argument, extra] = expr.args;
  if (!FUNCTIONS.includes(name)) {
    const { span } = expr.path;
    input.scope.file.report(
      unknownName({ span, what: 'function', name, candidates: FUNCTIONS, listAs: 'functions' }),
    );
    return undefined;
  }
  if (argument === undefined || extra !== undefined || argument.share !== undefined) {
    input.scope.file.report(noValueHere(expr.span, `'${name}' with other than one metric`));
    return undefined;
  }
  const { value } = argument;
  if (name === 'abs') {
    const operand = lowerClaim(value, input);
    if (operand === undefined) return undefined;
    return { expr: { kind: 'abs', operand: operand.expr }, unit: operand.unit };
  }
  if (name === 'matched') return matchedClaim(value, input);
  const fn = METRIC_FUNCTIONS.find((entry) => entry === name);
  if (value.kind === 'ref' || value.kind === 'of_design') return metricClaim(value, fn, input);
  input.scope.file.report(noValueHere(value.span, `other than a metric in '${name}'`));
  return undefined;
}

function matchedClaim(expr: Expr, input: ClaimInput): Claim | undefined {
  const { scope } = input;
  const name = expr.kind === 'ref' ? expr.path.text : '';
  const found = expr.kind === 'ref' ? scope.find(expr.path, ['import']) : undefined;
  if (found !== undefined) return { expr: { kind: 'matched', name }, unit: 'share' };
  if (expr.kind === 'ref' && scope.isBroken(expr.path)) return undefined;
  const candidates = scope.file.namesOf(['import']);
  const shown = name === '' ? scope.file.textOf(expr.span) : name;
  scope.file.report(unknownName({ span: expr.span, what: 'import', name: shown, candidates }));
  return undefined;
}

const unitText = (unit: ClaimUnit): string => (unit === 'any' ? 'a value' : KIND_TEXT[unit]);

function binaryClaim(
  expr: Extract<Expr, { kind: 'binary' }>,
  input: ClaimInput,
): Claim | undefined {
  const left = lowerClaim(expr.left, input);
  const right = lowerClaim(expr.right, input);
  if (left === undefined || right === undefined) return undefined;
  const { op } = expr;
  const made = { kind: 'binary', op, left: left.expr, right: right.expr } as const;
  if (left.unit === 'any' || right.unit === 'any') return { expr: made, unit: 'any' };
  const unit = joined(op, left.unit, right.unit);
  if (unit !== undefined) return { expr: made, unit };
  const texts = [unitText(left.unit), unitText(right.unit)] as const;
  input.scope.file.report(badArithmetic(expr.span, op, texts[0], texts[1]));
  return undefined;
}

function joined(op: '+' | '-' | '*' | '/', left: UnitKind, right: UnitKind): UnitKind | undefined {
  if (op === '+' || op === '-') return left === right ? left : undefined;
  if (op === '*') {
    if (left === 'count' || left === 'share' || left === 'factor') return right;
    return right === 'count' || right === 'share' || right === 'factor' ? left : undefined;
  }
  if (left === right) return 'count';
  return right === 'count' || right === 'share' || right === 'factor' ? left : undefined;
}

/** Reports sides of a comparison that do not fit. */
export function checkSides(
  sides: { readonly left: Claim; readonly right: Claim },
  at: { readonly left: Expr; readonly right: Expr },
  scope: Scope,
): void {
  const { left, right } = sides;
  if (left.unit === right.unit || left.unit === 'any' || right.unit === 'any') return;
  const bare = (claim: Claim, expr: Expr): boolean =>
    claim.unit === 'count' && expr.kind === 'quantity';
  for (const [claim, expr, other] of [
    [left, at.left, right],
    [right, at.right, left],
  ] as const) {
    if (!bare(claim, expr) || other.unit === 'any') continue;
    scope.file.report(missingUnit(expr.span, other.unit, scope.file.textOf(expr.span)));
    return;
  }
  const { span } = at.right;
  scope.file.report(wrongKind({ span, wanted: left.unit, found: unitText(right.unit) }));
}
