import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { RunPool } from '../../../src/app/run-pool.js';
import { runJobs } from '../../../src/app/run-jobs.js';
import { SMALL_PLAN } from '../../support/small-plan.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const workerFile = fileURLToPath(new URL('../../support/odd-worker.mjs', import.meta.url));
const pool = new RunPool({ workerFile, threads: 2 });
afterAll(() => pool.close());
const root = temporaryFolder();

const job = (seed: number) => ({ point: 0, seed, design: 'first' });
const drive = (seeds: readonly number[], signal = new AbortController().signal) => {
  const runs: unknown[] = [];
  return runJobs({
    jobs: seeds.map(job),
    executor: pool.executor(SMALL_PLAN, { eventsFolder: join(root, 'died') }),
    signal,
    onRun: (run) => runs.push(run),
    onProgress: () => undefined,
  }).then((lost) => ({ runs, lost }));
};

describe('the pool of workers', () => {
  it('hands each worker the plan and gives back what it answers', async () => {
    const { runs, lost } = await drive([1, 1]);
    expect(lost).toEqual([]);
    expect(runs).toEqual([
      { ...job(1), requestCount: 5, title: 'Small' },
      { ...job(1), requestCount: 5, title: 'Small' },
    ]);
  });

  it('loses only the job of a worker that dies, and repeats it once', async () => {
    const { runs, lost } = await drive([3, 2, 1]);
    expect(lost.map((entry) => entry.job.seed)).toEqual([2]);
    expect(runs.map((run) => (run as { seed: number }).seed).sort()).toEqual([1, 3]);
  });

  it('ends a plugin that does not come back, and says so', async () => {
    const impatient = new RunPool({ workerFile, threads: 1, pluginSilenceMs: 120 });
    const info = { name: 'plugin:mine.ts', origin: 'plugin', summary: '', idea: [], options: [] };
    const [point] = SMALL_PLAN.points;
    if (point === undefined) throw new Error('the plan has a point');
    const designs = [{ name: 'first', design: info.name, options: {} }];
    const plugins = [{ path: 'mine.ts', sha256: '', code: '', info }];
    const plan = { ...SMALL_PLAN, plugins, points: [{ ...point, designs }] };
    const { signal } = new AbortController();
    const { outcome } = impatient.executor(plan).start(job(5), signal);
    expect(await outcome).toEqual({
      kind: 'threw',
      message: 'first: the plugin has not come back for 0.12 s',
    });
    await impatient.close();
  });

  it('stops a run in the middle of its work and works on afterwards', async () => {
    const abort = new AbortController();
    const executor = pool.executor(SMALL_PLAN);
    const started = executor.start(job(4), abort.signal);
    while (started.requests() === 0) await new Promise((done) => setTimeout(done, 5));
    abort.abort();
    await expect(started.outcome).rejects.toThrow();
    const { runs } = await drive([1]);
    expect(runs).toHaveLength(1);
  });
});
