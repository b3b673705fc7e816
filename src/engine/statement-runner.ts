/**
 * Runs the statements of threads, one at a time. A block ends when its last statement and the `at`
 * blocks inside are through; its background work ends with it. A block that starts nothing but
 * background work (an `at` or a branch that takes no time) leaves it to the block around it.
 *
 * `at` counts from the start of its block. It is reached like any statement, except that those which
 * stand right behind a `parallel` or a `replay` are started together with it.
 */
import { assert } from '../base/assert.js';
import { RequestKind, type RequestRecord } from '../contract/request.js';
import {
  ArriveActivity,
  BlockScope,
  ChurnActivity,
  EveryActivity,
  Thread,
  type AnyActivity,
  type Frame,
  type Join,
} from './activity.js';
import type { BackgroundWork } from './background-work.js';
import { durationNsOf } from './draw-streams.js';
import { runReplay, startLayout, type StandingObjects } from './recorded-work.js';
import { pokeBulk, releaseBulk } from './selection.js';
import type { Selection, Step, StepOf } from './stream-program.js';
import { NoteIndex, startThread, type StreamState } from './stream-state.js';

export class StatementRunner {
  /** Objects of layouts by kind and name, for replays that release them. */
  private readonly standing: StandingObjects = new Map();
  private processes = 0;

  constructor(
    private readonly state: StreamState,
    private readonly background: BackgroundWork,
  ) {}

  /** One statement of the thread on top of the heap; true when it filled `record`. */
  run(thread: Thread, record: RequestRecord): boolean {
    this.state.heap.pop();
    const frame = thread.frames[thread.frames.length - 1];
    assert(frame !== undefined, 'a thread in the heap has a block');
    const step = frame.body[frame.index];
    if (step === undefined) {
      this.endBlock(thread, frame);
      return false;
    }
    return this.runStep(thread, frame, step, record);
  }

  private runStep(thread: Thread, frame: Frame, step: Step, record: RequestRecord): boolean {
    const { state } = this;
    switch (step.kind) {
      case 'create': {
        const slot = state.requests.create(record, state.nowNs, step);
        record.process = thread.process;
        if (step.handle >= 0) {
          const { object } = record;
          thread.handles = { handle: step.handle, slot, object, outer: thread.handles };
        }
        return this.done(thread, frame, true);
      }
      case 'release':
      case 'poke': {
        const filled = this.select(thread, step, record);
        return this.done(thread, frame, filled);
      }
      case 'wait':
        return this.wait(thread, frame, durationNsOf(step.duration));
      case 'mark':
        fillMark(record, step, state.nowNs);
        return this.done(thread, frame, true);
      case 'start':
        state.bulk = startLayout(state, step, this.standing);
        return this.done(thread, frame, false);
      case 'replay':
        return this.replay(thread, frame, step, record);
      case 'repeat':
        frame.index += 1;
        if (step.count > 0) this.enter(thread, step.body, { count: step.count, isBlock: true });
        return this.goOn(thread);
      case 'mix':
        frame.index += 1;
        this.enter(thread, chosen(step), { count: 1, isBlock: false });
        return this.goOn(thread);
      case 'parallel':
        return this.parallel(thread, frame, step);
      case 'at':
        if (frame.index >= frame.armedUntil) this.arm(thread, step);
        return this.done(thread, frame, false);
      case 'every':
      case 'arrive':
      case 'churn':
        this.startBackground(thread, step);
        return this.done(thread, frame, false);
      case 'execute':
        this.execute(thread, step.site);
        return this.done(thread, frame, false);
    }
  }

  /** The statement is through; the thread goes on with the next one. */
  private done(thread: Thread, frame: Frame, filled: boolean): boolean {
    frame.index += 1;
    if (thread.takesTurns) thread.rank += 1;
    this.goOn(thread);
    return filled;
  }

  /** Puts the thread back into the heap at its next statement. */
  private goOn(thread: Thread): false {
    if (!thread.takesTurns) {
      const frame = thread.frames[thread.frames.length - 1];
      thread.rank = frame?.body[frame.index]?.position ?? thread.rank;
    }
    this.state.heap.push(thread);
    return false;
  }

  private wait(thread: Thread, frame: Frame, durationNs: number): false {
    frame.index += 1;
    thread.timeNs = Math.min(this.state.nowNs + durationNs, Number.MAX_SAFE_INTEGER);
    if (thread.takesTurns) thread.rank = durationNs > 0 ? 0 : thread.rank + 1;
    return this.goOn(thread);
  }

