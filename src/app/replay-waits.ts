/**
 * On which CPU the process of a recording runs: it stays where it is, and only when it sleeps may the
 * scheduler wake it elsewhere. Recorded physical addresses show one stream of pages for tens of module
 * loads, and a change every few tracing events. Source: select_task_rq_fair prefers the previous CPU.
 */
import type { RecordedOp } from '../recording/recording.js';

/** Share of waits after which the CPU is drawn anew. */
export const MIGRATION_CHANCE = 0.05;

/** Code is patched site by site in rounds that wait for every CPU, and grace periods follow: it may end up anywhere. */
const PATCHING_WAITS = 40;

const WAITS: ReadonlyMap<RecordedOp, number> = new Map([
  ['modload', 2],
  ['modunload', 2],
  ['kpadd', 2],
  ['kpdel', 2],
  ['fton', PATCHING_WAITS],
  ['ftoff', PATCHING_WAITS],
  ['kpenable', PATCHING_WAITS],
  ['kpdisable', PATCHING_WAITS],
  ['trampadd', 1],
  ['trampdel', 1],
  ['sleep', 1],
  ['write', 1],
]);

/** How often the process sleeps around an event; a BPF load or close does not. */
export const waitsOf = (op: RecordedOp): number => WAITS.get(op) ?? 0;
