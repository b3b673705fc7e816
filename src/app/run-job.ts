/** The runs of an experiment as jobs: every sweep point, seed and design once. */
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';

export interface RunJob {
  /** Index into the plan's points. */
  readonly point: number;
  readonly seed: number;
  /** Name in reports. */
  readonly design: string;
}

export const jobKey = (job: RunJob): string =>
  `${String(job.point)}/${String(job.seed)}/${job.design}`;

/** Runs of a plan: every sweep point, seed and design. */
export const runCountOf = (plan: ScenarioPlan): number =>
  plan.points.reduce((sum, point) => sum + point.designs.length * plan.seeds.length, 0);

/** All jobs, seed by seed over all points and designs, so that comparisons are there early. */
export function jobsOfPlan(plan: ScenarioPlan): readonly RunJob[] {
  return plan.seeds.flatMap((seed) =>
    plan.points.flatMap(({ designs }, point) =>
      designs.map((design) => ({ point, seed, design: design.name })),
    ),
  );
}

/** Share `index` of `count`, 1-based. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2-of-8`, part of file names. */
export const shardText = ({ index, count }: Shard): string =>
  `${String(index)}-of-${String(count)}`;

/** Every count-th job. */
export const shardOfJobs = (jobs: readonly RunJob[], shard: Shard): readonly RunJob[] =>
  jobs.filter((_job, i) => i % shard.count === shard.index - 1);

/** Runs in the order of the plan: by point, seed, design. One run a job; the first counts. */
export function orderRuns(plan: ScenarioPlan, runs: readonly RunResult[]): readonly RunResult[] {
  const byKey = new Map<string, RunResult>();
  for (const run of runs) if (!byKey.has(jobKey(run))) byKey.set(jobKey(run), run);
  return plan.points.flatMap(({ designs }, point) =>
    plan.seeds.flatMap((seed) =>
      designs.flatMap((design) => byKey.get(jobKey({ point, seed, design: design.name })) ?? []),
    ),
  );
}

/** A run of which nothing is known but why. */
export const failedRun = (job: RunJob, code: string, message: string): RunResult => ({
  ...job,
  status: 'misbehaved',
  diagnostics: [{ code, severity: 'error', message }],
  durationNs: 0,
  requestCount: 0,
  effectCount: 0,
  logHash: '0'.repeat(16),
  phases: [],
  series: [],
  marks: [],
  causes: [],
  never: [],
  snapshots: [],
});
