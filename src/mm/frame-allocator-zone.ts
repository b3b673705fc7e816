/**
 * One memory zone of a node: a buddy allocator whose requests of one migrate type take pageblocks
 * from another when their own lists run dry. Memory that the run has not reached yet lies in a
 * ZoneReserve and enters the lists when it is needed. Follows __rmqueue, __rmqueue_fallback and
 * steal_suitable_fallback of mm/page_alloc.c (6.1; the claim rule of 6.15 is an option).
 */
import { assert } from '../base/assert.js';
import {
  BLOCK_PAGES,
  FreeBlocks,
  MIGRATE_MOVABLE,
  MIGRATE_UNMOVABLE,
  NONE,
  ORDER_MAX,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  SECTION_PAGES,
  type MigrateType,
} from './frame-allocator-blocks.js';
import type { FrameRange } from './ram-layout.js';

/** Memory of a zone that is not on the free lists yet. */
export interface ZoneReserve {
  /** Free pages in it. */
  readonly freePages: number;
  /** Page-cache pages in it, and movable ones that it left in use. */
  readonly cachedPages: number;
  /** Lists the lowest whole free block of order 9 or 10 as movable; its first frame or -1. */
  listWhole(order: number): number;
  /** Lists free pages of pageblocks that kernel memory is spread over, when `order` can be among them. */
  listHoles(order: number): boolean;
  /** Drops page cache: most of one pageblock, or all of it. False when there is none left. */
  reclaim(whole: boolean): boolean;
}

/**
 * When a request of one type finds a part of another's pageblock: `use` takes the part either way and
 * all that is free around it (to 6.14); `half` needs half of the pageblock free or alike, else it
 * looks on and at last takes the smallest part (6.15).
 */
export type ClaimRule = 'use' | 'half';

/** Types whose pageblocks a request may take, in order. */
const FALLBACKS: readonly (readonly MigrateType[])[] = [
  [2, 1],
  [2, 0],
  [0, 1],
];
/** A movable request takes a pageblock only through a free block of this order or more. */
const CLAIM_ORDER_MIN = Math.floor(PAGEBLOCK_ORDER / 2);

export interface ZoneOptions {
  /** Frames of the zone, ascending. */
  readonly ranges: readonly FrameRange[];
  readonly claimRule?: ClaimRule;
}

export class BuddyZone {
  readonly blocks: FreeBlocks;
  /** First frame and end of the span; holes included. */
  readonly startPfn: number;
  readonly endPfn: number;
  /** Pages that the zone manages. */
  readonly managedPages: number;
  reserve: ZoneReserve | undefined;
  /** Below this many free pages page cache is dropped until `highPages` are free. */
  lowPages = 0;
  highPages = 0;
  private readonly claimRule: ClaimRule;

  constructor(options: ZoneOptions) {
    const { ranges } = options;
    this.startPfn = ranges[0]?.startPfn ?? 0;
    this.endPfn = ranges[ranges.length - 1]?.endPfn ?? 0;
    this.managedPages = ranges.reduce((sum, range) => sum + range.endPfn - range.startPfn, 0);
    this.claimRule = options.claimRule ?? 'use';
    this.blocks = new FreeBlocks(
      Math.floor(this.startPfn / SECTION_PAGES),
      Math.ceil(this.endPfn / SECTION_PAGES),
    );
  }

  get freePages(): number {
    return this.blocks.freePages + (this.reserve?.freePages ?? 0);
  }

  /** Lists [startPfn, endPfn) as movable in the largest aligned blocks, ascending behind the rest. */
  addFree(startPfn: number, endPfn: number): void {
    let frame = startPfn;
    while (frame < endPfn) {
      let order = ORDER_MAX;
      while (
        frame % (BLOCK_PAGES[order] ?? 1) !== 0 ||
        frame + (BLOCK_PAGES[order] ?? 1) > endPfn
      ) {
        order -= 1;
      }
      this.blocks.add(this.blocks.rowOf(frame), order, MIGRATE_MOVABLE, true);
      frame += BLOCK_PAGES[order] ?? 1;
    }
  }

  /**
   * First frame of a block of 2^order pages, or -1. Blocks of other types below `stealOrderMin` are
   * left alone.
   */
  alloc(order: number, type: MigrateType, stealOrderMin = 0): number {
    if (this.freePages - (BLOCK_PAGES[order] ?? 0) < this.lowPages) this.reclaimToHigh();
    let row = this.allocOwn(order, type);
    if (row === NONE && type === MIGRATE_UNMOVABLE && this.reserve?.listHoles(order) === true) {
      row = this.allocOwn(order, type);
    }
    if (row === NONE) row = this.steal(order, type, stealOrderMin);
    if (row === NONE) return -1;
    if (type === MIGRATE_MOVABLE) this.noteMovable(row, order, 1);
    return this.blocks.frameOf(row);
  }

