/**
 * Worker threads that run jobs. The plan reaches a worker as shared bytes, once, however many jobs it
 * does; an abort ends the thread in the middle of its work. One pool serves several experiments.
 */
import { serialize } from 'node:v8';
import { Piscina } from 'piscina';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import type { JobOutcome, RunExecutor, StartedJob } from './run-jobs.js';
import type { RunJob } from './run-job.js';
import type { SimTask } from './sim-task.js';
import { workerCount } from './worker-count.js';

/** Heap of one worker: a scenario from a mail may exhaust its worker, not the machine. */
const WORKER_HEAP_MIB = 4096;
/** Milliseconds without a sign of life after which a plugin's run is ended. */
const PLUGIN_SILENCE_MS = 60_000;
const SILENCE_CHECKS = 60;

export interface RunPoolOptions {
  /** Absolute path of the worker's entry point. */
  readonly workerFile: string;
  /** Threads; all processors by default. */
  readonly threads?: number;
  /** Milliseconds without a sign of life after which a plugin's run is ended; 60 s by default. */
  readonly pluginSilenceMs?: number;
}

export interface ExecutorOptions {
  /** Folder for event logs, one file a run; absent: none are written. */
  readonly eventsFolder?: string;
}

interface CountedJob extends StartedJob {
  /** How often the run showed that it goes on. */
  readonly signs: () => number;
}

export class RunPool {
  private readonly pool: Piscina<SimTask, JobOutcome>;
  private readonly threads: number;
  private readonly silenceMs: number;
  private planCount = 0;

  constructor(options: RunPoolOptions) {
    this.threads = workerCount(options.threads);
    this.silenceMs = options.pluginSilenceMs ?? PLUGIN_SILENCE_MS;
    this.pool = new Piscina<SimTask, JobOutcome>({
      filename: options.workerFile,
      minThreads: 1,
      maxThreads: this.threads,
      idleTimeout: 10_000,
      maxQueue: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      // Waiting workers sleep in the event loop: a pool of an idle window takes no processor time.
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MIB },
    });
    // Failures reach the task that was running; the pool itself replaces the worker.
    this.pool.on('error', () => undefined);
  }

  executor(plan: ScenarioPlan, options: ExecutorOptions = {}): RunExecutor {
    this.planCount += 1;
    const planId = this.planCount;
    const planBytes = shared(serialize(plan));
    const { eventsFolder } = options;
    return {
      concurrency: this.threads,
      start: (job, signal) => {
        const events = eventsFolder === undefined ? {} : { eventsFolder };
        const task = { planId, planBytes, job, ...events };
        return isPluginJob(plan, job) ? this.startWatched(task, signal) : this.start(task, signal);
      },
    };
  }

  /** Ends all threads. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  private start(task: Omit<SimTask, 'progress'>, signal: AbortSignal): CountedJob {
    const progress = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
    const counter = new Float64Array(progress);
    return {
      outcome: this.pool.run({ ...task, progress }, { signal }),
      requests: () => counter[0] ?? 0,
      signs: () => counter[1] ?? 0,
    };
  }

  /** As `start`, and ends the job when it shows no sign of life for too long. */
  private startWatched(task: Omit<SimTask, 'progress'>, signal: AbortSignal): StartedJob {
    const silence = new AbortController();
    const started = this.start(task, AbortSignal.any([signal, silence.signal]));
    let [signs, silent] = [-1, 0];
    const timer = setInterval(() => {
      silent = started.signs() === signs ? silent + 1 : 0;
      signs = started.signs();
      if (silent >= SILENCE_CHECKS) silence.abort();
    }, this.silenceMs / SILENCE_CHECKS);
    const seconds = String(this.silenceMs / 1000);
    const outcome = started.outcome
      .catch((problem: unknown): JobOutcome => {
        if (!silence.signal.aborted || signal.aborted) throw problem;
        const message = `${task.job.design}: the plugin has not come back for ${seconds} s`;
        return { kind: 'threw', message };
      })
      .finally(() => {
        clearInterval(timer);
      });
    return { outcome, requests: () => started.requests() };
  }
}

/** The design of the job is code of the scenario's, which may not come back. */
function isPluginJob(plan: ScenarioPlan, job: RunJob): boolean {
  const design = plan.points[job.point]?.designs.find(({ name }) => name === job.design);
  return plan.plugins?.some(({ info }) => info.name === design?.design) === true;
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
