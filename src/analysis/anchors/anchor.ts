/**
 * A published figure that some scenarios can be held against. Whether it applies follows from what
 * the scenario does (its plan), what it found follows from the runs; neither is ever asserted.
 */
import type { AnchorResult, ExperimentResult, RunResult } from '../../contract/run-result.js';
import type { DesignPlan, PointPlan, ScenarioPlan } from '../../contract/scenario-plan.js';
import { median } from '../statistics.js';

export interface AnchorInput {
  readonly plan: ScenarioPlan;
  readonly runs: ExperimentResult['runs'];
}

export interface Anchor {
  /** `T1`..`T12`. */
  readonly id: string;
  /** The published statement in a few words, with its source. */
  readonly claim: string;
  /** Undefined when the scenario does not allow the check. */
  readonly evaluate: (input: AnchorInput) => Omit<AnchorResult, 'id' | 'claim'> | undefined;
}

/** Runs of one design at one point that may be compared. */
export const runsOf = (input: AnchorInput, point: number, design: string): readonly RunResult[] =>
  input.runs.filter((run) => run.point === point && run.design === design && run.status === 'ok');

/** Phases after warm-up. */
export const countedPhases = (run: RunResult): RunResult['phases'] =>
  run.phases.filter((phase) => !phase.discard);

/** Increase of a metric from the start of the first counted phase to the end of the last. */
export function increaseOf(run: RunResult, metric: string): number | undefined {
  const phases = countedPhases(run);
  const first = phases[0]?.metrics[metric];
  const last = phases[phases.length - 1]?.metrics[metric];
  return first === undefined || last === undefined ? undefined : last.last - first.first;
}

/** Value of a metric at the end of the last phase that counts. */
export function finalOf(run: RunResult, metric: string): number | undefined {
  const phases = countedPhases(run);
  return phases[phases.length - 1]?.metrics[metric]?.last;
}

/** Median over the runs that have a value; undefined when none has. */
export function medianOf(
  runs: readonly RunResult[],
  valueOf: (run: RunResult) => number | undefined,
): number | undefined {
  const values = runs.flatMap((run) => valueOf(run) ?? []);
  return values.length === 0 ? undefined : median(values);
}

/** Designs of a point that are built on one of these. */
export const designsLike = (point: PointPlan, builtIns: readonly string[]): readonly DesignPlan[] =>
  point.designs.filter((design) => builtIns.includes(design.design));

/** The allocator that modules and BPF shared before packs. */
export const STATUS_QUO_DESIGNS: readonly string[] = ['module_alloc', 'linux_5_17'];
/** Designs that put many programs into one large read-only block. */
export const PACK_DESIGNS: readonly string[] = [
  'bpf_prog_pack',
  'execmem_rox',
  'linux_5_18',
  'linux_6_1',
  'linux_6_6',
  'linux_6_12',
];

/** True when `found` lies within `share` (0..1) of `wanted`. */
export const within = (found: number, wanted: number, share: number): boolean =>
  Math.abs(found - wanted) <= Math.abs(wanted) * share;

/** One decimal where needed. */
export const short = (value: number): string => String(Math.round(value * 10) / 10);
