/**
 * A stand-in for the thread of maps that does what the step it is asked for says: 1 answers at once, 2
 * takes long and shows that it goes on, 3 never ends and shows no sign of life.
 */
import { parentPort, workerData } from 'node:worker_threads';

const signs = new Int32Array(workerData.signs);
const SLOW_MS = 2000;

parentPort.on('message', ({ id, question }) => {
  const { step } = question;
  while (step === 3);
  const end = Date.now() + (step === 2 ? SLOW_MS : 0);
  while (Date.now() < end) Atomics.add(signs, 0, 1);
  parentPort.postMessage({ id, answer: { step } });
});
