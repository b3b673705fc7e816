/**
 * A naive KernelMm for tests of designs: a sorted list of free areas instead of a tree, one byte of
 * state a page, frames only as numbers. It knows addresses, permissions and leaf sizes, and asserts on
 * misuse (freeing twice, protecting what is not mapped). Order-9 chunks may run out.
 */
import { assert } from '../../src/base/assert.js';
import type { EffectKind } from '../../src/contract/sim-event.js';
import type {
  KernelMm,
  MmCounters,
  PageSupply,
  VmallocRequest,
  VmArea,
} from '../../src/mm/kernel-mm.js';
import { kernelRules, type KernelRules } from '../../src/mm/kernel-rules.js';
import { Placements } from '../../src/mm/placements.js';

const MAPPED = 1;
const WRITABLE = 2;
const EXECUTABLE = 4;
const HUGE = 8;
const WINDOW_PAGES = 512;
const PROTECTION = { rw: WRITABLE, ro: 0, rox: EXECUTABLE } as const;
const AREA_PAGES = 258048;
/** 2M line above kernel text, from the start of the module area. */
const KERNEL_TEXT_END_PAGE = -245760;

export interface NaiveMmOptions {
  readonly offsetPages?: number;
  readonly nodes?: number;
  readonly possibleNodes?: number;
  /** Order-9 chunks at hand, for 2M leaves and blocks; default without end. */
  readonly order9Chunks?: number;
  /** Pages between the end of kernel text and its 2M line. */
  readonly kernelTailPages?: number;
  /** vmalloc calls that fail, counted from 0. */
  readonly failures?: readonly number[];
}

export class NaiveKernelMm implements KernelMm {
  readonly rules: KernelRules;
  readonly cpus = 2;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly areaPages = AREA_PAGES;
  readonly areaVpn = 0xffffffffc0000;
  readonly loadOffsetPages: number;
  readonly counters = zeroCounters();
  readonly placements: Placements;
  readonly live: VmArea[] = [];
  readonly pageSupply: NaivePageSupply;
  readonly kernelTail?: { readonly page: number; readonly pages: number };
  /** Effects that designs noted: kind, page, amount. */
  readonly notes: (readonly [kind: number, page: number, amount: number])[] = [];
  private readonly lazy: VmArea[] = [];
  private readonly state = new Uint8Array(AREA_PAGES);
  /** Windows whose memory is one order-9 chunk, so that they can collapse. */
  private readonly contiguous = new Set<number>();
  private readonly failures: ReadonlySet<number>;
  private calls = 0;

  constructor(release: string, options: NaiveMmOptions = {}) {
    this.rules = kernelRules.get(release);
    this.loadOffsetPages = options.offsetPages ?? 0;
    this.nodes = options.nodes ?? 1;
    this.possibleNodes = options.possibleNodes ?? this.nodes;
    this.pageSupply = new NaivePageSupply(options.order9Chunks ?? Infinity);
    const tail = options.kernelTailPages ?? 0;
    if (tail > 0) this.kernelTail = { page: KERNEL_TEXT_END_PAGE - tail, pages: tail };
    this.placements = new Placements(AREA_PAGES, this.kernelTail);
    this.failures = new Set(options.failures ?? []);
  }

  vmalloc(request: VmallocRequest): VmArea | undefined {
    this.calls += 1;
    if (this.failures.has(this.calls - 1)) return undefined;
    const asked = Math.ceil(request.sizeBytes / 4096);
    if (this.mayBeHuge(request, asked)) {
      const windows = Math.ceil(asked / WINDOW_PAGES);
      if (this.pageSupply.order9Chunks >= windows) {
        const area = this.map(request, windows * WINDOW_PAGES, true);
        if (area) return area;
      } else {
        this.counters.hugeFallbacks += 1;
      }
      if (request.hugeOnly === true) return undefined;
    } else if (request.hugeOnly === true) {
      return undefined;
    }
    return this.map(request, asked, false);
  }

  private mayBeHuge(request: VmallocRequest, pages: number): boolean {
    if (request.allowHuge !== true) return false;
    const rule = request.hugeNodeRule ?? this.rules.hugeVmalloc;
    if (rule === 'none') return false;
    return (rule === 'divide' ? pages / this.nodes : pages) >= WINDOW_PAGES;
  }

