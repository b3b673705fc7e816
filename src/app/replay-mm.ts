/**
 * The primitives of kernel memory management on a replayed machine: address search, page state of
 * the module area, frames and direct map, started from a recorded state. It also tells what a
 * prediction lists: live areas, executable leaves, lower page tables. Flushes are not modelled here.
 */
import { assert } from '../base/assert.js';
import { PTRS_PER_PMD_PAGES } from '../base/units.js';
import { FreeAreaTree, NO_AREA } from '../mm/free-area-tree.js';
import type { KernelMm, MmCounters, VmallocRequest, VmArea } from '../mm/kernel-mm.js';
import type { KernelRules } from '../mm/kernel-rules.js';
import { Placements } from '../mm/placements.js';
import type { ReplayDirectMap } from './replay-direct-map.js';
import type { ReplayFrames } from './replay-frames.js';

const MAPPED = 1;
const WRITABLE = 2;
const EXECUTABLE = 4;
const HUGE = 8;
/** Lazily freed pages before a purge runs, for each bit of the CPU count. */
const LAZY_PAGES_PER_BIT = 8192;
const VPN_END = 2 ** 52;

export interface ReplayMachineShape {
  readonly rules: KernelRules;
  readonly cpus: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly areaPages: number;
  readonly areaVpn: number;
  readonly loadOffsetPages: number;
}

export class ReplayMm implements KernelMm {
  readonly rules: KernelRules;
  readonly cpus: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly areaPages: number;
  readonly areaVpn: number;
  readonly loadOffsetPages: number;
  readonly placements: Placements;
  readonly counters = zeroCounters();
  /** Live areas by first page. */
  readonly live = new Map<number, VmArea>();
  /** Areas touched since the last look: end behind the guard as it was then, by first page. */
  private touched = new Map<number, number | undefined>();
  private readonly tree = new FreeAreaTree(1, VPN_END - 1);
  private lazy: VmArea[] = [];
  private lazyPages = 0;
  private readonly state: Uint8Array;
  private readonly frameOf: Float64Array;
  /** 2M windows whose PMD entry points to a table of 4K entries. */
  private readonly tables = new Set<number>();
  private readonly framesOfArea = new Map<VmArea, readonly number[]>();
  private readonly lazyPagesMax: number;

  constructor(
    shape: ReplayMachineShape,
    private readonly frames: ReplayFrames,
    private readonly directMap: ReplayDirectMap,
  ) {
    this.rules = shape.rules;
    this.cpus = shape.cpus;
    this.nodes = shape.nodes;
    this.possibleNodes = shape.possibleNodes;
    this.areaPages = shape.areaPages;
    this.areaVpn = shape.areaVpn;
    this.loadOffsetPages = shape.loadOffsetPages;
    this.placements = new Placements(shape.areaPages);
    this.state = new Uint8Array(shape.areaPages);
    this.frameOf = new Float64Array(shape.areaPages);
    this.lazyPagesMax = (Math.floor(Math.log2(shape.cpus)) + 1) * LAZY_PAGES_PER_BIT;
  }

  vmalloc(request: VmallocRequest): VmArea | undefined {
    const asked = Math.ceil(request.sizeBytes / 4096);
    const area = this.mayBeHuge(request, asked) ? this.tryAlloc(request, asked, true) : undefined;
    if (area || request.hugeOnly === true) return area;
    return this.tryAlloc(request, asked, false);
  }

