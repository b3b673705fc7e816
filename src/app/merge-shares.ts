/** Joins shares that came as bytes, from another machine, to the finished runs of a plan. */
import { scenarioDifferences, differenceText } from '../analysis/scenario-differences.js';
import { LabError, type ShareFile } from '../contract/lab-api.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { assembleExperiment } from './assemble-experiment.js';
import { seedsText } from './digest/seeds-text.js';
import { jobKey, jobsOfPlan } from './run-job.js';
import { readShardBytes, ShardError } from './shard-file.js';

/**
 * The result with the runs of all shares, complete or not. Throws a LabError that says why a share does
 * not belong to the plan: another model, another hash, other runs, damage.
 */
export function mergeShares(
  plan: ScenarioPlan,
  before: readonly RunResult[],
  shares: readonly ShareFile[],
): ExperimentResult {
  const wanted = new Set(jobsOfPlan(plan).map(jobKey));
  const byKey = new Map(before.map((run) => [jobKey(run), run]));
  for (const { name, data } of shares) {
    for (const run of runsOf(plan, name, data)) {
      const known = byKey.get(jobKey(run));
      if (!wanted.has(jobKey(run))) throw new LabError(`${name} holds a run that is not asked for`);
      if (known !== undefined && known.logHash !== run.logHash) {
        const { design, seed } = run;
        throw new LabError(`${name}: ${design}, seed ${String(seed)} is not the run that is here`);
      }
      byKey.set(jobKey(run), run);
    }
  }
  return assembleExperiment({ plan, runs: [...byKey.values()] });
}

function runsOf(plan: ScenarioPlan, name: string, data: string): readonly RunResult[] {
  try {
    const share = readShardBytes(name, Buffer.from(data, 'base64'));
    if (share.plan.scenarioHash === plan.scenarioHash) return share.runs;
    const [theirs, own] = [factsOfPlan(share.plan), factsOfPlan(plan)];
    const more = scenarioDifferences(theirs, own).filter(({ what }) => what !== 'hash');
    const why = more.length === 0 ? '' : `: ${more.map(differenceText).join('; ')}`;
    throw new LabError(
      `${name} is of scenario ${theirs.scenarioHash.slice(0, 12)}, ` +
        `this one is ${own.scenarioHash.slice(0, 12)}${why}`,
    );
  } catch (error) {
    if (error instanceof ShardError) throw new LabError(error.message);
    if (error instanceof LabError) throw error;
    throw new LabError(`${name} holds no usable plan`);
  }
}

const factsOfPlan = ({ scenarioHash, seeds, settings }: ScenarioPlan) => ({
  scenarioHash,
  seedsText: seedsText(seeds),
  settings,
});
