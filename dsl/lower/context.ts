/**
 * What a statement sees while it is checked and lowered: names, the place in the chain of blocks,
 * live handles, and the point plan under construction. A context is never changed; blocks derive a
 * new one.
 */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import type { StatementPlan } from '../../src/contract/scenario-plan.js';
import type { Body, Statement } from '../ast.js';
import type { Scope } from '../values/scope.js';
import type { HandleScope } from './handles.js';
import type { PointBuilder } from './point-builder.js';

/** Where a block stands in time. */
export interface BlockTime {
  /** What a message calls the block: `phase 'boot'`. */
  readonly name: string;
  /** Place to point at when the block needs a duration. */
  readonly nameSpan: Span;
  /** Length in nanoseconds when it is fixed. */
  readonly durationNs?: number;
  readonly durationSpan?: Span;
}

export interface LowerContext {
  readonly scope: Scope;
  readonly point: PointBuilder;
  readonly handles: HandleScope;
  /** Chain of names around the statement, e.g. `steady/every.0`. */
  readonly address: string;
  /** Ordinals handed out so far among the siblings of this block, by kind. */
  readonly ordinals: Map<string, number>;
  /** The phase around it. */
  readonly phase: BlockTime;
  /** The innermost block that is known to be at least this long, for `at`. */
  readonly block: BlockTime;
  /** Workloads being inlined, outermost first: a second visit is a cycle. */
  readonly calls: readonly string[];
  readonly report: (diagnostic: Diagnostic) => void;
  /** Lowers one statement of any kind. */
  readonly lowerStatement: (
    statement: Statement,
    context: LowerContext,
  ) => readonly StatementPlan[];
}

/** Address of the next sibling of this kind: `steady/churn.0`. Asking counts it. */
export function nextAddress(context: LowerContext, kind: string): string {
  const ordinal = context.ordinals.get(kind) ?? 0;
  context.ordinals.set(kind, ordinal + 1);
  return `${context.address}/${kind}.${ordinal}`;
}

export interface BlockOptions {
  readonly address: string;
  /** `shared`: runs for certain and in order; `maybe`: may run never, later, or beside others. */
  readonly flow: 'shared' | 'maybe';
  readonly scope?: Scope;
  readonly block?: BlockTime;
  readonly calls?: readonly string[];
}

/** Context of a block inside `context`. */
export const insideBlock = (context: LowerContext, options: BlockOptions): LowerContext => ({
  ...context,
  address: options.address,
  ordinals: new Map(),
  handles: context.handles.child(options.flow),
  scope: options.scope ?? context.scope,
  block: options.block ?? context.block,
  calls: options.calls ?? context.calls,
});

/** Lowers the statements of a body in order. `inner` is the context of the block itself. */
export function lowerBody(body: Body, inner: LowerContext): readonly StatementPlan[] {
  const plans: StatementPlan[] = [];
  for (const statement of body.statements) {
    if (inner.point.full) break;
    for (const plan of inner.lowerStatement(statement, inner)) plans.push(plan);
  }
  inner.handles.close(inner.report);
  return plans;
}
