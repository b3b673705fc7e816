/**
 * A zone filled with clean page cache: nothing is free until cache is dropped, the oldest first, a
 * pageblock at a time, leaving recently used read-ahead windows in place. When all was dropped once,
 * what stayed goes in the same order. Follows the order of shrink_node and the effect of compaction,
 * which frees whole pageblocks of movable memory. Model: cache is never dirty, there is no swap.
 */
import { drawBelow, streamKey, type StreamKey } from '../base/prng.js';
import { PAGEBLOCK_PAGES } from './frame-allocator-blocks.js';
import type { BuddyZone, ZoneReserve } from './frame-allocator-zone.js';
import type { Pageblocks } from './free-memory-pageblocks.js';
import { Permutation } from './free-memory-permutation.js';

/** Page cache comes and goes in read-ahead windows of 128 KiB. */
const CACHE_UNIT_PAGES = 32;
const CACHE_UNIT_ORDER = 5;
const CACHE_UNITS = PAGEBLOCK_PAGES / CACHE_UNIT_PAGES;
/** Recently used windows of a pageblock that stay when cache is dropped: 0 to 7 of 16. */
const CACHE_KEPT_UNITS_MAX = 7;

export class CachedMemory implements ZoneReserve {
  readonly freePages = 0;
  cachedPages: number;
  /** Pageblocks dropped in the first round, and looked at again in the second. */
  private dropped = 0;
  private finished = 0;
  /** By rank: 1 when the first round left nothing. */
  private readonly emptied: Uint8Array;
  private readonly order: Permutation;
  private readonly kept: StreamKey;

  constructor(
    private readonly zone: BuddyZone,
    private readonly pageblocks: Pageblocks,
    seed: number,
    name: string,
  ) {
    this.order = new Permutation(streamKey(seed, `${name} order of cache`), pageblocks.count);
    this.kept = streamKey(seed, `${name} cache in use`);
    this.emptied = new Uint8Array(pageblocks.count);
    this.cachedPages = pageblocks.count * PAGEBLOCK_PAGES;
  }

  listWhole(): number {
    return -1;
  }

  listHoles(): boolean {
    return false;
  }

  /** The oldest cache first; when all was dropped once, what stayed goes in the same order. */
  reclaim(whole: boolean): boolean {
    if (this.dropped < this.pageblocks.count) {
      const rank = this.dropped;
      this.dropped += 1;
      const kept = whole ? 0 : drawBelow(this.kept, rank * 2, CACHE_KEPT_UNITS_MAX + 1);
      if (kept === 0) this.emptied[rank] = 1;
      this.drop(rank, kept, CACHE_UNITS);
      return true;
    }
    while (this.finished < this.pageblocks.count) {
      const rank = this.finished;
      this.finished += 1;
      if (this.emptied[rank] === 1) continue;
      this.drop(rank, 0, drawBelow(this.kept, rank * 2, CACHE_KEPT_UNITS_MAX + 1));
      return true;
    }
    return false;
  }

  /** Frees the windows at places [from, to) of the pageblock's own order of windows. */
  private drop(rank: number, from: number, to: number): void {
    const frame = this.pageblocks.frameAt(this.order.at(rank));
    const { blocks } = this.zone;
    const row = blocks.rowOf(frame);
    if (to === CACHE_UNITS) blocks.addMovablePages(row, PAGEBLOCK_PAGES);
    const stream = { high: this.kept.high, low: (this.kept.low + rank * 2 + 1) % 4294967296 };
    const windows = new Permutation(stream, CACHE_UNITS);
    for (let place = from; place < to; place += 1) {
      this.zone.free(frame + windows.at(place) * CACHE_UNIT_PAGES, CACHE_UNIT_ORDER, true);
    }
    this.cachedPages -= (to - from) * CACHE_UNIT_PAGES;
  }
}