  /** Drops page cache until a block can be had; its first frame or -1. */
  allocWithReclaim(order: number, type: MigrateType): number {
    // Page cache is dropped by pageblock, which cannot make an order-10 block on purpose.
    if (order > PAGEBLOCK_ORDER) return -1;
    while (this.reserve?.reclaim(true) === true) {
      const frame = this.alloc(order, type);
      if (frame >= 0) return frame;
    }
    return -1;
  }

  /** `movable` says that the pages were allocated as movable. */
  free(frame: number, order: number, movable = false): void {
    assert(
      frame >= this.startPfn && frame + (BLOCK_PAGES[order] ?? 0) <= this.endPfn,
      'a freed frame lies in its zone',
    );
    const row = this.blocks.rowOfUsed(frame);
    assert(this.blocks.orderAt(row) === NONE, 'a freed block is not free already');
    if (movable) this.noteMovable(row, order, -1);
    this.blocks.free(row, order);
  }

  /** Type of the pageblock of a frame that was handed out. */
  pageblockType(frame: number): MigrateType {
    return this.blocks.pageblockType(this.blocks.rowOfUsed(frame));
  }

  verify(): void {
    this.blocks.verify();
    assert(this.freePages <= this.managedPages, 'a zone has no more free pages than pages');
  }

  private allocOwn(order: number, type: MigrateType): number {
    for (let from = order; from <= ORDER_MAX; from += 1) {
      const row = this.first(from, type);
      if (row === NONE) continue;
      this.blocks.takeAndSplit(row, order, type);
      return row;
    }
    return NONE;
  }

  /** Head of a list; whole blocks of the reserve stand behind the movable ones that are listed. */
  private first(order: number, type: MigrateType): number {
    const row = this.blocks.head(order, type);
    if (row !== NONE || type !== MIGRATE_MOVABLE || order < PAGEBLOCK_ORDER) return row;
    if (this.reserve === undefined) return NONE;
    const frame = this.reserve.listWhole(order);
    return frame < 0 ? NONE : this.blocks.rowOf(frame);
  }

  /** First block of another type, in order of preference. */
  private firstOther(order: number, type: MigrateType): number {
    for (const other of FALLBACKS[type] ?? []) {
      const row = this.first(order, other);
      if (row !== NONE) return row;
    }
    return NONE;
  }

  private steal(order: number, type: MigrateType, stealOrderMin: number): number {
    for (let from = ORDER_MAX; from >= Math.max(order, stealOrderMin); from -= 1) {
      const row = this.firstOther(from, type);
      if (row === NONE) continue;
      if (from < CLAIM_ORDER_MIN && type === MIGRATE_MOVABLE) break;
      const taken = this.claim(row, from, order, type);
      if (taken !== NONE) return taken;
    }
    return stealOrderMin > order ? NONE : this.stealSmallest(order, type);
  }

  /** Takes over the block and, below a pageblock, what is free around it. */
  private claim(row: number, from: number, order: number, type: MigrateType): number {
    const { blocks } = this;
    if (from >= PAGEBLOCK_ORDER) {
      for (let half = row; half < row + (BLOCK_PAGES[from] ?? 0); half += PAGEBLOCK_PAGES) {
        blocks.setPageblockType(half, type);
      }
      blocks.takeAndSplit(row, order, type);
      return row;
    }
    const claims = this.freeOrAlike(row, type) >= PAGEBLOCK_PAGES / 2;
    if (!claims && this.claimRule === 'half') return NONE;
    blocks.moveFreeInPageblock(row, type);
    if (claims) blocks.setPageblockType(row, type);
    return this.allocOwn(order, type);
  }

  /** Pages of the pageblock that are free or in use by memory like `type`. */
  private freeOrAlike(row: number, type: MigrateType): number {
    const free = this.blocks.freeInPageblock(row);
    const movable = this.blocks.movablePages(row);
    if (type === MIGRATE_MOVABLE) return free + movable;
    // A pageblock of the other kernel type: its pages in use count as unlike.
    if (this.blocks.pageblockType(row) !== MIGRATE_MOVABLE) return free;
    return PAGEBLOCK_PAGES - movable;
  }

  /**
   * The smallest fitting block of another type, without its pageblock; what is left of it is listed
   * under the new type, since the `half` rule under its old one.
   */
  private stealSmallest(order: number, type: MigrateType): number {
    for (let from = order; from <= ORDER_MAX; from += 1) {
      for (const other of FALLBACKS[type] ?? []) {
        const row = this.first(from, other);
        if (row === NONE) continue;
        this.blocks.takeAndSplit(row, order, this.claimRule === 'use' ? type : other);
        return row;
      }
    }
    return NONE;
  }

  private noteMovable(row: number, order: number, sign: 1 | -1): void {
    const pages = BLOCK_PAGES[order] ?? 0;
    const step = Math.min(pages, PAGEBLOCK_PAGES);
    for (let at = row; at < row + pages; at += step) this.blocks.addMovablePages(at, sign * step);
  }

  private reclaimToHigh(): void {
    while (this.freePages < this.highPages && this.reserve?.reclaim(false) === true);
  }
}
