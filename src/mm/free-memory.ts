/**
 * Where free pages lie when a run starts, for one zone at a time:
 *
 * - `fresh`: after boot; all that boot did not take is free in the largest blocks;
 * - `page_cache`: clean page cache fills the zone; some MiB are free, and more become free as the
 *   kernel drops cache, the oldest first, leaving recently used pages in place;
 * - `scattered(P)`: kernel memory stands in the share P of all pageblocks and leaves each of them some
 *   short free runs; the other pageblocks are free as a whole. Nothing is reclaimed.
 *
 * Nothing is listed before it is needed, so any amount of RAM starts at once. Model: no swap, cache is
 * never dirty; free runs are 16 to 64 KiB long as on an aged machine whose shorter ones are used up
 * (301 pageblocks of 24 GiB: 512 pages taken one by one fall into about 100 of them; recorded 95).
 */
import { drawBelow, PrngStream, streamKey, type StreamKey } from '../base/prng.js';
import type { FreeMemoryPlan } from '../contract/scenario-plan.js';
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
import { Permutation } from './free-memory-permutation.js';
import type { FrameRange } from './ram-layout.js';

/** Free runs of a scattered pageblock by order: 64 pages in 9 runs, each in its own 64 KiB. */
const HOLE_ORDERS: readonly number[] = [2, 2, 2, 2, 3, 3, 3, 3, 4];
const HOLE_ORDER_MAX = 4;
const HOLE_UNIT_PAGES = 16;
const HOLE_PAGES = HOLE_ORDERS.reduce((sum, order) => sum + 2 ** order, 0);
/** Scattered pageblocks whose free runs are listed together. */
const HOLE_BATCH_BLOCKS = 512;
/** Scattered pageblocks are chosen within groups of 1 GiB, so that their share holds everywhere. */
const GROUP_BLOCKS = 512;
/** Page cache comes and goes in read-ahead windows of 128 KiB. */
const CACHE_UNIT_PAGES = 32;
const CACHE_UNITS = PAGEBLOCK_PAGES / CACHE_UNIT_PAGES;
/** Recently used windows of a pageblock that stay when cache is dropped: 0 to 7 of 16. */
const CACHE_KEPT_UNITS_MAX = 7;

export interface ZoneMemoryOptions {
  readonly zone: BuddyZone;
  /** Frames of the zone that boot left, ascending. */
  readonly ranges: readonly FrameRange[];
  readonly plan: FreeMemoryPlan;
  readonly seed: number;
  /** Names the zone's streams. */
  readonly name: string;
}

/** Whole pageblocks of one range, counted through all ranges of the zone. */
interface BlockRun {
  readonly firstIndex: number;
  readonly endIndex: number;
  /** First frame of the first. */
  readonly startPfn: number;
}

/** Puts the zone's free memory where the plan says: rests at once, the rest as the zone's reserve. */
export function prepareZone(options: ZoneMemoryOptions): void {
  const { zone, ranges, plan } = options;
  const runs: BlockRun[] = [];
  let count = 0;
  for (const { startPfn, endPfn } of ranges) {
    const start = Math.ceil(startPfn / PAGEBLOCK_PAGES) * PAGEBLOCK_PAGES;
    const end = Math.floor(endPfn / PAGEBLOCK_PAGES) * PAGEBLOCK_PAGES;
    if (start >= end) {
      zone.addFree(startPfn, endPfn);
      continue;
    }
    zone.addFree(startPfn, start);
    zone.addFree(end, endPfn);
    const blocks = (end - start) / PAGEBLOCK_PAGES;
    runs.push({ firstIndex: count, endIndex: count + blocks, startPfn: start });
    count += blocks;
  }
  const pageblocks = new Pageblocks(runs, count);
  if (plan.kind === 'page_cache') {
    zone.reserve = new CachedMemory(zone, pageblocks, options);
    setWatermarks(zone);
    while (zone.freePages < zone.highPages && zone.reserve.reclaim(false));
  } else {
    const share = plan.kind === 'scattered' ? plan.share : 0;
    zone.reserve = new ScatteredMemory(zone, pageblocks, share, options);
  }
}

/** Smallest and largest distance in pages that page cache is dropped over: 4 MiB, 1 GiB. */
const MARK_PAGES_MIN = 1024;
const MARK_PAGES_MAX = 262144;
/** low - min and high - low are 1/1000 of the zone (watermark_scale_factor 10); min about the same. */
const MARK_SHARE = 0.001;

function setWatermarks(zone: BuddyZone): void {
  const step = Math.round(zone.managedPages * MARK_SHARE);
  const distance = Math.min(MARK_PAGES_MAX, Math.max(MARK_PAGES_MIN, step));
  const most = Math.floor(zone.managedPages / 4);
  zone.lowPages = Math.min(2 * distance, most);
  zone.highPages = Math.min(3 * distance, most);
}

/** The zone's whole pageblocks by index. */
class Pageblocks {
  constructor(
    private readonly runs: readonly BlockRun[],
    readonly count: number,
  ) {}

  /** First frame of pageblock `index`, 0..count-1. */
  frameAt(index: number): number {
    for (const run of this.runs) {
      if (index < run.endIndex) return run.startPfn + (index - run.firstIndex) * PAGEBLOCK_PAGES;
    }
    return -1;
  }

  /** Index behind the last pageblock of the run that holds `index`. */
  runEnd(index: number): number {
    return this.runs.find((run) => index < run.endIndex)?.endIndex ?? this.count;
  }
}

/** `fresh` (share 0) and `scattered`. */
class ScatteredMemory implements ZoneReserve {
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

  constructor(
    private readonly zone: BuddyZone,
    private readonly pageblocks: Pageblocks,
    private readonly share: number,
    { seed, name }: ZoneMemoryOptions,
  ) {
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

/** `page_cache`: everything is in use until it is dropped. */
class CachedMemory implements ZoneReserve {
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
    { seed, name }: ZoneMemoryOptions,
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
    const order = Math.log2(CACHE_UNIT_PAGES);
    for (let place = from; place < to; place += 1) {
      this.zone.free(frame + windows.at(place) * CACHE_UNIT_PAGES, order, true);
    }
    this.cachedPages -= (to - from) * CACHE_UNIT_PAGES;
  }
}
