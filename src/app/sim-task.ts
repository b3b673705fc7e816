/** What a simulation worker is asked to do; structured-clone safe. */
import type { RunJob } from './run-job.js';

export interface SimTask {
  /** The plan, serialized by node:v8, in shared memory. */
  readonly planBytes: SharedArrayBuffer;
  /** Equal for all tasks of a plan: the worker reads the bytes once. */
  readonly planId: number;
  readonly job: RunJob;
  /** One double: requests simulated so far, written by the worker. */
  readonly progress: SharedArrayBuffer;
  /** Folder for the event log of the run; absent: none is written. */
  readonly eventsFolder?: string;
}
