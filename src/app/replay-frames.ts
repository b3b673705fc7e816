/**
 * Physical pages of a replayed machine: what decides which 2M regions executable areas fall into.
 * One zone a node; free unmovable blocks by order, whole 4 MiB blocks claimed from movable memory
 * when they run out; per-CPU lists of single pages and small blocks, refilled in batches and reused
 * last-in first-out. Follows mm/page_alloc.c (rmqueue, __rmqueue_fallback, free_unref_page) as far as
 * unmovable order-0 and vmalloc requests go; no reclaim, no compaction.
 */
import { assert } from '../base/assert.js';
import type { PrngStream } from '../base/prng.js';
import type { FrameSource } from '../mm/frame-source.js';
import { MIGRATION_CHANCE } from './replay-waits.js';

/** Largest block: 4 MiB. */
const ORDER_MAX = 10;
/** 2M; blocks of this order have per-CPU lists of their own. */
const HUGE_ORDER = 9;
/** Pages that a per-CPU list takes at once (zones of 1 GiB and more). */
const BATCH_PAGES = 63;
/** Since 6.7 a batch doubles up to this often while nothing is freed (CONFIG_PCP_BATCH_SCALE_MAX). */
const BATCH_SCALE_MAX = 5;
/**
 * Pages that a per-CPU list keeps before it gives some back: the zone's low watermark over its CPUs,
 * with the raised watermarks of transparent huge pages.
 */
const HIGH_PAGES = 5000;
/** Blocks of up to this order have per-CPU lists too (PAGE_ALLOC_COSTLY_ORDER). */
const LISTED_ORDER_MAX = 3;

const hasLists = (order: number): boolean => order <= LISTED_ORDER_MAX || order === HUGE_ORDER;

/** How the kernel of a recording handles its per-CPU lists. */
export interface FrameRules {
  /** Since 6.7: each refill of a list takes twice as many pages as the last, each free halves that. */
  readonly batchesGrow: boolean;
}

export interface ZoneShape {
  /** First frame from which whole blocks are claimed. */
  readonly claimStart: number;
  /** End of the zone. */
  readonly claimEnd: number;
  /** Free blocks at the start: [first frame, order]. */
  readonly freeBlocks: readonly (readonly [number, number])[];
  /** Free pages on the lists of each CPU at the start; the last one is taken first. */
  readonly lists?: readonly (readonly number[])[];
}

/** Free blocks of one node's zone. */
class Zone {
  private readonly heads: number[][] = Array.from({ length: ORDER_MAX + 1 }, () => []);
  private readonly orderOf = new Map<number, number>();
  private claim: number;
  /** The zone ends here: every frame below it belongs to this zone or to one before. */
  readonly endPfn: number;
  /** Per CPU, last page is taken next. */
  readonly lists: number[][];
  /** Per CPU and order, free blocks of several pages; the last one is taken first. */
  private readonly blockLists: number[][][];
  /** Pages of other migrate types on the same lists, per CPU. */
  private readonly otherPages: number[];
  /** Binary logarithm of the next batch over BATCH_PAGES, per CPU. */
  private readonly batchScales: number[];

