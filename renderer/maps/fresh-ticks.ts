/** Ticks of page tables that have become tables of 4K entries since the picture before. */
import { Tick, type TableLine } from './table-lines.js';

/** Places in a line by the line's label; lines without any are left out. */
export function freshTicks(
  before: readonly TableLine[],
  now: readonly TableLine[],
): ReadonlyMap<string, readonly number[]> {
  const known = new Map(before.map((line) => [line.label, line.ticks]));
  const fresh = new Map<string, readonly number[]>();
  for (const { label, ticks } of now) {
    const old = known.get(label);
    const places: number[] = [];
    ticks.forEach((tick, place) => {
      if (tick === Tick.table && old?.[place] !== Tick.table) places.push(place);
    });
    if (places.length > 0) fresh.set(label, places);
  }
  return fresh;
}
