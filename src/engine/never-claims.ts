/**
 * `expect never ...`: claims that are checked after every request and every sample of the phases that
 * they cover. A bare counter is its increase in the phase, a bare gauge its value now; `max` and `min`
 * run over the instants that were checked, quantiles are looked at when the phase ends. Claims that
 * read another design cannot be checked inside one run and are left out.
 */
import { unreachable } from '../base/assert.js';
import { compare, type Comparison } from '../contract/comparison.js';
import type { NeverResult } from '../contract/run-result.js';
import type {
  ExpectationPlan,
  ExpectExpr,
  MetricFunction,
  PhasePlan,
} from '../contract/scenario-plan.js';
import type { MetricRecorder, MetricRecording } from './metric-recorder.js';

const NS_PER_SECOND = 1e9;

/** A value in base units; undefined where there is none yet. */
type Reading = (timeNs: number) => number | undefined;

/** Values of expressions that are the same throughout a run. */
export type ConstantOf = (
  expr: Extract<ExpectExpr, { kind: 'recorded' | 'matched' }>,
) => number | undefined;

interface Extremes {
  min: number;
  max: number;
}

interface Compiled {
  readonly read: Reading;
  readonly extremes: readonly Extremes[];
  readonly readsQuantile: boolean;
}

interface NeverClaim {
  readonly expectation: number;
  readonly plan: ExpectationPlan;
  readonly cmp: Comparison;
  readonly left: Compiled;
  readonly right: Compiled;
  evaluated: boolean;
  firstNs: number;
}

/** Undefined for what a single run does not know. */
class ClaimCompiler {
  readonly extremes: Extremes[] = [];
  readsQuantile = false;

  constructor(
    private readonly recorder: MetricRecorder,
    private readonly constantOf: ConstantOf,
  ) {}

  compile(expr: ExpectExpr): Reading | undefined {
    switch (expr.kind) {
      case 'number':
        return () => expr.value;
      case 'metric':
        return this.metric(expr);
      case 'recorded':
      case 'matched': {
        const value = this.constantOf(expr);
        return value === undefined ? undefined : () => value;
      }
      case 'abs': {
        const operand = this.compile(expr.operand);
        return operand && ((timeNs) => mapped(operand(timeNs), Math.abs));
      }
      case 'binary':
        return this.binary(expr);
      default:
        return unreachable(expr);
    }
  }

  private metric(expr: Extract<ExpectExpr, { kind: 'metric' }>): Reading | undefined {
    const recording = this.recorder.find(expr.metric);
    if (recording === undefined || expr.design !== undefined) return undefined;
    const read = this.statistic(recording, expr.fn);
    if (recording.definition.info.unit !== 'percent') return read;
    return (timeNs) => mapped(read(timeNs), (value) => value / 100);
  }

  private statistic(recording: MetricRecording, fn: MetricFunction | undefined): Reading {
    const { track } = recording;
    const increase: Reading = () => mapped(recording.current(), (value) => value - track.first);
    switch (fn) {
      case undefined:
        return recording.definition.info.kind === 'counter' ? increase : () => recording.current();
      case 'last':
        return () => recording.current();
      case 'first':
        return () => (track.count === 0 ? undefined : track.first);
      case 'delta':
        return increase;
      case 'rate':
        return (timeNs) =>
          mapped(increase(timeNs), (value) => perSecond(value, track.elapsedNs(timeNs)));
      case 'mean':
        return (timeNs) => meanSoFar(recording, timeNs);
      case 'integral':
        return (timeNs) =>
          mapped(
            meanSoFar(recording, timeNs),
            (value) => (value * track.elapsedNs(timeNs)) / NS_PER_SECOND,
          );
      case 'min':
      case 'max':
        return this.extreme(recording, fn);
      case 'p50':
      case 'p90':
      case 'p99': {
        this.readsQuantile = true;
        const share = Number(fn.slice(1)) / 100;
        return () => (track.count === 0 ? undefined : track.quantile(share));
      }
    }
  }

  private extreme(recording: MetricRecording, which: 'min' | 'max'): Reading {
    const extremes: Extremes = { min: Infinity, max: -Infinity };
    this.extremes.push(extremes);
    return () => {
      const value = recording.current();
      if (value === undefined) return undefined;
      if (value < extremes.min) extremes.min = value;
      if (value > extremes.max) extremes.max = value;
      return extremes[which];
    };
  }

