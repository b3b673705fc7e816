/**
 * A naive machine for the differential test of KernelMachine: sorted lists of free and lazy areas,
 * a byte a page for both mappings, everything counted by looking. It does not search aligned places
 * (the kernel's walk depends on its tree); it checks that the place that was taken fits.
 */
import {
  PTE_DIRTY,
  PTE_EXECUTABLE,
  PTE_GLOBAL,
  PTE_PRESENT,
  PTE_WRITABLE,
} from '../../src/machine/pte.js';
import type { FrameSource } from '../../src/mm/frame-source.js';
import type { VmallocRequest } from '../../src/mm/kernel-mm.js';
import type { KernelRules } from '../../src/mm/kernel-rules.js';
import { NaiveLeaves } from './naive-leaves.js';

const KERNEL = PTE_PRESENT + PTE_WRITABLE + PTE_DIRTY + PTE_GLOBAL + 16;
const ALIAS_BITS = ~PTE_EXECUTABLE;

export interface NaiveArea {
  readonly page: number;
  readonly pages: number;
  readonly huge: boolean;
  readonly resetPerms: boolean;
  readonly frames: readonly number[];
}

export class NaiveMachine {
  readonly direct: NaiveLeaves;
  readonly text: NaiveLeaves;
  readonly count = {
    level2Splits: 0,
    level3Splits: 0,
    level2Collapses: 0,
    level3Collapses: 0,
    textSplits: 0,
    textCollapses: 0,
    fullFlushes: 0,
    rangeFlushes: 0,
    flushedPages: 0,
    purges: 0,
    order9Requests: 0,
    order9Failures: 0,
    pageTablePages: 0,
  };
  /** Live and lazy areas, guard included: [start, end). */
  private busy: (readonly [number, number])[] = [];
  private lazy: (readonly [number, number])[] = [];
  /** 2M windows that have a table of 4K entries. */
  private readonly tables = new Set<number>();

  constructor(
    private readonly rules: KernelRules,
    private readonly collapse: 'off' | 'rox' | 'any',
    private readonly source: FrameSource,
    private readonly areaPages: number,
    ramPages: number,
  ) {
    const { count } = this;
    this.direct = new NaiveLeaves(ramPages, {
      split: (level) => {
        if (level === 2) count.level2Splits += 1;
        else count.level3Splits += 1;
        count.pageTablePages += 1;
        count.fullFlushes += 1;
      },
    });
    for (let page = 0; page < ramPages; page += 262144) this.direct.map(page, 3, page, KERNEL);
    this.text = new NaiveLeaves(areaPages, {
      split: () => {
        count.textSplits += 1;
        count.pageTablePages += 1;
        count.fullFlushes += 1;
      },
    });
  }

  /** `place` is where the machine put it in 2M leaves, if it did; other places are searched here. */
  vmalloc(request: VmallocRequest, place: number | undefined): NaiveArea | undefined {
    const asked = Math.ceil(request.sizeBytes / 4096);
    if (request.allowHuge === true && this.rules.hugeVmalloc !== 'none' && asked >= 512) {
      const area = this.tryAlloc(request, Math.ceil(asked / 512) * 512, place, true);
      if (area) return area;
    }
    return this.tryAlloc(request, asked, place, false);
  }

  vfree(area: NaiveArea): void {
    this.busy = this.busy.filter(([start]) => start !== area.page);
    this.text.unmap(area.page, area.pages);
    this.release(area.page, area.pages + 1, area.frames, area.resetPerms);
  }

  change(page: number, pages: number, set: number, clear: number): boolean {
    const { rules, text } = this;
    this.purge(false);
    const onlyNx = (set | clear) === PTE_EXECUTABLE;
    const walks = !(rules.nxSkipsAlias && onlyNx);
    const collapses = this.count.textCollapses;
    const changed = text.change(page, pages, set, clear, (at, settled) => {
      const isLarge = text.level[at] === 2;
      if (walks && !onlyNx) {
        const step = isLarge ? settled : 1;
        for (let done = 0; done < settled; done += step) {
          this.changeDirect(text.frame[at + done] ?? 0, step, set & ALIAS_BITS, clear & ALIAS_BITS);
        }
      }
      if (this.collapse === 'any') this.collapseText(at - (at % 512), PTE_DIRTY);
    });
    for (let at = page; at < page + pages; at += 1) {
      if (text.level[at] === 1) this.tables.add(at - (at % 512));
    }
    if (changed && (walks || pages > 33)) this.count.fullFlushes += 1;
    else if (changed) this.flushRange(pages);
    if (this.count.textCollapses > collapses) this.count.fullFlushes += 1;
    return changed;
  }

