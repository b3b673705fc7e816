/** Shapes of modules: bytes per section, fixed or drawn, and the length of their init. */
import { MODULE_SECTIONS } from '../../src/contract/scenario-plan.js';
import type {
  ModuleSection,
  ModuleShapePlan,
  ValuePlan,
} from '../../src/contract/scenario-plan.js';
import type { Block, Path, Prop, Value } from '../ast.js';
import { givenTwice, unknownName } from '../diagnostics/names.js';
import { tildeOnFixed } from '../diagnostics/distributions.js';
import { missingPart } from '../diagnostics/syntax.js';
import { secondValue } from '../diagnostics/values.js';
import { Scope } from '../values/scope.js';
import type { LowerContext } from './context.js';
import { fixed, lowerValue, resolve } from './values.js';

/** Time from load to the end of init where the shape does not say. */
const INIT_TIME_NS = 1e6;

const KEYS: readonly string[] = [...MODULE_SECTIONS, 'init_time'];

/** The single value of a property; undefined after a report. */
export function singleValue(prop: Prop, scope: Scope): Value | undefined {
  const [group, second] = prop.groups;
  const [value, next] = group?.values ?? [];
  if (value === undefined || prop.block !== undefined) {
    scope.file.report(
      missingPart(prop.path.span, `'${prop.path.text}' needs a value`, 'write it behind the name'),
    );
    return undefined;
  }
  const extra = next ?? second?.values[0];
  if (extra === undefined) return value;
  scope.file.report(secondValue(extra.span, prop.path.text));
  return undefined;
}

/** `address` prefixes the streams of drawn sections. */
export function lowerShape(
  name: string,
  block: Block,
  address: string,
  context: LowerContext,
): ModuleShapePlan {
  const { scope } = context;
  const values = new Map<string, ValuePlan>();
  const seen = new Map<string, Prop>();
  for (const prop of block.props) {
    const key = prop.path.text;
    if (!KEYS.includes(key)) {
      scope.file.report(
        unknownName({
          span: prop.path.span,
          what: 'section',
          name: key,
          where: `in module '${name}'`,
          candidates: KEYS,
          listAs: 'sections',
        }),
      );
      continue;
    }
    const first = seen.get(key);
    if (first !== undefined) {
      scope.file.report(givenTwice(key, prop.path.span, first.path.span));
      continue;
    }
    seen.set(key, prop);
    const value = singleValue(prop, scope);
    if (value === undefined) continue;
    const unit = key === 'init_time' ? 'time' : 'size';
    values.set(key, lowerValue(value, { unit, what: key, stream: `${address}.${key}` }, context));
  }
  const section = (key: ModuleSection): ValuePlan => values.get(key) ?? fixed(0);
  return {
    name,
    sections: MODULE_SECTIONS.map(section),
    initTime: values.get('init_time') ?? fixed(INIT_TIME_NS),
  };
}

/** Does a shape draw anything? */
const draws = (block: Block): boolean =>
  block.props.some((prop) =>
    prop.groups.some((group) => group.values.some((value) => value.tilde !== undefined)),
  );

/** The shape that `load module PATH` names. Checks the `~`; undefined after a report. */
export function namedShape(
  path: Path,
  tilde: { readonly start: number; readonly end: number } | undefined,
  address: string,
  context: LowerContext,
): ModuleShapePlan | undefined {
  const { scope } = context;
  const found = resolve(path, 'module', 'module', scope);
  if (found === undefined) return undefined;
  const drawn = draws(found.symbol.block);
  if (tilde !== undefined && !drawn) {
    scope.file.report(tildeOnFixed(path.span, tilde, path.text));
  }
  const inner = { ...context, scope: new Scope(found.file, scope.values) };
  return lowerShape(path.text, found.symbol.block, address, inner);
}
