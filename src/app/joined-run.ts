/** Two kept runs as one: the joined result, and where each of its designs can be simulated again. */
import { createHash } from 'node:crypto';
import { joinResults, type JoinedResult } from '../analysis/join-results.js';
import { LabError } from '../contract/lab-api.js';
import type { MapRequest } from '../contract/map-data.js';
import type { ExperimentResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { reproduceWords } from '../export/mail-tail.js';
import type { RunKey } from '../contract/lab-engine.js';

/** One side of a comparison. */
export interface JoinSide {
  readonly name: string;
  readonly result: ExperimentResult;
  /** Absent for results from files. */
  readonly plan: ScenarioPlan | null;
  /** Index into its sweep points; null for all of them. */
  readonly point: number | null;
}

export class JoinedRun {
  private readonly joined: JoinedResult;
  private readonly plans: readonly [ScenarioPlan | null, ScenarioPlan | null];

  constructor(sides: readonly [JoinSide, JoinSide]) {
    const [a, b] = sides;
    const key = [a, b].map(({ result, point }) => `${result.scenarioHash} ${String(point)}`);
    const hash = createHash('sha256')
      .update(`compare\n${key.join('\n')}`)
      .digest('hex');
    this.joined = joinResults([partOf(a), partOf(b)], hash);
    this.plans = [a.plan, b.plan];
  }

  get result(): ExperimentResult {
    return this.joined.result;
  }

  /** Plan and run behind a design of the joined result. */
  sourceOf(request: Omit<MapRequest, 'runId'>): {
    readonly plan: ScenarioPlan;
    readonly run: RunKey;
  } {
    const found = this.joined.designs.get(request.design);
    const point = found === undefined ? undefined : this.joined.points[request.point]?.[found.part];
    if (found === undefined || point === undefined) throw new LabError('there is no such run');
    const plan = this.plans[found.part];
    if (plan === null) throw new LabError('the result came from a file; run it for a map');
    return { plan, run: { point, seed: request.seed, design: found.design } };
  }
}

function partOf({ name, result, point }: JoinSide): Parameters<typeof joinResults>[0][0] {
  const command = reproduceWords(result);
  return { name, result, command, ...(point === null ? {} : { point }) };
}
