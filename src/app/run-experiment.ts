/** A whole experiment: all jobs through an executor, the result so far now and then, the result. */
import type { Diagnostic } from '../contract/diagnostic.js';
import type { ExperimentHooks } from '../contract/lab-engine.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { assembleExperiment } from './assemble-experiment.js';
import { jobKey, jobsOfPlan, type RunJob } from './run-job.js';
import { runJobs, type LostJob, type RunExecutor } from './run-jobs.js';

export interface ExperimentOptions extends ExperimentHooks {
  readonly executor: RunExecutor;
  /** Finished runs of the same hash; they are not done again. */
  readonly before?: readonly RunResult[];
  /** Jobs to do; all of the plan by default. */
  readonly jobs?: readonly RunJob[];
  /** Called for each run that finishes. */
  readonly onRun?: (run: RunResult) => void;
}

/**
 * Shortest time between two partial results, and its part for each run in them: to assemble, to send and to
 * draw one takes time in proportion to its runs, which the next runs and the window could use.
 */
const PARTIAL_INTERVAL_MS = 400;
const PARTIAL_MS_PER_RUN = 10;

function lostDiagnostic({ job, message }: LostJob): Diagnostic {
  const { design, seed, point } = job;
  return {
    code: 'X0902',
    severity: 'error',
    message: `the worker of ${design}, seed ${String(seed)}, point ${String(point + 1)} ended twice`,
    notes: [message],
  };
}

/** Resolves with what is finished; `complete` is false after an abort or lost runs. */
export async function runExperiment(
  plan: ScenarioPlan,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  const runs: RunResult[] = [...(options.before ?? [])];
  const done = new Set(runs.map(jobKey));
  const jobs = (options.jobs ?? jobsOfPlan(plan)).filter((job) => !done.has(jobKey(job)));
  let timer: NodeJS.Timeout | undefined;
  const { onPartial } = options;
  const offerPartial = (): void => {
    if (onPartial === undefined) return;
    const pauseMs = Math.max(PARTIAL_INTERVAL_MS, PARTIAL_MS_PER_RUN * runs.length);
    timer ??= setTimeout(() => {
      timer = undefined;
      onPartial(assembleExperiment({ plan, runs }));
    }, pauseMs);
  };
  const lost = await runJobs({
    jobs,
    executor: options.executor,
    signal: options.signal,
    onProgress: options.onProgress,
    doneBefore: runs.length,
    onRun: (run) => {
      runs.push(run);
      options.onRun?.(run);
      offerPartial();
    },
  });
  clearTimeout(timer);
  return assembleExperiment({ plan, runs, diagnostics: lost.map(lostDiagnostic) });
}