  constructor(
    shape: ZoneShape,
    cpus: number,
    private readonly rules: FrameRules,
  ) {
    this.claim = shape.claimStart;
    this.endPfn = shape.claimEnd;
    this.lists = Array.from({ length: cpus }, (_, cpu) => [...(shape.lists?.[cpu] ?? [])]);
    this.blockLists = this.lists.map(() =>
      Array.from({ length: HUGE_ORDER + 1 }, (): number[] => []),
    );
    this.otherPages = this.lists.map(() => 0);
    this.batchScales = this.lists.map(() => 0);
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
      if (this.claim + 2 ** ORDER_MAX > this.endPfn) return undefined;
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
      const wanted = this.nextBatch(cpu);
      while (batch.length < wanted) {
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
    this.batchScales[cpu] = (this.batchScales[cpu] ?? 0) >> 1;
    if (list.length <= HIGH_PAGES) return;
    for (const oldest of list.splice(0, BATCH_PAGES)) this.free(oldest, 0);
  }

  /** First frame of a block; small ones and those of 2M come from the list of the CPU. */
  block(cpu: number, order: number): number | undefined {
    const list = hasLists(order) ? this.blockLists[cpu]?.[order] : undefined;
    if (list === undefined) return this.alloc(order);
    if (list.length === 0) {
      const wanted = Math.max(BATCH_PAGES >> order, order === HUGE_ORDER ? 1 : 2);
      const batch: number[] = [];
      while (batch.length < wanted) {
        const frame = this.alloc(order);
        if (frame === undefined) break;
        batch.push(frame);
      }
      list.push(...batch.reverse());
    }
    return list.pop();
  }

  freeBlock(cpu: number, frame: number, order: number): void {
    const list = hasLists(order) ? this.blockLists[cpu]?.[order] : undefined;
    if (list === undefined) {
      this.free(frame, order);
      return;
    }
    list.push(frame);
    this.batchScales[cpu] = (this.batchScales[cpu] ?? 0) >> 1;
    while (list.length * 2 ** order > HIGH_PAGES) {
      const oldest = list.shift();
      if (oldest !== undefined) this.free(oldest, order);
    }
  }

  /** Pages of another migrate type come to the lists of a CPU and push out old ones of every type. */
  freeOthers(cpu: number, pages: number): void {
    const list = this.lists[cpu];
    if (!list) return;
    const others = (this.otherPages[cpu] ?? 0) + pages;
    const kept = list.length + others;
    const excess = Math.max(0, kept - HIGH_PAGES);
    const own = Math.min(list.length, Math.round((excess * list.length) / Math.max(1, kept)));
    for (const oldest of list.splice(0, own)) this.free(oldest, 0);
    this.otherPages[cpu] = others - (excess - own);
  }

  /** Pages in free blocks, on CPU lists and not claimed yet. */
  get freePages(): number {
    let pages = this.endPfn - this.claim;
    for (const order of this.orderOf.values()) pages += 2 ** order;
    for (const lists of this.blockLists) {
      lists.forEach((list, order) => (pages += list.length * 2 ** order));
    }
    return this.lists.reduce((sum, list) => sum + list.length, pages);
  }

  /** Asserts that no page is free twice. */
  verify(): void {
    const seen = new Set<number>();
    const add = (frame: number): void => {
      assert(!seen.has(frame), () => `frame ${frame} is free twice`);
      seen.add(frame);
    };
    for (const [frame, order] of this.orderOf) {
      for (let page = 0; page < 2 ** order; page += 1) add(frame + page);
    }
    for (const list of this.lists) list.forEach(add);
    for (const lists of this.blockLists) {
      lists.forEach((list, order) => {
        for (const frame of list) {
          for (let page = 0; page < 2 ** order; page += 1) add(frame + page);
        }
      });
    }
  }

  /** nr_pcp_alloc for single pages. */
  private nextBatch(cpu: number): number {
    if (!this.rules.batchesGrow) return BATCH_PAGES;
    const scale = this.batchScales[cpu] ?? 0;
    this.batchScales[cpu] = Math.min(scale + 1, BATCH_SCALE_MAX);
    return BATCH_PAGES * 2 ** scale;
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

export class ReplayFrames implements FrameSource {
  private readonly zones: readonly Zone[];
  private cpu = 0;
  /** Frames that areas of the initial state have, in address order; taken before any other. */
  private adopted: readonly number[] = [];
  private adoptedNext = 0;

  constructor(
    shapes: readonly ZoneShape[],
    private readonly cpus: number,
    private readonly chance: PrngStream,
    rules: FrameRules,
  ) {
    this.zones = shapes.map((shape) => new Zone(shape, cpus, rules));
    this.cpu = chance.below(cpus);
  }

  /** The process slept so often: it may run on another CPU from here on. */
  schedule(waits: number): void {
    for (let wait = 0; wait < waits; wait += 1) {
      if (this.chance.unit() < MIGRATION_CHANCE) this.cpu = this.chance.below(this.cpus);
    }
  }

  /** The following requests come from the next CPU, as if by a kernel thread there. */
  onNextCpu(requests: () => void): void {
    const { cpu } = this;
    this.cpu = (cpu + 1) % this.cpus;
    requests();
    this.cpu = cpu;
  }

  /** The rest of the kernel gives back pages of another migrate type. */
  freeOthers(pages: number): void {
    this.zones[this.node]?.freeOthers(this.cpu, pages);
  }

  /** The next areas are mapped to these frames. */
  startAdopting(frames: readonly number[]): void {
    this.adopted = frames;
    this.adoptedNext = 0;
  }

  endAdopting(): void {
    this.adopted = [];
  }

  allocBlock(_node: number, order: number): number {
    if (order === 0) return this.fromZones((zone) => zone.page(this.cpu)) ?? -1;
    const adopted = this.adoptBlock(2 ** order);
    return adopted ?? this.fromZones((zone) => zone.block(this.cpu, order)) ?? -1;
  }

  allocBulk(_node: number, count: number, out: Float64Array, offset: number): number {
    const onePage = (zone: Zone): number | undefined => zone.page(this.cpu);
    for (let had = 0; had < count; had += 1) {
      const frame = this.adoptPage() ?? this.fromZones(onePage);
      if (frame === undefined) return had;
      out[offset + had] = frame;
    }
    return count;
  }

  freeBlock(frame: number, order: number): void {
    const zone = this.zones.find(({ endPfn }) => frame < endPfn) ?? this.zones.at(-1);
    if (order === 0) zone?.freePage(this.cpu, frame);
    else zone?.freeBlock(this.cpu, frame, order);
  }

  get freePages(): number {
    return this.zones.reduce((pages, zone) => pages + zone.freePages, 0);
  }

  verify(): void {
    for (const zone of this.zones) zone.verify();
  }

  private adoptPage(): number | undefined {
    const frame = this.adopted[this.adoptedNext];
    if (frame !== undefined) this.adoptedNext += 1;
    return frame;
  }

  /** The next adopted frames, where they are one aligned block. */
  private adoptBlock(pages: number): number | undefined {
    const first = this.adopted[this.adoptedNext];
    if (first === undefined || first % pages !== 0) return undefined;
    for (let page = 1; page < pages; page += 1) {
      if (this.adopted[this.adoptedNext + page] !== first + page) return undefined;
    }
    this.adoptedNext += pages;
    return first;
  }

  /** Of the CPU: nodes have equal shares of the CPUs, in order. */
  private get node(): number {
    return Math.floor((this.cpu * this.zones.length) / this.cpus);
  }

  /** From the CPU's own node, or the next one that has any: the zone list of an allocation. */
  private fromZones(take: (zone: Zone) => number | undefined): number | undefined {
    for (let step = 0; step < this.zones.length; step += 1) {
      const zone = this.zones[(this.node + step) % this.zones.length];
      const frame = zone === undefined ? undefined : take(zone);
      if (frame !== undefined) return frame;
    }
    return undefined;
  }
}
