/**
 * A naive KernelMm for tests of designs: a sorted list of free areas instead of a tree, one byte of
 * state a page, no physical memory. It knows addresses, permissions and leaf sizes, and asserts on
 * misuse (freeing twice, protecting what is not mapped). Order-9 memory is always there.
 */
import { assert } from '../../src/base/assert.js';
import type { KernelMm, MmCounters, VmallocRequest, VmArea } from '../../src/mm/kernel-mm.js';
import { kernelRules, type KernelRules } from '../../src/mm/kernel-rules.js';
import { Placements } from '../../src/mm/placements.js';

const MAPPED = 1;
const WRITABLE = 2;
const EXECUTABLE = 4;
const HUGE = 8;
const WINDOW_PAGES = 512;
const AREA_PAGES = 258048;

export interface NaiveMmOptions {
  readonly offsetPages?: number;
  readonly possibleNodes?: number;
  /** vmalloc calls that fail, counted from 0. */
  readonly failures?: readonly number[];
}

export class NaiveKernelMm implements KernelMm {
  readonly rules: KernelRules;
  readonly cpus = 2;
  readonly nodes = 1;
  readonly possibleNodes: number;
  readonly areaPages = AREA_PAGES;
  readonly areaVpn = 0xffffffffc0000;
  readonly loadOffsetPages: number;
  readonly counters = zeroCounters();
  readonly placements = new Placements(AREA_PAGES);
  readonly live: VmArea[] = [];
  private readonly lazy: VmArea[] = [];
  private readonly state = new Uint8Array(AREA_PAGES);
  /** Windows whose memory is one order-9 chunk, so that they can collapse. */
  private readonly contiguous = new Set<number>();
  private readonly failures: ReadonlySet<number>;
  private calls = 0;

  constructor(release: string, options: NaiveMmOptions = {}) {
    this.rules = kernelRules.get(release);
    this.loadOffsetPages = options.offsetPages ?? 0;
    this.possibleNodes = options.possibleNodes ?? 1;
    this.failures = new Set(options.failures ?? []);
  }

  vmalloc(request: VmallocRequest): VmArea | undefined {
    this.calls += 1;
    if (this.failures.has(this.calls - 1)) return undefined;
    const asked = Math.ceil(request.sizeBytes / 4096);
    const huge =
      request.allowHuge === true && this.rules.hugeVmalloc !== 'none' && asked >= WINDOW_PAGES;
    const pages = huge ? Math.ceil(asked / WINDOW_PAGES) * WINDOW_PAGES : asked;
    const align = huge ? Math.max(WINDOW_PAGES, request.alignPages) : request.alignPages;
    const page =
      this.findHole(pages + 1, align, request) ?? this.purgeAndFind(pages, align, request);
    if (page === undefined) return undefined;
    const resetPerms = request.resetPerms ?? false;
    const area: VmArea = { page, pages, guardPages: 1, huge, resetPerms };
    this.live.push(area);
    this.live.sort((a, b) => a.page - b.page);
    this.state.fill(MAPPED | WRITABLE | (huge ? HUGE : 0), page, page + pages);
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

  textPoke(byte: number, sizeBytes: number): void {
    const last = Math.floor((byte + sizeBytes - 1) / 4096);
    for (let at = Math.floor(byte / 4096); at <= last; at += 1) {
      assert(this.isExecutable(at), () => `poke of page ${at} that is not executable`);
    }
    this.counters.pokeCalls += 1;
    this.counters.pokeBytes += sizeBytes;
  }

  enterPath(): number {
    return 0;
  }

  leavePath(): void {
    // Paths are not recorded here.
  }

  note(): void {
    // Effects are not recorded here.
  }

  leafLevel(page: number): number {
    const state = this.state[page] ?? 0;
    if ((state & MAPPED) === 0) return 0;
    return (state & HUGE) === 0 ? 1 : 2;
  }

  isExecutable(page: number): boolean {
    return ((this.state[page] ?? 0) & EXECUTABLE) !== 0;
  }

  isWritable(page: number): boolean {
    return ((this.state[page] ?? 0) & WRITABLE) !== 0;
  }

  private purgeAndFind(pages: number, align: number, request: VmallocRequest): number | undefined {
    this.purgeLazyAreas();
    return this.findHole(pages + 1, align, request);
  }

  /** Lowest hole of the size, guard included, by a scan over live and lazy areas. */
  private findHole(size: number, align: number, request: VmallocRequest): number | undefined {
    const taken = [...this.live, ...this.lazy].sort((a, b) => a.page - b.page);
    const end = request.windowEnd ?? AREA_PAGES;
    const up = (value: number): number => Math.ceil(value / align) * align;
    let at = up(request.windowStart ?? this.loadOffsetPages);
    for (const area of taken) {
      const areaEnd = area.page + area.pages + area.guardPages;
      if (areaEnd <= at) continue;
      if (area.page >= at + size) break;
      at = up(areaEnd);
    }
    return at + size <= end ? at : undefined;
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
