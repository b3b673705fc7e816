/**
 * Free blocks of one zone: a doubly linked list for each order and migrate type, newest at the head,
 * and the type of every 2 MiB pageblock. Only sections (4 MiB, the largest block) that were touched
 * have rows here, so memory grows with use and not with RAM. Follows struct free_area and
 * __free_one_page of mm/page_alloc.c.
 *
 * Row of a frame = slot of its section x 1024 + frame's offset in the section. A block is known by
 * the row of its first frame; `tag` of that row holds its order and type, 0 elsewhere.
 */
import { assert } from '../base/assert.js';

/** Largest block: 4 MiB. */
export const ORDER_MAX = 10;
/** Largest block that lies in one pageblock: 2 MiB, one PMD leaf of the direct map. */
export const PAGEBLOCK_ORDER = 9;
export const PAGEBLOCK_PAGES = 512;
export const SECTION_PAGES = 1024;
const BLOCKS_PER_SECTION = 2;

/** Who may move a page away. Kernel memory is unmovable, user memory and page cache movable. */
export const MIGRATE_UNMOVABLE = 0;
export const MIGRATE_MOVABLE = 1;
export const MIGRATE_RECLAIMABLE = 2;
export type MigrateType = 0 | 1 | 2;
export const MIGRATE_TYPES = 3;

/** Pages of a block by order. */
export const BLOCK_PAGES: readonly number[] = Array.from(
  { length: ORDER_MAX + 1 },
  (_, order) => 2 ** order,
);
const SIZE = Int32Array.from(BLOCK_PAGES);

/** No block. */
export const NONE = -1;
/** Tag = 16 x type + order + 1. */
const TYPE_STEP = 16;
const TYPE_SHIFT = 4;
const ORDER_MASK = 15;
const INITIAL_SLOTS = 8;

// Rows stay below 2^31 and sections below 2^24: shifts are exact here and far cheaper than floor.
const sectionOf = (frame: number): number => (frame / SECTION_PAGES) >>> 0;
const slotOf = (row: number): number => row >>> 10;
const pageblockOf = (row: number): number => row >>> 9;

export class FreeBlocks {
  /** Pages on the lists. */
  freePages = 0;
  /** Blocks on the list of an order and a type, at order x 3 + type. */
  readonly blockCounts = new Int32Array((ORDER_MAX + 1) * MIGRATE_TYPES);
  private readonly heads = new Int32Array((ORDER_MAX + 1) * MIGRATE_TYPES).fill(NONE);
  private readonly tails = new Int32Array((ORDER_MAX + 1) * MIGRATE_TYPES).fill(NONE);
  private next = new Int32Array(INITIAL_SLOTS * SECTION_PAGES);
  private prev = new Int32Array(INITIAL_SLOTS * SECTION_PAGES);
  private tag = new Uint8Array(INITIAL_SLOTS * SECTION_PAGES);
  /** By slot and half. */
  private types = new Uint8Array(INITIAL_SLOTS * BLOCKS_PER_SECTION);
  /** Movable pages in use, by slot and half. */
  private movable = new Int32Array(INITIAL_SLOTS * BLOCKS_PER_SECTION);
  private sectionOfSlot = new Int32Array(INITIAL_SLOTS);
  /** Slot + 1 by section from firstSection on, 0 untouched. */
  private readonly slotOfSection: Int32Array;
  private slots = 0;

  /** Sections [firstSection, endSection) of 1024 frames each. */
  constructor(
    private readonly firstSection: number,
    endSection: number,
  ) {
    this.slotOfSection = new Int32Array(endSection - firstSection);
  }

  /** Row of a frame; its section gets rows (pageblocks movable, nothing free) if it had none. */
  rowOf(frame: number): number {
    const section = sectionOf(frame);
    const index = section - this.firstSection;
    const slot = this.slotOfSection[index];
    assert(slot !== undefined, 'a frame lies in its zone');
    const row = (slot === 0 ? this.addSlot(index) : slot - 1) * SECTION_PAGES;
    return row + (frame - section * SECTION_PAGES);
  }

