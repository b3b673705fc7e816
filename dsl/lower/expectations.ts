/** Lowers `expect` and `warn if`, and checks that what they read is recorded. */
import type { Comparison } from '../../src/contract/comparison.js';
import type { MetricInfo } from '../../src/contract/metric-table.js';
import type {
  ExpectationPlan,
  ExpectExpr,
  MetricFunction,
  ProbePlan,
} from '../../src/contract/scenario-plan.js';
import type { ExpectDecl, Name } from '../ast.js';
import { suggestion } from '../diagnostics/make.js';
import {
  cannotFail,
  equalForCompare,
  notCompared,
  notRecorded,
  readsNothing,
} from '../diagnostics/expectations.js';
import { tooFewSeeds } from '../diagnostics/expectations.js';
import { unknownName } from '../diagnostics/names.js';
import { wrongNumber } from '../diagnostics/values.js';
import { numberOf } from '../values/evaluate.js';
import type { Scope } from '../values/scope.js';
import {
  checkSides,
  lowerClaim,
  METRICS_LISTED,
  type Claim,
  type ClaimInput,
  type MetricUse,
} from './claims.js';

/** Metrics that are watched at every event, probe or not. */
export const INVARIANTS: readonly string[] = [
  'text.overlap',
  'text.writable_and_executable',
  'stale_text_fetches',
];

/** Seeds below which a confidence level says nothing. */
const CONFIDENT_SEEDS_MIN = 6;

/** Functions that need values between the ends of a phase. */
const SERIES_FUNCTIONS: readonly MetricFunction[] = [
  'mean',
  'max',
  'min',
  'p50',
  'p90',
  'p99',
  'integral',
];

export interface ExpectationInput {
  readonly scope: Scope;
  readonly metrics: readonly MetricInfo[];
  readonly phases: readonly string[];
  readonly designs: readonly string[];
  readonly baseline: string;
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  readonly probes: readonly ProbePlan[];
  readonly seedCount: number;
  /** Mistakes made the tree incomplete: do not ask for probes that may be there. */
  readonly quiet: boolean;
}

/** Undefined after a report. */
export function lowerExpectation(
  node: ExpectDecl,
  input: ExpectationInput,
): ExpectationPlan | undefined {
  const { scope } = input;
  const uses: MetricUse[] = [];
  const claim = lowerClaimOf(node, { ...input, uses });
  const phase = node.phase === undefined ? undefined : phaseName(node.phase, input);
  const designs = node.designs.flatMap((path) => {
    if (input.designs.includes(path.text)) return [path.text];
    const better = suggestion(path.text, input.designs) ?? input.baseline;
    const { span, text: name } = path;
    scope.file.report(notCompared({ span, name, designs: input.designs, better }));
    return [];
  });
  const confidence = node.with === undefined ? undefined : confidenceOf(node, input);
  if (node.claim.kind !== 'never') {
    for (const use of uses) checkRecorded(use, phase, node.span.start, input);
  }
  if (claim === undefined) return undefined;
  return {
    text: scope.file.textOf(node.span),
    line: scope.file.lines.position(node.span.start).line,
    severity: node.kind,
    claim,
    ...(phase === undefined ? {} : { phase }),
    atEnd: node.atEnd,
    designs,
    ...(confidence === undefined ? {} : { confidence }),
  };
}

function lowerClaimOf(node: ExpectDecl, input: ClaimInput): ExpectationPlan['claim'] | undefined {
  const { claim } = node;
  const { scope, metrics } = input;
  if (claim.kind === 'no') {
    const { span, text: name } = claim.metric;
    const info = metrics.find((metric) => metric.name === name);
    if (info !== undefined) {
      input.uses.push({ info, fn: undefined, span });
      return { kind: 'no', metric: name };
    }
    const candidates = metrics.map((metric) => metric.name);
    if (!scope.isBroken(claim.metric)) {
      scope.file.report(
        unknownName({ span, what: 'metric', name, candidates, otherwise: METRICS_LISTED }),
      );
    }
    return undefined;
  }
  if (claim.cmp.text === '=') scope.file.report(equalForCompare(claim.cmp.span));
  const left = lowerClaim(claim.left, input);
  const right = lowerClaim(claim.right, input);
  if (left === undefined || right === undefined) return undefined;
  checkSides({ left, right }, claim, scope);
  const cmp: Comparison = claim.cmp.text === '=' ? '==' : claim.cmp.text;
  checkCanFail(node, left, right, input);
  return { kind: claim.kind, left: left.expr, cmp, right: right.expr };
}

