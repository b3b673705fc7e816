/**
 * The 4- or 5-level page table of one region of kernel address space, with leaves of 4K, 2M and 1G:
 * map, walk, protect, split, collapse. Splitting and collapsing never change a translation. Tables
 * stay when their entries go, as in the kernel (vunmap_range); a 2M leaf put in place of an empty
 * table frees it (pmd_set_huge). Leaves are counted by level and flags as they change.
 *
 *   VPN  | P4D/PGD 9 | PUD 9 | PMD 9 | PTE 9 |      5 levels put 9 more in front
 *
 * `walk` leaves a cursor at the leaf that it found; the methods that take no page work there. A small
 * table of the PUD entries used last stands for the walk's upper part.
 */
import { assert } from '../base/assert.js';
import { LEAF_PAGES, LeafLevel, PTRS_PER_PMD_PAGES, PTRS_PER_PUD_PAGES } from '../base/units.js';
import {
  ENTRY_LEAF,
  ENTRY_NONE,
  ENTRY_UNIFORM,
  ENTRY_UNIFORM_TABLES,
  ROW_ENTRIES,
} from './page-table-rows.js';
import { PageTableStore } from './page-table-store.js';
import { changedFlags, PTE_DIRTY, PTE_PRESENT } from './pte.js';

export class PageTable extends PageTableStore {
  /** Level of the leaf at the cursor; `none` when nothing is mapped there. */
  level: LeafLevel = LeafLevel.none;
  /** Empty entries that changes of 4K leaves came across so far. */
  skippedEntries = 0;
  /** Cursor: entries of the PUD and PMD level, row of PTEs (-1 in a uniform table), page in the GiB. */
  private pud = -1;
  private pmd = -1;
  private pteRow = -1;
  private pageInGib = 0;

  /** Finds the leaf that maps the page; gives its level and moves the cursor there. */
  walk(vpn: number): LeafLevel {
    const gib = Math.floor(vpn / PTRS_PER_PUD_PAGES);
    this.pageInGib = vpn - gib * PTRS_PER_PUD_PAGES;
    this.pud = this.pudEntry(gib, false);
    this.pmd = -1;
    this.pteRow = -1;
    this.level = this.pud < 0 ? LeafLevel.none : this.walkFromPud();
    return this.level;
  }

  /** Flags of the leaf at the cursor; 0 when there is none. */
  get flags(): number {
    if (this.level === LeafLevel.none) return 0;
    if (this.pteRow >= 0) return this.ptes.flagsAt(this.pteRow, this.pageInGib % ROW_ENTRIES);
    return this.upper.flags[this.pmd >= 0 ? this.pmd : this.pud] as number;
  }

  /** Frame that maps the page at the cursor; -1 when there is none. */
  get frame(): number {
    const { pageInGib } = this;
    if (this.level === LeafLevel.none) return -1;
    if (this.pteRow >= 0) return this.ptes.frameAt(this.pteRow, pageInGib % ROW_ENTRIES);
    if (this.pmd >= 0) return (this.upper.frame[this.pmd] as number) + (pageInGib % ROW_ENTRIES);
    return (this.upper.frame[this.pud] as number) + pageInGib;
  }

  /** Pages from the cursor to the end of its leaf, or of its table of 4K leaves. */
  get pagesLeft(): number {
    const span = this.level === LeafLevel.pud1G ? PTRS_PER_PUD_PAGES : PTRS_PER_PMD_PAGES;
    return span - (this.pageInGib % span);
  }

  /** Tables above a 4K leaf at this page, for accounting at boot: makes them without mapping. */
  populateUpper(vpn: number): void {
    this.pmdEntry(vpn);
  }

  /**
   * Maps one leaf of 2M or 1G; page and frame are aligned to it. True when an empty table of 4K
   * entries stood there and was freed.
   */
  mapLarge(vpn: number, level: LeafLevel, frame: number, flags: number): boolean {
    const span = LEAF_PAGES[level] ?? 0;
    assert(span > 1 && vpn % span === 0 && frame % span === 0, 'a large leaf is aligned');
    const entry =
      level === LeafLevel.pud1G
        ? this.pudEntry(vpn / PTRS_PER_PUD_PAGES, true)
        : this.pmdEntry(vpn);
    const child = this.childOf(entry);
    const replaces = child >= 0 && level === LeafLevel.pmd2M;
    assert(
      child === ENTRY_NONE || (replaces && this.ptes.countOf(child, 0) === ROW_ENTRIES),
      () => `page ${vpn} is mapped already`,
    );
    if (replaces) this.freePteTable(entry);
    this.putLeaf(entry, level, frame, flags);
    return replaces;
  }

