/**
 * The scenario as requests in order of time, made while they are taken: memory follows what is alive
 * and under way, not how much happens. Depends on the plan and the seed only, never on a design.
 *
 * At one instant: what is due, then foreground and background by branch, position, repetition; a
 * phase with a duration ends after everything due and every foreground statement at its last instant,
 * before background work of that instant.
 */
import { assert } from '../base/assert.js';
import {
  createRequestRecord,
  RequestKind,
  type RequestRecord,
  type RequestStream,
} from '../contract/request.js';
import type { PointPlan } from '../contract/scenario-plan.js';
import { ActivityHeap, BlockScope, Thread, type AnyActivity } from './activity.js';
import { BackgroundWork } from './background-work.js';
import { ObjectRequests } from './object-requests.js';
import type { Bulk } from './selection.js';
import { StatementRunner } from './statement-runner.js';
import { streamProgram, type PhaseProgram, type StreamProgram } from './stream-program.js';
import { startThread, type StreamState, type Waiting } from './stream-state.js';
import { HELD_BACK_SHARE_MAX, type StreamTrouble } from './stream-trouble.js';

/** Steps without a request after which the outside is asked whether to go on. */
const IDLE_STEPS = 65536;
/** Steps spent on finding out how long an overrunning phase would have needed. */
const MEASURE_STEPS_MAX = 1_000_000;

export interface StreamOptions {
  /** Called now and then while no request comes out; may throw to end it all. */
  readonly onIdle?: () => void;
}

export class ScenarioStream implements RequestStream, StreamState {
  readonly program: StreamProgram;
  readonly requests: ObjectRequests;
  readonly heap = new ActivityHeap();
  nowNs = 0;
  phase = -1;
  executeCount = 0;
  bulk: Bulk | undefined;
  foregroundDone = false;
  trouble: StreamTrouble | undefined;
  /** Everything that went wrong, complete after the `end` record. */
  readonly troubles: StreamTrouble[] = [];
  private readonly waiting: Waiting[] = [];
  private waitingIndex = 0;
  private scope: BlockScope | undefined;
  private phaseStartNs = 0;
  private ended = false;
  private finished = false;
  private idleSteps = 0;
  private readonly runner: StatementRunner;
  private readonly background: BackgroundWork;

  constructor(
    readonly point: PointPlan,
    readonly seed: number,
    private readonly options: StreamOptions = {},
  ) {
    this.program = streamProgram(point, seed);
    this.requests = new ObjectRequests(this.program.poolNeeds, point.machine);
    this.background = new BackgroundWork(this);
    this.runner = new StatementRunner(this, this.background);
  }

  next(record: RequestRecord): boolean {
    if (this.finished) return false;
    for (;;) {
      if (this.waitingIndex < this.waiting.length) {
        this.takeWaiting(record);
        return true;
      }
      if (this.ended) {
        record.kind = RequestKind.end;
        record.timeNs = this.nowNs;
        record.site = -1;
        record.object = -1;
        this.finished = true;
        return true;
      }
      if (this.step(record)) return true;
      this.idleSteps += 1;
      if (this.idleSteps % IDLE_STEPS === 0) this.options.onIdle?.();
    }
  }

  queue(waiting: Partial<Waiting> & { readonly kind: RequestKind }): void {
    this.waiting.push({ index: 0, site: -1, amount: 0, text: '', ...waiting });
  }

  /** Ends the background work of a block and of all blocks inside. */
  closeScope(scope: BlockScope): void {
    if (scope.closed) return;
    scope.closed = true;
    for (const child of scope.children) this.closeScope(child);
    for (const { index, site } of scope.executes) {
      this.queue({ kind: RequestKind.executeEnd, index, site });
    }
    scope.parent?.children.delete(scope);
  }

  private takeWaiting(record: RequestRecord): void {
    const next = this.waiting[this.waitingIndex];
    assert(next !== undefined, 'a record waits');
    this.waitingIndex += 1;
    if (this.waitingIndex === this.waiting.length) {
      this.waiting.length = 0;
      this.waitingIndex = 0;
    }
    record.kind = next.kind;
    record.timeNs = this.nowNs;
    record.object = -1;
    record.pool = -1;
    record.site = next.site;
    record.index = next.index;
    record.amount = next.amount;
    record.text = next.text;
  }

