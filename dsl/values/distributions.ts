/**
 * The distributions of the language: their forms, their parameters, their checks. A distribution has
 * the unit of its parameters; `zipf` gives ranks, which are counts. Cuts (`min=`, `max=`) go to every
 * form; where a form has no cut of its own they narrow its values.
 */
import type { DistributionPlan } from '../../src/contract/scenario-plan.js';
import type { Argument, Expr } from '../ast.js';
import { contradiction, endsSwapped, missingParameter } from '../diagnostics/distributions.js';
import { p99NotAboveMedian } from '../diagnostics/distributions.js';
import { distCycle, givenTwice, unknownName } from '../diagnostics/names.js';
import { namedTwice } from './arguments.js';
import { choice } from './choice.js';
import { splitCut, withCut } from './cut.js';
import { empirical } from './empirical.js';
import { describe, evaluate, numberOf, reportMixed } from './evaluate.js';
import { quantiles } from './quantiles.js';
import { Scope, type CallExpr, type Scalar } from './scope.js';
import type { UnitKind } from './units.js';

export interface Distribution {
  readonly plan: DistributionPlan;
  readonly unit: UnitKind;
  /** Single distributions that it is made of; 1 when absent. */
  readonly parts?: number;
}

/** Deepest chain of named distributions that draw from each other. */
const NESTED_MAX = 20;
/** Ranks of a zipf without a count. */
const RANKS = 1000;

/** Reads the rows of a data file; undefined when there is none. Adds it to the scenario's inputs. */
export type ReadData = (path: string, scope: Scope) => string | undefined;

export interface FormSpec {
  readonly name: string;
  /** Parameters in order; all are required. */
  readonly parameters: readonly string[];
  /** Parameters without the unit of the values. */
  readonly plain: readonly string[];
  readonly help: string;
}

const form = (name: string, parameters: string[], plain: string[], help: string): FormSpec => ({
  name,
  parameters,
  plain,
  help,
});

export const FORMS: readonly FormSpec[] = [
  form('constant', ['value'], [], 'always the same value'),
  form('uniform', ['low', 'high'], [], 'every value from low to high, both included'),
  form('normal', ['mean', 'sd'], [], 'normal, cut at 0'),
  form('lognormal', ['median', 'p99'], [], 'skewed to the right: sizes and lifetimes'),
  form('exp', ['mean'], [], 'exponential: gaps between independent events'),
  form('pareto', ['min', 'shape'], ['shape'], 'heavy tail above min'),
  form('zipf', ['skew'], ['skew', 'count', 'min', 'max'], 'ranks; skew 0 is uniform'),
  form('choice', [], [], 'one of several, with weights: choice(70%: a, 30%: b)'),
  form('quantiles', [], [], 'straight lines between points: quantiles(0%: a, 100%: z)'),
  form('empirical', [], [], 'rows of a file: empirical("file.csv", column=size)'),
];

const FORM_NAMES = FORMS.map((spec) => spec.name);

/** Does the expression stand for a distribution, whether or not it is a correct one? */
export function isDistribution(expr: Expr, scope: Scope): boolean {
  if (expr.kind === 'call') return FORM_NAMES.includes(expr.path.text);
  if (expr.kind === 'tuple' && expr.items.length === 1) {
    return expr.items.every((item) => isDistribution(item, scope));
  }
  if (expr.kind !== 'ref') return false;
  const scalar = evaluate(expr, scope);
  return scalar.kind === 'dist' || (scalar.kind === 'form' && isDistribution(scalar.call, scope));
}

/** The distribution that `expr` names or spells; undefined after a report. */
export function distributionOf(expr: Expr, scope: Scope, read: ReadData): Distribution | undefined {
  if (expr.kind === 'call') return formOf(expr, scope, read);
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'form') return formOf(scalar.call, scalar.scope, read);
  if (scalar.kind === 'dist') return namedDistribution(scalar, expr, scope, read);
  if (scalar.kind === 'word') {
    const candidates = [...scope.file.namesOf(['dist']), ...FORM_NAMES];
    scope.file.report(
      unknownName({ span: expr.span, what: 'distribution', name: scalar.value, candidates }),
    );
  } else if (scalar.kind !== 'broken') {
    scope.file.report(
      contradiction(expr.span, `${describe(scalar)} is not a distribution`, 'write constant(...)'),
    );
  }
  return undefined;
}

