/**
 * Page tables as lines of ticks: one line for each PMD table, 512 ticks of 2 MiB. Built from the page
 * runs of the module area, or from the regions of the direct map that differ from boot.
 */
import { PAGE_RUN_NUMBERS, PageStateBit, REGION_NUMBERS } from '../../src/contract/map-data.js';
import type { MapMoment } from '../../src/contract/map-data.js';
import { kindOfState } from './map-cells.js';
import type { CellKind } from './map-palette.js';

const PTRS = 512;
const PUD_PAGES = 262_144;

/** 0 nothing or as at boot, 1 a table of 4K entries, 2 one 2M entry. */
export const Tick = { none: 0, table: 1, leaf: 2 } as const;

export interface TableLine {
  /** `0 GiB`: place of the table. */
  readonly label: string;
  /** First page of the area, or pfn, that the line covers. */
  readonly firstPage: number;
  /** Tick of each of the 512 entries. */
  readonly ticks: Uint8Array;
  readonly tableCount: number;
  readonly leafCount: number;
  /** Mapped 4K entries in the tables below. */
  readonly entryCount: number;
  /** The 1G entry of the direct map was split since boot. */
  readonly splitFrom1G: boolean;
}

/** Tables of the module area, those with anything mapped. */
export function areaLines(moment: MapMoment, areaPages: number): readonly TableLine[] {
  const lineCount = Math.ceil(areaPages / PUD_PAGES);
  const ticks = Array.from({ length: lineCount }, () => new Uint8Array(PTRS));
  const entries = new Array<number>(lineCount).fill(0);
  const { pages } = moment;
  for (let i = 0; i < pages.length; i += PAGE_RUN_NUMBERS) {
    const state = pages[i + 2] ?? 0;
    if ((state & PageStateBit.mapped) === 0) continue;
    const huge = (state & PageStateBit.huge) !== 0;
    const from = pages[i] ?? 0;
    const to = from + (pages[i + 1] ?? 0);
    for (let slot = Math.floor(from / PTRS); slot * PTRS < to; slot += 1) {
      const line = Math.floor(slot / PTRS);
      const row = ticks[line];
      if (row === undefined) continue;
      const covered = Math.min(to, (slot + 1) * PTRS) - Math.max(from, slot * PTRS);
      row[slot % PTRS] = huge ? Tick.leaf : Tick.table;
      if (!huge) entries[line] = (entries[line] ?? 0) + covered;
    }
  }
  return ticks.map((row, line) => finish(line, row, entries[line] ?? 0, false));
}

/** Tables of the direct map that differ from boot. */
export function directLines(moment: MapMoment): readonly TableLine[] {
  const byGib = new Map<number, { ticks: Uint8Array; split: boolean }>();
  const { directMap } = moment;
  for (let i = 0; i < directMap.length; i += REGION_NUMBERS) {
    const pfn = directMap[i] ?? 0;
    const pages = directMap[i + 1] ?? 0;
    const level = directMap[i + 2] ?? 0;
    const gib = Math.floor(pfn / PUD_PAGES);
    const line = byGib.get(gib) ?? { ticks: new Uint8Array(PTRS), split: false };
    byGib.set(gib, line);
    if (pages === PUD_PAGES) line.split = level === 2;
    else line.ticks[Math.floor((pfn % PUD_PAGES) / PTRS)] = level === 1 ? Tick.table : Tick.leaf;
  }
  return [...byGib]
    .sort(([a], [b]) => a - b)
    .map(([gib, { ticks, split }]) => {
      const tables = ticks.filter((tick) => tick === Tick.table).length;
      return finish(gib, ticks, tables * PTRS, split);
    });
}

function finish(
  gib: number,
  ticks: Uint8Array,
  entryCount: number,
  splitFrom1G: boolean,
): TableLine {
  return {
    label: `${gib} GiB`,
    firstPage: gib * PUD_PAGES,
    ticks,
    tableCount: ticks.filter((tick) => tick === Tick.table).length,
    leafCount: ticks.filter((tick) => tick === Tick.leaf).length,
    entryCount,
    splitFrom1G,
  };
}

/** Entries of one table that are alike: half-open [from, from + count) of 512. */
export interface EntryRun {
  readonly from: number;
  readonly count: number;
  readonly kind: CellKind;
}

/** The entries in use of the table that maps 512 pages from `firstPage` on. */
export function areaEntries(
  { pages }: Pick<MapMoment, 'pages'>,
  firstPage: number,
): readonly EntryRun[] {
  const runs: EntryRun[] = [];
  for (let i = 0; i < pages.length; i += PAGE_RUN_NUMBERS) {
    const state = pages[i + 2] ?? 0;
    if ((state & PageStateBit.mapped) === 0) continue;
    const from = Math.max(0, (pages[i] ?? 0) - firstPage);
    const to = Math.min(PTRS, (pages[i] ?? 0) + (pages[i + 1] ?? 0) - firstPage);
    if (to > from) runs.push({ from, count: to - from, kind: kindOfState(state) });
  }
  return runs;
}