  /** One move; true when it filled `record`. */
  private step(record: RequestRecord): boolean {
    if (this.bulk !== undefined) {
      if (this.bulk.next(record)) return true;
      this.bulk = undefined;
      return false;
    }
    if (this.scope === undefined) {
      this.startPhase();
      return false;
    }
    if (this.trouble !== undefined) {
      this.endPhase();
      return false;
    }
    const phase = this.currentPhase();
    const limitNs =
      phase.plan.durationNs === undefined ? Infinity : this.phaseStartNs + phase.plan.durationNs;
    return this.advance(record, limitNs);
  }

  private advance(record: RequestRecord, limitNs: number): boolean {
    const { dueNs } = this.requests;
    const activity = this.topActivity();
    const activityNs = activity?.timeNs ?? Infinity;
    const isOver = limitNs === Infinity && this.foregroundDone;
    if (dueNs <= activityNs && dueNs <= (isOver ? this.nowNs : limitNs)) {
      this.nowNs = dueNs;
      this.requests.takeDue(record);
      return true;
    }
    const runs = activityNs < limitNs || (activityNs === limitNs && activity?.foreground === true);
    if (activity !== undefined && runs && !isOver) {
      this.nowNs = activityNs;
      return activity.kind === 'thread'
        ? this.runner.run(activity, record)
        : this.background.run(activity, record);
    }
    if (!isOver) {
      assert(limitNs < Infinity, () => `phase ${this.currentPhase().plan.name} goes on`);
      this.nowNs = limitNs;
      if (!this.foregroundDone) this.measureOverrun(limitNs);
    }
    this.endPhase();
    return false;
  }

  /** The next activity of a block that still goes on. */
  private topActivity(): AnyActivity | undefined {
    for (;;) {
      const { top } = this.heap;
      if (top === undefined || !top.scope.closed) return top;
      this.heap.pop();
    }
  }

  private currentPhase(): PhaseProgram {
    const phase = this.program.phases[this.phase];
    assert(phase !== undefined, () => `phase ${String(this.phase)} exists`);
    return phase;
  }

  private startPhase(): void {
    this.phase += 1;
    const phase = this.program.phases[this.phase];
    if (phase === undefined) {
      this.endRun();
      return;
    }
    this.phaseStartNs = this.nowNs;
    this.foregroundDone = false;
    this.scope = new BlockScope(undefined, this.nowNs);
    this.queue({ kind: RequestKind.phaseStart, index: this.phase, site: phase.plan.site });
    const main = new Thread(this.scope, { kind: 'phase' });
    main.foreground = true;
    startThread(this, main, phase.body, this.nowNs);
    const frame = main.frames[0];
    if (frame !== undefined) frame.scope = this.scope;
  }

  private endPhase(): void {
    const phase = this.currentPhase();
    if (this.scope !== undefined) this.closeScope(this.scope);
    this.heap.clear();
    this.scope = undefined;
    this.queue({ kind: RequestKind.phaseEnd, index: this.phase, site: phase.plan.site });
    if (this.trouble === undefined) return;
    this.troubles.push(this.trouble);
    this.endRun();
  }

  private endRun(): void {
    this.ended = true;
    for (const { tally, site, holdBackAllowed } of this.program.churns) {
      const { arrivals, heldBack } = tally;
      if (holdBackAllowed || heldBack <= arrivals * HELD_BACK_SHARE_MAX) continue;
      this.troubles.push({ kind: 'held_back', site, heldBack, arrivals });
    }
  }

  /** Runs the foreground on without making requests, to tell how long the phase would have been. */
  private measureOverrun(limitNs: number): void {
    const scratch = createRequestRecord();
    const { heap, phaseStartNs, phase } = this;
    const isForeground = this.takeForeground();
    for (const activity of isForeground) heap.push(activity);
    const before = this.waiting.length;
    for (let step = 0; step < MEASURE_STEPS_MAX && !this.foregroundDone; step += 1) {
      if (this.bulk?.next(scratch) === true) continue;
      this.bulk = undefined;
      if (this.topActivity() === undefined || this.trouble !== undefined) break;
      this.advance(scratch, Number.MAX_VALUE);
    }
    const neededNs = this.foregroundDone ? this.nowNs - phaseStartNs : Infinity;
    this.bulk = undefined;
    this.waiting.length = before;
    this.nowNs = limitNs;
    this.trouble = { kind: 'phase_overran', phase, neededNs, durationNs: limitNs - phaseStartNs };
  }

  private takeForeground(): readonly AnyActivity[] {
    const kept: AnyActivity[] = [];
    for (;;) {
      const top = this.topActivity();
      if (top === undefined) return kept;
      if (top.foreground) kept.push(top);
      this.heap.pop();
    }
  }
}
