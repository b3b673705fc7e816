/** `every`, `arrive` and `churn`: what goes on beside the statements until its block ends. */
import { RequestKind, type RequestRecord } from '../contract/request.js';
import {
  Thread,
  type ArriveActivity,
  type ChurnActivity,
  type EveryActivity,
  type HandleCell,
} from './activity.js';
import type { ValueSource } from './draw-streams.js';
import type { Step } from './stream-program.js';
import { NoteIndex, startThread, type StreamState } from './stream-state.js';

type Background = EveryActivity | ArriveActivity | ChurnActivity;

export class BackgroundWork {
  constructor(private readonly state: StreamState) {}

  /** The activity on top of the heap happens; true when it filled `record`. */
  run(activity: Background, record: RequestRecord): boolean {
    switch (activity.kind) {
      case 'every': {
        const { step } = activity;
        const repetition = activity.count;
        activity.count += 1;
        activity.repetition = activity.count;
        activity.timeNs = activity.startNs + activity.count * step.intervalNs;
        this.state.heap.updateTop();
        this.startBody(activity, step.body, repetition);
        return false;
      }
      case 'arrive':
        this.arrive(activity);
        return false;
      case 'churn':
        return this.churn(activity, record);
    }
  }

  private arrive(activity: ArriveActivity): void {
    const { arrivals, body } = activity.step;
    const repetition = activity.count;
    activity.count += 1;
    activity.repetition = activity.count;
    if (activity.pending === 0) activity.pending = arrivals.perArrival;
    activity.pending -= 1;
    if (activity.pending === 0) {
      activity.clockNs = arrivals.next(activity.clockNs);
      activity.timeNs = Math.max(activity.timeNs, Math.round(activity.clockNs));
    }
    this.state.heap.updateTop();
    this.startBody(activity, body, repetition);
  }

  private startBody(
    activity: EveryActivity | ArriveActivity,
    body: readonly Step[],
    repetition: number,
  ): void {
    const thread = new Thread(activity.scope, { kind: 'body' });
    thread.branch = activity.branch;
    thread.spawnBranch = activity.branch;
    thread.repetition = repetition;
    const handles: HandleCell | undefined = activity.handles;
    thread.handles = handles;
    startThread(this.state, thread, body, this.state.nowNs);
  }

  private churn(activity: ChurnActivity, record: RequestRecord): boolean {
    const { state } = this;
    const { step } = activity;
    const { item, arrivals, live, tally } = step;
    const { nowNs } = state;
    if (activity.pending === 0) activity.pending = arrivals.perArrival;
    activity.pending -= 1;
    if (activity.pending === 0) {
      activity.clockNs = arrivals.next(activity.clockNs);
      activity.timeNs = Math.max(nowNs, Math.round(activity.clockNs));
    }
    state.heap.updateTop();
    tally.arrivals += 1;
    if (live.kind === 'at_most' && state.requests.objects.count(item.pool) >= live.count) {
      tally.heldBack += 1;
      record.kind = RequestKind.note;
      record.timeNs = nowNs;
      record.site = step.site;
      record.object = -1;
      record.pool = item.pool;
      record.index = NoteIndex.heldBack;
      record.amount = 1;
      return true;
    }
    state.requests.create(record, nowNs, item);
    return true;
  }

  /** Fills the pool to the count of `live about`, with the ages of a population at rest. */
  fill(activity: ChurnActivity): void {
    const { state } = this;
    const { step } = activity;
    if (step.live.kind !== 'about') return;
    let left = step.live.count - state.requests.objects.count(step.item.pool);
    if (left <= 0) return;
    const lifetime: ValueSource = step.residual();
    const request = { ...step.item, lifetime };
    const { nowNs } = state;
    state.bulk = {
      next: (record) => {
        if (left <= 0) return false;
        left -= 1;
        state.requests.create(record, nowNs, request);
        return true;
      },
    };
  }
}
