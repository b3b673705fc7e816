/**
 * `start from` and `replay`: layouts and recorded streams as requests. Addresses of a recording are
 * never used; its keys pair creations with releases. An object that a layout set up is known to later
 * replays as `kind:name`.
 */
import type { RequestRecord } from '../contract/request.js';
import type { RecordedCreate, RecordedStreamPlan } from '../contract/scenario-plan.js';
import type { ReplayCursor, Thread } from './activity.js';
import { recordedCreation } from './creation.js';
import type { Bulk } from './selection.js';
import type { StepOf } from './stream-program.js';
import type { StreamState } from './stream-state.js';

/** Objects of layouts by `kind:name`. */
export type StandingObjects = Map<string, { readonly slot: number; readonly object: number }>;

function create(
  state: StreamState,
  record: RequestRecord,
  wanted: { readonly create: RecordedCreate; readonly site: number; readonly pool: number },
): { readonly slot: number; readonly object: number } {
  const { site, pool } = wanted;
  const creation = recordedCreation(wanted.create);
  const request = { creation, site, pool, lifetime: undefined, node: undefined };
  const slot = state.requests.create(record, state.nowNs, request);
  return { slot, object: record.object };
}

/** Everything of the layout, in its order. */
export function startLayout(
  state: StreamState,
  step: StepOf<'start'>,
  standing: StandingObjects,
): Bulk {
  const objects = state.point.layouts[step.layout]?.objects ?? [];
  const { site, pool } = step;
  let index = 0;
  return {
    next: (record) => {
      const wanted = objects[index];
      if (wanted === undefined) return false;
      index += 1;
      const made = create(state, record, { create: wanted, site, pool });
      standing.set(`${wanted.kind}:${wanted.name}`, made);
      return true;
    },
  };
}

/** Index of the first event at or after `timeNs`. */
function firstEventAt(recording: RecordedStreamPlan, timeNs: number): number {
  let low = 0;
  let high = recording.events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((recording.events[middle]?.timeNs ?? 0) < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cursorOf(
  state: StreamState,
  recording: RecordedStreamPlan,
  step: StepOf<'replay'>,
): ReplayCursor {
  const { fromNs, toNs, speed } = step;
  const lastNs = recording.events[recording.events.length - 1]?.timeNs ?? 0;
  const length = Math.max(0, Math.min(toNs, lastNs) - fromNs);
  return {
    startNs: state.nowNs,
    endNs: state.nowNs + Math.round(length / speed),
    index: firstEventAt(recording, fromNs),
    endIndex: firstEventAt(recording, toNs),
    objects: new Map(),
  };
}

/**
 * One move of a replay: the next event if it is due, else the thread's time goes to it. `moved`
 * asks for another call.
 */
export function runReplay(
  state: StreamState,
  thread: Thread,
  step: StepOf<'replay'>,
  record: RequestRecord,
  standing: StandingObjects,
): 'filled' | 'moved' | 'done' {
  const recording = state.point.recordings[step.recording];
  if (recording === undefined) return 'done';
  const cursor = (thread.replay ??= cursorOf(state, recording, step));
  const event = recording.events[cursor.index];
  const isOver = event === undefined || cursor.index >= cursor.endIndex;
  const dueNs = isOver
    ? cursor.endNs
    : cursor.startNs + Math.round((event.timeNs - step.fromNs) / step.speed);
  if (dueNs > state.nowNs) {
    thread.timeNs = dueNs;
    return 'moved';
  }
  if (isOver) {
    thread.replay = undefined;
    return 'done';
  }
  cursor.index += 1;
  if (event.kind === 'create') {
    const made = create(state, record, { create: event.create, site: step.site, pool: -1 });
    cursor.objects.set(event.key, made);
    return 'filled';
  }
  const known = cursor.objects.get(event.key) ?? standing.get(event.key);
  cursor.objects.delete(event.key);
  if (known === undefined || !state.requests.isLive(known.slot, known.object)) return 'moved';
  state.requests.release(record, state.nowNs, known.slot, step.site);
  return 'filled';
}