/** The distribution of a `dist`, read once per sweep point. */
function namedDistribution(
  { decl, file }: Extract<Scalar, { kind: 'dist' }>,
  expr: Expr,
  scope: Scope,
  read: ReadData,
): Distribution | undefined {
  const { values } = scope;
  const { distributions, drawing } = values;
  if (distributions.has(decl)) return distributions.get(decl);
  if (drawing.has(decl)) {
    scope.file.report(distCycle(decl.name.text, expr.span));
    return undefined;
  }
  if (drawing.size >= NESTED_MAX) {
    const message = `distributions draw from each other more than ${NESTED_MAX} deep`;
    scope.file.report(contradiction(expr.span, message, 'write the inner ones in place'));
    return undefined;
  }
  drawing.add(decl);
  const found = distributionOf(decl.value, new Scope(file, values), read);
  drawing.delete(decl);
  distributions.set(decl, found);
  return found;
}

interface Parameters {
  readonly unit: UnitKind;
  readonly get: (name: string) => number;
}

function formOf(call: CallExpr, scope: Scope, read: ReadData): Distribution | undefined {
  const name = call.path.text;
  const spec = FORMS.find((entry) => entry.name === name);
  if (spec === undefined) {
    const candidates = FORM_NAMES;
    const span = call.path.span;
    scope.file.report(
      unknownName({ span, what: 'distribution', name, candidates, listAs: 'forms' }),
    );
    return undefined;
  }
  if (namedTwice(call.args, scope)) return undefined;
  const own = [...spec.parameters, ...spec.plain];
  const { cut, rest } = splitCut(call, own);
  const found = uncut(spec, { ...call, args: rest }, scope, read);
  return found === undefined ? undefined : withCut(found, cut, call, scope);
}

function uncut(
  spec: FormSpec,
  call: CallExpr,
  scope: Scope,
  read: ReadData,
): Distribution | undefined {
  switch (spec.name) {
    case 'choice':
      return choice(call, scope, read);
    case 'quantiles':
      return quantiles(call, scope);
    case 'empirical':
      return empirical(call, scope, read);
    default: {
      const parameters = parametersOf(spec, call, scope);
      return parameters === undefined ? undefined : build(spec.name, parameters, call, scope);
    }
  }
}

/** Arguments by parameter name: named ones as named, the others in order. */
function assign(spec: FormSpec, call: CallExpr, scope: Scope): Map<string, Expr> | undefined {
  const given = new Map<string, Expr>();
  const known = [...new Set([...spec.parameters, ...spec.plain, 'min', 'max'])];
  let position = 0;
  for (const argument of call.args) {
    const name = argument.name?.text ?? spec.parameters[position];
    position += argument.name === undefined ? 1 : 0;
    if (name === undefined || !known.includes(name) || argument.share !== undefined) {
      const { span } = argument.name ?? argument;
      const wrong = argument.name?.text ?? scope.file.textOf(argument.span);
      const where = `of '${spec.name}'`;
      scope.file.report(
        unknownName({ span, what: 'parameter', name: wrong, where, candidates: known }),
      );
      return undefined;
    }
    if (given.has(name)) {
      const first = given.get(name)?.span ?? argument.span;
      scope.file.report(givenTwice(name, (argument.name ?? argument).span, first));
      return undefined;
    }
    given.set(name, argument.value);
  }
  const missing = spec.parameters.find((name) => !given.has(name));
  if (missing === undefined) return given;
  scope.file.report(missingParameter(call.span, spec.name, missing));
  return undefined;
}

