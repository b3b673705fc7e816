/**
 * Free memory of a zone whose pageblocks are free as a whole, except for a share of them in which
 * kernel memory stands and leaves short free runs (share 0: a fresh machine). Whole pageblocks are
 * listed from the lowest, scattered ones in random order. Model: runs are 16 to 64 KiB long, as on an
 * aged machine whose shorter ones are used up (301 pageblocks of 24 GiB: 512 pages taken one by one
 * fall into about 110 of them; recorded were 95).
 */
import { PrngStream, streamKey, type StreamKey } from '../base/prng.js';
import {
  BLOCK_PAGES,
  MIGRATE_MOVABLE,
  MIGRATE_UNMOVABLE,
  ORDER_MAX,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  SECTION_PAGES,
} from './frame-allocator-blocks.js';
import type { BuddyZone, ZoneReserve } from './frame-allocator-zone.js';
import type { Pageblocks } from './free-memory-pageblocks.js';
import { Permutation } from './free-memory-permutation.js';

/** Free runs of a scattered pageblock by order: 64 pages in 9 runs, each in its own 64 KiB. */
const HOLE_ORDERS: readonly number[] = [2, 2, 2, 2, 3, 3, 3, 3, 4];
const HOLE_ORDER_MAX = 4;
const HOLE_UNIT_PAGES = 16;
const HOLE_PAGES = HOLE_ORDERS.reduce((sum, order) => sum + 2 ** order, 0);
/** Scattered pageblocks whose free runs are listed together. */
const HOLE_BATCH_BLOCKS = 512;
/** Scattered pageblocks are chosen within groups of 1 GiB, so that their share holds everywhere. */
const GROUP_BLOCKS = 512;
export interface ScatteredMemoryOptions {
  readonly zone: BuddyZone;
  readonly pageblocks: Pageblocks;
  /** Scattered pageblocks, 0..1 of all. */
  readonly share: number;
  readonly seed: number;
  /** Names the zone's streams. */
  readonly name: string;
}

export class ScatteredMemory implements ZoneReserve {
  freePages: number;
  readonly cachedPages = 0;
  /** Next pageblock that may start a free block of order 9 and 10. */
  private nextBlock = 0;
  private nextSection = 0;
  private listedHoles = 0;
  private readonly scattered: number;
  private readonly order: Permutation;
  private readonly chance: PrngStream;
  private readonly inGroup: StreamKey;
  /** Marks of the group looked at last. */
  private readonly marks = new Uint8Array(GROUP_BLOCKS);
  private markedGroup = -1;

  private readonly zone: BuddyZone;
  private readonly pageblocks: Pageblocks;
  private readonly share: number;

  constructor({ zone, pageblocks, share, seed, name }: ScatteredMemoryOptions) {
    this.zone = zone;
    this.pageblocks = pageblocks;
    this.share = share;
    this.scattered = Math.floor(pageblocks.count * share);
    this.order = new Permutation(streamKey(seed, `${name} order of holes`), this.scattered);
    this.chance = new PrngStream(seed, `${name} holes`);
    this.inGroup = streamKey(seed, `${name} scattered pageblocks`);
    this.freePages =
      (pageblocks.count - this.scattered) * PAGEBLOCK_PAGES + this.scattered * HOLE_PAGES;
  }

  listWhole(order: number): number {
    return order === ORDER_MAX ? this.listSection() : this.listPageblock();
  }

  listHoles(order: number): boolean {
    if (order > HOLE_ORDER_MAX || this.listedHoles === this.scattered) return false;
    const end = Math.min(this.scattered, this.listedHoles + HOLE_BATCH_BLOCKS);
    const frames: number[] = [];
    const orders: number[] = [];
    for (; this.listedHoles < end; this.listedHoles += 1) {
      const index = this.scatteredIndex(this.order.at(this.listedHoles));
      this.drawHoles(this.pageblocks.frameAt(index), frames, orders);
      this.freePages -= HOLE_PAGES;
    }
    for (let left = frames.length; left > 0; left -= 1) {
      const pick = this.chance.below(left);
      const row = this.zone.blocks.rowOf(frames[pick] ?? 0);
      this.zone.blocks.setPageblockType(row, MIGRATE_UNMOVABLE);
      this.zone.blocks.add(row, orders[pick] ?? 0, MIGRATE_UNMOVABLE);
      frames[pick] = frames[left - 1] ?? 0;
      orders[pick] = orders[left - 1] ?? 0;
    }
    return true;
  }