  private map(request: VmallocRequest, pages: number, huge: boolean): VmArea | undefined {
    const align = huge ? Math.max(WINDOW_PAGES, request.alignPages) : request.alignPages;
    const guardPages = request.guardPages ?? 1;
    const size = pages + guardPages;
    const page = this.findHole(size, align, request) ?? this.purgeAndFind(size, align, request);
    if (page === undefined) return undefined;
    const area: VmArea = { page, pages, guardPages, huge, resetPerms: request.resetPerms ?? false };
    this.live.push(area);
    this.live.sort((a, b) => a.page - b.page);
    this.state.fill(
      MAPPED | PROTECTION[request.protection ?? 'rw'] | (huge ? HUGE : 0),
      page,
      page + pages,
    );
    if (huge) this.pageSupply.order9Chunks -= pages / WINDOW_PAGES;
    if (huge || (this.rules.vmallocLargeOrders && page % WINDOW_PAGES === 0)) {
      for (let at = page; at + WINDOW_PAGES <= page + pages; at += WINDOW_PAGES) {
        this.contiguous.add(at);
      }
    }
    return area;
  }

  vfree(area: VmArea): void {
    const index = this.live.indexOf(area);
    assert(index >= 0, 'vfree of a live area');
    this.live.splice(index, 1);
    if (area.huge) this.pageSupply.order9Chunks += area.pages / WINDOW_PAGES;
    this.state.fill(0, area.page, area.page + area.pages);
    for (let at = area.page; at < area.page + area.pages; at += 1) this.contiguous.delete(at);
    this.lazy.push(area);
    if (area.resetPerms) this.purgeLazyAreas();
  }

  setMemoryRo(page: number, pages: number): void {
    this.change(page, pages, 0, WRITABLE);
  }

  setMemoryRw(page: number, pages: number): void {
    this.change(page, pages, WRITABLE, 0);
  }

  setMemoryX(page: number, pages: number): void {
    this.change(page, pages, EXECUTABLE, 0);
  }

  setMemoryNx(page: number, pages: number): void {
    this.change(page, pages, 0, EXECUTABLE);
  }

  setMemoryRox(page: number, pages: number): void {
    this.change(page, pages, EXECUTABLE, WRITABLE);
    if (!this.rules.collapseOnRox) return;
    const first = Math.floor(page / WINDOW_PAGES) * WINDOW_PAGES;
    for (let at = first; at < page + pages; at += WINDOW_PAGES) this.collapse(at);
  }

  setDirectMapValid(page: number, pages: number): void {
    for (let at = page; at < page + pages; at += 1) this.assertMapped(at);
  }

  purgeLazyAreas(): void {
    this.lazy.length = 0;
  }

  textPoke(byte: number, sizeBytes: number, stepBytes = 8192): void {
    const last = Math.floor((byte + sizeBytes - 1) / 4096);
    for (let at = Math.floor(byte / 4096); at <= last; at += 1) {
      assert(
        this.isExecutable(at) || (this.leafLevel(at) > 0 && !this.isWritable(at)),
        () => `poke of page ${at} that is neither text nor read-only`,
      );
    }
    this.counters.pokeCalls += 1;
    this.counters.localFlushes += Math.ceil(sizeBytes / stepBytes);
    this.counters.pokeBytes += sizeBytes;
  }

  enterPath(): number {
    return 0;
  }

  leavePath(): void {
    // Paths are not recorded here.
  }

  note(kind: EffectKind, page: number, amount: number): void {
    this.notes.push([kind, page, amount]);
  }

  leafLevel(page: number): number {
    if (this.isKernelTail(page)) return 2;
    const state = this.state[page] ?? 0;
    if ((state & MAPPED) === 0) return 0;
    return (state & HUGE) === 0 ? 1 : 2;
  }

  isExecutable(page: number): boolean {
    if (this.isKernelTail(page)) return true;
    return ((this.state[page] ?? 0) & EXECUTABLE) !== 0;
  }

  isWritable(page: number): boolean {
    return ((this.state[page] ?? 0) & WRITABLE) !== 0;
  }

  private isKernelTail(page: number): boolean {
    const { kernelTail: tail } = this;
    return tail !== undefined && page >= tail.page && page < tail.page + tail.pages;
  }

  private purgeAndFind(size: number, align: number, request: VmallocRequest): number | undefined {
    this.purgeLazyAreas();
    return this.findHole(size, align, request);
  }