  rox(page: number, pages: number): void {
    const clear = PTE_WRITABLE | (this.rules.roClearsDirty ? PTE_DIRTY : 0);
    let changed = false;
    if (this.rules.hasRox) changed = this.change(page, pages, PTE_EXECUTABLE, clear);
    else {
      changed = this.change(page, pages, 0, clear);
      changed = this.change(page, pages, PTE_EXECUTABLE, 0) || changed;
    }
    if (!changed || this.collapse !== 'rox') return;
    let collapsed = false;
    for (let window = page - (page % 512); window < page + pages; window += 512) {
      if (this.collapseText(window, 0)) collapsed = true;
    }
    if (collapsed) this.count.fullFlushes += 1;
  }

  setDirectMapValid(area: NaiveArea, valid: boolean): void {
    for (let done = 0; done < area.pages; done += area.huge ? 512 : 1) {
      const frame = area.frames[done] ?? 0;
      if (valid) this.changeDirect(frame, area.huge ? 512 : 1, this.presentSet, 0);
      else this.changeDirect(frame, area.huge ? 512 : 1, 0, this.presentClear);
    }
  }

  purge(directMapToo: boolean): void {
    if (this.lazy.length === 0) return;
    const start = Math.min(...this.lazy.map(([first]) => first));
    const end = Math.max(...this.lazy.map(([, last]) => last));
    this.lazy = [];
    this.count.purges += 1;
    if (directMapToo || end - start > 33) this.count.fullFlushes += 1;
    else this.flushRange(end - start);
  }

