/**
 * Drives the jobs of an experiment through an executor: as many at a time as it takes, progress at a
 * fixed pace, stop on abort. A job whose worker is lost is tried once more; only that job is affected.
 */
import type { RunProgress } from '../contract/lab-engine.js';
import type { RunResult } from '../contract/run-result.js';
import { failedRun, type RunJob } from './run-job.js';

export type JobOutcome =
  | { readonly kind: 'finished'; readonly run: RunResult }
  /** The run threw: a defect that trying again would meet again. */
  | { readonly kind: 'threw'; readonly message: string };

/** A job at work. */
export interface StartedJob {
  /** Rejects when the worker is lost or the signal aborts it. */
  readonly outcome: Promise<JobOutcome>;
  /** Requests simulated so far. */
  requests(): number;
}

/** Runs single jobs of one plan. */
export interface RunExecutor {
  /** Jobs that it works on at a time. */
  readonly concurrency: number;
  start(job: RunJob, signal: AbortSignal): StartedJob;
}

export interface RunJobsOptions {
  readonly jobs: readonly RunJob[];
  readonly executor: RunExecutor;
  readonly signal: AbortSignal;
  readonly onRun: (run: RunResult) => void;
  readonly onProgress: (progress: RunProgress) => void;
  /** Runs that were there before; they count as done. */
  readonly doneBefore?: number;
}

/** A job that was lost twice. */
export interface LostJob {
  readonly job: RunJob;
  readonly message: string;
}

const PROGRESS_INTERVAL_MS = 100;
const ATTEMPTS = 2;

/** Resolves when every job is finished or lost, or soon after an abort. */
export async function runJobs(options: RunJobsOptions): Promise<readonly LostJob[]> {
  const { jobs, executor, onProgress } = options;
  const state: JobsState = {
    next: 0,
    done: options.doneBefore ?? 0,
    requests: 0,
    running: new Set(),
    lost: [],
  };
  const total = state.done + jobs.length;
  const report = (): void => {
    let requests = state.requests;
    for (const started of state.running) requests += started.requests();
    onProgress({ done: state.done, total, requests });
  };
  const timer = setInterval(report, PROGRESS_INTERVAL_MS);
  try {
    const lanes = Math.max(1, Math.min(executor.concurrency, jobs.length));
    await Promise.all(Array.from({ length: lanes }, () => runLane(options, state)));
  } finally {
    clearInterval(timer);
  }
  report();
  return state.lost;
}

interface JobsState {
  next: number;
  done: number;
  /** Of finished jobs. */
  requests: number;
  readonly running: Set<StartedJob>;
  readonly lost: LostJob[];
}

async function runLane(options: RunJobsOptions, state: JobsState): Promise<void> {
  for (;;) {
    const job = options.jobs[state.next];
    if (job === undefined || options.signal.aborted) return;
    state.next += 1;
    const run = await runJob(options, state, job);
    if (run === undefined) continue;
    state.done += 1;
    state.requests += run.requestCount;
    options.onRun(run);
  }
}

/** Undefined when the job was lost or the experiment aborted. */
async function runJob(
  options: RunJobsOptions,
  state: JobsState,
  job: RunJob,
): Promise<RunResult | undefined> {
  let message = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const started = options.executor.start(job, options.signal);
    state.running.add(started);
    try {
      const outcome = await started.outcome;
      if (outcome.kind === 'finished') return outcome.run;
      return failedRun(job, 'X0902', outcome.message);
    } catch (error) {
      if (options.signal.aborted) return undefined;
      message = error instanceof Error ? error.message : String(error);
    } finally {
      state.running.delete(started);
    }
  }
  state.lost.push({ job, message });
  return undefined;
}
