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
import { ENTRY_LEAF, ENTRY_NONE, ENTRY_UNIFORM, ROW_ENTRIES } from './page-table-rows.js';
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
    switch (this.level) {
      case LeafLevel.none:
        return 0;
      case LeafLevel.pte4K:
        if (this.pteRow < 0) return this.upper.flags[this.pmd] as number;
        return this.ptes.flagsAt(this.pteRow, this.pageInGib % ROW_ENTRIES);
      case LeafLevel.pmd2M:
        return this.upper.flags[this.pmd] as number;
      case LeafLevel.pud1G:
        return this.upper.flags[this.pud] as number;
    }
  }

  /** Frame that maps the page at the cursor; -1 when there is none. */
  get frame(): number {
    const { level, pageInGib } = this;
    if (level === LeafLevel.none) return -1;
    if (level === LeafLevel.pud1G) return (this.upper.frame[this.pud] as number) + pageInGib;
    const slot = pageInGib % ROW_ENTRIES;
    if (level === LeafLevel.pte4K && this.pteRow >= 0) return this.ptes.frameAt(this.pteRow, slot);
    return (this.upper.frame[this.pmd] as number) + slot;
  }

  /** Pages from the cursor to the end of its leaf, or of its table of 4K leaves. */
  get pagesLeft(): number {
    const span = this.level === LeafLevel.pud1G ? PTRS_PER_PUD_PAGES : PTRS_PER_PMD_PAGES;
    return span - (this.pageInGib % span);
  }

  /** True when the 2M window has a table of 4K entries, empty or not. */
  hasPteTable(vpn: number): boolean {
    this.walk(vpn);
    return (
      this.pmd >= 0 &&
      this.upper.child[this.pmd] !== ENTRY_LEAF &&
      this.childOf(this.pmd) !== ENTRY_NONE
    );
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

  /** Maps 4K leaves over consecutive frames. */
  mapConsecutive(vpn: number, frame: number, count: number, flags: number): void {
    for (let done = 0; done < count;) {
      const entry = this.pmdEntry(vpn + done);
      const first = (vpn + done) % ROW_ENTRIES;
      const end = Math.min(ROW_ENTRIES, first + count - done);
      if (end - first === ROW_ENTRIES && this.childOf(entry) === ENTRY_NONE) {
        this.putUniform(entry, frame + done, flags);
      } else {
        if (this.childOf(entry) === ENTRY_NONE) this.putTable(entry, this.ptes.take(0, 0));
        const row = this.rowOf(entry);
        for (let slot = first; slot < end; slot += 1) {
          this.ptes.map(row, slot, frame + done + slot - first, flags);
        }
      }
      done += end - first;
    }
  }

  /** Removes every leaf in [vpn, vpn + count); tables stay. Asserts that large leaves go whole. */
  unmap(vpn: number, count: number): void {
    for (let done = 0; done < count;) {
      const level = this.walk(vpn + done);
      if (level === LeafLevel.pmd2M || level === LeafLevel.pud1G) {
        const span = LEAF_PAGES[level] ?? 0;
        assert(this.pagesLeft === span && done + span <= count, 'a large leaf is unmapped whole');
        const entry = level === LeafLevel.pmd2M ? this.pmd : this.pud;
        this.countLeaf(level, this.upper.flags[entry] as number, -1);
        this.upper.child[entry] = ENTRY_NONE;
        done += span;
        continue;
      }
      const pages = Math.min(count - done, this.pagesLeft);
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
    const entry = this.level === LeafLevel.pmd2M ? this.pmd : this.pud;
    this.countLeaf(this.level, this.upper.flags[entry] as number, -1);
    this.countLeaf(this.level, flags, 1);
    this.upper.flags[entry] = flags;
  }

  /** Changes 4K leaves from the cursor on, within its table. How many took other flags. */
  changeEntries(count: number, set: number, clear: number): number {
    if (this.pteRow < 0) {
      const flags = this.upper.flags[this.pmd] as number;
      if (changedFlags(flags, set, clear) === flags) return 0;
      this.pteRow = this.rowOf(this.pmd);
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
        row = this.pteRow < 0 ? this.rowOf(this.pmd) : this.pteRow;
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
      const flags = upper.flags[this.pmd] as number;
      this.countLeaf(LeafLevel.pmd2M, flags, -1);
      this.putUniform(this.pmd, upper.frame[this.pmd] as number, flags);
      return;
    }
    assert(this.level === LeafLevel.pud1G, 'a large leaf splits');
    const flags = upper.flags[this.pud] as number;
    const frame = upper.frame[this.pud] as number;
    this.countLeaf(LeafLevel.pud1G, flags, -1);
    const row = upper.take();
    this.putTable(this.pud, row);
    for (let slot = 0; slot < ROW_ENTRIES; slot += 1) {
      this.putLeaf(
        row * ROW_ENTRIES + slot,
        LeafLevel.pmd2M,
        frame + slot * PTRS_PER_PMD_PAGES,
        flags,
      );
    }
  }

  /**
   * Replaces the table of 4K leaves over the 2M window of `vpn` by one leaf: 512 present entries
   * with equal flags over consecutive frames, the first aligned. With `ignoreDirty` entries may
   * differ in Dirty, and the leaf is dirty if one was. False: not possible, nothing changed.
   */
  collapse2M(vpn: number, ignoreDirty: boolean): boolean {
    this.walk(vpn);
    if (this.level !== LeafLevel.pte4K || this.pageInGib % ROW_ENTRIES !== 0) return false;
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
    const row = this.pud < 0 ? ENTRY_NONE : this.childOf(this.pud);
    if (row < 0) return false;
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

  private walkFromPud(): LeafLevel {
    const { upper } = this;
    const child = upper.child[this.pud] as number;
    if (child < 0) return child === ENTRY_LEAF ? LeafLevel.pud1G : LeafLevel.none;
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
