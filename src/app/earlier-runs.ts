/**
 * Runs that an output folder already holds and that need not be done again: those kept by an interrupted
 * command, those of a share that was written whole, those of a result. All must carry the hash of the
 * plan; where event logs are asked for, a run without its log counts as missing.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { eventLogName } from './event-log-file.js';
import type { KeptRuns } from './kept-runs.js';
import { EVENTS_FOLDER, RESULT_FILE } from './output-folder.js';
import { readResultFile } from './result-file.js';
import { jobKey, jobsOfPlan, type Shard } from './run-job.js';
import { runsOfShard } from './shard-file.js';

export interface EarlierRunsQuery {
  readonly outFolder: string;
  readonly plan: ScenarioPlan;
  readonly kept: KeptRuns;
  /** True when every run has to have its event log. */
  readonly withEvents: boolean;
  /** Absent: the whole plan. */
  readonly shard?: Shard;
}

/** In the order of the plan's jobs; each job at most once. */
export function earlierRuns(query: EarlierRunsQuery): readonly RunResult[] {
  const { outFolder, plan, kept, withEvents, shard } = query;
  const found = new Map<string, RunResult>();
  const take = (runs: readonly RunResult[], eventsFolder: string): void => {
    for (const run of runs) {
      const hasLog = !withEvents || existsSync(join(eventsFolder, eventLogName(plan, run)));
      if (hasLog && !found.has(jobKey(run))) found.set(jobKey(run), run);
    }
  };
  take(kept.load(), kept.eventsFolder);
  const written =
    shard === undefined ? runsOfResult(outFolder, plan) : runsOfShard(outFolder, plan, shard);
  take(written, join(outFolder, EVENTS_FOLDER));
  return jobsOfPlan(plan).flatMap((job) => found.get(jobKey(job)) ?? []);
}

/** Runs of the folder's result when it is of this hash; empty otherwise. */
function runsOfResult(outFolder: string, plan: ScenarioPlan): readonly RunResult[] {
  const path = join(outFolder, RESULT_FILE);
  if (!existsSync(path)) return [];
  const { result } = readResultFile(path, { scenarioHash: plan.scenarioHash });
  return result?.scenarioHash === plan.scenarioHash ? result.runs : [];
}