  /** Lowest or highest hole of the size, guard included, by a scan over live and lazy areas. */
  private findHole(size: number, align: number, request: VmallocRequest): number | undefined {
    const taken = [...this.live, ...this.lazy].sort((a, b) => a.page - b.page);
    const end = request.windowEnd ?? AREA_PAGES;
    const up = (value: number): number => Math.ceil(value / align) * align;
    const down = (value: number): number => Math.floor(value / align) * align;
    let found: number | undefined;
    let low = request.windowStart ?? this.loadOffsetPages;
    for (const area of [...taken, { page: end, pages: 0, guardPages: 0 }]) {
      const high = Math.min(area.page, end);
      const fits = up(low) + size <= high;
      if (fits && request.fit !== 'highest') return up(low);
      if (fits && down(high - size) >= low) found = down(high - size);
      low = Math.max(low, area.page + area.pages + area.guardPages);
    }
    return found;
  }

  private change(page: number, pages: number, set: number, clear: number): void {
    this.purgeLazyAreas();
    for (let at = page; at < page + pages; at += 1) {
      this.assertMapped(at);
      const old = this.state[at] ?? 0;
      const wanted = (old & ~clear) | set;
      if (wanted === old) continue;
      if ((old & HUGE) !== 0 && !this.coversWindow(at, page, pages)) this.split(at);
      this.state[at] = ((this.state[at] ?? 0) & ~clear) | set;
    }
  }

  private coversWindow(at: number, page: number, pages: number): boolean {
    const window = Math.floor(at / WINDOW_PAGES) * WINDOW_PAGES;
    return page <= window && page + pages >= window + WINDOW_PAGES;
  }

  private split(at: number): void {
    const window = Math.floor(at / WINDOW_PAGES) * WINDOW_PAGES;
    for (let page = window; page < window + WINDOW_PAGES; page += 1) {
      this.state[page] = (this.state[page] ?? 0) & ~HUGE;
    }
    this.counters.textSplits += 1;
  }

  private collapse(window: number): void {
    if (!this.contiguous.has(window)) return;
    const first = this.state[window] ?? 0;
    if ((first & HUGE) !== 0) return;
    for (let page = window; page < window + WINDOW_PAGES; page += 1) {
      if (this.state[page] !== first) return;
    }
    this.state.fill(first | HUGE, window, window + WINDOW_PAGES);
    this.counters.textCollapses += 1;
  }

  private assertMapped(page: number): void {
    assert(((this.state[page] ?? 0) & MAPPED) !== 0, () => `page ${page} is not mapped`);
  }
}

/** Frames by number; a block is an order-9 chunk or a single page from a second row of numbers. */
export class NaivePageSupply implements PageSupply {
  /** Frames handed out. */
  readonly taken = new Set<number>();
  /** Frames that are not in the direct map. */
  readonly unmapped = new Set<number>();
  flushes = 0;
  private nextChunk = 0;
  private nextPage = 2 ** 30;

  constructor(public order9Chunks: number) {}

  allocBlock(_node: number, order: number): number {
    const pages = 2 ** order;
    if (order === 9) {
      if (this.order9Chunks < 1) return -1;
      this.order9Chunks -= 1;
    }
    const frame = order === 9 ? this.nextChunk : this.nextPage;
    if (order === 9) this.nextChunk += pages;
    else this.nextPage += pages;
    for (let at = frame; at < frame + pages; at += 1) this.taken.add(at);
    return frame;
  }

  freeBlock(frame: number, order: number): void {
    for (let at = frame; at < frame + 2 ** order; at += 1) {
      assert(this.taken.delete(at), () => `frame ${at} is freed twice`);
      assert(!this.unmapped.has(at), () => `frame ${at} is freed while it is not mapped`);
    }
  }

  setValid(frame: number, pages: number, valid: boolean): void {
    for (let at = frame; at < frame + pages; at += 1) {
      assert(this.taken.has(at), () => `frame ${at} is not handed out`);
      if (valid) this.unmapped.delete(at);
      else this.unmapped.add(at);
    }
  }

  flushKernelRange(): void {
    this.flushes += 1;
  }
}

const zeroCounters = (): MmCounters => ({
  level2Splits: 0,
  level3Splits: 0,
  level2Collapses: 0,
  level3Collapses: 0,
  textSplits: 0,
  textCollapses: 0,
  cpaCalls: 0,
  remoteFlushes: 0,
  fullFlushes: 0,
  rangeFlushes: 0,
  flushedPages: 0,
  localFlushes: 0,
  pokeCalls: 0,
  pokeBytes: 0,
  purges: 0,
  order9Requests: 0,
  order9Failures: 0,
  hugeFallbacks: 0,
  pageTablePages: 0,
});
