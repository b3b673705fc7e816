/**
 * What is selected, as every pane can show it: the object of a chosen cell, the request that a map stands
 * at, a pool, or a page without an owner. Its line in the editor, its cells in the maps, its events in the strip.
 */
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { useMapsStore } from '../stores/maps.js';
import { useWhyStore } from '../stores/why.js';

export interface SelectedObject {
  /** None for a page without an owner and for requests about none. */
  readonly objects: ReadonlySet<number>;
  /** Line of the scenario; 0 for none. */
  readonly line: number;
  /** When something happened to it, ns. */
  readonly timesNs: readonly number[];
}

const NONE: ReadonlySet<number> = new Set();

export function useSelectedObject(): ComputedRef<SelectedObject | null> {
  const why = useWhyStore();
  const maps = useMapsStore();
  return computed(() => {
    const { subject, place, pool } = why;
    if (subject.kind === 'place') {
      if (place === null) return null;
      const { owner } = place;
      if (owner !== undefined) {
        const timesNs = owner.events.map(({ timeNs }) => timeNs);
        return { objects: new Set([owner.object]), line: owner.request.line, timesNs };
      }
      return { objects: NONE, line: 0, timesNs: place.history.map(({ timeNs }) => timeNs) };
    }
    if (subject.kind === 'pool') {
      return pool === null
        ? null
        : { objects: pool.objects, line: subject.line, timesNs: pool.timesNs };
    }
    if (subject.kind !== 'step') return null;
    const moment = maps.maps.find(({ design }) => design === subject.design)?.moment;
    if (moment == null) return null;
    const { object, line } = moment.request;
    const objects = object < 0 ? NONE : new Set([object]);
    return { objects, line, timesNs: [moment.timeNs] };
  });
}