  /**
   * Maps 4K leaves from `vpn` on to frames[offset..offset+count). How many tables it took. Asserts
   * that nothing was mapped there.
   */
  mapPages(
    vpn: number,
    count: number,
    frames: ArrayLike<number>,
    offset: number,
    flags: number,
  ): number {
    let tables = 0;
    for (let done = 0; done < count;) {
      const entry = this.pmdEntry(vpn + done);
      assert(this.childOf(entry) !== ENTRY_LEAF, () => `page ${vpn + done} is mapped already`);
      if (this.childOf(entry) === ENTRY_NONE) {
        this.putTable(entry, this.ptes.take(0, 0));
        tables += 1;
      }
      const row = this.rowOf(entry);
      const first = (vpn + done) % ROW_ENTRIES;
      const end = Math.min(ROW_ENTRIES, first + count - done);
      for (let slot = first; slot < end; slot += 1) {
        assert(this.ptes.flagsAt(row, slot) === 0, () => `page ${vpn + done} is mapped already`);
        this.ptes.map(row, slot, frames[offset + done] as number, flags);
        done += 1;
      }
    }
    return tables;
  }

  /** Maps leaves of one size over consecutive frames; a large leaf's page and frame are aligned. */
  mapConsecutive(vpn: number, level: LeafLevel, frame: number, count: number, flags: number): void {
    const isLarge = level !== LeafLevel.pte4K;
    const span = isLarge ? (LEAF_PAGES[level] ?? 1) : PTRS_PER_PMD_PAGES;
    for (let done = 0; done < count;) {
      const at = vpn + done;
      const end = Math.min(count, done + span - (at % span));
      if (this.mapGib(at, level, frame + done, count - done, flags)) {
        done += PTRS_PER_PUD_PAGES;
        continue;
      }
      assert(!isLarge || end - done === span, 'large leaves cover whole spans');
      if (isLarge) this.mapLarge(at, level, frame + done, flags);
      else this.mapConsecutiveSmall(at, frame + done, end - done, flags);
      done = end;
    }
  }

  /** Removes every leaf in [vpn, vpn + count); tables stay. Asserts that large leaves go whole. */
  unmap(vpn: number, count: number): void {
    for (let done = 0; done < count;) {
      const level = this.walk(vpn + done);
      if (level === LeafLevel.pmd2M || level === LeafLevel.pud1G) {
        const span = LEAF_PAGES[level] ?? 0;
        assert(this.pagesLeft === span && done + span <= count, 'a large leaf is unmapped whole');
        if (level === LeafLevel.pmd2M) this.openPmd();
        const entry = level === LeafLevel.pmd2M ? this.pmd : this.pud;
        this.countLeaf(level, this.upper.flags[entry] as number, -1);
        this.upper.child[entry] = ENTRY_NONE;
        done += span;
        continue;
      }
      const pages = Math.min(count - done, this.pagesLeft);
      if (level === LeafLevel.pte4K) this.openPmd();
      if (this.pmd >= 0 && this.childOf(this.pmd) !== ENTRY_NONE) {
        const row = this.rowOf(this.pmd);
        const first = this.pageInGib % ROW_ENTRIES;
        for (let slot = first; slot < first + pages; slot += 1) this.ptes.setFlags(row, slot, 0);
      }
      done += pages;
    }
  }

  /** Gives the large leaf at the cursor new flags. */
  setLargeFlags(flags: number): void {
    if (this.level === LeafLevel.pmd2M) this.openPmd();
    const entry = this.level === LeafLevel.pmd2M ? this.pmd : this.pud;
    this.countLeaf(this.level, this.upper.flags[entry] as number, -1);
    this.countLeaf(this.level, flags, 1);
    this.upper.flags[entry] = flags;
  }

  /** Changes 4K leaves from the cursor on, within its table. How many took other flags. */
  changeEntries(count: number, set: number, clear: number): number {
    if (this.pteRow < 0) {
      const { flags } = this;
      if (changedFlags(flags, set, clear) === flags) return 0;
      this.openPte();
    }
    const { ptes, pteRow } = this;
    const first = this.pageInGib % ROW_ENTRIES;
    let changed = 0;
    for (let slot = first; slot < first + count; slot += 1) {
      const old = ptes.flagsAt(pteRow, slot);
      if (old === 0) {
        this.skippedEntries += 1;
        continue;
      }
      const wanted = changedFlags(old, set, clear);
      if (wanted === old) continue;
      ptes.setFlags(pteRow, slot, wanted);
      changed += 1;
    }
    return changed;
  }

