/**
 * Runs that an output folder already holds and that need not be done again: those kept by an interrupted
 * command, those of a share that was written whole, those of a result. All must carry the hash of the
 * plan; where event logs are asked for, a run without its log counts as missing, and so does one of a
 * text with other line numbers, which its log names.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { eventLogName } from './event-log-file.js';
import type { KeptRuns } from './kept-runs.js';
import { EVENTS_FOLDER, LINES_FILE, RESULT_FILE } from './output-folder.js';
import { readResultFile } from './result-file.js';
import { jobKey, jobsOfPlan, type Shard } from './run-job.js';
import { runsOfShard } from './shard-file.js';
import { linesOfText, relining, statementLines } from './statement-lines.js';

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
  take(kept.load(withEvents), kept.eventsFolder);
  const written =
    shard === undefined
      ? runsOfResult(outFolder, plan, withEvents)
      : runsOfShard(outFolder, plan, shard, withEvents);
  take(written, join(outFolder, EVENTS_FOLDER));
  return jobsOfPlan(plan).flatMap((job) => found.get(jobKey(job)) ?? []);
}

/** Runs of the folder's result when it is of this hash; empty otherwise. */
function runsOfResult(outFolder: string, plan: ScenarioPlan, exact: boolean): readonly RunResult[] {
  const path = join(outFolder, RESULT_FILE);
  if (!existsSync(path)) return [];
  const { result } = readResultFile(path, { scenarioHash: plan.scenarioHash });
  if (result?.scenarioHash !== plan.scenarioHash) return [];
  const table = join(outFolder, LINES_FILE);
  const from = existsSync(table) ? linesOfText(readFileSync(table, 'utf8')) : undefined;
  const reline = relining(from, statementLines(plan), exact);
  return result.runs.flatMap((run) => reline(run) ?? []);
}
