/** What one run of a plan is expected to do, before anything has run. */
import { phaseFactsOf } from '../../dsl/service/request-counts.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';

export interface ExpectedRunSize {
  /** Simulated time. */
  readonly durationNs: number;
  readonly requests: number;
}

/** Mean over the sweep points, which may differ much. */
export function expectedRunSize({ points }: ScenarioPlan): ExpectedRunSize {
  const phases = points.flatMap(phaseFactsOf);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, points.length);
  return {
    durationNs: mean(phases.map(({ durationNs }) => durationNs)),
    requests: mean(phases.map(({ requests }) => requests)),
  };
}
