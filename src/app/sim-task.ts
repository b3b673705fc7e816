/** What a simulation worker is asked to do; structured-clone safe. */
import type { RunJob } from './run-job.js';

export interface SimTask {
  /** The plan, serialized by node:v8, in shared memory. */
  readonly planBytes: SharedArrayBuffer;
  /** Equal for all tasks of a plan: the worker reads the bytes once. */
  readonly planId: number;
  readonly job: RunJob;
  /** Two doubles, written by the worker: requests simulated so far, and signs of life. */
  readonly progress: SharedArrayBuffer;
  /** Folder for the event log of the run; absent: none is written. */
  readonly eventsFolder?: string;
}
