/**
 * Page table of the module area and the attribute changes on it. Pages are indexes of the module
 * area. A 2M leaf that splits costs a table page and a flush of everything, and is counted nowhere
 * in /proc. Follows vmap_pages_range and vunmap_range of mm/vmalloc.c, cpa_collapse_large_pages of
 * arch/x86/mm/pat/set_memory.c.
 */
import { assert } from '../base/assert.js';
import { LeafLevel, PTRS_PER_PMD_PAGES, roundDown } from '../base/units.js';
import { EffectKind } from '../contract/sim-event.js';
import { PageTable } from '../machine/page-table.js';
import type { TablePages } from '../machine/page-table-store.js';
import { PTE_EXECUTABLE, PTE_PRESENT, PTE_WRITABLE } from '../machine/pte.js';
import { LeafChange, type SplitCause, type SplitOwner } from './leaf-change.js';
import type { MmEffects } from './mm-effects.js';

const RUNS = PTE_PRESENT + PTE_EXECUTABLE;

export interface TextMapOptions {
  readonly levels: 4 | 5;
  readonly areaVpn: number;
  readonly areaPages: number;
  /** Merges tables whose entries agree again, after every change (proposals P12a). */
  readonly repairs: boolean;
  readonly pages: TablePages;
}

export class TextMap implements SplitOwner {
  /** Rises with every change of a mapping. */
  version = 0;
  readonly table: PageTable;
  readonly change: LeafChange;
  private readonly areaVpn: number;
  private readonly areaPages: number;
  private readonly bootTables: number;

  constructor(
    private readonly options: TextMapOptions,
    private readonly effects: MmEffects,
  ) {
    this.areaVpn = options.areaVpn;
    this.areaPages = options.areaPages;
    this.table = new PageTable(options.levels, options.pages);
    this.change = new LeafChange(this.table, this);
    // The PMD pages of the area are static (arch/x86/kernel/head_64.S).
    for (let page = 0; page < this.areaPages; page += PTRS_PER_PMD_PAGES) {
      this.table.populateUpper(this.areaVpn + page);
    }
    this.bootTables = this.table.tablePages;
  }

  get addedTables(): number {
    return this.table.tablePages - this.bootTables;
  }

  get executable4KLeaves(): number {
    return this.table.leafCount(LeafLevel.pte4K, RUNS);
  }

  get executable2MLeaves(): number {
    return this.table.leafCount(LeafLevel.pmd2M, RUNS);
  }

  get writableExecutablePages(): number {
    const both = RUNS + PTE_WRITABLE;
    const large = this.table.leafCount(LeafLevel.pmd2M, both);
    return this.table.leafCount(LeafLevel.pte4K, both) + large * PTRS_PER_PMD_PAGES;
  }

  vpnOf(page: number): number {
    return this.areaVpn + page;
  }

  levelOf(page: number): LeafLevel {
    return this.table.walk(this.areaVpn + page);
  }

  flagsOf(page: number): number {
    this.table.walk(this.areaVpn + page);
    return this.table.flags;
  }

  /** Frame behind a page, -1 when nothing is mapped. */
  frameOf(page: number): number {
    this.table.walk(this.areaVpn + page);
    return this.table.frame;
  }

  /** Maps 4K leaves to frames[0..pages). */
  mapPages(page: number, pages: number, frames: ArrayLike<number>, flags: number): void {
    this.version += 1;
    const tables = this.table.mapPages(this.areaVpn + page, pages, frames, 0, flags);
    for (let table = 0; table < tables; table += 1) this.effects.tableAllocated(page);
  }

  /** Maps 2M leaves; frames[0..pages) come in aligned runs of 512. */
  mapHuge(page: number, pages: number, frames: ArrayLike<number>, flags: number): void {
    this.version += 1;
    for (let done = 0; done < pages; done += PTRS_PER_PMD_PAGES) {
      const frame = frames[done] as number;
      const at = page + done;
      if (!this.table.mapLarge(this.areaVpn + at, LeafLevel.pmd2M, frame, flags)) continue;
      // pmd_free_pte_page: the old, empty table may still be cached.
      this.effects.flushKernelRange(at, 1);
      this.effects.tableFreed(at);
    }
  }

  unmap(page: number, pages: number): void {
    this.version += 1;
    this.table.unmap(this.areaVpn + page, pages);
  }

  /** Writes the frames behind [page, page + pages). Asserts that all are mapped. */
  readFrames(page: number, pages: number, out: Float64Array): void {
    const { table, areaVpn } = this;
    for (let done = 0; done < pages;) {
      const level = table.walk(areaVpn + page + done);
      assert(level !== LeafLevel.none, () => `page ${page + done} is not mapped`);
      const count = Math.min(pages - done, table.pagesLeft);
      table.readFrames(count, out, done);
      done += count;
    }
  }

  onSplit(_level: LeafLevel, vpn: number): void {
    const { effects } = this;
    const window = roundDown(vpn, PTRS_PER_PMD_PAGES) - this.areaVpn;
    const path = effects.paths.enter('__split_large_page');
    this.version += 1;
    effects.counters.textSplits += 1;
    effects.tableAllocated(window);
    effects.flushAll();
    effects.tell(EffectKind.textSplit2M, window, PTRS_PER_PMD_PAGES);
    effects.paths.leave(path);
  }

  /** Why the last split was made, in pages of the area. */
  get splitCause(): SplitCause {
    return this.change.splitCause(this.areaVpn);
  }

  /** Collapses what can be in the 2M windows that [page, page + pages) touches; how many did. */
  collapse(page: number, pages: number, ignoreDirty: boolean): number {
    const { effects } = this;
    let collapsed = 0;
    for (
      let window = roundDown(page, PTRS_PER_PMD_PAGES);
      window < page + pages && window + PTRS_PER_PMD_PAGES <= this.areaPages;
      window += PTRS_PER_PMD_PAGES
    ) {
      if (!this.table.collapse2M(this.areaVpn + window, ignoreDirty)) continue;
      collapsed += 1;
      this.version += 1;
      effects.counters.textCollapses += 1;
      effects.tell(EffectKind.textCollapse2M, window, PTRS_PER_PMD_PAGES);
      effects.tableFreed(window);
    }
    return collapsed;
  }

  /** Merges the window of one page where the machine repairs; true when it did. */
  repair(page: number): boolean {
    if (!this.options.repairs) return false;
    return this.collapse(roundDown(page, PTRS_PER_PMD_PAGES), 1, true) > 0;
  }
}
