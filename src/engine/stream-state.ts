/** What statements and background work use of the request stream that they belong to. */
import type { RequestKind } from '../contract/request.js';
import type { PointPlan } from '../contract/scenario-plan.js';
import type { ActivityHeap, BlockScope, Thread } from './activity.js';
import type { ObjectRequests } from './object-requests.js';
import type { Bulk } from './selection.js';
import type { Step, StreamProgram } from './stream-program.js';
import type { StreamTrouble } from './stream-trouble.js';

/** `index` of note records. */
export const NoteIndex = { underflow: 0, heldBack: 1 } as const;

/** A record that waits for its turn: all of the same instant. */
export interface Waiting {
  readonly kind: RequestKind;
  readonly index: number;
  readonly site: number;
  readonly amount: number;
  readonly text: string;
}

export interface StreamState {
  readonly program: StreamProgram;
  readonly point: PointPlan;
  readonly requests: ObjectRequests;
  readonly heap: ActivityHeap;
  readonly nowNs: number;
  /** Index of the phase under way. */
  readonly phase: number;
  /** Execute statements that ran so far. */
  executeCount: number;
  /** Requests of one statement that come before anything else. */
  bulk: Bulk | undefined;
  /** The main thread of the phase is through. */
  foregroundDone: boolean;
  trouble: StreamTrouble | undefined;
  /** Queues a record of this instant, before `bulk`. */
  queue(waiting: Partial<Waiting> & { readonly kind: RequestKind }): void;
  /** Ends the background work of a block and of all blocks inside. */
  closeScope(scope: BlockScope): void;
}

/** Puts a thread at the first statement of `body`, to start at `atNs`. */
export function startThread(
  state: StreamState,
  thread: Thread,
  body: readonly Step[],
  atNs: number,
): void {
  thread.frames.push({
    body,
    index: 0,
    remaining: 0,
    handles: thread.handles,
    isBlock: true,
    startNs: atNs,
    scope: undefined,
    armedUntil: 0,
  });
  thread.timeNs = atNs;
  thread.rank = thread.takesTurns ? 0 : (body[0]?.position ?? 0);
  state.heap.push(thread);
}
