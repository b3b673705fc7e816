/**
 * One step of an attribute change on a page table: the leaf that maps a page is rewritten, or split
 * and looked at again. A large leaf is kept when nothing changes or when the change covers all of
 * it; the decision is made for each call and each contiguous range. Follows __change_page_attr and
 * __should_split_large_page of arch/x86/mm/pat/set_memory.c. The same for the module area and for
 * the direct map; what a split costs and counts is the owner's business.
 */
import { LEAF_PAGES, LeafLevel } from '../base/units.js';
import type { PageTable } from '../machine/page-table.js';
import { changedFlags } from '../machine/pte.js';

export interface SplitOwner {
  /** A leaf of this level is about to be split; `vpn` lies in it. The flush is part of it. */
  onSplit(level: LeafLevel, vpn: number): void;
}

/** The change that a leaf had to be split for. */
export interface SplitCause {
  /** First page of the change inside the leaf: a page of the module area or a frame. */
  readonly page: number;
  /** Pages of the leaf that the change is about. */
  readonly pages: number;
  /** PTE flags of the leaf before, and those that the pages get. */
  readonly before: number;
  readonly after: number;
}

export class LeafChange {
  /** True when a leaf took other flags since `restart`. */
  changed = false;
  /** Level of the leaf of the last step: `none` when nothing was mapped. */
  level: LeafLevel = LeafLevel.none;
  private splitVpn = 0;
  private splitPages = 0;
  private flagsBefore = 0;
  private flagsAfter = 0;

  constructor(
    private readonly table: PageTable,
    private readonly owner: SplitOwner,
  ) {}

  /** Why the last split was made; pages count from `baseVpn`. */
  splitCause(baseVpn: number): SplitCause {
    const { splitVpn, splitPages: pages, flagsBefore: before, flagsAfter: after } = this;
    return { page: splitVpn - baseVpn, pages, before, after };
  }

  restart(): void {
    this.changed = false;
  }

  /**
   * Changes from `vpn` on, at most `room` pages; how many pages that settled (1 or more). Pages
   * under 4K leaves are settled one after the other up to the end of their table.
   */
  step(vpn: number, room: number, set: number, clear: number): number {
    const { table } = this;
    for (;;) {
      this.level = table.walk(vpn);
      if (this.level === LeafLevel.none) return 1;
      const pages = Math.min(room, table.pagesLeft);
      if (this.level === LeafLevel.pte4K) {
        if (table.changeEntries(pages, set, clear) > 0) this.changed = true;
        return pages;
      }
      const wanted = changedFlags(table.flags, set, clear);
      if (wanted === table.flags) return pages;
      if (pages === LEAF_PAGES[this.level]) {
        table.setLargeFlags(wanted);
        this.changed = true;
        return pages;
      }
      this.splitVpn = vpn;
      this.splitPages = pages;
      this.flagsBefore = table.flags;
      this.flagsAfter = wanted;
      this.owner.onSplit(this.level, vpn);
      table.walk(vpn);
      table.split();
    }
  }
}