  private enter(
    thread: Thread,
    body: readonly Step[],
    how: { readonly count: number; readonly isBlock: boolean },
  ): void {
    thread.frames.push({
      body,
      index: 0,
      remaining: how.count - 1,
      handles: thread.handles,
      isBlock: how.isBlock,
      startNs: this.state.nowNs,
      scope: undefined,
      armedUntil: 0,
    });
  }

  /** The last statement of a block is through. */
  private endBlock(thread: Thread, frame: Frame): void {
    const { scope } = frame;
    if (scope !== undefined && scope.pendingAts > 0) {
      scope.waiter = thread;
      return;
    }
    if (scope !== undefined && !this.outlives(thread, frame)) this.state.closeScope(scope);
    thread.handles = frame.handles;
    if (frame.remaining > 0) {
      frame.remaining -= 1;
      frame.index = 0;
      frame.startNs = this.state.nowNs;
      frame.scope = undefined;
      frame.armedUntil = 0;
      this.goOn(thread);
      return;
    }
    thread.frames.pop();
    if (thread.frames.length > 0) this.goOn(thread);
    else this.endThread(thread);
  }

  /** The block's background work goes on in the block around it. */
  private outlives(thread: Thread, frame: Frame): boolean {
    if (thread.frames.length > 1) return false;
    if (thread.end.kind === 'phase') return true;
    const beside = thread.end.kind === 'at' || thread.end.kind === 'join';
    return beside && frame.startNs === this.state.nowNs;
  }

  private endThread(thread: Thread): void {
    const { end, scope } = thread;
    switch (end.kind) {
      case 'phase':
        this.state.foregroundDone = true;
        return;
      case 'join':
        end.join.running -= 1;
        if (end.join.running === 0) this.wake(end.join.waiter);
        return;
      case 'at': {
        scope.pendingAts -= 1;
        const { waiter } = scope;
        if (scope.pendingAts > 0 || waiter === undefined) return;
        scope.waiter = undefined;
        this.wake(waiter);
        return;
      }
      case 'body':
        return;
    }
  }

  private wake(thread: Thread): void {
    if (thread.timeNs < this.state.nowNs && thread.takesTurns) thread.rank = 0;
    thread.timeNs = this.state.nowNs;
    this.goOn(thread);
  }

  private select(thread: Thread, step: StepOf<'release' | 'poke'>, record: RequestRecord): boolean {
    const { state } = this;
    const { requests, nowNs } = state;
    const { plan } = step.selection;
    if (plan.kind === 'handle') {
      let cell = thread.handles;
      while (cell !== undefined && cell.handle !== plan.handle) cell = cell.outer;
      if (cell === undefined || !requests.isLive(cell.slot, cell.object)) return false;
      if (step.kind === 'release') requests.release(record, nowNs, cell.slot, step.site);
      else requests.poke(record, nowNs, cell.slot, step.site);
      return true;
    }
    this.selectMany(step.kind, step.selection, step.site);
    return false;
  }

  private selectMany(kind: 'release' | 'poke', selection: Selection, site: number): void {
    const { state } = this;
    const asking = { requests: state.requests, timeNs: state.nowNs, site };
    const { bulk, missing } =
      kind === 'release' ? releaseBulk(selection, asking) : pokeBulk(selection, asking);
    if (missing > 0) {
      state.queue({ kind: RequestKind.note, index: NoteIndex.underflow, site, amount: missing });
    }
    state.bulk = bulk;
  }

  private replay(
    thread: Thread,
    frame: Frame,
    step: StepOf<'replay'>,
    record: RequestRecord,
  ): boolean {
    if (thread.replay === undefined) this.armFollowing(thread, frame);
    const result = runReplay(this.state, thread, step, record, this.standing);
    if (result === 'done') return this.done(thread, frame, false);
    if (thread.takesTurns) thread.rank = thread.timeNs > this.state.nowNs ? 0 : thread.rank + 1;
    this.goOn(thread);
    return result === 'filled';
  }

