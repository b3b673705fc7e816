/**
 * Physical pages behind vmalloc areas: which requests reach the page allocator, in which order, and
 * how pages go back. Follows vm_area_alloc_pages and vfree of mm/vmalloc.c: single pages in bulks of
 * 100, since 6.19 the largest blocks first, order-9 blocks for 2M leaves; back one by one, since 7.2
 * in the largest aligned runs.
 */
import { PTRS_PER_PMD_PAGES } from '../base/units.js';
import { EffectKind } from '../contract/sim-event.js';
import type { FrameSource } from './frame-source.js';
import type { KernelRules } from './kernel-rules.js';
import type { MmEffects } from './mm-effects.js';

/** Pages of one bulk request. */
const BULK_PAGES = 100;
const HUGE_ORDER = 9;
const ORDER_MAX = 10;

export class BackingFrames {
  /** Frames of the area under way; taken ones stand at the front. */
  frames = new Float64Array(1024);
  /** How many of `frames` were taken. */
  taken = 0;

  constructor(
    private readonly source: FrameSource,
    private readonly rules: Pick<KernelRules, 'vmallocLargeOrders' | 'freeInRuns'>,
    private readonly effects: MmEffects,
  ) {}

  /** Room for the frames of an area. */
  reserve(pages: number): void {
    if (pages <= this.frames.length) return;
    this.frames = new Float64Array(Math.max(pages, this.frames.length * 2));
  }

  /** Frames for `pages` pages, a multiple of 512, in order-9 blocks. False: `taken` were had. */
  takeHuge(pages: number, node: number): boolean {
    this.start(pages);
    while (this.taken < pages) if (!this.takeBlock9(node)) return false;
    return true;
  }

  /** Single pages as the release asks for them; with `order9` in 2M blocks while there are any. */
  takePages(pages: number, node: number, order9: boolean): boolean {
    this.start(pages);
    if (order9) {
      while (pages - this.taken >= PTRS_PER_PMD_PAGES) if (!this.takeBlock9(node)) break;
    }
    if (this.rules.vmallocLargeOrders) this.takeLargeOrders(pages, node);
    while (this.taken < pages) {
      const wanted = Math.min(BULK_PAGES, pages - this.taken);
      const had = this.source.allocBulk(node, wanted, this.frames, this.taken);
      this.taken += had;
      if (had < wanted) return false;
    }
    return true;
  }

  /** Gives frames[0..count) back. */
  give(count: number): void {
    const { frames, source } = this;
    for (let index = 0; index < count;) {
      const order = this.rules.freeInRuns ? this.runOrder(index, count) : 0;
      source.freeBlock(frames[index] as number, order);
      index += 2 ** order;
    }
  }

  /** One block for its own sake; counts order-9 requests. -1: there is none. */
  allocBlock(node: number, order: number): number {
    const frame = this.source.allocBlock(node, order);
    if (order !== HUGE_ORDER) return frame;
    const { counters } = this.effects;
    counters.order9Requests += 1;
    if (frame >= 0) {
      this.effects.tell(EffectKind.order9Alloc, frame, PTRS_PER_PMD_PAGES);
    } else {
      counters.order9Failures += 1;
      this.effects.tell(EffectKind.order9Failed, 0, PTRS_PER_PMD_PAGES);
    }
    return frame;
  }

  private start(pages: number): void {
    this.reserve(pages);
    this.taken = 0;
  }

  private takeBlock9(node: number): boolean {
    const frame = this.allocBlock(node, HUGE_ORDER);
    if (frame < 0) return false;
    this.push(frame, PTRS_PER_PMD_PAGES);
    return true;
  }

  /** Order 10 down to 1, one order lower for good after each failure; nothing is reclaimed for it. */
  private takeLargeOrders(pages: number, node: number): void {
    let orderMax = ORDER_MAX;
    for (;;) {
      let order = orderMax;
      while (order > 0 && 2 ** order > pages - this.taken) order -= 1;
      if (order === 0) return;
      const frame = this.source.allocBlock(node, order, false);
      if (frame < 0) orderMax = order - 1;
      else this.push(frame, 2 ** order);
    }
  }

  private push(frame: number, pages: number): void {
    for (let page = 0; page < pages; page += 1) this.frames[this.taken + page] = frame + page;
    this.taken += pages;
  }

  /** Order of the largest aligned block within the run of consecutive frames from `index` on. */
  private runOrder(index: number, count: number): number {
    const { frames } = this;
    const first = frames[index] as number;
    let order = 0;
    let run = 1;
    while (order < ORDER_MAX && first % 2 ** (order + 1) === 0) {
      const size = 2 ** (order + 1);
      while (run < size && index + run < count && frames[index + run] === first + run) run += 1;
      if (run < size) break;
      order += 1;
    }
    return order;
  }
}
