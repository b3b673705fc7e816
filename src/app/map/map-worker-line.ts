/**
 * Questions to one worker thread, started with the first question and started again after it died.
 */
import { Worker } from 'node:worker_threads';
import { LabError } from '../../contract/lab-api.js';
import { builtEntry } from '../shipped-files.js';
import type { MapAnswer, MapCall, MapQuestion, MapReply } from './map-messages.js';

const WORKER_ENTRY = 'map-worker.js';
/** Maps of large runs take room, but not the machine. */
const WORKER_HEAP_MIB = 4096;

interface OpenQuestion {
  readonly done: (answer: MapReply) => void;
  readonly fail: (error: Error) => void;
}

export class MapWorkerLine {
  private readonly waiting = new Map<number, OpenQuestion>();
  private worker: Worker | undefined;
  private questionCount = 0;

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
    await worker?.terminate();
  }

  private start(): Worker {
    const file = builtEntry(WORKER_ENTRY);
    if (file === undefined) throw new LabError('the map worker is not built: run npm run build');
    const worker = new Worker(file, {
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MIB },
    });
    worker.unref();
    worker.on('message', (message: MapAnswer) => this.receive(message));
    worker.on('error', (error: Error) => this.ended(worker, error.message));
    worker.on('exit', () => this.ended(worker, 'the map worker ended'));
    this.worker = worker;
    return worker;
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
    if (this.worker === worker) this.worker = undefined;
    for (const question of this.waiting.values()) question.fail(new LabError(reason));
    this.waiting.clear();
  }
}
