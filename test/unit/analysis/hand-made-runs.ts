/** Runs and plans written by hand, one number at a time, for tests of what is read off them. */
import { SMALL_PLAN, SMALL_POINT } from '../../support/small-plan.js';
import type { PhaseResult, PhaseStatistics, RunResult } from '../../../src/contract/run-result.js';
import type { DesignPlan, PointPlan, ScenarioPlan } from '../../../src/contract/scenario-plan.js';

/** Statistics of a metric that moves in a line from `first` to `last` over `seconds`. */
export function lineFrom(first: number, last: number, seconds = 10): PhaseStatistics {
  const at = (share: number): number => first + (last - first) * share;
  return {
    first,
    last,
    min: Math.min(first, last),
    max: Math.max(first, last),
    mean: at(0.5),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    delta: last - first,
    integral: at(0.5) * seconds,
  };
}

export type Moves = Readonly<Record<string, readonly [number, number]>>;

export interface PhaseText {
  readonly name?: string;
  readonly discard?: boolean;
  readonly moves: Moves;
  readonly strip?: string;
  readonly startNs?: number;
  readonly endNs?: number;
}

export const phaseOf = (text: PhaseText): PhaseResult => ({
  name: text.name ?? 'steady',
  startNs: text.startNs ?? 0,
  endNs: text.endNs ?? 10e9,
  discard: text.discard ?? false,
  metrics: Object.fromEntries(
    Object.entries(text.moves).map(([name, [first, last]]) => [name, lineFrom(first, last)]),
  ),
  strip: text.strip ?? '',
});

export interface RunText {
  readonly design: string;
  readonly point?: number;
  readonly seed?: number;
  readonly status?: RunResult['status'];
  readonly phases: readonly PhaseText[];
  readonly causes?: RunResult['causes'];
  readonly never?: RunResult['never'];
}

export const runOf = (text: RunText): RunResult => ({
  point: text.point ?? 0,
  seed: text.seed ?? 1,
  design: text.design,
  status: text.status ?? 'ok',
  diagnostics: [],
  durationNs: 10e9,
  requestCount: 0,
  effectCount: 0,
  logHash: '0'.repeat(16),
  phases: text.phases.map(phaseOf),
  series: [],
  marks: [],
  causes: text.causes ?? [],
  never: text.never ?? [],
  snapshots: [],
});

/** One phase of one run. */
export const oneRun = (design: string, moves: Moves, more: Partial<RunText> = {}): RunResult =>
  runOf({ design, phases: [{ moves }], ...more });

/** Designs by built-in name; `name=built-in` names one. */
export const designsOf = (...names: readonly string[]): readonly DesignPlan[] =>
  names.map((text) => {
    const [name = '', design = name] = text.split('=');
    return { name, design, options: {} };
  });

export const pointOf = (more: Partial<PointPlan>): PointPlan => ({ ...SMALL_POINT, ...more });

export const planOf = (
  points: readonly PointPlan[],
  more: Partial<ScenarioPlan> = {},
): ScenarioPlan => ({
  ...SMALL_PLAN,
  points,
  ...more,
});
