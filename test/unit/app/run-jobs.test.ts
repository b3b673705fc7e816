import { describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../src/contract/lab-engine.js';
import type { RunResult } from '../../../src/contract/run-result.js';
import {
  jobKey,
  jobsOfPlan,
  orderRuns,
  shardOfJobs,
  type RunJob,
} from '../../../src/app/run-job.js';
import { runJobs, type JobOutcome, type RunExecutor } from '../../../src/app/run-jobs.js';
import { SMALL_PLAN } from '../../support/small-plan.js';
import { syntheticRun } from '../../support/synthetic-experiment.js';

const JOBS = jobsOfPlan(SMALL_PLAN);
const runOf = (job: RunJob): RunResult => syntheticRun(job.design, job.seed, 4);

/** Does each job after a turn; `behave` may replace the outcome by attempt. */
function executorOf(
  behave: (job: RunJob, attempt: number) => JobOutcome | Error = (job) => ({
    kind: 'finished',
    run: runOf(job),
  }),
  concurrency = 2,
) {
  const attempts = new Map<string, number>();
  let active = 0;
  let activeMax = 0;
  const executor: RunExecutor = {
    concurrency,
    start: (job, signal) => {
      const attempt = (attempts.get(jobKey(job)) ?? 0) + 1;
      attempts.set(jobKey(job), attempt);
      active += 1;
      activeMax = Math.max(activeMax, active);
      const outcome = new Promise<JobOutcome>((done, fail) => {
        setTimeout(() => {
          active -= 1;
          const behaviour = behave(job, attempt);
          if (signal.aborted) fail(new Error('aborted'));
          else if (behaviour instanceof Error) fail(behaviour);
          else done(behaviour);
        }, 1);
      });
      return { outcome, requests: () => 7 };
    },
  };
  return { executor, attempts, activeMax: () => activeMax };
}

async function drive(executor: RunExecutor, signal = new AbortController().signal) {
  const runs: RunResult[] = [];
  const progress: RunProgress[] = [];
  const lost = await runJobs({
    jobs: JOBS,
    executor,
    signal,
    onRun: (run) => runs.push(run),
    onProgress: (state) => progress.push(state),
  });
  return { runs, progress, lost };
}

describe('jobs', () => {
  it('go seed by seed over all designs', () => {
    expect(JOBS.map((job) => `${String(job.seed)} ${job.design}`)).toEqual([
      '1 first',
      '1 second',
      '2 first',
      '2 second',
    ]);
  });

  it('are split into shares that together are the whole', () => {
    const shares = [1, 2, 3].map((index) => shardOfJobs(JOBS, { index, count: 3 }));
    expect(shares.map((share) => share.length)).toEqual([2, 1, 1]);
    expect(shares.flat().map(jobKey).sort()).toEqual(JOBS.map(jobKey).sort());
  });

  it('give runs in the order of the plan whatever order they finish in', () => {
    const runs = [...JOBS].reverse().map(runOf);
    expect(orderRuns(SMALL_PLAN, runs).map(jobKey)).toEqual([
      '0/1/first',
      '0/1/second',
      '0/2/first',
      '0/2/second',
    ]);
  });
});

describe('running jobs', () => {
  it('does all of them, no more at a time than the executor takes', async () => {
    const { executor, activeMax } = executorOf();
    const { runs, progress, lost } = await drive(executor);
    expect(runs).toHaveLength(4);
    expect(lost).toEqual([]);
    expect(activeMax()).toBe(2);
    expect(progress.at(-1)).toEqual({ done: 4, total: 4, requests: 4 * 24_000 });
  });

  it('repeats a job whose worker was lost, once, and nothing else', async () => {
    const { executor, attempts } = executorOf((job, attempt) =>
      job.seed === 2 && job.design === 'first' && attempt === 1
        ? new Error('worker ended')
        : { kind: 'finished', run: runOf(job) },
    );
    const { runs, lost } = await drive(executor);
    expect(runs).toHaveLength(4);
    expect(lost).toEqual([]);
    expect([...attempts.entries()]).toEqual([
      ['0/1/first', 1],
      ['0/1/second', 1],
      ['0/2/first', 2],
      ['0/2/second', 1],
    ]);
  });

  it('names a job that was lost twice and finishes the others', async () => {
    const { executor } = executorOf((job) =>
      job.seed === 1 && job.design === 'second'
        ? new Error('out of memory')
        : { kind: 'finished', run: runOf(job) },
    );
    const { runs, lost } = await drive(executor);
    expect(runs).toHaveLength(3);
    expect(lost).toEqual([
      { job: { point: 0, seed: 1, design: 'second' }, message: 'out of memory' },
    ]);
  });

  it('takes an exception of a run as a misbehaving design, without a second try', async () => {
    const { executor, attempts } = executorOf((job) =>
      job.design === 'second'
        ? { kind: 'threw', message: 'slot 3 is free twice' }
        : { kind: 'finished', run: runOf(job) },
    );
    const { runs } = await drive(executor);
    const bad = runs.filter((run) => run.status === 'misbehaved');
    expect(bad.map((run) => run.diagnostics[0]?.message)).toEqual([
      'slot 3 is free twice',
      'slot 3 is free twice',
    ]);
    expect(Math.max(...attempts.values())).toBe(1);
  });

  it('starts nothing after an abort and loses nothing to it', async () => {
    const abort = new AbortController();
    const { executor, attempts } = executorOf((job) => {
      abort.abort();
      return { kind: 'finished', run: runOf(job) };
    }, 1);
    const { runs, lost } = await drive(executor, abort.signal);
    expect(runs).toEqual([]);
    expect(lost).toEqual([]);
    expect(attempts.size).toBe(1);
  });
});
