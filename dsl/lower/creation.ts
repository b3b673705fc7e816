/** Lowers creations: what is asked for, where it goes, how long it lives. */
import type { CreatePlan, CreateStatement, ValuePlan } from '../../src/contract/scenario-plan.js';
import type { CreateNode, CreateOption } from '../ast.js';
import { givenTwice, unknownName } from '../diagnostics/names.js';
import { neverReleased } from '../diagnostics/handles.js';
import { missingPart } from '../diagnostics/syntax.js';
import { noValueHere, wrongNumber } from '../diagnostics/values.js';
import type { LowerContext } from './context.js';
import { lowerShape, namedShape } from './module-shape.js';
import { fixed, lowerChoice, lowerValue, poolIndex, type Wanted } from './values.js';

export interface CreationPlace {
  readonly address: string;
  /** Slot of the handle, -1 for none. */
  readonly handle: number;
  /** Frees what it makes without further words: `let` and `churn` do. */
  readonly keeper: boolean;
  /** Pool to use where the creation names none, -1 for none. */
  readonly defaultPool: number;
}

type Options = ReadonlyMap<CreateOption['key'], CreateOption>;

const ALLOWED: Readonly<Record<CreateNode['what'], readonly CreateOption['key'][]>> = {
  module: ['into', 'lifetime', 'node'],
  bpf: ['size', 'into', 'lifetime', 'node'],
  trampoline: ['size', 'kind', 'into', 'lifetime', 'node'],
  kprobe: ['size', 'kind', 'into', 'lifetime', 'node'],
  alloc: ['size', 'into', 'lifetime', 'node'],
};

/** Words of a creation: `load bpf`, for labels and messages. */
export const CREATION_TEXT: Readonly<Record<CreateNode['what'], string>> = {
  module: 'load module',
  bpf: 'load bpf',
  trampoline: 'create trampoline',
  kprobe: 'register kprobe',
  alloc: 'alloc',
};

function optionsOf(node: CreateNode, context: LowerContext): Options {
  const options = new Map<CreateOption['key'], CreateOption>();
  for (const option of node.options) {
    const first = options.get(option.key);
    if (first !== undefined) {
      context.report(givenTwice(option.key, option.keySpan, first.keySpan));
    } else if (!ALLOWED[node.what].includes(option.key)) {
      context.report(
        noValueHere(option.keySpan, `'${option.key}' of '${CREATION_TEXT[node.what]}'`),
      );
    } else options.set(option.key, option);
  }
  return options;
}

/** The creation as a plan, its site included. */
export function lowerCreation(
  node: CreateNode,
  place: CreationPlace,
  context: LowerContext,
): CreateStatement {
  const { address } = place;
  const options = optionsOf(node, context);
  const what = createPlan(node, options, address, context);
  const into = options.get('into');
  const pool =
    into?.value.expr.kind === 'ref' ? poolIndex(into.value.expr.path, context) : place.defaultPool;
  const lifetime = optional(options, 'lifetime', { unit: 'time', min: 1 }, address, context);
  const nodeValue = optional(options, 'node', { unit: 'count' }, address, context);
  checkNode(options.get('node'), nodeValue, context);
  const kept = place.keeper || into !== undefined || lifetime !== undefined;
  if (!kept && !context.handles.freeAll) {
    context.report(neverReleased(node.keyword, node.what === 'alloc' ? 'memory' : node.what));
  }
  const named = node.name?.text ?? node.shape?.text;
  const label = `${CREATION_TEXT[node.what]}${named === undefined ? '' : ` ${named}`}`;
  const site = context.point.site({ file: context.scope.file, span: node.keyword }, address, label);
  return {
    kind: 'create',
    site,
    what,
    pool,
    handle: place.handle,
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(nodeValue === undefined ? {} : { node: nodeValue }),
  };
}

function optional(
  options: Options,
  key: 'lifetime' | 'node' | 'size',
  wanted: Pick<Wanted, 'unit' | 'min'>,
  address: string,
  context: LowerContext,
): ValuePlan | undefined {
  const option = options.get(key);
  if (option === undefined) return undefined;
  return lowerValue(option.value, { ...wanted, what: key, stream: `${address}.${key}` }, context);
}

function checkNode(
  option: CreateOption | undefined,
  value: ValuePlan | undefined,
  context: LowerContext,
): void {
  const { nodes } = context.point.sources.machine;
  if (option === undefined || value?.kind !== 'fixed' || value.value < nodes) return;
  const message = `node ${value.value} does not exist`;
  const has = nodes === 1 ? 'node 0' : `nodes 0..${nodes - 1}`;
  context.report(wrongNumber(option.value.span, message, `the machine has ${has}`));
}

function createPlan(
  node: CreateNode,
  options: Options,
  address: string,
  context: LowerContext,
): CreatePlan {
  const size = (): ValuePlan => {
    const value = optional(options, 'size', { unit: 'size', min: 1 }, address, context);
    if (value !== undefined) return value;
    const text = CREATION_TEXT[node.what];
    context.report(missingPart(node.span, `'${text}' needs a size`, "add 'size S'"));
    return fixed(1);
  };
  const name = node.name?.text ?? '';
  switch (node.what) {
    case 'module':
      return { kind: 'module', shape: moduleShape(node, address, context) };
    case 'bpf':
      return { kind: 'bpf', name, size: size() };
    case 'trampoline': {
      const kind = kindOf(options, ['ftrace', 'bpf'], context) ?? 'ftrace';
      return { kind: 'trampoline', name, size: size(), trampoline: kind };
    }
    case 'kprobe': {
      const optimized = kindOf(options, ['plain', 'optimized'], context) === 'optimized';
      const given = optional(options, 'size', { unit: 'size', min: 1 }, address, context);
      return { kind: 'kprobe', name, optimized, ...(given === undefined ? {} : { size: given }) };
    }
    case 'alloc':
      return { kind: 'alloc', memory: memoryOf(node, context), size: size() };
  }
}

function kindOf<T extends string>(
  options: Options,
  allowed: readonly T[],
  context: LowerContext,
): T | undefined {
  const option = options.get('kind');
  if (option === undefined) return undefined;
  return lowerChoice(option.value.expr, allowed, { what: 'kind' }, context.scope);
}

function moduleShape(node: CreateNode, address: string, context: LowerContext) {
  const name = node.shape?.text ?? '';
  const shape =
    node.block !== undefined
      ? lowerShape(name, node.block, address, context)
      : node.shape === undefined
        ? undefined
        : namedShape(node.shape, node.tilde, address, context);
  return shape ?? { name, sections: Array.from({ length: 7 }, () => fixed(0)), initTime: fixed(0) };
}

const MEMORIES = ['text', 'data', 'rodata'] as const;

function memoryOf(node: CreateNode, context: LowerContext): (typeof MEMORIES)[number] {
  const name = node.shape?.text ?? '';
  const found = MEMORIES.find((memory) => memory === name);
  if (found !== undefined) return found;
  const span = node.shape?.span ?? node.span;
  context.report(
    unknownName({ span, what: 'memory', name, candidates: MEMORIES, listAs: 'possible' }),
  );
  return 'text';
}
