/** Cells of a map that hold something of one object. */
import { EXTENT_NUMBERS } from '../../src/contract/map-data.js';
import type { MapMoment } from '../../src/contract/map-data.js';
import type { CellWindow } from './map-cells.js';

const NO_OBJECT = -1;

/** How many of these objects live, and their bytes. */
export function liveOf(
  { extents }: Pick<MapMoment, 'extents'>,
  objects: ReadonlySet<number>,
): { readonly objects: number; readonly bytes: number } {
  const live = new Set<number>();
  let bytes = 0;
  for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
    const object = extents[i] ?? NO_OBJECT;
    if (!objects.has(object)) continue;
    live.add(object);
    bytes += extents[i + 2] ?? 0;
  }
  return { objects: live.size, bytes };
}

/** First byte of a live extent inside [from, to); null where none lives. */
export function firstLiveByte(
  { extents }: Pick<MapMoment, 'extents'>,
  from: number,
  to: number,
): number | null {
  let best: number | null = null;
  for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
    const start = extents[i + 1] ?? 0;
    const end = start + (extents[i + 2] ?? 0);
    if (end <= from || start >= to) continue;
    const inside = Math.max(start, from);
    if (best === null || inside < best) best = inside;
  }
  return best;
}

/** Cells with something of these objects, ascending; none for -1. */
export function objectCells(
  { extents }: Pick<MapMoment, 'extents'>,
  objects: ReadonlySet<number>,
  window: CellWindow,
): readonly number[] {
  const cells = new Set<number>();
  for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
    if (!objects.has(extents[i] ?? NO_OBJECT)) continue;
    const from = (extents[i + 1] ?? 0) - window.startByte;
    const first = Math.max(0, Math.floor(from / window.cellBytes));
    const last = Math.floor((from + Math.max(1, extents[i + 2] ?? 1) - 1) / window.cellBytes);
    for (let cell = first; cell <= Math.min(last, window.cellCount - 1); cell += 1) cells.add(cell);
  }
  return [...cells].sort((a, b) => a - b);
}
