/**
 * Address space of the module area: the tree of free areas and the lazily freed areas that wait for
 * a purge. Addresses are page numbers. The free tree reaches over the whole address space, as the
 * kernel's; the module area is only a window of it. Follows mm/vmalloc.c (alloc_vmap_area,
 * free_vmap_area_noflush, __purge_vmap_area_lazy).
 *
 *   free tree   [1 ......)[hole)....[.................. 2^52-1)
 *   taken            area g    area g      area g            g: guard page, part of the area
 */
import { PAGE_SIZE_BYTES } from '../base/units.js';
import { FreeAreaTree, NO_AREA } from './free-area-tree.js';
import { LazyAreas } from './lazy-areas.js';

const VPN_END = 2 ** 52;
/** 32 MiB of lazily freed pages, for each bit of the number of CPUs. */
const LAZY_PAGES_PER_BIT = 33554432 / PAGE_SIZE_BYTES;

export interface VmapSearch {
  /** Guard included. */
  readonly pages: number;
  /** Power of two. */
  readonly alignPages: number;
  /** Half-open, page numbers. */
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly fit: 'lowest' | 'highest';
}

export class VmapAreaSet {
  readonly lazy: LazyAreas;
  private readonly tree = new FreeAreaTree(1, VPN_END - 1);
  private readonly lazyPagesMax: number;
  /** Pages handed out and not lazy. */
  private busyPages = 0;
  private readonly search = { size: 0, align: 1, windowStart: 0, windowEnd: 0 };

  /** @param adjusted searches with size + align - 1 above page alignment (5.18) */
  constructor(
    cpus: number,
    private readonly adjusted: boolean,
    lazyPerNode: boolean,
  ) {
    this.lazy = new LazyAreas(lazyPerNode ? cpus : 1, lazyPerNode);
    let bits = 0;
    for (let left = cpus; left >= 1; left = Math.floor(left / 2)) bits += 1;
    this.lazyPagesMax = bits * LAZY_PAGES_PER_BIT;
  }

  /** First page number of a new area, or -1. Does not purge. */
  alloc({ pages, alignPages, windowStart, windowEnd, fit }: VmapSearch): number {
    const { search } = this;
    search.size = pages;
    search.align = alignPages;
    search.windowStart = windowStart;
    search.windowEnd = windowEnd;
    const isExact = windowEnd - windowStart === pages;
    const length = this.adjusted && !isExact ? pages + alignPages - 1 : pages;
    const start =
      fit === 'highest' ? this.tree.allocHighest(search) : this.tree.allocLowest(search, length);
    if (start === NO_AREA) return -1;
    this.busyPages += pages;
    return start;
  }

  /** The area is unmapped; its addresses wait. True when so many wait that a purge is due. */
  freeLazily(start: number, pages: number): boolean {
    this.busyPages -= pages;
    this.lazy.add(start, start + pages);
    return this.lazy.pages > this.lazyPagesMax;
  }

  /** Returns every lazy area to the free tree. */
  purge(): void {
    const { lazy, tree } = this;
    for (let index = 0; index < lazy.count; index += 1) {
      tree.free(lazy.startOf(index), lazy.endOf(index));
    }
    lazy.clear();
  }

  /** Free stretches between the lowest and the highest area. */
  get holeCount(): number {
    return Math.max(0, this.tree.areaCount - 2);
  }

  get largestHolePages(): number {
    return this.tree.largestIn(this.tree.firstEnd, this.tree.lastStart);
  }

  verify(): void {
    this.tree.verify();
    this.lazy.verify();
    const taken = VPN_END - 2 - this.tree.freeIn(0, VPN_END);
    const known = this.busyPages + this.lazy.pages;
    if (taken !== known)
      throw new Error(`${String(taken)} pages are taken, ${String(known)} known`);
  }
}