/** Does the value depend on what a run or a recorded host did? */
function readsRun(expr: ExpectExpr): boolean {
  switch (expr.kind) {
    case 'number':
      return false;
    case 'abs':
      return readsRun(expr.operand);
    case 'binary':
      return readsRun(expr.left) || readsRun(expr.right);
    default:
      return true;
  }
}

/** `metric >= 0` and `0 <= metric` hold whatever happens. */
function checkCanFail(node: ExpectDecl, left: Claim, right: Claim, input: ClaimInput): void {
  const { claim } = node;
  if (claim.kind === 'no') return;
  if (!readsRun(left.expr) && !readsRun(right.expr)) {
    const span = { start: claim.left.span.start, end: claim.right.span.end };
    input.scope.file.report(readsNothing(span));
    return;
  }
  const zero = ({ expr }: Claim): boolean => expr.kind === 'number' && expr.value === 0;
  const always = claim.kind === 'never' ? ['<', '>'] : ['>=', '<='];
  const atLeast = claim.cmp.text === always[0] && zero(right) ? left : undefined;
  const found = atLeast ?? (claim.cmp.text === always[1] && zero(left) ? right : undefined);
  if (found?.expr.kind !== 'metric') return;
  const { expr } = found;
  const info = input.metrics.find((metric) => metric.name === expr.metric);
  const falls = info?.kind !== 'counter' && (expr.fn === 'delta' || expr.fn === 'rate');
  if (!falls && node.kind === 'expect') {
    const span = { start: claim.left.span.start, end: claim.right.span.end };
    input.scope.file.report(cannotFail(span, expr.metric));
  }
}

function phaseName(name: Name, input: ExpectationInput): string | undefined {
  const { scope, phases } = input;
  if (phases.includes(name.text)) return name.text;
  if (!scope.file.tree.brokenNames.has(name.text)) {
    const { span, text } = name;
    scope.file.report(unknownName({ span, what: 'phase', name: text, candidates: phases }));
  }
  return undefined;
}

function confidenceOf(node: ExpectDecl, input: ExpectationInput): number | undefined {
  const { scope, seedCount } = input;
  if (node.with === undefined) return undefined;
  const { name, value } = node.with;
  if (name.text !== 'confidence') {
    const candidates = ['confidence'];
    scope.file.report(unknownName({ span: name.span, what: 'word', name: name.text, candidates }));
    return undefined;
  }
  const level = numberOf(value, scope, 'share', 'confidence');
  if (level === undefined) return undefined;
  if (level <= 0 || level >= 1) {
    scope.file.report(
      wrongNumber(value.span, 'a confidence lies between 0% and 100%', 'write 95%'),
    );
  }
  if (seedCount < CONFIDENT_SEEDS_MIN) {
    scope.file.report(tooFewSeeds({ start: name.span.start, end: value.span.end }, seedCount));
  }
  return level;
}

/** Is a metric sampled where the expectation reads it? Counters and invariants always are. */
function checkRecorded(
  use: MetricUse,
  phase: string | undefined,
  declaration: number,
  input: ExpectationInput,
): void {
  const { info, fn, span } = use;
  if (input.quiet || INVARIANTS.includes(info.name)) return;
  const series = fn !== undefined && SERIES_FUNCTIONS.includes(fn);
  if (info.kind === 'counter' && !series) return;
  const found = input.probes.some((probe) => {
    if (!probe.metrics.includes(info.name)) return false;
    if (probe.when.kind === 'every') return true;
    if (series || probe.when.kind === 'mark') return false;
    return probe.when.phase === undefined || phase === undefined || probe.when.phase === phase;
  });
  if (found) return;
  const at = { span, metric: info.name, needsSeries: series, declaration };
  input.scope.file.report(notRecorded(at));
}
