/**
 * Questions to one worker thread, started with the first question and started again after it died. A
 * simulation that shows no sign of life is ended with its thread: a design plugin may not come back.
 */
import { Worker } from 'node:worker_threads';
import { LabError } from '../../contract/lab-api.js';
import { builtEntry } from '../shipped-files.js';
import type { MapAnswer, MapCall, MapQuestion, MapReply } from './map-messages.js';

const WORKER_ENTRY = 'map-worker.js';
/** Maps of large runs take room, but not the machine. */
const WORKER_HEAP_MIB = 4096;

/** Milliseconds without a sign of life after which the thread is ended. */
const SILENCE_MS = 60_000;
const SILENCE_CHECKS = 60;

/** What a worker thread of maps is started with. */
export interface MapWorkerData {
  /** One number that grows while a simulation goes on. */
  readonly signs: SharedArrayBuffer;
}

export interface MapWorkerLineOptions {
  /** Absolute path of the worker's entry point; the built one by default. */
  readonly workerFile?: string;
  /** SILENCE_MS by default. */
  readonly silenceMs?: number;
}

interface OpenQuestion {
  readonly done: (answer: MapReply) => void;
  readonly fail: (error: Error) => void;
}

export class MapWorkerLine {
  private readonly waiting = new Map<number, OpenQuestion>();
  private worker: Worker | undefined;
  private questionCount = 0;
  private watch: NodeJS.Timeout | undefined;

  constructor(private readonly options: MapWorkerLineOptions = {}) {}

  ask(question: MapCall): Promise<MapReply> {
    const worker = this.worker ?? this.start();
    this.questionCount += 1;
    const id = this.questionCount;
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      const message: MapQuestion = { id, question };
      worker.postMessage(message);
    });
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    clearInterval(this.watch);
    await worker?.terminate();
  }

  private start(): Worker {
    const file = this.options.workerFile ?? builtEntry(WORKER_ENTRY);
    if (file === undefined) throw new LabError('the map worker is not built: run npm run build');
    const signs = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const workerData: MapWorkerData = { signs };
    const worker = new Worker(file, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MIB },
    });
    worker.unref();
    worker.on('message', (message: MapAnswer) => this.receive(message));
    worker.on('error', (error: Error) => this.ended(worker, error.message));
    worker.on('exit', () => this.ended(worker, 'the map worker ended'));
    this.worker = worker;
    worker.once('online', () => this.watchOver(worker, new Int32Array(signs)));
    return worker;
  }

  private watchOver(worker: Worker, signs: Int32Array): void {
    const silenceMs = this.options.silenceMs ?? SILENCE_MS;
    let [last, silent] = [0, 0];
    if (this.worker !== worker) return;
    clearInterval(this.watch);
    this.watch = setInterval(() => {
      const now = Atomics.load(signs, 0);
      silent = this.waiting.size > 0 && now === last ? silent + 1 : 0;
      last = now;
      if (silent < SILENCE_CHECKS) return;
      this.ended(worker, `the simulation has not come on for ${String(silenceMs / 1000)} s`);
      void worker.terminate();
    }, silenceMs / SILENCE_CHECKS);
    this.watch.unref();
  }

  private receive(message: MapAnswer): void {
    const question = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (question === undefined) return;
    if ('answer' in message) question.done(message.answer);
    else {
      const { problem, forUser } = message;
      question.fail(forUser ? new LabError(problem) : new Error(problem));
    }
  }

  private ended(worker: Worker, reason: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    clearInterval(this.watch);
    for (const question of this.waiting.values()) question.fail(new LabError(reason));
    this.waiting.clear();
  }
}
