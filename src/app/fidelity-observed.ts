/**
 * What a recording shows, in the terms of a prediction: live areas after every event, the chunk run
 * of every program. Lazily freed areas do not count as live.
 */
import type { RecordedArea, RecordingEvent } from '../recording/recording.js';

const UNPURGED = 'unpurged';
/** Events after which a row that came back counts as lost by the reading only. */
const LOST_ROW_EVENTS_MAX = 5;

export interface ObservedArea {
  readonly start: bigint;
  readonly end: bigint;
  readonly caller: string;
}

const isLive = (area: RecordedArea): boolean => area.caller !== UNPURGED;

export const areaKey = (start: bigint, end: bigint): string =>
  `${start.toString(16)}-${end.toString(16)}`;

/** Live areas of the module area by key, kept up to date event by event. */
export class ObservedAreas {
  readonly live = new Map<string, ObservedArea>();

  constructor(initial: readonly RecordedArea[]) {
    for (const area of initial)
      if (isLive(area)) this.live.set(areaKey(area.start, area.end), area);
  }

  /** Applies an event; returns the rows that are new (a first event repeats what was there). */
  apply(event: RecordingEvent): readonly ObservedArea[] {
    const before = new Set(this.live.keys());
    for (const area of event.observed.removed ?? []) {
      if (isLive(area)) this.live.delete(areaKey(area.start, area.end));
    }
    const added: ObservedArea[] = [];
    for (const area of event.observed.added ?? []) {
      if (!isLive(area)) continue;
      const key = areaKey(area.start, area.end);
      if (!before.has(key)) added.push(area);
      this.live.set(key, area);
    }
    return added;
  }
}

/**
 * /proc/vmallocinfo is not read atomically: a row can be missing once and come back. True when the
 * row is listed as new again within the next few events.
 */
export function comesBack(events: readonly RecordingEvent[], index: number, key: string): boolean {
  const last = Math.min(events.length - 1, index + LOST_ROW_EVENTS_MAX);
  for (let next = index + 1; next <= last; next += 1) {
    const added = events[next]?.observed.added ?? [];
    if (added.some((area) => isLive(area) && areaKey(area.start, area.end) === key)) return true;
  }
  return false;
}

/** Start of the 64-byte line that holds a program's header, 8..60 bytes before its code. */
export function observedRunStart(event: RecordingEvent): bigint | undefined {
  const { address } = event.observed;
  if (address === undefined || address === 0n || event.jitedBytes === 0) return undefined;
  return ((address - 8n) / 64n) * 64n;
}