function parametersOf(spec: FormSpec, call: CallExpr, scope: Scope): Parameters | undefined {
  const given = assign(spec, call, scope);
  if (given === undefined) return undefined;
  const values = new Map<string, number>();
  let unit: UnitKind | undefined = spec.name === 'zipf' ? 'count' : undefined;
  for (const [name, expr] of given) {
    if (spec.plain.includes(name)) {
      const value = numberOf(expr, scope, 'count', name);
      if (value === undefined) return undefined;
      values.set(name, value);
      continue;
    }
    const scalar = evaluate(expr, scope);
    if (scalar.kind === 'broken') return undefined;
    if (scalar.kind !== 'number') {
      numberOf(expr, scope, unit ?? 'count', name);
      return undefined;
    }
    unit ??= scalar.unit;
    if (scalar.unit !== unit) {
      reportMixed(expr, scalar.unit, unit, scope);
      return undefined;
    }
    values.set(name, scalar.value);
  }
  return { unit: unit ?? 'count', get: (name) => values.get(name) ?? 0 };
}

function build(
  name: string,
  parameters: Parameters,
  call: CallExpr,
  scope: Scope,
): Distribution | undefined {
  const { unit, get } = parameters;
  const problem = contradictionIn(name, parameters, call, scope);
  if (problem !== undefined) {
    scope.file.report(problem);
    return undefined;
  }
  const plan = ((): DistributionPlan => {
    switch (name) {
      case 'uniform':
        return { kind: 'uniform', low: get('low'), high: get('high') };
      case 'normal':
        return { kind: 'normal', mean: get('mean'), sd: get('sd'), min: 0 };
      case 'lognormal':
        return { kind: 'lognormal', median: get('median'), p99: get('p99') };
      case 'exp':
        return { kind: 'exp', mean: get('mean') };
      case 'pareto':
        return { kind: 'pareto', min: get('min'), shape: get('shape') };
      case 'zipf': {
        const ranks = Math.min(get('count') || Infinity, get('max') || Infinity);
        return { kind: 'zipf', skew: get('skew'), count: ranks === Infinity ? RANKS : ranks };
      }
      default:
        return { kind: 'constant', value: get('value') };
    }
  })();
  return { plan, unit };
}

function contradictionIn(name: string, parameters: Parameters, call: CallExpr, scope: Scope) {
  const { get } = parameters;
  const wrong = (message: string, help: string) => contradiction(call.span, message, help);
  switch (name) {
    case 'uniform':
      return get('low') > get('high') ? endsSwapped(call.span, swapped(call, scope)) : undefined;
    case 'normal':
      return get('sd') < 0 || get('mean') < 0
        ? wrong('mean and sd must not be negative', 'write sd=0 for a fixed value')
        : undefined;
    case 'lognormal':
      if (get('median') <= 0) return wrong('the median must be larger than 0', 'raise it');
      return get('p99') <= get('median')
        ? p99NotAboveMedian(
            call.span,
            get('p99') < get('median') ? swapped(call, scope) : undefined,
          )
        : undefined;
    case 'exp':
      return get('mean') <= 0 ? wrong('the mean must be larger than 0', 'raise it') : undefined;
    case 'pareto':
      return get('shape') <= 0 || get('min') <= 0
        ? wrong('min and shape must be larger than 0', 'raise them')
        : undefined;
    case 'zipf':
      if (get('skew') < 0) return wrong('the skew must not be negative', 'write skew=0');
      return get('min') > 1 ? wrong('ranks start at 1', "leave out 'min'") : undefined;
    default:
      return undefined;
  }
}

/** `lognormal(median=8s, p99=2min)` with both values exchanged, the rest as written. */
function swapped(call: CallExpr, scope: Scope): string | undefined {
  const { args, path } = call;
  const [first, second] = args;
  if (first === undefined || second === undefined || args.length !== 2) return undefined;
  const text = (argument: Argument, other: Argument): string => {
    const label = argument.name === undefined ? '' : `${argument.name.text}=`;
    return `${label}${scope.file.textOf(other.value.span)}`;
  };
  return `${path.text}(${text(first, second)}, ${text(second, first)})`;
}