  vfree(area: VmArea): void {
    const frames = this.framesOfArea.get(area);
    assert(frames !== undefined, () => `area at page ${area.page} is not live`);
    this.noteTables(area);
    this.touch(area.page);
    this.live.delete(area.page);
    this.framesOfArea.delete(area);
    this.state.fill(0, area.page, area.page + area.pages);
    this.lazy.push(area);
    this.lazyPages += area.pages + area.guardPages;
    if (area.resetPerms) {
      for (const frame of frames) this.directMap.resetPage(frame);
      this.countSplits();
      this.purgeLazyAreas();
    } else if (this.lazyPages > this.lazyPagesMax) {
      this.purgeLazyAreas();
    }
    this.frames.give(frames, this.rules.freeInRuns);
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
    const first = Math.floor(page / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES;
    for (let at = first; at < page + pages; at += PTRS_PER_PMD_PAGES) this.collapse(at);
  }

  setDirectMapValid(page: number, pages: number, valid: boolean): void {
    for (let at = page; at < page + pages;) {
      const frame = this.frameOf[at] ?? 0;
      const whole = this.leafLevel(at) === 2 && at + PTRS_PER_PMD_PAGES <= page + pages;
      if (!valid) this.directMap.resetPage(frame);
      else if (whole) this.directMap.setRegion(frame, true);
      else this.directMap.setPage(frame, true);
      at += whole && valid ? PTRS_PER_PMD_PAGES : 1;
    }
    this.countSplits();
  }

  purgeLazyAreas(): void {
    if (this.lazy.length === 0) return;
    for (const area of this.lazy) {
      const start = this.areaVpn + area.page;
      this.tree.free(start, start + area.pages + area.guardPages);
    }
    this.lazy = [];
    this.lazyPages = 0;
    this.counters.purges += 1;
  }

  textPoke(_byte: number, sizeBytes: number): void {
    this.counters.pokeCalls += 1;
    this.counters.pokeBytes += sizeBytes;
  }

  enterPath(): number {
    return 0;
  }

  leavePath(): void {
    // Causes are of no use to a prediction.
  }

  note(): void {
    // Effects are of no use to a prediction.
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

  /** Areas that appeared and went since the last call, [first page, page behind the guard). */
  takeChanges(): {
    readonly added: readonly (readonly [number, number])[];
    readonly removed: readonly (readonly [number, number])[];
  } {
    const added: (readonly [number, number])[] = [];
    const removed: (readonly [number, number])[] = [];
    for (const [page, before] of [...this.touched].sort((a, b) => a[0] - b[0])) {
      const now = this.endOf(page);
      if (now === before) continue;
      if (before !== undefined) removed.push([page, before]);
      if (now !== undefined) added.push([page, now]);
    }
    this.touched = new Map();
    return { added, removed };
  }

  private endOf(page: number): number | undefined {
    const area = this.live.get(page);
    return area && area.page + area.pages + area.guardPages;
  }

  private touch(page: number): void {
    if (!this.touched.has(page)) this.touched.set(page, this.endOf(page));
  }

  /** Lower page tables of the module area: kept when areas go, removed only by a 2M entry. */
  moduleTableCount(): number {
    for (const area of this.live.values()) this.noteTables(area);
    return this.tables.size;
  }

  /** Executable leaf entries of the module area. */
  executableLeaves(): { readonly count4K: number; readonly count2M: number } {
    let count4K = 0;
    let count2M = 0;
    for (const area of this.live.values()) {
      for (let page = area.page; page < area.page + area.pages;) {
        const huge = this.leafLevel(page) === 2;
        if (this.isExecutable(page)) {
          if (huge) count2M += 1;
          else count4K += 1;
        }
        page += huge ? PTRS_PER_PMD_PAGES : 1;
      }
    }
    return { count4K, count2M };
  }

  private mayBeHuge(request: VmallocRequest, asked: number): boolean {
    const rule = request.hugeNodeRule ?? this.rules.hugeVmalloc;
    if (request.allowHuge !== true || rule === 'none') return false;
    return (rule === 'divide' ? asked / this.nodes : asked) >= PTRS_PER_PMD_PAGES;
  }

  private takeFrames(request: VmallocRequest, pages: number): readonly number[] | undefined {
    const chunks = request.backing === 'order9' && pages % PTRS_PER_PMD_PAGES === 0;
    const whole = chunks ? this.frames.takeHuge(pages) : undefined;
    return whole ?? this.frames.take(pages, this.rules.vmallocLargeOrders);
  }

  private tryAlloc(request: VmallocRequest, asked: number, huge: boolean): VmArea | undefined {
    const pages = huge ? Math.ceil(asked / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES : asked;
    const align = huge ? Math.max(PTRS_PER_PMD_PAGES, request.alignPages) : request.alignPages;
    const guardPages = request.guardPages ?? 1;
    const page = this.findPlace(request, pages + guardPages, align);
    if (page === undefined) return undefined;
    const frames = huge ? this.frames.takeHuge(pages) : this.takeFrames(request, pages);
    if (!frames) {
      this.tree.free(this.areaVpn + page, this.areaVpn + page + pages + guardPages);
      return undefined;
    }
    const resetPerms = request.resetPerms ?? false;
    const area: VmArea = { page, pages, guardPages, huge, resetPerms };
    this.state.fill(MAPPED | WRITABLE | (huge ? HUGE : 0), page, page + pages);
    this.frameOf.set(frames, page);
    this.touch(page);
    this.live.set(page, area);
    this.framesOfArea.set(area, frames);
    this.noteTables(area);
    return area;
  }

  private findPlace(request: VmallocRequest, size: number, align: number): number | undefined {
    const windowStart = this.areaVpn + (request.windowStart ?? this.loadOffsetPages);
    const windowEnd = this.areaVpn + (request.windowEnd ?? this.areaPages);
    const search = { size, align, windowStart, windowEnd };
    const adjusted = this.rules.vmapSearch === 'adjusted' && align > 1;
    const exact = windowEnd - windowStart === size;
    const length = adjusted && !exact ? size + align - 1 : size;
    const find = (): number =>
      request.fit === 'highest'
        ? this.tree.allocHighest(search)
        : this.tree.allocLowest(search, length);
    let start = find();
    if (start === NO_AREA && this.lazy.length > 0) {
      this.purgeLazyAreas();
      start = find();
    }
    return start === NO_AREA ? undefined : start - this.areaVpn;
  }

  /** One set_memory call: the module mapping page by page or leaf by leaf, then its alias. */
  private change(page: number, pages: number, set: number, clear: number): void {
    this.purgeLazyAreas();
    this.counters.cpaCalls += 1;
    const alias = ((set | clear) & WRITABLE) !== 0;
    const end = page + pages;
    for (let at = page; at < end;) {
      const old = this.state[at] ?? 0;
      assert((old & MAPPED) !== 0, () => `page ${at} is not mapped`);
      const wanted = (old & ~clear) | set;
      const whole =
        (old & HUGE) !== 0 && at % PTRS_PER_PMD_PAGES === 0 && at + PTRS_PER_PMD_PAGES <= end;
      if ((old & HUGE) !== 0 && !whole && wanted !== old) {
        this.splitText(at);
        continue;
      }
      const done = whole ? PTRS_PER_PMD_PAGES : 1;
      if (wanted !== old) this.state.fill(wanted, at, at + done);
      if (alias) this.changeAlias(this.frameOf[at] ?? 0, whole, (set & WRITABLE) !== 0);
      at += done;
    }
    this.countSplits();
  }

  private changeAlias(frame: number, whole: boolean, writable: boolean): void {
    if (whole) this.directMap.setRegion(frame, writable);
    else this.directMap.setPage(frame, writable);
  }

  private splitText(at: number): void {
    const window = Math.floor(at / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES;
    for (let page = window; page < window + PTRS_PER_PMD_PAGES; page += 1) {
      this.state[page] = (this.state[page] ?? 0) & ~HUGE;
    }
    this.tables.add(window / PTRS_PER_PMD_PAGES);
    this.counters.textSplits += 1;
  }

  /** 512 equal entries over one aligned run of frames become a 2M leaf. */
  private collapse(window: number): void {
    const first = this.state[window] ?? 0;
    const frame = this.frameOf[window] ?? 0;
    if ((first & MAPPED) === 0 || (first & HUGE) !== 0 || frame % PTRS_PER_PMD_PAGES !== 0) return;
    for (let offset = 0; offset < PTRS_PER_PMD_PAGES; offset += 1) {
      if (this.state[window + offset] !== first) return;
      if (this.frameOf[window + offset] !== frame + offset) return;
    }
    this.state.fill(first | HUGE, window, window + PTRS_PER_PMD_PAGES);
    this.tables.delete(window / PTRS_PER_PMD_PAGES);
    this.counters.textCollapses += 1;
  }

  private noteTables(area: VmArea): void {
    const first = Math.floor(area.page / PTRS_PER_PMD_PAGES);
    const last = Math.floor((area.page + area.pages - 1) / PTRS_PER_PMD_PAGES);
    for (let window = first; window <= last; window += 1) {
      const page = Math.max(area.page, window * PTRS_PER_PMD_PAGES);
      if (this.leafLevel(page) === 2) this.tables.delete(window);
      else this.tables.add(window);
    }
  }

  private countSplits(): void {
    this.counters.level2Splits = this.directMap.level2Splits;
    this.counters.level3Splits = this.directMap.level3Splits;
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