  private binary(expr: Extract<ExpectExpr, { kind: 'binary' }>): Reading | undefined {
    const left = this.compile(expr.left);
    const right = this.compile(expr.right);
    if (left === undefined || right === undefined) return undefined;
    return (timeNs) => {
      const a = left(timeNs);
      const b = right(timeNs);
      return a === undefined || b === undefined ? undefined : operate(expr.op, a, b);
    };
  }
}

const mapped = (
  value: number | undefined,
  change: (value: number) => number,
): number | undefined => (value === undefined ? undefined : change(value));

const perSecond = (value: number, elapsedNs: number): number =>
  elapsedNs > 0 ? (value / elapsedNs) * NS_PER_SECOND : 0;

function meanSoFar(recording: MetricRecording, timeNs: number): number | undefined {
  const { track, definition } = recording;
  if (definition.info.kind === 'ratio') return recording.current();
  if (track.count === 0) return undefined;
  const elapsedNs = track.elapsedNs(timeNs);
  return elapsedNs > 0 ? track.areaAt(timeNs) / elapsedNs : track.last;
}

function operate(op: '+' | '-' | '*' | '/', left: number, right: number): number | undefined {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
  }
}

export class NeverClaims {
  private readonly claims: readonly NeverClaim[];
  /** Those that cover the phase under way and have not been violated. */
  private active: readonly NeverClaim[] = [];

  constructor(
    expectations: readonly ExpectationPlan[],
    design: string,
    recorder: MetricRecorder,
    constantOf: ConstantOf,
  ) {
    this.claims = expectations.flatMap((plan, expectation) => {
      if (plan.claim.kind !== 'never') return [];
      if (plan.designs.length > 0 && !plan.designs.includes(design)) return [];
      const left = compiled(plan.claim.left, recorder, constantOf);
      const right = compiled(plan.claim.right, recorder, constantOf);
      if (left === undefined || right === undefined) return [];
      const { cmp } = plan.claim;
      return [{ expectation, plan, cmp, left, right, evaluated: false, firstNs: -1 }];
    });
  }

  startPhase(phase: PhasePlan): void {
    this.active = this.claims.filter(({ plan, firstNs }) => {
      const covered = plan.phase === undefined ? !phase.discard : plan.phase === phase.name;
      return covered && firstNs < 0;
    });
    for (const { left, right } of this.active) {
      for (const extremes of [...left.extremes, ...right.extremes]) {
        extremes.min = Infinity;
        extremes.max = -Infinity;
      }
    }
  }

  /** Checks an instant inside a phase; a phase's end looks at claims about ends and quantiles too. */
  check(timeNs: number, isPhaseEnd: boolean): void {
    if (this.active.length === 0) return;
    let violated = false;
    for (const claim of this.active) {
      const { plan, left, right, cmp } = claim;
      const onlyAtEnd = plan.atEnd || left.readsQuantile || right.readsQuantile;
      if (onlyAtEnd && !isPhaseEnd) continue;
      const a = left.read(timeNs);
      const b = right.read(timeNs);
      if (a === undefined || b === undefined) continue;
      claim.evaluated = true;
      if (!compare(a, cmp, b)) continue;
      claim.firstNs = timeNs;
      violated = true;
    }
    if (violated) this.active = this.active.filter((claim) => claim.firstNs < 0);
  }

  endPhase(): void {
    this.active = [];
  }

  /** Claims that were checked at least once. */
  results(): readonly NeverResult[] {
    return this.claims
      .filter((claim) => claim.evaluated)
      .map(({ expectation, firstNs }) => ({
        expectation,
        violated: firstNs >= 0,
        firstNs: Math.max(0, firstNs),
      }));
  }
}

function compiled(
  expr: ExpectExpr,
  recorder: MetricRecorder,
  constantOf: ConstantOf,
): Compiled | undefined {
  const compiler = new ClaimCompiler(recorder, constantOf);
  const read = compiler.compile(expr);
  if (read === undefined) return undefined;
  const { extremes, readsQuantile } = compiler;
  return { read, extremes, readsQuantile };
}
