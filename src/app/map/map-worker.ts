/** A thread that records maps and answers questions about them. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../base/assert.js';
import { LabError } from '../../contract/lab-api.js';
import { simulationOf } from '../run-one.js';
import type { MapAnswer, MapQuestion } from './map-messages.js';
import { MapShelf } from './map-shelf.js';
import type { MapWorkerData } from './map-worker-line.js';
import { recordMap } from './record-map.js';
import { recordTlb } from './record-tlb.js';

const signs = new Int32Array((workerData as MapWorkerData).signs);
const onProgress = (): void => {
  Atomics.add(signs, 0, 1);
};

const shelf = new MapShelf({
  map: ({ plan, run }) => {
    const { input, parts } = simulationOf(plan, run);
    return recordMap(input, parts, { onProgress });
  },
  tlb: ({ plan, run }) => {
    const { input, parts } = simulationOf(plan, run);
    return recordTlb(input, parts, onProgress);
  },
});

function answer({ id, question }: MapQuestion): MapAnswer {
  try {
    return { id, answer: shelf.answer(question) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { id, problem, forUser: error instanceof LabError };
  }
}

assert(parentPort !== null, 'maps are recorded in a worker thread');
const port = parentPort;
port.on('message', (message: MapQuestion) => port.postMessage(answer(message)));