  get lazyPages(): number {
    return this.lazy.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  /** Free stretches between the lowest and the highest area. */
  get holes(): readonly number[] {
    const taken = [...this.busy, ...this.lazy].sort((a, b) => a[0] - b[0]);
    return taken
      .slice(1)
      .map(([start], i) => start - (taken[i]?.[1] ?? 0))
      .filter((pages) => pages > 0);
  }

  private get presentSet(): number {
    return PTE_PRESENT | PTE_WRITABLE | (this.collapse === 'any' ? PTE_GLOBAL : 0);
  }

  private get presentClear(): number {
    return PTE_PRESENT | PTE_WRITABLE | (this.rules.roClearsDirty ? PTE_DIRTY : 0);
  }

  private tryAlloc(
    request: VmallocRequest,
    pages: number,
    place: number | undefined,
    huge: boolean,
  ): NaiveArea | undefined {
    const align = huge ? 512 : request.alignPages;
    const page = this.findPlace(request, pages + 1, align, place);
    if (page === undefined) return undefined;
    this.busy.push([page, page + pages + 1]);
    const frames: number[] = [];
    const had = huge ? this.takeHuge(pages, frames) : this.takePages(request, pages, frames);
    if (!had) {
      this.busy.pop();
      this.release(page, pages + 1, frames, request.resetPerms ?? false);
      return undefined;
    }
    for (let i = 0; i < pages; i += huge ? 512 : 1) {
      const window = page + i - ((page + i) % 512);
      this.text.map(page + i, huge ? 2 : 1, frames[i] ?? 0, KERNEL);
      if (!huge && !this.tables.has(window)) {
        this.tables.add(window);
        this.count.pageTablePages += 1;
      }
      if (huge && this.tables.delete(window)) {
        this.count.pageTablePages -= 1;
        this.flushRange(1);
      }
    }
    return { page, pages, huge, resetPerms: request.resetPerms ?? false, frames };
  }

  private findPlace(
    request: VmallocRequest,
    size: number,
    align: number,
    place: number | undefined,
  ): number | undefined {
    if (align > 1) {
      if (place === undefined) {
        this.purge(false);
        return undefined;
      }
      if (place % align !== 0) throw new Error(`page ${place} is not aligned`);
      if (!this.isFree(place, size)) this.purge(false);
      if (!this.isFree(place, size)) throw new Error(`page ${place} is taken`);
      return place;
    }
    const found = this.search(request, size);
    if (found !== undefined || this.lazy.length === 0) return found;
    this.purge(false);
    return this.search(request, size);
  }

  private isFree(page: number, size: number): boolean {
    return [...this.busy, ...this.lazy].every(
      ([start, end]) => end <= page || start >= page + size,
    );
  }

  private search(request: VmallocRequest, size: number): number | undefined {
    const taken = [...this.busy, ...this.lazy].sort((a, b) => a[0] - b[0]);
    const ends = [0, ...taken.map(([, end]) => end)];
    const starts = [...taken.map(([start]) => start), this.areaPages];
    const gaps = ends.map((end, i) => [end, starts[i] ?? 0] as const);
    const fitting = gaps.filter(([start, end]) => end - start >= size);
    if (request.fit === 'highest') {
      const last = fitting.at(-1);
      return last && last[1] - size;
    }
    return fitting[0]?.[0];
  }

  private takeBlock9(frames: number[]): boolean {
    this.count.order9Requests += 1;
    const first = this.source.allocBlock(-1, 9);
    if (first < 0) this.count.order9Failures += 1;
    for (let i = 0; i < 512 && first >= 0; i += 1) frames.push(first + i);
    return first >= 0;
  }

  private takeHuge(pages: number, frames: number[]): boolean {
    while (frames.length < pages) if (!this.takeBlock9(frames)) return false;
    return true;
  }

  private takePages(request: VmallocRequest, pages: number, frames: number[]): boolean {
    let tries = request.backing === 'order9';
    while (tries && pages - frames.length >= 512) tries = this.takeBlock9(frames);
    let largest = this.rules.vmallocLargeOrders ? 10 : 0;
    for (;;) {
      const order = Math.min(largest, Math.floor(Math.log2(Math.max(1, pages - frames.length))));
      if (order === 0) break;
      const first = this.source.allocBlock(-1, order, false);
      if (first < 0) largest = order - 1;
      else for (let i = 0; i < 2 ** order; i += 1) frames.push(first + i);
    }
    while (frames.length < pages) {
      const wanted = Math.min(100, pages - frames.length);
      const out = new Float64Array(wanted);
      const had = this.source.allocBulk(-1, wanted, out, 0);
      frames.push(...out.subarray(0, had));
      if (had < wanted) return false;
    }
    return true;
  }

  private release(
    page: number,
    pages: number,
    frames: readonly number[],
    resetPerms: boolean,
  ): void {
    this.lazy.push([page, page + pages]);
    if (resetPerms) {
      for (const frame of frames) this.changeDirect(frame, 1, 0, this.presentClear);
      this.purge(frames.length > 0);
      for (const frame of frames) this.changeDirect(frame, 1, this.presentSet, 0);
    } else if (this.lazyPages > 3 * 8192) this.purge(false);
    this.giveBack(frames);
  }

  private giveBack(frames: readonly number[]): void {
    for (let i = 0; i < frames.length;) {
      const first = frames[i] ?? 0;
      let order = 0;
      if (this.rules.freeInRuns) {
        let run = 1;
        while (frames[i + run] === first + run) run += 1;
        while (order < 10 && 2 ** (order + 1) <= run && first % 2 ** (order + 1) === 0) order += 1;
      }
      this.source.freeBlock(first, order);
      i += 2 ** order;
    }
  }

  private changeDirect(frame: number, pages: number, set: number, clear: number): void {
    const { direct, count } = this;
    direct.change(frame, pages, set, clear, (at) => {
      if (this.collapse !== 'any' || !direct.collapse(at - (at % 512), PTE_DIRTY)) return;
      count.level2Collapses += 1;
      count.pageTablePages -= 1;
      if (direct.collapse1G(at - (at % 262144), PTE_DIRTY)) {
        count.level3Collapses += 1;
        count.pageTablePages -= 1;
      }
      count.fullFlushes += 1;
    });
  }

  private collapseText(window: number, ignored: number): boolean {
    if (!this.text.collapse(window, ignored)) return false;
    this.count.textCollapses += 1;
    this.count.pageTablePages -= 1;
    this.tables.delete(window);
    return true;
  }

  private flushRange(pages: number): void {
    this.count.rangeFlushes += 1;
    this.count.flushedPages += pages;
  }
}
