/**
 * Free space in bytes inside memory that is mapped already: lowest, best or next fit. Free stretches
 * merge; what lies between them is somebody's. Bytes may be negative (tail of kernel text).
 */
import { FreeAreaTree, NO_AREA } from '../../free-area-tree.js';

export type HeapSearch = 'lowest' | 'best' | 'next';

/** Added to keys of the tree, which are not negative; a multiple of every alignment. */
const KEY_BASE = 2 ** 31;
const KEY_END = 2 ** 32;

export class SpaceHeap {
  private readonly tree = new FreeAreaTree();
  private nextKey = 0;
  private free_ = 0;

  constructor(private readonly search: HeapSearch = 'lowest') {}

  /** Bytes that are free. */
  get freeBytes(): number {
    return this.free_;
  }

  /** Free stretches. */
  get gapCount(): number {
    return this.tree.areaCount;
  }

  /** Length of the longest free stretch. */
  get largestGapBytes(): number {
    return this.tree.largestIn(0, KEY_END);
  }

  /** First byte of a new piece, or undefined. */
  alloc(sizeBytes: number, alignBytes = 1): number | undefined {
    const key = this.find(sizeBytes, alignBytes);
    if (key === NO_AREA) return undefined;
    this.nextKey = key + sizeBytes;
    this.free_ -= sizeBytes;
    return key - KEY_BASE;
  }

  /** Returns a piece, or adds memory. */
  give(byte: number, sizeBytes: number): void {
    this.tree.free(byte + KEY_BASE, byte + KEY_BASE + sizeBytes);
    this.free_ += sizeBytes;
  }

  /** Takes exactly this memory out; false when not all of it is free. */
  takeAt(byte: number, sizeBytes: number): boolean {
    if (!this.tree.allocAt(byte + KEY_BASE, sizeBytes)) return false;
    this.free_ -= sizeBytes;
    return true;
  }

  isFree(byte: number, sizeBytes: number): boolean {
    return this.tree.isFree(byte + KEY_BASE, byte + KEY_BASE + sizeBytes);
  }

  /** Visits free stretches in order of address. */
  forEachGap(visit: (byte: number, sizeBytes: number) => void): void {
    this.tree.forEach((start, end) => {
      visit(start - KEY_BASE, end - start);
    });
  }

  verify(): void {
    this.tree.verify();
  }

  private find(size: number, align: number): number {
    const window = { size, align, windowStart: 0, windowEnd: KEY_END };
    switch (this.search) {
      case 'lowest':
        return this.tree.allocLowest(window, size);
      case 'best':
        return this.tree.allocBest(window);
      case 'next': {
        const rest = this.tree.allocLowest({ ...window, windowStart: this.nextKey }, size);
        return rest === NO_AREA ? this.tree.allocLowest(window, size) : rest;
      }
    }
  }
}