  /** Row of a frame that was handed out before. */
  rowOfUsed(frame: number): number {
    const section = sectionOf(frame);
    const slot = this.slotOfSection[section - this.firstSection] ?? 0;
    assert(slot > 0, 'a freed frame was handed out');
    return (slot - 1) * SECTION_PAGES + (frame - section * SECTION_PAGES);
  }

  frameOf(row: number): number {
    const slot = slotOf(row);
    return (
      (this.firstSection + (this.sectionOfSlot[slot] as number)) * SECTION_PAGES +
      (row - slot * SECTION_PAGES)
    );
  }

  /** Row of the block that an allocation would take first, or NONE. */
  head(order: number, type: MigrateType): number {
    return this.heads[order * MIGRATE_TYPES + type] as number;
  }

  pageblockType(row: number): MigrateType {
    return this.types[pageblockOf(row)] as MigrateType;
  }

  setPageblockType(row: number, type: MigrateType): void {
    this.types[pageblockOf(row)] = type;
  }

  /** Movable pages in use in the row's pageblock. */
  movablePages(row: number): number {
    return this.movable[pageblockOf(row)] as number;
  }

  addMovablePages(row: number, pages: number): void {
    const block = pageblockOf(row);
    this.movable[block] = (this.movable[block] as number) + pages;
  }

  /** Order of the free block that starts at the row, or NONE. */
  orderAt(row: number): number {
    return ((this.tag[row] as number) & ORDER_MASK) - 1;
  }

  add(row: number, order: number, type: MigrateType, atTail = false): void {
    const list = order * MIGRATE_TYPES + type;
    this.tag[row] = TYPE_STEP * type + order + 1;
    const old = atTail ? (this.tails[list] as number) : (this.heads[list] as number);
    this.next[row] = atTail ? NONE : old;
    this.prev[row] = atTail ? old : NONE;
    if (old === NONE) {
      this.heads[list] = row;
      this.tails[list] = row;
    } else if (atTail) {
      this.next[old] = row;
      this.tails[list] = row;
    } else {
      this.prev[old] = row;
      this.heads[list] = row;
    }
    this.blockCounts[list] = (this.blockCounts[list] as number) + 1;
    this.freePages += SIZE[order] as number;
  }

  remove(row: number): void {
    const tag = this.tag[row] as number;
    const order = (tag & ORDER_MASK) - 1;
    const list = order * MIGRATE_TYPES + (tag >>> TYPE_SHIFT);
    const before = this.prev[row] as number;
    const after = this.next[row] as number;
    if (before === NONE) this.heads[list] = after;
    else this.next[before] = after;
    if (after === NONE) this.tails[list] = before;
    else this.prev[after] = before;
    this.tag[row] = 0;
    this.blockCounts[list] = (this.blockCounts[list] as number) - 1;
    this.freePages -= SIZE[order] as number;
  }

  /**
   * Takes the free block at `row` and gives back all but its first 2^order pages, upper halves at the
   * head of the lists of `type`.
   */
  takeAndSplit(row: number, order: number, type: MigrateType): void {
    let half = this.orderAt(row);
    this.remove(row);
    while (half > order) {
      half -= 1;
      this.add(row + (SIZE[half] as number), half, type);
    }
  }

  /** Frees a block: merges it with its buddies and lists it under its pageblock's type. */
  free(row: number, order: number): void {
    const type = this.pageblockType(row);
    const base = slotOf(row) * SECTION_PAGES;
    let offset = row - base;
    let size = order;
    while (size < ORDER_MAX) {
      const buddy = offset ^ (SIZE[size] as number);
      if (this.orderAt(base + buddy) !== size) break;
      this.remove(base + buddy);
      if (size >= PAGEBLOCK_ORDER) this.setPageblockType(base + buddy, type);
      offset = Math.min(offset, buddy);
      size += 1;
    }
    this.add(base + offset, size, type, this.mergeIsLikely(base, offset, size));
  }

  /** The block's buddy is in use but the buddy of the pair is free: keep the block for a merge. */
  private mergeIsLikely(base: number, offset: number, order: number): boolean {
    if (order >= PAGEBLOCK_ORDER) return false;
    const pair = Math.min(offset, offset ^ (SIZE[order] as number));
    const buddyOfPair = pair ^ (SIZE[order + 1] as number);
    return this.orderAt(base + buddyOfPair) === order + 1;
  }

