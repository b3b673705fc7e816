/** What a tick of a page-table map, or an entry of the row beneath it, stands for: a line for each fact. */
import type { MapMoment } from '../../src/contract/map-data.js';
import { addressAt, stateAt, stateText } from './map-text.js';
import { areaEntries, Tick } from './table-lines.js';
import type { TableLine } from './table-lines.js';

const PTRS = 512;
const PAGE_BYTES = 4096;

export interface TickPlace {
  readonly line: TableLine;
  /** Which of the 512 ticks. */
  readonly place: number;
  /** Which of the 512 entries beneath it; -1 for the tick itself. */
  readonly entry: number;
}

export interface TickMap {
  readonly kind: 'tables' | 'direct';
  readonly moment: Pick<MapMoment, 'pages'>;
  /** Address of page 0 of the module area. */
  readonly areaAddress: string;
}

const firstPageOf = ({ line, place, entry }: TickPlace): number =>
  line.firstPage + place * PTRS + Math.max(0, entry);

/** First byte of the module area behind a tick or entry. */
export const byteOf = (place: TickPlace): number => firstPageOf(place) * PAGE_BYTES;

export function tickLines(at: TickPlace, map: TickMap): readonly string[] {
  const { line, place, entry } = at;
  const tick = line.ticks[place] ?? Tick.none;
  const page = firstPageOf(at);
  if (map.kind === 'direct') {
    const last = entry < 0 ? page + PTRS - 1 : page;
    const range = `pfn 0x${page.toString(16)}${last > page ? `..0x${last.toString(16)}` : ''}`;
    if (entry >= 0) return [`${range}, 4 KiB`, 'entry of a 2M entry that was split'];
    return [`${range}, 2 MiB`, directText(tick, line.splitFrom1G)];
  }
  const address = addressAt(map.areaAddress, byteOf(at));
  if (entry >= 0) {
    return [`${address}, 4 KiB`, stateText(stateAt(map.moment, byteOf(at)))];
  }
  if (tick === Tick.leaf) {
    return [`${address}, 2 MiB`, stateText(stateAt(map.moment, byteOf(at)))];
  }
  if (tick === Tick.none) return [`${address}, 2 MiB`, 'nothing mapped'];
  const used = areaEntries(map.moment, page).reduce((sum, { count }) => sum + count, 0);
  return [`${address}, 2 MiB`, `table of 4K entries, ${used} of 512 in use`];
}

function directText(tick: number, splitFrom1G: boolean): string {
  if (tick === Tick.table) return 'split into 512 x 4K';
  if (tick === Tick.leaf) return 'collapsed to one 2M entry';
  return splitFrom1G ? '2M entry of a 1G entry that was split' : 'as at boot';
}
