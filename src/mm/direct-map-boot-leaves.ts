/**
 * Page tables of the direct map while boot fills them, with the three DirectMap counters that it
 * moves on the way. A slot of 1 GiB is empty, one leaf or a PMD table; an entry of 2 MiB is empty,
 * one leaf, a full PTE table or a partly filled one. Follows phys_pte_init, phys_pmd_init and
 * phys_pud_init of arch/x86/mm/init_64.c and split_page_count of pat/set_memory.c.
 */
import { assert } from '../base/assert.js';
import { PTRS_PER_PMD_PAGES, PTRS_PER_PUD_PAGES } from '../base/units.js';
import type { BootLeafRange } from './frame-source.js';

const ENTRIES = 512;
/** Entries of a PMD table; LEAF is the level of a 2M leaf. */
const EMPTY = 0;
const FULL_TABLE = 1;
const LEAF = 2;
const PART_TABLE = 3;

export class BootLeaves {
  /** Leaves of 4K, 2M, 1G as the kernel counts them. */
  readonly counts: [number, number, number] = [0, 0, 0];
  /** By GiB: 'leaf' or the PMD table. */
  private readonly slots = new Map<number, 'leaf' | Uint8Array>();
  /** Presence of the 512 entries of a partly filled PTE table, by 2M number. */
  private readonly partTables = new Map<number, Uint8Array>();

  /** Maps frames [start, end) with the largest allowed leaf that each slot takes. */
  install(start: number, end: number, use2M: boolean, use1G: boolean): void {
    let frame = start;
    while (frame < end) {
      const gib = Math.floor(frame / PTRS_PER_PUD_PAGES);
      const next = Math.min(end, (gib + 1) * PTRS_PER_PUD_PAGES);
      const slot = this.slots.get(gib);
      if (use1G && (slot === undefined || slot === 'leaf')) {
        this.slots.set(gib, 'leaf');
        this.counts[2] += 1;
      } else {
        assert(slot !== 'leaf', 'boot maps no part of a 1G leaf by smaller leaves');
        const table = slot ?? new Uint8Array(ENTRIES);
        if (slot === undefined) this.slots.set(gib, table);
        this.installInTable(table, frame, next, use2M);
      }
      frame = next;
    }
  }

  private installInTable(table: Uint8Array, start: number, end: number, use2M: boolean): void {
    let frame = start;
    while (frame < end) {
      const region = Math.floor(frame / PTRS_PER_PMD_PAGES);
      const next = Math.min(end, (region + 1) * PTRS_PER_PMD_PAGES);
      const index = region % ENTRIES;
      const entry = table[index];
      if (use2M && (entry === EMPTY || entry === LEAF)) {
        table[index] = LEAF;
        this.counts[1] += 1;
      } else {
        assert(entry !== LEAF, 'boot maps no part of a 2M leaf by 4K leaves');
        this.installPages(table, region, frame, next);
      }
      frame = next;
    }
  }

  private installPages(table: Uint8Array, region: number, start: number, end: number): void {
    this.counts[0] += end - start;
    const index = region % ENTRIES;
    if (table[index] === FULL_TABLE) return;
    if (end - start === ENTRIES) {
      this.partTables.delete(region);
      table[index] = FULL_TABLE;
      return;
    }
    let present = this.partTables.get(region);
    if (present === undefined) {
      present = new Uint8Array(ENTRIES);
      this.partTables.set(region, present);
    }
    table[index] = PART_TABLE;
    const first = region * PTRS_PER_PMD_PAGES;
    present.fill(1, start - first, end - first);
    if (!present.every((entry) => entry === 1)) return;
    this.partTables.delete(region);
    table[index] = FULL_TABLE;
  }

  /** Moves the counters for one split of a leaf of `level` (2 or 3). */
  bookSplit(level: 2 | 3): void {
    const large = level === 3 ? 2 : 1;
    const small = level === 3 ? 1 : 0;
    if (this.counts[large] === 0) return;
    this.counts[large] -= 1;
    this.counts[small] += ENTRIES;
  }

  /** Splits the 1G leaf that maps the frame, if one does. */
  splitTo2M(pfn: number): void {
    const gib = Math.floor(pfn / PTRS_PER_PUD_PAGES);
    if (this.slots.get(gib) !== 'leaf') return;
    this.slots.set(gib, new Uint8Array(ENTRIES).fill(LEAF));
    this.bookSplit(3);
  }

  /** Splits whatever large leaf maps the frame. */
  splitTo4K(pfn: number): void {
    this.splitTo2M(pfn);
    const table = this.slots.get(Math.floor(pfn / PTRS_PER_PUD_PAGES));
    const index = Math.floor(pfn / PTRS_PER_PMD_PAGES) % ENTRIES;
    if (table === undefined || table === 'leaf' || table[index] !== LEAF) return;
    table[index] = FULL_TABLE;
    this.bookSplit(2);
  }

  /** PUD pages (512 GiB each), PMD and PTE pages. */
  get tablePages(): number {
    const topSlots = new Set<number>();
    let pages = 0;
    for (const [gib, slot] of this.slots) {
      topSlots.add(Math.floor(gib / ENTRIES));
      if (slot === 'leaf') continue;
      pages += 1;
      for (const entry of slot) if (entry === FULL_TABLE || entry === PART_TABLE) pages += 1;
    }
    return pages + topSlots.size;
  }

  /** Leaves in order of address, neighbours of one level joined. */
  ranges(): readonly BootLeafRange[] {
    const ranges: { startPfn: number; endPfn: number; level: number }[] = [];
    const add = (startPfn: number, endPfn: number, level: number): void => {
      const last = ranges[ranges.length - 1];
      if (last?.level === level && last.endPfn === startPfn) last.endPfn = endPfn;
      else ranges.push({ startPfn, endPfn, level });
    };
    for (const gib of [...this.slots.keys()].sort((a, b) => a - b)) {
      const slot = this.slots.get(gib);
      const first = gib * PTRS_PER_PUD_PAGES;
      if (slot === undefined) continue;
      if (slot === 'leaf') add(first, first + PTRS_PER_PUD_PAGES, 3);
      else this.rangesOfTable(slot, first, add);
    }
    return ranges;
  }

  private rangesOfTable(
    table: Uint8Array,
    firstFrame: number,
    add: (startPfn: number, endPfn: number, level: number) => void,
  ): void {
    for (let index = 0; index < ENTRIES; index += 1) {
      const start = firstFrame + index * PTRS_PER_PMD_PAGES;
      const entry = table[index];
      if (entry === LEAF) add(start, start + PTRS_PER_PMD_PAGES, 2);
      else if (entry === FULL_TABLE) add(start, start + PTRS_PER_PMD_PAGES, 1);
      else if (entry === PART_TABLE) {
        const present = this.partTables.get(start / PTRS_PER_PMD_PAGES);
        for (let page = 0; page < ENTRIES; page += 1) {
          if (present?.[page] === 1) add(start + page, start + page + 1, 1);
        }
      }
    }
  }
}