  /** Free pages of the row's pageblock in blocks up to its size. */
  freeInPageblock(row: number): number {
    const start = pageblockOf(row) * PAGEBLOCK_PAGES;
    let pages = 0;
    for (let at = start; at < start + PAGEBLOCK_PAGES;) {
      const order = this.orderAt(at);
      const size = order === NONE ? 1 : (SIZE[order] as number);
      if (order !== NONE) pages += size;
      at += size;
    }
    return pages;
  }

  /** Moves all free blocks of the row's pageblock to the heads of the lists of `type`. */
  moveFreeInPageblock(row: number, type: MigrateType): void {
    const start = pageblockOf(row) * PAGEBLOCK_PAGES;
    for (let at = start; at < start + PAGEBLOCK_PAGES;) {
      const order = this.orderAt(at);
      if (order !== NONE) {
        this.remove(at);
        this.add(at, order, type);
      }
      at += order === NONE ? 1 : (SIZE[order] as number);
    }
  }

  /** First frames of the blocks on a list, head first. */
  framesOn(order: number, type: MigrateType): readonly number[] {
    const frames: number[] = [];
    for (let row = this.head(order, type); row !== NONE; row = this.next[row] as number) {
      frames.push(this.frameOf(row));
    }
    return frames;
  }

  /** Asserts list links, alignment, that no two free blocks overlap, that buddies are merged. */
  verify(): void {
    const covered = new Uint8Array(this.slots * SECTION_PAGES);
    let pages = 0;
    for (let order = 0; order <= ORDER_MAX; order += 1) {
      const size = SIZE[order] as number;
      for (const type of [0, 1, 2] as const) {
        let blocks = 0;
        let before = NONE;
        for (let row = this.head(order, type); row !== NONE; row = this.next[row] as number) {
          assert(this.prev[row] === before, 'free lists are linked both ways');
          assert(this.tag[row] === TYPE_STEP * type + order + 1, 'a listed block has its tag');
          assert(row % size === 0, 'a block is aligned to its size');
          for (let page = row; page < row + size; page += 1) {
            assert(covered[page] === 0, () => `frame ${this.frameOf(page)} is free twice`);
            covered[page] = 1;
          }
          before = row;
          blocks += 1;
        }
        assert(before === this.tails[order * MIGRATE_TYPES + type], 'a list ends at its tail');
        assert(blocks === this.blockCounts[order * MIGRATE_TYPES + type], 'blocks add up');
        pages += blocks * size;
      }
    }
    assert(pages === this.freePages, 'free pages add up');
    this.verifyMerged();
  }

  private verifyMerged(): void {
    for (let row = 0; row < this.slots * SECTION_PAGES; row += 1) {
      const order = this.orderAt(row);
      if (order === NONE || order === ORDER_MAX) continue;
      const buddy = row ^ (SIZE[order] as number);
      assert(this.orderAt(buddy) !== order, () => `free buddies at ${this.frameOf(row)}`);
    }
  }

  private addSlot(index: number): number {
    if (this.slots === this.sectionOfSlot.length) this.grow();
    const slot = this.slots;
    this.slots += 1;
    this.slotOfSection[index] = slot + 1;
    this.sectionOfSlot[slot] = index;
    this.types[slot * BLOCKS_PER_SECTION] = MIGRATE_MOVABLE;
    this.types[slot * BLOCKS_PER_SECTION + 1] = MIGRATE_MOVABLE;
    return slot;
  }

  private grow(): void {
    const slots = this.sectionOfSlot.length * 2;
    this.next = widened(this.next, new Int32Array(slots * SECTION_PAGES));
    this.prev = widened(this.prev, new Int32Array(slots * SECTION_PAGES));
    this.tag = widened(this.tag, new Uint8Array(slots * SECTION_PAGES));
    this.types = widened(this.types, new Uint8Array(slots * BLOCKS_PER_SECTION));
    this.movable = widened(this.movable, new Int32Array(slots * BLOCKS_PER_SECTION));
    this.sectionOfSlot = widened(this.sectionOfSlot, new Int32Array(slots));
  }
}

function widened<A extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(old: A, wider: A): A {
  wider.set(old);
  return wider;
}
