/**
 * Free areas of an address range as an augmented red-black tree, keyed by start, each node carrying
 * the largest area size of its subtree. Follows mm/vmalloc.c (find_vmap_lowest_match, va_clip,
 * merge_or_add_vmap_area_augment): for alignments above one page the kernel's search is a walk that
 * depends on the shape of the tree, so the tree is edited exactly as a textbook (CLRS) red-black
 * tree is. Keys are whole doubles in any unit (pages of the module area, bytes of a pack). Nodes are
 * rows of typed arrays, node 0 is the nil node; no operation allocates except growth by doubling.
 */
import { assert } from '../base/assert.js';
import { AreaNodes } from './area-nodes.js';

const NIL = 0;

/** Result of a search that found nothing. Starts of allocations are never negative. */
export const NO_AREA = -1;

export interface AreaSearch {
  /** Length wanted, guard included, at least 1. */
  size: number;
  /** Power of two, at least 1. */
  align: number;
  /** Half-open window; the start is not negative. */
  windowStart: number;
  windowEnd: number;
}

const alignUp = (value: number, align: number): number =>
  align === 1 ? value : Math.ceil(value / align) * align;

const alignDown = (value: number, align: number): number =>
  align === 1 ? value : Math.floor(value / align) * align;

export class FreeAreaTree {
  private readonly nodes = new AreaNodes();

  /** Starts with one free area [start, end), or with none. */
  constructor(start = 0, end = 0) {
    if (end > start) this.nodes.insert(start, end);
  }

  /** Number of free areas in the whole tree. */
  get areaCount(): number {
    return this.nodes.count;
  }

  /** End of the lowest free area: where the lowest taken one starts. 0 when nothing is free. */
  get firstEnd(): number {
    const first = this.nodes.first();
    return first === NIL ? 0 : this.nodes.endOf(first);
  }

  /** Start of the highest free area: where the highest taken one ends. 0 when nothing is free. */
  get lastStart(): number {
    const last = this.nodes.last();
    return last === NIL ? 0 : this.nodes.startOf(last);
  }

  /**
   * Takes the area that the kernel's search gives, or NO_AREA. `searchLength` is what subtree maxima
   * are compared with: the plain size, or size + align - 1.
   */
  allocLowest(search: AreaSearch, searchLength: number): number {
    const { size, align, windowStart, windowEnd } = search;
    const node = this.searchLowest(size, align, windowStart, searchLength);
    if (node === NIL) return NO_AREA;
    const start = alignUp(Math.max(this.nodes.startOf(node), windowStart), align);
    if (start + size > windowEnd) return NO_AREA;
    this.clip(node, start, size);
    return start;
  }

  /** Takes the highest place that fits in the window, or NO_AREA. */
  allocHighest(search: AreaSearch): number {
    const { size, align, windowStart, windowEnd } = search;
    const nodes = this.nodes;
    let node = nodes.lastStartingBelow(windowEnd);
    while (node !== NIL) {
      const end = nodes.endOf(node);
      if (end <= windowStart) return NO_AREA;
      const start = alignDown(Math.min(end, windowEnd) - size, align);
      if (start >= windowStart && start >= nodes.startOf(node)) {
        this.clip(node, start, size);
        return start;
      }
      node = nodes.previousOfLength(node, size);
    }
    return NO_AREA;
  }

  /** Takes the low end of the smallest area that fits, ties to the lowest. Linear in the areas. */
  allocBest(search: AreaSearch): number {
    const { size, align, windowStart, windowEnd } = search;
    const nodes = this.nodes;
    let best = NIL;
    let bestLength = Infinity;
    for (let node = nodes.first(); node !== NIL; node = nodes.next(node)) {
      const low = Math.max(nodes.startOf(node), windowStart);
      const high = Math.min(nodes.endOf(node), windowEnd);
      if (high - low < bestLength && alignUp(low, align) + size <= high) {
        best = node;
        bestLength = high - low;
      }
    }
    if (best === NIL) return NO_AREA;
    const start = alignUp(Math.max(nodes.startOf(best), windowStart), align);
    this.clip(best, start, size);
    return start;
  }

  /** Takes [start, start + size); false when any of it is not free. */
  allocAt(start: number, size: number): boolean {
    const node = this.nodes.lastStartingBelow(start + 1);
    if (node === NIL || this.nodes.endOf(node) < start + size) return false;
    this.clip(node, start, size);
    return true;
  }

