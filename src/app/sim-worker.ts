/**
 * A simulation worker: one job a call, in a thread of its own. A run that throws is an answer; a
 * thread that dies is the pool's business.
 */
import { deserialize } from 'node:v8';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { EventLogFile, eventLogName } from './event-log-file.js';
import type { RunJob } from './run-job.js';
import type { JobOutcome } from './run-jobs.js';
import { runOne } from './run-one.js';
import type { SimTask } from './sim-task.js';

/** The plan that this worker read last: jobs of one experiment follow each other. */
let current: { readonly planId: number; readonly plan: ScenarioPlan } | undefined;

function planOf(task: SimTask): ScenarioPlan {
  if (current?.planId !== task.planId) {
    const plan = deserialize(new Uint8Array(task.planBytes)) as ScenarioPlan;
    current = { planId: task.planId, plan };
  }
  return current.plan;
}

export default function runTask(task: SimTask): JobOutcome {
  const { job, eventsFolder } = task;
  const counter = new Float64Array(task.progress);
  const plan = planOf(task);
  const progress = (requests: number): boolean => {
    counter[0] = requests;
    counter[1] = (counter[1] ?? 0) + 1;
    return true;
  };
  try {
    if (eventsFolder === undefined) {
      return { kind: 'finished', run: runOne(plan, job, { progress }) };
    }
    return { kind: 'finished', run: runWithLog(plan, job, eventsFolder, progress) };
  } catch (error) {
    return { kind: 'threw', message: error instanceof Error ? error.message : String(error) };
  }
}

function runWithLog(
  plan: ScenarioPlan,
  job: RunJob,
  eventsFolder: string,
  progress: (requests: number) => boolean,
): RunResult {
  const log = new EventLogFile(eventsFolder, eventLogName(plan, job));
  try {
    const run = runOne(plan, job, { progress, onEvent: log.add });
    log.finish();
    return run;
  } catch (error) {
    log.abandon();
    throw error;
  }
}
