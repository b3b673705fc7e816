/** Verdicts of every expectation for each design on its own, as CI reports list them. */
import { evaluateExpectations } from '../analysis/expectations.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { RunResult, Verdict } from '../contract/run-result.js';
import type { PointPlan, ScenarioPlan } from '../contract/scenario-plan.js';

export interface DesignVerdict extends Verdict {
  readonly design: string;
}

export interface DesignVerdictInput {
  readonly plan: ScenarioPlan;
  readonly runs: readonly RunResult[];
  readonly metrics: readonly MetricInfo[];
}

/** The point with every claim restricted to one design. */
const pointFor = (point: PointPlan, design: string): PointPlan => ({
  ...point,
  expectations: point.expectations.map((claim) => ({ ...claim, designs: [design] })),
});

/** In the order of expectations, then of designs; only designs that a claim covers. */
export function designVerdicts(input: DesignVerdictInput): readonly DesignVerdict[] {
  const { plan } = input;
  const claims = plan.points[0]?.expectations ?? [];
  const byDesign = plan.designNames.map((design) => {
    const points = plan.points.map((point) => pointFor(point, design));
    return { design, verdicts: evaluateExpectations({ ...input, plan: { ...plan, points } }) };
  });
  return claims.flatMap((claim, index) =>
    byDesign.flatMap(({ design, verdicts }) => {
      const covers = claim.designs.length === 0 || claim.designs.includes(design);
      const verdict = verdicts[index];
      return covers && verdict !== undefined
        ? [{ ...orUndecided(input, design, verdict), design }]
        : [];
    }),
  );
}

/** A claim that holds in the runs that are there holds in nothing that is missing. */
function orUndecided(
  { plan, runs }: DesignVerdictInput,
  design: string,
  verdict: Verdict,
): Verdict {
  const planned = plan.points.length * plan.seeds.length;
  const missing = planned - runs.filter((run) => run.design === design).length;
  if (missing <= 0 || verdict.state !== 'pass') return verdict;
  return {
    ...verdict,
    state: 'unknown',
    detail: `${String(missing)} of ${String(planned)} runs are missing`,
  };
}
