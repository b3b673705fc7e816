/** Values of design options, by the kind that the design declares. */
import type { OptionSpec } from '../../src/contract/catalog.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { OptionValue } from '../../src/contract/scenario-plan.js';
import type { Expr } from '../ast.js';
import { wrongOption } from '../diagnostics/designs.js';
import { missingPart } from '../diagnostics/syntax.js';
import { describe, evaluate } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import { sizeText } from '../values/units.js';
import { choiceText } from './values.js';

export interface GivenValue {
  readonly exprs: readonly Expr[];
  /** The option's name, for messages without a value to point at. */
  readonly at: Span;
  readonly scope: Scope;
}

/** What an option takes, for messages and the reference. */
export function optionTakes(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'choice':
      return spec.values.join(', ');
    case 'size':
      return `a size from ${sizeText(spec.min)} to ${sizeText(spec.max)}`;
    case 'count':
      return `a count from ${spec.min} to ${spec.max}`;
    case 'switch':
      return 'on or off';
    case 'set':
      return `any of ${spec.values.join(', ')}`;
    case 'pack':
      return 'a size such as 2M, or per_node(2M)';
  }
}

/** Undefined after a report. */
export function lowerOption(spec: OptionSpec, given: GivenValue): OptionValue | undefined {
  const { scope } = given;
  const [expr, extra] = given.exprs;
  if (expr === undefined) {
    const message = `'${spec.name}' needs a value`;
    scope.file.report(missingPart(given.at, message, `it takes ${optionTakes(spec)}`));
    return undefined;
  }
  if (spec.kind === 'set') return setValue(spec, given);
  if (extra !== undefined) return refuse(spec, extra, 'several values', scope);
  switch (spec.kind) {
    case 'choice': {
      const text = choiceText(expr, scope);
      if (text === undefined) return undefined;
      return spec.values.includes(text) ? text : refuse(spec, expr, `'${text}'`, scope);
    }
    case 'size':
    case 'count':
      return numberValue(spec, expr, scope);
    case 'switch': {
      const text = choiceText(expr, scope);
      if (text === 'on' || text === 'off') return text === 'on';
      return text === undefined ? undefined : refuse(spec, expr, `'${text}'`, scope);
    }
    case 'pack':
      return packValue(spec, expr, scope);
  }
}

/** Reports a value that an option does not take; always undefined. */
function refuse(
  spec: OptionSpec,
  expr: Expr,
  found: string,
  scope: Scope,
): OptionValue | undefined {
  const { span } = expr;
  const at = { span, option: spec.name, takes: optionTakes(spec), found };
  const words = spec.kind === 'switch' ? ['on', 'off'] : 'values' in spec ? spec.values : [];
  const word = expr.kind === 'ref' ? expr.path.text : '';
  scope.file.report(wrongOption(word === '' ? at : { ...at, choice: { word, words } }));
  return undefined;
}

function numberValue(
  spec: Extract<OptionSpec, { kind: 'size' | 'count' }>,
  expr: Expr,
  scope: Scope,
): OptionValue | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'broken') return undefined;
  if (scalar.kind !== 'number' || scalar.unit !== spec.kind) {
    return refuse(spec, expr, describe(scalar), scope);
  }
  const { value } = scalar;
  if (value >= spec.min && value <= spec.max && Number.isInteger(value)) return value;
  return refuse(spec, expr, spec.kind === 'size' ? sizeText(value) : String(value), scope);
}

function setValue(
  spec: Extract<OptionSpec, { kind: 'set' }>,
  given: GivenValue,
): OptionValue | undefined {
  const chosen = new Set<string>();
  for (const expr of given.exprs) {
    const text = choiceText(expr, given.scope);
    if (text === undefined) return undefined;
    if (text === 'none' && given.exprs.length === 1) return [];
    if (!spec.values.includes(text)) return refuse(spec, expr, `'${text}'`, given.scope);
    chosen.add(text);
  }
  return spec.values.filter((value) => chosen.has(value));
}

/** `2M`, `per_node(2M)`: the size as the kernel writes page sizes, else in MiB. */
function packValue(spec: OptionSpec, expr: Expr, scope: Scope): OptionValue | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind === 'form' && scalar.call.path.text === 'per_node') {
    const [argument, extra] = scalar.call.args;
    const inner = argument === undefined ? undefined : packSize(argument.value, scalar.scope);
    if (inner === undefined || extra !== undefined) return refuse(spec, expr, 'this', scope);
    return `per_node(${inner})`;
  }
  if (scalar.kind === 'broken') return undefined;
  return packSize(expr, scope) ?? refuse(spec, expr, describe(scalar), scope);
}

const PAGE = 4096;

function packSize(expr: Expr, scope: Scope): string | undefined {
  const scalar = evaluate(expr, scope);
  if (scalar.kind !== 'number' || scalar.unit !== 'size') return undefined;
  const whole = scalar.value >= PAGE && scalar.value % PAGE === 0;
  return whole ? sizeText(scalar.value).replace(/iB$/, '') : undefined;
}
