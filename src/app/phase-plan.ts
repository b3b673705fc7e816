/**
 * A plan cut down to one phase: what comes before it still runs, since the phase starts from the state
 * that it leaves, but counts for nothing; what comes after does not run. The hash differs from that of
 * the whole scenario, so that no result of it passes for one.
 */
import { createHash } from 'node:crypto';
import type { PointPlan, ScenarioPlan } from '../contract/scenario-plan.js';

export interface PhaseCut {
  readonly phase: string;
  readonly plan: ScenarioPlan;
}

/** The phase that a line of the scenario belongs to; undefined before the first phase. */
export function phasePlanAt(plan: ScenarioPlan, line: number): PhaseCut | undefined {
  const point = plan.points[0];
  if (point === undefined) return undefined;
  const index = point.phases.findLastIndex(({ site }) => {
    const found = point.sites[site];
    return found !== undefined && found.source === undefined && found.line <= line;
  });
  return cutAt(plan, index);
}

/** The plan of the phase of this name; undefined when there is none. */
export function phasePlanOf(plan: ScenarioPlan, phase: string): ScenarioPlan | undefined {
  const index = plan.points[0]?.phases.findLastIndex(({ name }) => name === phase) ?? -1;
  return cutAt(plan, index)?.plan;
}

function cutAt(plan: ScenarioPlan, index: number): PhaseCut | undefined {
  const phase = plan.points[0]?.phases[index]?.name;
  if (phase === undefined) return undefined;
  const scenarioHash = createHash('sha256')
    .update(`${plan.scenarioHash} phase ${phase}`)
    .digest('hex');
  return {
    phase,
    plan: {
      ...plan,
      title: `${plan.title} (only phase ${phase})`,
      scenarioHash,
      onlyPhase: phase,
      points: plan.points.map((entry) => cutPoint(entry, index, phase)),
    },
  };
}

function cutPoint(point: PointPlan, index: number, phase: string): PointPlan {
  const kept = point.phases.slice(0, index + 1);
  const names = new Set(kept.map(({ name }) => name));
  return {
    ...point,
    phases: kept.map((entry, i) => (i < index ? { ...entry, discard: true } : entry)),
    probes: point.probes.filter(
      ({ when }) => when.kind !== 'end' || when.phase === undefined || names.has(when.phase),
    ),
    expectations: point.expectations.filter((entry) => (entry.phase ?? phase) === phase),
  };
}
