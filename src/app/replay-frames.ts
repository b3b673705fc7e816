/**
 * Physical pages of a replayed machine: what decides which 2M regions executable areas fall into.
 * One zone a node; free unmovable blocks by order, whole 4 MiB blocks claimed from movable memory
 * when they run out; per-CPU lists of single pages, refilled in batches and reused last-in
 * first-out. Follows mm/page_alloc.c (rmqueue, __rmqueue_fallback, free_unref_page) as far as
 * unmovable order-0 and vmalloc requests go; no reclaim, no compaction.
 */
import type { PrngStream } from '../base/prng.js';

/** Largest block: 4 MiB. */
const ORDER_MAX = 10;
/** Pages that a per-CPU list takes at once (zones of 1 GiB and more). */
const BATCH_PAGES = 63;
/**
 * Pages that a per-CPU list keeps before it gives some back: the zone's low watermark over its CPUs,
 * with the raised watermarks of transparent huge pages.
 */
const HIGH_PAGES = 5000;

export interface ZoneShape {
  /** First frame from which whole blocks are claimed. */
  readonly claimStart: number;
  /** End of the zone. */
  readonly claimEnd: number;
  /** Free blocks at the start: [first frame, order]. */
  readonly freeBlocks: readonly (readonly [number, number])[];
}

/** Free blocks of one node's zone. */
class Zone {
  private readonly heads: number[][] = Array.from({ length: ORDER_MAX + 1 }, () => []);
  private readonly orderOf = new Map<number, number>();
  private claim: number;
  private readonly claimEnd: number;
  /** Per CPU, last page is taken next. */
  readonly lists: number[][];

  constructor(shape: ZoneShape, cpus: number) {
    this.claim = shape.claimStart;
    this.claimEnd = shape.claimEnd;
    this.lists = Array.from({ length: cpus }, () => []);
    for (const [frame, order] of shape.freeBlocks) this.put(frame, order);
  }

  /** First frame of a block, or undefined when the zone is exhausted. */
  alloc(order: number): number | undefined {
    for (;;) {
      for (let from = order; from <= ORDER_MAX; from += 1) {
        const frame = this.pop(from);
        if (frame === undefined) continue;
        for (let half = from - 1; half >= order; half -= 1) this.put(frame + 2 ** half, half);
        return frame;
      }
      if (this.claim + 2 ** ORDER_MAX > this.claimEnd) return undefined;
      this.put(this.claim, ORDER_MAX);
      this.claim += 2 ** ORDER_MAX;
    }
  }

  free(first: number, firstOrder: number): void {
    let frame = first;
    let order = firstOrder;
    while (order < ORDER_MAX) {
      const size = 2 ** order;
      const buddy = Math.floor(frame / size) % 2 === 0 ? frame + size : frame - size;
      if (this.orderOf.get(buddy) !== order) break;
      this.orderOf.delete(buddy);
      frame = Math.min(frame, buddy);
      order += 1;
    }
    this.put(frame, order);
  }

  page(cpu: number): number | undefined {
    const list = this.lists[cpu] ?? [];
    if (list.length === 0) {
      const batch: number[] = [];
      while (batch.length < BATCH_PAGES) {
        const frame = this.alloc(0);
        if (frame === undefined) break;
        batch.push(frame);
      }
      list.push(...batch.reverse());
    }
    return list.pop();
  }

  freePage(cpu: number, frame: number): void {
    const list = this.lists[cpu];
    if (!list) return;
    list.push(frame);
    if (list.length <= HIGH_PAGES) return;
    for (const oldest of list.splice(0, BATCH_PAGES)) this.free(oldest, 0);
  }

  private put(frame: number, order: number): void {
    this.heads[order]?.push(frame);
    this.orderOf.set(frame, order);
  }

  /** Stale entries (merged or taken) are skipped. */
  private pop(order: number): number | undefined {
    const head = this.heads[order] ?? [];
    for (;;) {
      const frame = head.pop();
      if (frame === undefined) return undefined;
      if (this.orderOf.get(frame) !== order) continue;
      this.orderOf.delete(frame);
      return frame;
    }
  }
}

export class ReplayFrames {
  private readonly zones: readonly Zone[];
  private cpu = 0;
  /** Frames that areas of the initial state have, in address order. */
  private adopted: number[] = [];

  constructor(
    shapes: readonly ZoneShape[],
    private readonly cpus: number,
    private readonly chance: PrngStream,
  ) {
    this.zones = shapes.map((shape) => new Zone(shape, cpus));
  }

  /** The next requests run on some CPU. */
  schedule(): void {
    this.cpu = this.chance.below(this.cpus);
  }

  adoptNext(frames: readonly number[]): void {
    this.adopted = [...frames];
  }

  /** `pages` single pages; with `largeOrders` the largest chunks first (6.19). */
  take(pages: number, largeOrders: boolean): number[] | undefined {
    if (this.adopted.length >= pages) return this.adopted.splice(0, pages);
    const frames: number[] = [];
    if (largeOrders) this.takeChunks(pages, frames);
    while (frames.length < pages) {
      const frame = this.zone().page(this.cpu);
      if (frame === undefined) {
        this.give(frames, false);
        return undefined;
      }
      frames.push(frame);
    }
    return frames;
  }

  /** Order-9 blocks for `pages`, a multiple of 512. */
  takeHuge(pages: number): number[] | undefined {
    if (this.adopted.length >= pages) return this.adopted.splice(0, pages);
    const frames: number[] = [];
    while (frames.length < pages) {
      const first = this.zone().alloc(9);
      if (first === undefined) {
        this.give(frames, true);
        return undefined;
      }
      for (let page = 0; page < 512; page += 1) frames.push(first + page);
    }
    return frames;
  }

  /** Pages go back singly, or as largest aligned runs (7.2). */
  give(frames: readonly number[], inRuns: boolean): void {
    const zone = this.zone();
    for (let index = 0; index < frames.length;) {
      const order = inRuns ? runOrder(frames, index) : 0;
      const frame = frames[index] ?? 0;
      if (order === 0) zone.freePage(this.cpu, frame);
      else zone.free(frame, order);
      index += 2 ** order;
    }
  }

  /** CPUs are spread over nodes in order; memory is local. */
  private zone(): Zone {
    const node = Math.floor((this.cpu * this.zones.length) / this.cpus);
    const zone = this.zones[node] ?? this.zones[0];
    if (!zone) throw new Error('a machine has memory');
    return zone;
  }

  private takeChunks(pages: number, frames: number[]): void {
    let largest = ORDER_MAX;
    while (frames.length < pages) {
      const order = Math.min(largest, Math.floor(Math.log2(pages - frames.length)));
      if (order === 0) return;
      const first = this.zone().alloc(order);
      if (first === undefined) {
        largest = order - 1;
        continue;
      }
      for (let page = 0; page < 2 ** order; page += 1) frames.push(first + page);
    }
  }
}

/** Order of the largest aligned run of consecutive frames that starts here. */
function runOrder(frames: readonly number[], index: number): number {
  const first = frames[index] ?? 0;
  let order = 0;
  while (order < ORDER_MAX) {
    const size = 2 ** (order + 1);
    if (first % size !== 0 || frames[index + size - 1] !== first + size - 1) break;
    order += 1;
  }
  return order;
}
