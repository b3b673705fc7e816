/** How many runs are simulated at a time. Known before the pool is loaded. */
import { availableParallelism } from 'node:os';

const WORKERS_MAX = 64;

/** One for each processor that this process may use, or as many as are wanted; 1 to 64. */
export const workerCount = (wanted: number = availableParallelism()): number =>
  Math.min(WORKERS_MAX, Math.max(1, wanted));
