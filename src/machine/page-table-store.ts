/**
 * Tables of one region of kernel address space: their rows, the pages that they occupy, the counts of
 * leaves by level and flags, and the way from the root down to an entry. Knows nothing of what a
 * change means; page-table.ts does.
 */
import { assert } from '../base/assert.js';
import { LEAF_PAGES, LeafLevel, PTRS_PER_PMD_PAGES, PTRS_PER_PUD_PAGES } from '../base/units.js';
import {
  ENTRY_LEAF,
  ENTRY_NONE,
  ENTRY_UNIFORM,
  ENTRY_UNIFORM_TABLES,
  PteRows,
  ROW_ENTRIES,
  UpperRows,
} from './page-table-rows.js';
import { countTables, visitLeaves, type LeafVisitor, type TableTree } from './page-table-visit.js';
import { PTE_FLAG_VALUES } from './pte.js';

/** Where the pages that tables occupy come from. */
export interface TablePages {
  /** Frame of a new table page, or -1 when it is not accounted for. */
  take(): number;
  /** Takes back what `take` gave, -1 included. */
  give(frame: number): void;
}

/** Entries of the PUD level that are found without a walk. */
const CACHE_ENTRIES = 256;
const PUD_LEVEL = 3;
/** Virtual page numbers end here. */
const VPN_END = 2 ** 52;

/** For each set of flags the flag bytes that include it. */
const SUPERSETS: readonly (readonly number[])[] = Array.from(
  { length: PTE_FLAG_VALUES },
  (_, flags) =>
    Array.from({ length: PTE_FLAG_VALUES }, (__, value) => value).filter(
      (value) => (value & flags) === flags,
    ),
);

export class PageTableStore implements TableTree {
  /** Table pages in use, the root included. */
  tablePages = 0;
  readonly upper = new UpperRows();
  readonly ptes: PteRows;
  readonly root: number;
  /** Leaves by flags, for each level from 1. */
  private readonly leaves: readonly Int32Array[] = [0, 1, 2, 3].map(
    () => new Int32Array(PTE_FLAG_VALUES),
  );
  private readonly cacheGib = new Float64Array(CACHE_ENTRIES).fill(-1);
  private readonly cacheEntry = new Int32Array(CACHE_ENTRIES);

  constructor(
    readonly levels: 4 | 5,
    private readonly pages: TablePages,
  ) {
    this.ptes = new PteRows(this.leaves[LeafLevel.pte4K] as Int32Array);
    this.root = this.upper.take();
    this.tablePages = 1;
  }

  /** Leaves of the level whose flags include all of `flags` (0: all leaves). */
  leafCount(level: LeafLevel, flags = 0): number {
    const counts = this.leaves[level] as Int32Array;
    let sum = 0;
    for (const value of SUPERSETS[flags] ?? []) sum += counts[value] as number;
    return sum;
  }

  /** Calls for every leaf in address order. */
  forEachLeaf(visit: LeafVisitor): void {
    visitLeaves(this, visit);
  }

  /** Asserts that the counts of leaves and of table pages are those of the tables. */
  verify(): void {
    const counted = [0, 1, 2, 3].map(() => new Int32Array(PTE_FLAG_VALUES));
    this.forEachLeaf((vpn, level, frame, flags) => {
      const counts = counted[level];
      assert(counts !== undefined && flags !== 0, () => `leaf of page ${vpn} has flags`);
      counts[flags] = (counts[flags] ?? 0) + 1;
      assert(frame % (LEAF_PAGES[level] ?? 1) === 0, () => `leaf of page ${vpn} is aligned`);
    });
    for (const level of [1, 2, 3]) {
      for (let flags = 0; flags < PTE_FLAG_VALUES; flags += 1) {
        const [kept, found] = [this.leaves[level]?.[flags] ?? 0, counted[level]?.[flags] ?? 0];
        assert(kept === found, () => `${kept} leaves of level ${level} counted, ${found} found`);
      }
    }
    const tables = countTables(this);
    assert(tables === this.tablePages, () => `${this.tablePages} tables counted, ${tables} found`);
  }

  /** Entry of the PUD level for a GiB; -1 when tables above are missing and are not to be made. */
  protected pudEntry(gib: number, make: boolean): number {
    const place = gib % CACHE_ENTRIES;
    if (this.cacheGib[place] === gib) return this.cacheEntry[place] as number;
    assert(gib >= 0 && gib < VPN_END / PTRS_PER_PUD_PAGES, () => `GiB ${gib} is an address`);
    let row = this.root;
    for (let level = this.levels as number; level > PUD_LEVEL; level -= 1) {
      const span = ROW_ENTRIES ** (level - PUD_LEVEL);
      const entry = row * ROW_ENTRIES + (Math.floor(gib / span) % ROW_ENTRIES);
      const child = this.childOf(entry);
      if (child === ENTRY_NONE) {
        if (!make) return -1;
        row = this.upper.take();
        this.putTable(entry, row);
      } else row = child;
    }
    const entry = row * ROW_ENTRIES + (gib % ROW_ENTRIES);
    this.cacheGib[place] = gib;
    this.cacheEntry[place] = entry;
    return entry;
  }

