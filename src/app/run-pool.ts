/**
 * Worker threads that run jobs. The plan reaches a worker as shared bytes, once, however many jobs it
 * does; an abort ends the thread in the middle of its work. One pool serves several experiments.
 */
import { serialize } from 'node:v8';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import type { JobOutcome, RunExecutor, StartedJob } from './run-jobs.js';
import type { SimTask } from './sim-task.js';

/** Heap of one worker: a scenario from a mail may exhaust its worker, not the machine. */
const WORKER_HEAP_MIB = 4096;
const THREADS_MAX = 64;

export interface RunPoolOptions {
  /** Absolute path of the worker's entry point. */
  readonly workerFile: string;
  /** Threads; all processors by default. */
  readonly threads?: number;
}

export interface ExecutorOptions {
  /** Folder for event logs, one file a run; absent: none are written. */
  readonly eventsFolder?: string;
}

export class RunPool {
  private readonly pool: Piscina<SimTask, JobOutcome>;
  private readonly threads: number;
  private planCount = 0;

  constructor(options: RunPoolOptions) {
    this.threads = Math.min(THREADS_MAX, Math.max(1, options.threads ?? availableParallelism()));
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
      start: (job, signal) =>
        this.start(
          { planId, planBytes, job, ...(eventsFolder === undefined ? {} : { eventsFolder }) },
          signal,
        ),
    };
  }

  /** Ends all threads. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  private start(task: Omit<SimTask, 'progress'>, signal: AbortSignal): StartedJob {
    const progress = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    const counter = new Float64Array(progress);
    return {
      outcome: this.pool.run({ ...task, progress }, { signal }),
      requests: () => counter[0] ?? 0,
    };
  }
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
