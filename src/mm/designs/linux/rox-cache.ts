/**
 * The execmem ROX cache: 2M blocks, read-only and executable, handed out page by page, lowest fit,
 * without guard pages between users. Freed memory is refilled with traps and merged; a block that is
 * wholly free goes back when the worker runs and stays lazy until the next purge. Follows
 * mm/execmem.c (execmem_cache_alloc, _populate, _free, _clean), 6.15..7.3.
 *
 *   block  |tttttT..xxxxxxx.................|g   t, x users; T freed and refilled; g guard page
 */
import { assert } from '../../../base/assert.js';
import { PTRS_PER_PMD_PAGES, roundUp } from '../../../base/units.js';
import { FreeAreaTree, NO_AREA } from '../../free-area-tree.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import { AreaBlocks } from './area-blocks.js';

interface RoxBlock {
  readonly area: VmArea;
  usedPages: number;
}

export interface RoxCacheRules {
  /** 6.17: free through a writable window; before, traps are poked. */
  readonly freesThroughRw: boolean;
  /** 6.17: when the 2M multiple cannot be had, take the size asked for. */
  readonly fallsBackToSize: boolean;
}

export class RoxCache {
  private readonly free_ = new FreeAreaTree();
  /** Pages of every piece handed out, by its first page. */
  private readonly busy = new Map<number, number>();
  /** By first page, ascending. */
  private readonly blocks = new AreaBlocks<RoxBlock>();
  private cleanPending = false;

  constructor(
    private readonly mm: KernelMm,
    private readonly rules: RoxCacheRules,
  ) {}

  get blockCount(): number {
    return this.blocks.length;
  }

  /** First page of the lowest free piece that is large enough; populates when there is none. */
  alloc(pages: number): number | undefined {
    const taken = this.take(pages);
    if (taken !== undefined) return taken;
    const path = this.mm.enterPath('execmem_cache_populate');
    const populated = this.populate(pages);
    this.mm.leavePath(path);
    return populated ? this.take(pages) : undefined;
  }

  free(page: number): void {
    const pages = this.busy.get(page);
    assert(pages !== undefined, () => `page ${page} is not handed out by the ROX cache`);
    const path = this.mm.enterPath('execmem_cache_free');
    if (this.rules.freesThroughRw) {
      this.mm.setMemoryNx(page, pages);
      this.mm.setMemoryRw(page, pages);
      this.mm.setMemoryRox(page, pages);
    } else {
      this.mm.textPoke(page * 4096, pages * 4096);
    }
    this.mm.leavePath(path);
    this.busy.delete(page);
    this.free_.free(page, page + pages);
    this.blocks.at(page).usedPages -= pages;
    this.cleanPending = true;
  }

  /** The cleaner: gives back every block that is wholly free (the whole-area test of 7.3). */
  clean(): void {
    if (!this.cleanPending) return;
    this.cleanPending = false;
    this.blocks.remove(
      (block) => block.usedPages === 0 && isHugeMultiple(block.area),
      ({ area }) => {
        this.release(area);
      },
    );
  }

  /** A block that a machine had before the first request; false when the place is taken. */
  adopt(page: number, pages: number, usedPages: number): boolean {
    const window = { windowStart: page, windowEnd: page + pages + 1 };
    if (!this.addBlock(pages, isHugeMultiple({ page, pages }), window)) return false;
    if (usedPages === 0) return true;
    assert(this.free_.allocAt(page, usedPages), 'a new block is free');
    this.busy.set(page, usedPages);
    this.blocks.at(page).usedPages = usedPages;
    return true;
  }

  verify(): void {
    this.free_.verify();
    for (const block of this.blocks) {
      const { page, pages } = block.area;
      const free = this.free_.freeIn(page, page + pages);
      assert(
        free + block.usedPages === pages,
        () => `block at page ${page}: ${free} free and ${block.usedPages} used of ${pages}`,
      );
    }
  }

  private take(pages: number): number | undefined {
    const search = { size: pages, align: 1, windowStart: 0, windowEnd: this.mm.areaPages - 1 };
    const page = this.free_.allocLowest(search, pages);
    if (page === NO_AREA) return undefined;
    this.busy.set(page, pages);
    this.blocks.at(page).usedPages += pages;
    return page;
  }

  private populate(pages: number): boolean {
    if (this.addBlock(roundUp(pages, PTRS_PER_PMD_PAGES), true)) return true;
    return this.rules.fallsBackToSize && this.addBlock(pages, true);
  }

  private addBlock(
    pages: number,
    allowHuge: boolean,
    window: { readonly windowStart?: number; readonly windowEnd?: number } = {},
  ): boolean {
    const keepsAlign = this.mm.rules.populateRetryKeepsAlign;
    const area = this.mm.vmalloc({
      sizeBytes: pages * 4096,
      alignPages: keepsAlign && allowHuge ? PTRS_PER_PMD_PAGES : 1,
      allowHuge,
      ...window,
    });
    if (!area) return false;
    this.mm.setMemoryRox(area.page, area.pages);
    this.blocks.add({ area, usedPages: 0 });
    this.free_.free(area.page, area.page + area.pages);
    return true;
  }

  /** Direct map present and writable again, addresses lazy, no permission reset. */
  private release(area: VmArea): void {
    const path = this.mm.enterPath('execmem_cache_clean');
    assert(this.free_.allocAt(area.page, area.pages), 'a released block is wholly free');
    this.mm.setDirectMapValid(area.page, area.pages, true);
    this.mm.vfree(area);
    this.mm.leavePath(path);
  }
}

const isHugeMultiple = (area: { readonly page: number; readonly pages: number }): boolean =>
  area.page % PTRS_PER_PMD_PAGES === 0 && area.pages % PTRS_PER_PMD_PAGES === 0;
