/**
 * Lists of free pages that each CPU keeps of one zone, for orders 0 to 3 and 9: taken and given back
 * last-in first-out, refilled from the zone in batches in ascending order, drained from the old end
 * above a high mark. Follows rmqueue_bulk, free_unref_page_commit and free_pcppages_bulk of
 * mm/page_alloc.c. Model: only unmovable pages pass through them; the growth of batches since 6.7 and
 * free_factor, which change run lengths slightly, are left out.
 */
import { assert } from '../base/assert.js';
import { BLOCK_PAGES, MIGRATE_UNMOVABLE, NONE, PAGEBLOCK_ORDER } from './frame-allocator-blocks.js';
import type { BuddyZone } from './frame-allocator-zone.js';

/** Largest small order with lists (PAGE_ALLOC_COSTLY_ORDER). */
const SMALL_ORDER_MAX = 3;
/** Lists of a CPU: orders 0..3, then 9. */
const LIST_ORDERS: readonly number[] = [0, 1, 2, 3, PAGEBLOCK_ORDER];
/** A refill of a larger order takes at least this many blocks. */
const REFILL_BLOCKS_MIN = 2;
const INITIAL_CAPACITY = 64;

/** True when blocks of the order pass through the lists. */
export const hasCpuList = (order: number): boolean =>
  order <= SMALL_ORDER_MAX || order === PAGEBLOCK_ORDER;

const listOf = (order: number): number =>
  order <= SMALL_ORDER_MAX ? order : LIST_ORDERS.length - 1;

/** Double-ended queue of frames; the front is taken next. */
class FrameDeque {
  length = 0;
  private frames = new Float64Array(INITIAL_CAPACITY);
  private front = 0;

  pushFront(frame: number): void {
    if (this.length === this.frames.length) this.grow();
    this.front = this.front === 0 ? this.frames.length - 1 : this.front - 1;
    this.frames[this.front] = frame;
    this.length += 1;
  }

  pushBack(frame: number): void {
    if (this.length === this.frames.length) this.grow();
    this.frames[this.wrapped(this.front + this.length)] = frame;
    this.length += 1;
  }

  popFront(): number {
    const frame = this.frames[this.front] as number;
    this.front = this.wrapped(this.front + 1);
    this.length -= 1;
    return frame;
  }

  popBack(): number {
    this.length -= 1;
    return this.frames[this.wrapped(this.front + this.length)] as number;
  }

  /** Front first. */
  toArray(): readonly number[] {
    return Array.from(
      { length: this.length },
      (_, index) => this.frames[this.wrapped(this.front + index)] as number,
    );
  }

  private wrapped(index: number): number {
    return index >= this.frames.length ? index - this.frames.length : index;
  }

  private grow(): void {
    const wider = new Float64Array(this.frames.length * 2);
    wider.set(this.toArray());
    this.frames = wider;
    this.front = 0;
  }
}

export interface CpuListOptions {
  readonly cpus: number;
  /** Pages taken at once, at least 1. */
  readonly batchPages: number;
  /** Pages that a CPU keeps. */
  readonly highPages: number;
}

/** Batch of a zone: 63 pages from 1 GiB on. */
export function batchPagesOf(zonePages: number): number {
  const quarter = Math.floor(Math.min(Math.floor(zonePages / 1024), 256) / 4);
  const scaled = Math.floor(Math.max(1, quarter) * 1.5);
  let power = 1;
  while (power * 2 <= scaled) power *= 2;
  return Math.max(1, power - 1);
}

export class CpuLists {
  /** Pages on all lists. */
  pages = 0;
  /** By CPU x 5 + list; made when a CPU first uses the zone. */
  private readonly lists: (FrameDeque | undefined)[];
  /** Pages by CPU. */
  private readonly kept: Int32Array;

  constructor(
    private readonly zone: BuddyZone,
    private readonly options: CpuListOptions,
  ) {
    this.lists = new Array<FrameDeque | undefined>(options.cpus * LIST_ORDERS.length);
    this.kept = new Int32Array(options.cpus);
  }