  /**
   * Changes the 4K leaves of pages base + offsets[first..first + count), in any order. Stops at the
   * first page that no 4K leaf maps; how many pages came before it.
   */
  changeScattered(
    base: number,
    offsets: Float64Array,
    first: number,
    count: number,
    set: number,
    clear: number,
  ): number {
    const { ptes } = this;
    let window = -1;
    let row = -1;
    for (let done = 0; done < count; done += 1) {
      const vpn = base + (offsets[first + done] as number);
      const own = Math.floor(vpn / ROW_ENTRIES);
      if (own !== window) {
        if (this.walk(vpn) !== LeafLevel.pte4K) return done;
        window = own;
        if (this.pteRow < 0) this.openPte();
        row = this.pteRow;
      }
      const slot = vpn - own * ROW_ENTRIES;
      const old = ptes.flagsAt(row, slot);
      if (old === 0) return done;
      const wanted = changedFlags(old, set, clear);
      if (wanted !== old) ptes.setFlags(row, slot, wanted);
    }
    return count;
  }

  /** How many of the pages base + offsets[first..first + count) come before one under a large leaf. */
  countSmall(base: number, offsets: Float64Array, first: number, count: number): number {
    let window = -1;
    for (let done = 0; done < count; done += 1) {
      const vpn = base + (offsets[first + done] as number);
      const own = Math.floor(vpn / ROW_ENTRIES);
      if (own === window) continue;
      if (this.walk(vpn) > LeafLevel.pte4K) return done;
      window = own;
    }
    return count;
  }

  /** Writes the frames of the mapped pages from the cursor on, within its leaf or table. */
  readFrames(count: number, out: Float64Array, offset: number): void {
    const slot = this.pageInGib % ROW_ENTRIES;
    if (this.level === LeafLevel.pte4K && this.pteRow >= 0) {
      for (let i = 0; i < count; i += 1) out[offset + i] = this.ptes.frameAt(this.pteRow, slot + i);
      return;
    }
    const { frame } = this;
    for (let i = 0; i < count; i += 1) out[offset + i] = frame + i;
  }

  /** Replaces the large leaf at the cursor by a table of the next smaller leaves with its flags. */
  split(): void {
    const { upper } = this;
    if (this.level === LeafLevel.pmd2M) {
      this.openPmd();
      const flags = upper.flags[this.pmd] as number;
      this.countLeaf(LeafLevel.pmd2M, flags, -1);
      this.putUniform(this.pmd, upper.frame[this.pmd] as number, flags);
      return;
    }
    assert(this.level === LeafLevel.pud1G, 'a large leaf splits');
    const flags = upper.flags[this.pud] as number;
    const frame = upper.frame[this.pud] as number;
    this.countLeaf(LeafLevel.pud1G, flags, -1);
    this.putUniformGib(this.pud, ENTRY_UNIFORM, frame, flags);
  }

  /**
   * Replaces the table of 4K leaves over the 2M window of `vpn` by one leaf: 512 present entries
   * with equal flags over consecutive frames, the first aligned. With `ignoreDirty` entries may
   * differ in Dirty, and the leaf is dirty if one was. False: not possible, nothing changed.
   */
  collapse2M(vpn: number, ignoreDirty: boolean): boolean {
    this.walk(vpn);
    if (this.level !== LeafLevel.pte4K || this.pageInGib % ROW_ENTRIES !== 0) return false;
    if (this.pmd < 0) this.openPmd();
    const { pmd, pteRow: row } = this;
    let { flags } = this;
    if ((flags & PTE_PRESENT) === 0) return false;
    let equal = row < 0 ? ROW_ENTRIES : this.ptes.countOf(row, flags);
    if (ignoreDirty && equal < ROW_ENTRIES) {
      equal += this.ptes.countOf(row, flags ^ PTE_DIRTY);
      flags |= PTE_DIRTY;
    }
    if (equal < ROW_ENTRIES) return false;
    const frame = row < 0 ? (this.upper.frame[pmd] as number) : this.ptes.consecutiveFrom(row);
    if (frame < 0 || frame % PTRS_PER_PMD_PAGES !== 0) return false;
    this.dropPteLeaves(pmd);
    this.freePteTable(pmd);
    this.putLeaf(pmd, LeafLevel.pmd2M, frame, flags);
    return true;
  }

