/**
 * What can happen next in a request stream, in order: threads of statements and background work.
 * Two things at one instant run by branch, then by position in the file, then by repetition; the
 * threads of `parallel N` take turns, one statement each.
 */
import type { ChurnStep, Step, StepOf } from './stream-program.js';

/** A block of statements in progress, as far as something depends on its end. */
export class BlockScope {
  closed = false;
  /** `at` blocks still to come or under way: the block ends after them. */
  pendingAts = 0;
  /** Thread that waits for them at the end of the block. */
  waiter: Thread | undefined;
  readonly executes: { readonly index: number; readonly site: number }[] = [];
  readonly children = new Set<BlockScope>();

  constructor(
    readonly parent: BlockScope | undefined,
    readonly startNs: number,
  ) {
    parent?.children.add(this);
  }
}

/** Order key and life of anything in the activity heap. */
export abstract class Activity {
  timeNs = 0;
  branch = 0;
  /** Position in the file, or turns taken at this instant. */
  rank = 0;
  repetition = 0;
  /** When it was put into the heap, for what is equal in all else. */
  order = 0;
  /** Keeps its phase from ending. */
  foreground = false;
  /** The block it belongs to: ends with it. */
  abstract readonly scope: BlockScope;
}

/** Names given by `let`: an immutable list, so that a block can be left by restoring its head. */
export interface HandleCell {
  readonly handle: number;
  readonly slot: number;
  readonly object: number;
  readonly outer: HandleCell | undefined;
}

/** Progress of a `replay` statement. */
export interface ReplayCursor {
  readonly startNs: number;
  readonly endNs: number;
  index: number;
  readonly endIndex: number;
  readonly objects: Map<string, { readonly slot: number; readonly object: number }>;
}

export interface Frame {
  readonly body: readonly Step[];
  index: number;
  /** Repetitions still to come after this one. */
  remaining: number;
  readonly handles: HandleCell | undefined;
  /** A block in braces; the chosen option of a `mix` is not. */
  readonly isBlock: boolean;
  startNs: number;
  scope: BlockScope | undefined;
  /** `at` statements before this index were started together with the statement before them. */
  armedUntil: number;
}

/** What a thread does when its statements are done. */
export type ThreadEnd =
  | { readonly kind: 'phase' }
  | { readonly kind: 'join'; readonly join: Join }
  | { readonly kind: 'at' }
  | { readonly kind: 'body' };

/** A `parallel` statement waiting for its threads. */
export interface Join {
  running: number;
  readonly waiter: Thread;
}

export class Thread extends Activity {
  readonly kind = 'thread';
  readonly frames: Frame[] = [];
  handles: HandleCell | undefined;
  replay: ReplayCursor | undefined;
  /** Branch of what this thread starts beside itself. */
  spawnBranch = 0;
  /** Takes turns with its siblings instead of going by position. */
  takesTurns = false;
  /** Number of the process that the thread is; -1 outside `parallel N`. */
  process = -1;

  constructor(
    readonly scope: BlockScope,
    readonly end: ThreadEnd,
  ) {
    super();
  }
}

export class EveryActivity extends Activity {
  readonly kind = 'every';
  count = 0;
  handles: HandleCell | undefined;

  constructor(
    readonly scope: BlockScope,
    readonly step: StepOf<'every'>,
    readonly startNs: number,
  ) {
    super();
  }
}

export class ArriveActivity extends Activity {
  readonly kind = 'arrive';
  count = 0;
  /** Exact time of the next arrival. */
  clockNs = 0;
  /** Events of this arrival still to come. */
  pending = 0;
  handles: HandleCell | undefined;

  constructor(
    readonly scope: BlockScope,
    readonly step: StepOf<'arrive'>,
  ) {
    super();
  }
}

export class ChurnActivity extends Activity {
  readonly kind = 'churn';
  clockNs = 0;
  pending = 0;

  constructor(
    readonly scope: BlockScope,
    readonly step: ChurnStep,
  ) {
    super();
  }
}

export type AnyActivity = Thread | EveryActivity | ArriveActivity | ChurnActivity;

const isBefore = (left: AnyActivity, right: AnyActivity): boolean => {
  if (left.timeNs !== right.timeNs) return left.timeNs < right.timeNs;
  if (left.branch !== right.branch) return left.branch < right.branch;
  if (left.rank !== right.rank) return left.rank < right.rank;
  if (left.repetition !== right.repetition) return left.repetition < right.repetition;
  return left.order < right.order;
};

/** Binary heap of activities. Keys change only while an activity is out, or through `updateTop`. */
export class ActivityHeap {
  private readonly items: AnyActivity[] = [];
  private nextOrder = 0;

  get top(): AnyActivity | undefined {
    return this.items[0];
  }

  push(activity: AnyActivity): void {
    const { items } = this;
    activity.order = this.nextOrder;
    this.nextOrder += 1;
    let at = items.length;
    items.push(activity);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !isBefore(activity, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = activity;
  }

  pop(): void {
    const last = this.items.pop();
    if (last !== undefined && this.items.length > 0) this.sink(last);
  }

  /** The key of the top has changed. */
  updateTop(): void {
    const top = this.items[0];
    if (top !== undefined) this.sink(top);
  }

  clear(): void {
    this.items.length = 0;
  }

  private sink(activity: AnyActivity): void {
    const { items } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let best = items[child];
      const right = items[child + 1];
      if (best === undefined) break;
      if (right !== undefined && isBefore(right, best)) {
        child += 1;
        best = right;
      }
      if (!isBefore(best, activity)) break;
      items[at] = best;
      at = child;
    }
    items[at] = activity;
  }
}
