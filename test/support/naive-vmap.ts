/**
 * The address space of the module area as two plain lists: what is taken, and what is taken but waits
 * for a purge. Every answer is found by walking from one end to the other. Page numbers, half-open.
 */
import type { VmapSearch } from '../../src/mm/vmap-area-set.js';

export interface NaiveStretch {
  readonly start: number;
  readonly end: number;
}

/** Where a search may end when it looks for more room than it needs (size + align - 1). */
export interface NaiveRange {
  /** The lowest place that fits at all. */
  readonly lowest: number;
  /** The lowest place in a hole that has the room that is looked for. */
  readonly certain: number;
}

const SPACE_END = 2 ** 52 - 1;
const NONE = Number.POSITIVE_INFINITY;

export class NaiveVmap {
  /** By address; lazy ones included. */
  private taken: NaiveStretch[] = [];
  private lazy: NaiveStretch[] = [];

  /** Pages that wait for a purge make one due above 32 MiB for each bit of the number of CPUs. */
  constructor(private readonly cpus: number) {}

  get lazyPages(): number {
    return this.lazy.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Lengths of the holes between the first and the last that is taken. */
  get holes(): readonly number[] {
    return this.taken.flatMap(({ start }, i) => {
      const before = this.taken[i - 1];
      return before === undefined || before.end === start ? [] : [start - before.end];
    });
  }

  lowest(search: VmapSearch): number {
    const start = this.lowestIn(search, search.pages);
    return start + search.pages <= search.windowEnd ? start : -1;
  }

  lowestRange(search: VmapSearch): NaiveRange {
    const { pages, alignPages } = search;
    return {
      lowest: this.lowestIn(search, pages),
      certain: this.lowestIn(search, pages + alignPages - 1),
    };
  }

  highest({ pages, alignPages, windowStart, windowEnd }: VmapSearch): number {
    for (const hole of [...this.free()].reverse()) {
      const end = Math.min(hole.end, windowEnd);
      const start = Math.floor((end - pages) / alignPages) * alignPages;
      if (start >= Math.max(hole.start, windowStart)) return start;
    }
    return -1;
  }

  /** True when nothing of it is taken. */
  isFree(start: number, end: number): boolean {
    return !this.taken.some((other) => other.start < end && start < other.end);
  }

  take(start: number, end: number): void {
    const at = this.taken.findIndex((other) => other.start > start);
    this.taken.splice(at < 0 ? this.taken.length : at, 0, { start, end });
  }

  /** True when a purge is due. */
  freeLazily(start: number, end: number): boolean {
    this.lazy.push({ start, end });
    const bits = this.cpus.toString(2).length;
    return this.lazyPages * 4096 > bits * 32 * 1024 * 1024;
  }

  purge(): void {
    const gone = new Set(this.lazy.map(({ start }) => start));
    this.taken = this.taken.filter(({ start }) => !gone.has(start));
    this.lazy = [];
  }

  /** In free stretches of at least `roomPages` behind the start of the window. */
  private lowestIn({ pages, alignPages, windowStart }: VmapSearch, roomPages: number): number {
    for (const hole of this.free()) {
      const from = Math.max(hole.start, windowStart);
      const start = Math.ceil(from / alignPages) * alignPages;
      if (hole.end - from >= roomPages && start + pages <= hole.end) return start;
    }
    return NONE;
  }

  private free(): readonly NaiveStretch[] {
    const list: NaiveStretch[] = [];
    let start = 1;
    for (const stretch of this.taken) {
      if (stretch.start > start) list.push({ start, end: stretch.start });
      start = stretch.end;
    }
    return [...list, { start, end: SPACE_END }];
  }
}