  reclaim(): boolean {
    return false;
  }

  /** Free runs of one pageblock, each at the start of a different 64 KiB. */
  private drawHoles(frame: number, frames: number[], orders: number[]): void {
    const units = Array.from({ length: PAGEBLOCK_PAGES / HOLE_UNIT_PAGES }, (_, unit) => unit);
    for (const order of HOLE_ORDERS) {
      const pick = this.chance.below(units.length);
      const unit = units[pick] ?? 0;
      units[pick] = units[units.length - 1] ?? 0;
      units.pop();
      frames.push(frame + unit * HOLE_UNIT_PAGES);
      orders.push(order);
    }
  }

  /** Two whole pageblocks that form an order-10 block. */
  private listSection(): number {
    const { pageblocks } = this;
    while (this.nextSection < pageblocks.count) {
      const index = this.nextSection;
      const frame = pageblocks.frameAt(index);
      const isPair = frame % SECTION_PAGES === 0 && index + 1 < pageblocks.runEnd(index);
      this.nextSection += isPair ? 2 : 1;
      if (!isPair || this.isScattered(index) || this.isScattered(index + 1)) continue;
      return this.list(frame, ORDER_MAX);
    }
    return -1;
  }

  /** A whole pageblock whose other half is not free. */
  private listPageblock(): number {
    const { pageblocks } = this;
    while (this.nextBlock < pageblocks.count) {
      const index = this.nextBlock;
      const frame = pageblocks.frameAt(index);
      const isPair = frame % SECTION_PAGES === 0 && index + 1 < pageblocks.runEnd(index);
      const first = !this.isScattered(index);
      const second = isPair && !this.isScattered(index + 1);
      this.nextBlock += isPair ? 2 : 1;
      if (first === second) continue;
      return this.list(first ? frame : frame + PAGEBLOCK_PAGES, PAGEBLOCK_ORDER);
    }
    return -1;
  }

  private list(frame: number, order: number): number {
    this.zone.blocks.add(this.zone.blocks.rowOf(frame), order, MIGRATE_MOVABLE);
    this.freePages -= BLOCK_PAGES[order] ?? 0;
    return frame;
  }

  /** Scattered pageblocks before a group. */
  private scatteredBefore(group: number): number {
    const blocks = Math.min(group * GROUP_BLOCKS, this.pageblocks.count);
    return Math.floor(blocks * this.share);
  }

  private groupSize(group: number): number {
    return Math.min(GROUP_BLOCKS, this.pageblocks.count - group * GROUP_BLOCKS);
  }

  private groupPermutation(group: number): Permutation {
    const key = { high: this.inGroup.high, low: (this.inGroup.low + group) % 4294967296 };
    return new Permutation(key, this.groupSize(group));
  }

  private scatteredIn(group: number): number {
    return this.scatteredBefore(group + 1) - this.scatteredBefore(group);
  }

  /** Index of scattered pageblock number `rank`. */
  private scatteredIndex(rank: number): number {
    let group = Math.min(
      Math.floor(rank / (GROUP_BLOCKS * this.share)),
      Math.ceil(this.pageblocks.count / GROUP_BLOCKS) - 1,
    );
    while (group > 0 && this.scatteredBefore(group) > rank) group -= 1;
    while (this.scatteredBefore(group) + this.scatteredIn(group) <= rank) group += 1;
    const place = rank - this.scatteredBefore(group);
    return group * GROUP_BLOCKS + this.groupPermutation(group).at(place);
  }

  private isScattered(index: number): boolean {
    if (this.scattered === 0) return false;
    const group = Math.floor(index / GROUP_BLOCKS);
    if (group !== this.markedGroup) {
      this.marks.fill(0);
      const permutation = this.groupPermutation(group);
      for (let place = this.scatteredIn(group) - 1; place >= 0; place -= 1) {
        this.marks[permutation.at(place)] = 1;
      }
      this.markedGroup = group;
    }
    return this.marks[index % GROUP_BLOCKS] === 1;
  }
}