  /** The same one level up, over the GiB of `vpn`. */
  collapse1G(vpn: number, ignoreDirty: boolean): boolean {
    const { upper } = this;
    this.walk(vpn);
    const child = this.pud < 0 ? ENTRY_NONE : this.childOf(this.pud);
    if (child < 0 && child !== ENTRY_UNIFORM) return false;
    const row = this.pmdRowOf(this.pud);
    const first = row * ROW_ENTRIES;
    const frame = upper.frame[first] as number;
    const ignored = ignoreDirty ? PTE_DIRTY : 0;
    let flags = upper.flags[first] as number;
    if ((flags & PTE_PRESENT) === 0 || frame % PTRS_PER_PUD_PAGES !== 0) return false;
    for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
      const entry = first + slot;
      if (upper.child[entry] !== ENTRY_LEAF) return false;
      if (((upper.flags[entry] as number) & ~ignored) !== (flags & ~ignored)) return false;
      if (upper.frame[entry] !== frame + slot * PTRS_PER_PMD_PAGES) return false;
      flags |= (upper.flags[entry] as number) & ignored;
    }
    for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
      this.countLeaf(LeafLevel.pmd2M, upper.flags[first + slot] as number, -1);
    }
    upper.give(row);
    this.releaseTable(this.pud);
    this.putLeaf(this.pud, LeafLevel.pud1G, frame, flags);
    return true;
  }

  /** Maps an empty GiB by leaves of 2M or 4K, if it is one and `room` reaches to its end. */
  private mapGib(
    vpn: number,
    level: LeafLevel,
    frame: number,
    room: number,
    flags: number,
  ): boolean {
    if (vpn % PTRS_PER_PUD_PAGES !== 0 || room < PTRS_PER_PUD_PAGES) return false;
    if (level === LeafLevel.pud1G) return false;
    const pud = this.pudEntry(vpn / PTRS_PER_PUD_PAGES, true);
    if (this.childOf(pud) !== ENTRY_NONE) return false;
    const kind = level === LeafLevel.pmd2M ? ENTRY_UNIFORM : ENTRY_UNIFORM_TABLES;
    this.putUniformGib(pud, kind, frame, flags);
    return true;
  }

  /** The same for 4K leaves within one 2M window. */
  private mapConsecutiveSmall(vpn: number, frame: number, count: number, flags: number): void {
    const entry = this.pmdEntry(vpn);
    const first = vpn % ROW_ENTRIES;
    assert(this.childOf(entry) !== ENTRY_LEAF, () => `page ${vpn} is mapped already`);
    if (count === ROW_ENTRIES && this.childOf(entry) === ENTRY_NONE) {
      this.putUniform(entry, frame, flags);
      return;
    }
    if (this.childOf(entry) === ENTRY_NONE) this.putTable(entry, this.ptes.take(0, 0));
    const row = this.rowOf(entry);
    for (let page = 0; page < count; page += 1) {
      assert(this.ptes.flagsAt(row, first + page) === 0, () => `page ${vpn} is mapped already`);
      this.ptes.map(row, first + page, frame + page, flags);
    }
  }

  /** Gives the PMD entry at the cursor a place of its own. */
  private openPmd(): void {
    if (this.pmd >= 0) return;
    const row = this.pmdRowOf(this.pud);
    this.pmd = row * ROW_ENTRIES + Math.floor(this.pageInGib / ROW_ENTRIES);
  }

  /** The same for the table of 4K entries at the cursor. */
  private openPte(): void {
    this.openPmd();
    this.pteRow = this.rowOf(this.pmd);
  }

  private walkFromPud(): LeafLevel {
    const { upper } = this;
    const child = upper.child[this.pud] as number;
    if (child === ENTRY_LEAF) return LeafLevel.pud1G;
    if (child === ENTRY_UNIFORM) return LeafLevel.pmd2M;
    if (child === ENTRY_UNIFORM_TABLES) return LeafLevel.pte4K;
    if (child < 0) return LeafLevel.none;
    this.pmd = child * ROW_ENTRIES + Math.floor(this.pageInGib / ROW_ENTRIES);
    const row = upper.child[this.pmd] as number;
    if (row >= 0) {
      this.pteRow = row;
      const isMapped = this.ptes.flagsAt(row, this.pageInGib % ROW_ENTRIES) !== 0;
      return isMapped ? LeafLevel.pte4K : LeafLevel.none;
    }
    if (row === ENTRY_LEAF) return LeafLevel.pmd2M;
    return row === ENTRY_UNIFORM ? LeafLevel.pte4K : LeafLevel.none;
  }
}