  /** Returns [start, end), merging with free neighbours. Asserts that none of it was free. */
  free(start: number, end: number): void {
    const nodes = this.nodes;
    assert(end > start, () => `free of empty area at ${start}`);
    const previous = nodes.lastStartingBelow(start + 1);
    const next = previous === NIL ? nodes.first() : nodes.next(previous);
    assert(
      (previous === NIL || nodes.endOf(previous) <= start) &&
        (next === NIL || nodes.startOf(next) >= end),
      () => `double free of area ${start}..${end}`,
    );
    const mergesNext = next !== NIL && nodes.startOf(next) === end;
    if (previous !== NIL && nodes.endOf(previous) === start) {
      if (mergesNext) {
        const mergedEnd = nodes.endOf(next);
        nodes.remove(next);
        nodes.setEnd(previous, mergedEnd);
      } else {
        nodes.setEnd(previous, end);
      }
    } else if (mergesNext) {
      nodes.setStart(next, start);
    } else {
      nodes.insert(start, end);
    }
  }

  /** True when all of [start, end) is free. */
  isFree(start: number, end: number): boolean {
    const node = this.nodes.lastStartingBelow(start + 1);
    return node !== NIL && this.nodes.endOf(node) >= end;
  }

  /** Free areas that intersect the window. Constant time when few areas lie outside of it. */
  holesIn(windowStart: number, windowEnd: number): number {
    const nodes = this.nodes;
    let outside = 0;
    let low = nodes.first();
    while (low !== NIL && nodes.endOf(low) <= windowStart) {
      outside += 1;
      low = nodes.next(low);
    }
    if (low === NIL) return 0;
    for (let n = nodes.last(); n !== NIL && nodes.startOf(n) >= windowEnd; n = nodes.previous(n)) {
      outside += 1;
    }
    return nodes.count - outside;
  }

  /** Longest free stretch inside the window, in O(log n). */
  largestIn(windowStart: number, windowEnd: number): number {
    return this.nodes.largestIn(windowStart, windowEnd);
  }

  /** Free length inside the window. Linear in the areas. */
  freeIn(windowStart: number, windowEnd: number): number {
    let total = 0;
    this.forEach((start, end) => {
      total += Math.max(0, Math.min(end, windowEnd) - Math.max(start, windowStart));
    });
    return total;
  }

  /** Visits free areas in address order. */
  forEach(visit: (start: number, end: number) => void): void {
    const nodes = this.nodes;
    for (let node = nodes.first(); node !== NIL; node = nodes.next(node)) {
      visit(nodes.startOf(node), nodes.endOf(node));
    }
  }

  /** Asserts order, disjointness, balance and maxima. */
  verify(): void {
    this.nodes.verify();
  }

  private fits(node: number, size: number, align: number, low: number): boolean {
    const start = alignUp(Math.max(this.nodes.startOf(node), low), align);
    return start + size <= this.nodes.endOf(node);
  }

  /** find_vmap_lowest_match. Once a right subtree is entered the low bound moves, as in the kernel. */
  private searchLowest(size: number, align: number, windowStart: number, length: number): number {
    const nodes = this.nodes;
    let low = windowStart;
    let node = nodes.root;
    while (node !== NIL) {
      if (nodes.maxOf(nodes.leftOf(node)) >= length && low < nodes.startOf(node)) {
        node = nodes.leftOf(node);
        continue;
      }
      if (this.fits(node, size, align, low)) return node;
      if (nodes.maxOf(nodes.rightOf(node)) >= length) {
        node = nodes.rightOf(node);
        continue;
      }
      for (;;) {
        node = nodes.parentOf(node);
        if (node === NIL) return NIL;
        if (this.fits(node, size, align, low)) return node;
        if (nodes.maxOf(nodes.rightOf(node)) >= length && low <= nodes.startOf(node)) {
          low = nodes.startOf(node) + 1;
          node = nodes.rightOf(node);
          break;
        }
      }
    }
    return NIL;
  }

  /** va_clip: full fit, left edge, right edge, or no edge (the old node becomes the right part). */
  private clip(node: number, start: number, size: number): void {
    const nodes = this.nodes;
    const oldStart = nodes.startOf(node);
    const oldEnd = nodes.endOf(node);
    const end = start + size;
    if (oldStart === start) {
      if (oldEnd === end) nodes.remove(node);
      else nodes.setStart(node, end);
    } else if (oldEnd === end) {
      nodes.setEnd(node, start);
    } else {
      nodes.setStart(node, end);
      nodes.insert(oldStart, start);
    }
  }
}
