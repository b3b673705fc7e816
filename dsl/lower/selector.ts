/** Lowers selectors: a handle, all of a pool, or some of it in an order. */
import type { SelectorPlan } from '../../src/contract/scenario-plan.js';
import type { CreateNode, Expr, ReleaseVerb, Selector } from '../ast.js';
import { outsideBlock, usedAfterRelease, verbOnPool, wrongVerb } from '../diagnostics/handles.js';
import { unknownName } from '../diagnostics/names.js';
import { missingPart, poolAsHandle } from '../diagnostics/syntax.js';
import { wrongNumber } from '../diagnostics/values.js';
import { evaluate, reportUnit } from '../values/evaluate.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { LowerContext } from './context.js';
import type { Handle } from './handles.js';
import { fixed, poolIndex } from './values.js';

export interface SelectorUse {
  readonly verb: ReleaseVerb | 'poke';
  readonly verbSpan: Span;
  readonly address: string;
}

/** Kinds that each verb releases; `free` and `poke` take everything. */
const TAKES: Readonly<Partial<Record<string, { text: string; kinds: readonly string[] }>>> = {
  unload: { text: 'a module', kinds: ['module'] },
  detach: { text: 'a bpf program or a trampoline', kinds: ['bpf', 'trampoline'] },
  unregister: { text: 'a kprobe', kinds: ['kprobe'] },
};

const KIND_TEXTS: Readonly<Record<CreateNode['what'], string>> = {
  module: 'a module',
  bpf: 'a bpf program',
  trampoline: 'a trampoline',
  kprobe: 'a kprobe',
  alloc: 'a raw allocation',
};

/** Undefined after a report. */
export function lowerSelector(
  selector: Selector,
  use: SelectorUse,
  context: LowerContext,
): SelectorPlan | undefined {
  const { what, order, pool } = selector;
  if (selector.all) {
    const index = pool === undefined ? -1 : poolIndex(pool, context);
    checkPoolVerb(selector, use, context);
    return { kind: 'all', pool: index };
  }
  if (what === undefined) return undefined;
  if (what.kind === 'ref' && order === undefined && pool === undefined) {
    return handleSelector(what, use, context);
  }
  if (pool === undefined) {
    const message = `'${use.verb}' needs the pool to take from`;
    context.report(missingPart(selector.span, message, "add 'of POOL'"));
    return undefined;
  }
  checkPoolVerb(selector, use, context);
  return {
    kind: 'some',
    pool: poolIndex(pool, context),
    order: order ?? 'oldest',
    amount: amountOf(what, context),
    stream: `${use.address}.pick`,
  };
}

function checkPoolVerb(selector: Selector, use: SelectorUse, context: LowerContext): void {
  const takes = TAKES[use.verb];
  if (takes !== undefined) context.report(verbOnPool(use.verb, takes.text, selector.span));
}

function amountOf(expr: Expr, context: LowerContext) {
  const scalar = evaluate(expr, context.scope);
  if (scalar.kind === 'number' && (scalar.unit === 'count' || scalar.unit === 'share')) {
    const whole = scalar.unit === 'share' || Number.isInteger(scalar.value);
    const tooMuch = scalar.unit === 'share' && scalar.value > 1;
    if (!whole || tooMuch || scalar.value < 0) {
      const help = 'write a whole count, or a share up to 100%';
      context.report(wrongNumber(expr.span, 'this amount cannot be taken', help));
    }
    return { kind: scalar.unit, value: fixed(scalar.value) } as const;
  }
  reportUnit({ expr, unit: 'count', what: 'free' }, scalar, context.scope);
  return { kind: 'count', value: fixed(1) } as const;
}

function handleSelector(
  expr: Extract<Expr, { kind: 'ref' }>,
  use: SelectorUse,
  context: LowerContext,
): SelectorPlan | undefined {
  const { handles, scope, report } = context;
  const name = expr.path.text;
  const handle = handles.find(name);
  if (handle === undefined) {
    reportNoHandle(expr, use, context);
    return undefined;
  }
  const released = handles.releasedAt(handle);
  if (released !== undefined) {
    const releasedLine = scope.file.lines.position(released.start).line;
    const { verb } = use;
    report(usedAfterRelease({ name, verb, span: expr.span, released, releasedLine }));
  } else checkVerb(handle, expr, use, context);
  if (use.verb !== 'poke' && released === undefined) handles.markReleased(handle, expr.span);
  return { kind: 'handle', handle: handle.slot };
}

function checkVerb(handle: Handle, expr: Expr, use: SelectorUse, context: LowerContext): void {
  const takes = TAKES[use.verb];
  if (takes === undefined || takes.kinds.includes(handle.what)) return;
  context.report(
    wrongVerb({
      verb: use.verb,
      takes: takes.text,
      name: handle.name,
      found: KIND_TEXTS[handle.what],
      span: expr.span,
      created: handle.span,
      better: 'free',
      verbSpan: use.verbSpan,
    }),
  );
}

function reportNoHandle(
  expr: Extract<Expr, { kind: 'ref' }>,
  use: SelectorUse,
  context: LowerContext,
): void {
  const { handles, scope, report } = context;
  const name = expr.path.text;
  const former = handles.formerName(name);
  if (former !== undefined) {
    report(outsideBlock(name, expr.span, former));
    return;
  }
  if (scope.find(expr.path, ['pool']) !== undefined) {
    report(poolAsHandle(expr.span, name, use.verb));
    return;
  }
  if (scope.isBroken(expr.path)) return;
  if (evaluate(expr, scope).kind === 'number') {
    const message = `'${use.verb}' needs the pool to take from`;
    report(missingPart(expr.span, message, "add 'of POOL'"));
    return;
  }
  const candidates = [...handles.allNames, ...scope.file.namesOf(['pool'])];
  report(unknownName({ span: expr.span, what: 'handle', name, candidates }));
}