  private parallel(thread: Thread, frame: Frame, step: StepOf<'parallel'>): false {
    this.armFollowing(thread, frame);
    frame.index += 1;
    const join: Join = { running: step.threads * step.branches.length, waiter: thread };
    if (join.running === 0) return this.goOn(thread);
    if (thread.takesTurns) thread.rank += 1;
    const scope = this.scopeOf(thread);
    for (const { branch, body } of step.branches) {
      for (let index = 0; index < step.threads; index += 1) {
        const child = new Thread(scope, { kind: 'join', join });
        child.foreground = thread.foreground;
        child.handles = thread.handles;
        child.branch = branch;
        child.takesTurns = step.threads > 1;
        child.process = child.takesTurns ? this.nextProcess() : thread.process;
        child.spawnBranch = child.takesTurns ? branch + 0.5 : branch;
        const turn = (index - step.rotation + step.threads) % step.threads;
        child.repetition = child.takesTurns ? turn : thread.repetition;
        startThread(this.state, child, body, this.state.nowNs);
      }
    }
    return false;
  }

  private nextProcess(): number {
    this.processes += 1;
    return this.processes - 1;
  }

  /** Starts the `at` statements that stand right behind the current one. */
  private armFollowing(thread: Thread, frame: Frame): void {
    for (let index = frame.index + 1; index < frame.body.length; index += 1) {
      const next = frame.body[index];
      if (next?.kind !== 'at') return;
      this.arm(thread, next);
      frame.armedUntil = index + 1;
    }
  }

  private arm(thread: Thread, step: StepOf<'at'>): void {
    const { state } = this;
    const block = thread.frames.findLast((frame) => frame.isBlock);
    const wantedNs = (block?.startNs ?? 0) + step.offsetNs;
    const reachedNs = state.nowNs;
    if (wantedNs < reachedNs) {
      const { phase } = state;
      state.trouble ??= { kind: 'at_late', phase, site: step.site, wantedNs, reachedNs };
      return;
    }
    const scope = this.scopeOf(thread);
    scope.pendingAts += 1;
    const child = new Thread(scope, { kind: 'at' });
    inherit(child, thread);
    child.handles = thread.handles;
    startThread(state, child, step.body, wantedNs);
  }

  private startBackground(thread: Thread, step: StepOf<'every' | 'arrive' | 'churn'>): void {
    const { state } = this;
    const { nowNs } = state;
    const activity = this.activityOf(thread, step);
    activity.branch = thread.spawnBranch;
    activity.rank = step.position;
    if (activity.kind === 'every') activity.timeNs = nowNs;
    else {
      activity.clockNs = activity.step.arrivals.first(nowNs);
      activity.timeNs = Math.round(activity.clockNs);
    }
    state.heap.push(activity);
    if (activity.kind === 'churn') this.background.fill(activity);
  }

  private activityOf(
    thread: Thread,
    step: StepOf<'every' | 'arrive' | 'churn'>,
  ): Exclude<AnyActivity, Thread> {
    const scope = this.scopeOf(thread);
    if (step.kind === 'churn') return new ChurnActivity(scope, step);
    const activity =
      step.kind === 'every'
        ? new EveryActivity(scope, step, this.state.nowNs)
        : new ArriveActivity(scope, step);
    activity.handles = thread.handles;
    return activity;
  }

  private execute(thread: Thread, site: number): void {
    const { state } = this;
    const index = state.executeCount;
    state.executeCount += 1;
    state.queue({ kind: RequestKind.executeStart, index, site });
    this.scopeOf(thread).executes.push({ index, site });
  }

  /** Scope of the innermost block of the thread, made on first use. */
  private scopeOf(thread: Thread, from = thread.frames.length - 1): BlockScope {
    let index = from;
    while (index > 0 && thread.frames[index]?.isBlock !== true) index -= 1;
    const frame = thread.frames[index];
    assert(frame !== undefined, 'a thread has a block');
    if (frame.scope !== undefined) return frame.scope;
    const parent = index === 0 ? thread.scope : this.scopeOf(thread, index - 1);
    frame.scope = new BlockScope(parent, frame.startNs);
    return frame.scope;
  }
}

function inherit(child: Thread, parent: Thread): void {
  child.foreground = parent.foreground;
  child.branch = parent.spawnBranch;
  child.spawnBranch = parent.spawnBranch;
  child.repetition = parent.repetition;
  child.process = parent.process;
}

function chosen(step: StepOf<'mix'>): readonly Step[] {
  let rest = step.stream.unit();
  let last: readonly Step[] = [];
  for (const { weight, body } of step.options) {
    if (weight <= 0) continue;
    if (rest < weight) return body;
    rest -= weight;
    last = body;
  }
  return last;
}

function fillMark(record: RequestRecord, step: StepOf<'mark'>, timeNs: number): void {
  record.kind = RequestKind.mark;
  record.timeNs = timeNs;
  record.object = -1;
  record.pool = -1;
  record.site = step.site;
  record.text = step.text;
}