  /** First frame of a block of an order with lists, or -1 when the zone has none to refill from. */
  take(cpu: number, order: number, stealOrderMin: number): number {
    const list = this.list(cpu, listOf(order));
    if (list.length === 0 && !this.refill(cpu, list, order, stealOrderMin)) return NONE;
    this.count(cpu, -(BLOCK_PAGES[order] ?? 0));
    return list.popFront();
  }

  /** Up to `count` single pages; how many were had. */
  takePages(
    cpu: number,
    count: number,
    stealOrderMin: number,
    out: Float64Array,
    offset: number,
  ): number {
    const list = this.list(cpu, 0);
    let taken = 0;
    while (taken < count) {
      if (list.length === 0 && !this.refill(cpu, list, 0, stealOrderMin)) break;
      const end = Math.min(count, taken + list.length);
      this.count(cpu, taken - end);
      for (; taken < end; taken += 1) out[offset + taken] = list.popFront();
    }
    return taken;
  }

  give(cpu: number, frame: number, order: number): void {
    this.list(cpu, listOf(order)).pushFront(frame);
    this.count(cpu, BLOCK_PAGES[order] ?? 0);
    if ((this.kept[cpu] as number) > this.options.highPages) {
      this.drainSome(cpu, listOf(order));
    }
  }

  /** Gives every page of every CPU back to the zone. False when there was none. */
  drainAll(): boolean {
    if (this.pages === 0) return false;
    for (const [index, list] of this.lists.entries()) {
      if (list === undefined) continue;
      const order = LIST_ORDERS[index % LIST_ORDERS.length] ?? 0;
      while (list.length > 0) this.zone.free(list.popBack(), order);
    }
    this.pages = 0;
    this.kept.fill(0);
    return true;
  }

  /** Frames of a CPU's list, next first. */
  framesOf(cpu: number, order: number): readonly number[] {
    return this.list(cpu, listOf(order)).toArray();
  }

  verify(): void {
    let pages = 0;
    for (const [index, list] of this.lists.entries()) {
      if (list === undefined) continue;
      const order = LIST_ORDERS[index % LIST_ORDERS.length] ?? 0;
      const size = BLOCK_PAGES[order] ?? 0;
      for (const frame of list.toArray()) {
        assert(frame % size === 0, 'a block on a CPU list is aligned to its size');
      }
      pages += list.length * size;
    }
    assert(pages === this.pages, 'pages on CPU lists add up');
  }

  private refill(cpu: number, list: FrameDeque, order: number, stealOrderMin: number): boolean {
    const size = BLOCK_PAGES[order] ?? 0;
    const { batchPages } = this.options;
    const blocks =
      order === 0 ? batchPages : Math.max(REFILL_BLOCKS_MIN, Math.floor(batchPages / size));
    for (let taken = 0; taken < blocks; taken += 1) {
      const frame = this.zone.alloc(order, MIGRATE_UNMOVABLE, stealOrderMin);
      if (frame < 0) break;
      list.pushBack(frame);
      this.count(cpu, size);
    }
    return list.length > 0;
  }

  /** A batch from the old end of this list, then of the next ones that hold anything. */
  private drainSome(cpu: number, first: number): void {
    let left = this.options.batchPages;
    for (let step = 0; step < LIST_ORDERS.length && left > 0; step += 1) {
      const index = (first + step) % LIST_ORDERS.length;
      const list = this.lists[cpu * LIST_ORDERS.length + index];
      if (list === undefined) continue;
      const order = LIST_ORDERS[index] ?? 0;
      const size = BLOCK_PAGES[order] ?? 0;
      while (list.length > 0 && left > 0) {
        this.zone.free(list.popBack(), order);
        this.count(cpu, -size);
        left -= size;
      }
    }
  }

  private count(cpu: number, pages: number): void {
    this.kept[cpu] = (this.kept[cpu] as number) + pages;
    this.pages += pages;
  }

  private list(cpu: number, list: number): FrameDeque {
    const index = cpu * LIST_ORDERS.length + list;
    let deque = this.lists[index];
    if (deque === undefined) {
      deque = new FrameDeque();
      this.lists[index] = deque;
    }
    return deque;
  }
}
