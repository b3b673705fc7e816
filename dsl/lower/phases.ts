/** Lowers phases: their time, their statements, and the checks that need both. */
import type { PhasePlan, StatementPlan } from '../../src/contract/scenario-plan.js';
import type { PhaseDecl, Statement } from '../ast.js';
import { longerThanPhase, nothingHappens } from '../diagnostics/limits.js';
import { STATEMENTS } from '../statements/index.js';
import { Scope } from '../values/scope.js';
import type { BlockTime, LowerContext } from './context.js';
import { lowerBody } from './context.js';
import { foregroundDuration } from './duration.js';
import { HandleScope } from './handles.js';
import type { PointBuilder } from './point-builder.js';
import { fixedNumber } from './values.js';

export interface PhaseInput {
  readonly scope: Scope;
  readonly point: PointBuilder;
  /** `free all` without a pool stands somewhere. */
  readonly freeAll: boolean;
  readonly quiet: boolean;
}

const byKind = new Map(
  STATEMENTS.entries.flatMap((module) => module.kinds.map((kind) => [kind, module] as const)),
);

/** Characters that one counted statement stands for: a longer one counts as several. */
const CHARACTERS_PER_STATEMENT = 1000;

/** What a statement weighs in the bound on work; those inside its body weigh for themselves. */
function weightOf(statement: Statement): number {
  if ('body' in statement || statement.kind === 'mix') return 1;
  const { start, end } = statement.span;
  return 1 + Math.floor((end - start) / CHARACTERS_PER_STATEMENT);
}

/** Lowers a statement by the module of its kind; nothing once there are too many. */
export function lowerStatement(
  statement: Statement,
  context: LowerContext,
): readonly StatementPlan[] {
  const place = { file: context.scope.file, span: statement.keyword };
  if (!context.point.visit(place, weightOf(statement))) return [];
  return byKind.get(statement.kind)?.lower(statement, context) ?? [];
}

/** Context of a block that stands for itself: a phase, or a workload checked alone. */
export function rootContext(input: PhaseInput, address: string, time: BlockTime): LowerContext {
  return {
    scope: input.scope,
    point: input.point,
    handles: HandleScope.root(input.freeAll),
    address,
    ordinals: new Map(),
    phase: time,
    block: time,
    calls: [],
    report: input.scope.file.report,
    lowerStatement,
  };
}

export function lowerPhase(node: PhaseDecl, input: PhaseInput): PhasePlan {
  const { scope, point } = input;
  const { file } = scope;
  const name = node.name.text;
  const wanted = { unit: 'time', what: 'for', min: 1 } as const;
  const durationNs =
    node.duration === undefined ? undefined : fixedNumber(node.duration, wanted, scope);
  const site = point.site({ file, span: node.keyword }, name, `phase ${name}`);
  const time: BlockTime = {
    name: `phase '${name}'`,
    nameSpan: node.name.span,
    ...(durationNs === undefined ? {} : { durationNs }),
    ...(node.duration === undefined ? {} : { durationSpan: node.duration.span }),
  };
  const body = lowerBody(node.body, rootContext(input, name, time));
  if (node.body.statements.length === 0 && !input.quiet) {
    file.report(nothingHappens(node.name.span, time.name));
  }
  const expectedNs = foregroundDuration(body, point.recordings);
  // A duration with a mistake in it is 1 ns here.
  const known = durationNs !== undefined && durationNs > 1;
  if (known && expectedNs > durationNs && node.duration !== undefined) {
    const { span } = node.duration;
    file.report(longerThanPhase({ span, phase: time.name, expectedNs, durationNs }));
  }
  const plan = { name, site, discard: node.discard, body };
  return durationNs === undefined ? plan : { ...plan, durationNs };
}