  /** Entry of the PMD level for a page, tables above made where missing. */
  protected pmdEntry(vpn: number): number {
    const gib = Math.floor(vpn / PTRS_PER_PUD_PAGES);
    const pud = this.pudEntry(gib, true);
    let row = this.childOf(pud);
    assert(row !== ENTRY_LEAF, () => `page ${vpn} lies in a 1G leaf`);
    if (row === ENTRY_NONE) {
      row = this.upper.take();
      this.putTable(pud, row);
    } else if (row < 0) row = this.pmdRowOf(pud);
    return row * ROW_ENTRIES + Math.floor((vpn - gib * PTRS_PER_PUD_PAGES) / ROW_ENTRIES);
  }

  protected childOf(entry: number): number {
    return this.upper.child[entry] as number;
  }

  /** Row of a PMD table; a uniform one gets its row now. */
  protected pmdRowOf(pud: number): number {
    const { upper } = this;
    const kind = this.childOf(pud);
    if (kind >= 0) return kind;
    assert(kind === ENTRY_UNIFORM || kind === ENTRY_UNIFORM_TABLES, 'the GiB has a PMD table');
    const row = upper.take();
    const first = row * ROW_ENTRIES;
    const frame = upper.frame[pud] as number;
    upper.child[pud] = row;
    upper.child.fill(
      kind === ENTRY_UNIFORM ? ENTRY_LEAF : ENTRY_UNIFORM,
      first,
      first + ROW_ENTRIES,
    );
    upper.flags.fill(upper.flags[pud] as number, first, first + ROW_ENTRIES);
    upper.tableFrame.fill(-1, first, first + ROW_ENTRIES);
    for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
      upper.frame[first + slot] = frame + slot * PTRS_PER_PMD_PAGES;
    }
    return row;
  }

  /** Row of a table of 4K entries; a uniform one gets its row now. */
  protected rowOf(pmd: number): number {
    const child = this.childOf(pmd);
    if (child >= 0) return child;
    assert(child === ENTRY_UNIFORM, 'the window has a table of 4K entries');
    const row = this.ptes.take(this.upper.flags[pmd] as number, this.upper.frame[pmd] as number);
    this.upper.child[pmd] = row;
    return row;
  }

  protected putLeaf(entry: number, level: LeafLevel, frame: number, flags: number): void {
    this.upper.child[entry] = ENTRY_LEAF;
    this.upper.frame[entry] = frame;
    this.upper.flags[entry] = flags;
    this.countLeaf(level, flags, 1);
  }

  protected putUniform(pmd: number, frame: number, flags: number): void {
    this.putTable(pmd, ENTRY_UNIFORM);
    this.upper.frame[pmd] = frame;
    this.upper.flags[pmd] = flags;
    this.countLeaf(LeafLevel.pte4K, flags, ROW_ENTRIES);
  }

  /** Puts a PMD table of 512 2M leaves under a PUD entry, or of 512 tables of 4K leaves. */
  protected putUniformGib(pud: number, kind: number, frame: number, flags: number): void {
    this.putTable(pud, kind);
    this.upper.frame[pud] = frame;
    this.upper.flags[pud] = flags;
    if (kind === ENTRY_UNIFORM) {
      this.countLeaf(LeafLevel.pmd2M, flags, ROW_ENTRIES);
      return;
    }
    this.countLeaf(LeafLevel.pte4K, flags, PTRS_PER_PUD_PAGES);
    // Only boot makes so many at once: their pages are part of what boot took.
    this.tablePages += ROW_ENTRIES;
  }

  protected putTable(entry: number, child: number): void {
    this.upper.child[entry] = child;
    this.upper.tableFrame[entry] = this.pages.take();
    this.tablePages += 1;
  }

  protected releaseTable(entry: number): void {
    this.pages.give(this.upper.tableFrame[entry] as number);
    this.tablePages -= 1;
    this.upper.child[entry] = ENTRY_NONE;
  }

  protected freePteTable(pmd: number): void {
    const child = this.childOf(pmd);
    if (child >= 0) this.ptes.give(child);
    this.releaseTable(pmd);
  }

  /** Takes the 4K leaves of a full table out of the counts. */
  protected dropPteLeaves(pmd: number): void {
    const row = this.childOf(pmd);
    if (row < 0) {
      this.countLeaf(LeafLevel.pte4K, this.upper.flags[pmd] as number, -ROW_ENTRIES);
      return;
    }
    for (let flags = 1; flags < PTE_FLAG_VALUES; flags += 1) {
      const count = this.ptes.countOf(row, flags);
      if (count > 0) this.countLeaf(LeafLevel.pte4K, flags, -count);
    }
  }

  protected countLeaf(level: LeafLevel, flags: number, by: number): void {
    const counts = this.leaves[level] as Int32Array;
    counts[flags] = (counts[flags] as number) + by;
  }
}
