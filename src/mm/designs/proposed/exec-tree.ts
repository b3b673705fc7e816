/**
 * The tree of free text of vmalloc_exec RFC and execmem_alloc: backing objects of whole 2M blocks,
 * read-only and executable, whose free stretches merge across objects. Lowest fit; a free that
 * uncovers an aligned 2M looks for a backing object that is wholly free and returns it. Follows the
 * posted mm/vmalloc.c of 2022 (execmem_alloc, execmem_fill, execmem_free).
 *
 *   objects  |=======0=======|=======1=======|    no guard page between them
 *   text     AAABBB......CCCCCCCC.............    the stretch behind C ends with object 1
 */
import { assert, at } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import {
  BLOCK_BYTES,
  BLOCK_PAGES,
  PAGE_BYTES,
  sharedImageBytes,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';
import { SpaceHeap } from './space-heap.js';
import type { TextWriter } from './text-writer.js';

export interface ExecTreeRules {
  /** Backing objects are a multiple of this; whole 2M. */
  readonly stepBytes: number;
  readonly hugeNodeRule: 'divide' | 'ignore';
  /** Every object that a free uncovers goes back, not one. */
  readonly freeAll: boolean;
  readonly shareKernelTail: boolean;
  /** One page at each end of every object stays unused, full of traps. */
  readonly strips: boolean;
  /** Unit and alignment of everything but module text and pages of probes. */
  readonly chunkBytes: number;
}

export class ExecTree implements TextSource {
  /** Backing objects in order of creation. */
  private readonly objects: VmArea[] = [];
  private readonly heap = new SpaceHeap('lowest');
  private usedBytes = 0;
  private readonly tailBytes: number;
  private readonly stripBytes: number;

  constructor(
    private readonly mm: KernelMm,
    private readonly writer: TextWriter,
    private readonly rules: ExecTreeRules,
  ) {
    this.stripBytes = rules.strips ? PAGE_BYTES : 0;
    const tail = rules.shareKernelTail ? mm.kernelTail : undefined;
    this.tailBytes = (tail?.pages ?? 0) * PAGE_BYTES;
    if (tail && tail.pages > 0) this.heap.give(tail.page * PAGE_BYTES, this.tailBytes);
  }

  get objectCount(): number {
    return this.objects.length;
  }

  get freeBytes(): number {
    return this.heap.freeBytes;
  }

  get gapCount(): number {
    return this.heap.gapCount;
  }

  alloc(use: TextUse, sizeBytes: number): Piece | undefined {
    const align = this.alignOf(use);
    const rounded = roundUp(sizeBytes, align);
    let byte = this.heap.alloc(rounded, align);
    if (byte === undefined && this.grow(rounded)) byte = this.heap.alloc(rounded, align);
    if (byte === undefined) return undefined;
    this.usedBytes += rounded;
    const piece = { byte, sizeBytes: rounded };
    this.writer.open(piece, use);
    return piece;
  }

  finish(piece: Piece, codeBytes: number): void {
    this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    this.writer.erase(piece);
    this.giveBack(piece);
  }

  abandon(piece: Piece): void {
    this.writer.abandon(piece);
    this.giveBack(piece);
  }

  imageBytes(codeBytes: number): number {
    return roundUp(sharedImageBytes(codeBytes), this.rules.chunkBytes);
  }

  verify(): void {
    this.heap.verify();
    const backed = this.objects.reduce((sum, object) => sum + this.usableBytes(object), 0);
    assert(
      this.heap.freeBytes + this.usedBytes === backed + this.tailBytes,
      () => `${this.heap.freeBytes} free and ${this.usedBytes} used bytes of ${backed}`,
    );
    for (const { page, pages } of this.objects) {
      assert(page % BLOCK_PAGES === 0 && pages % BLOCK_PAGES === 0, 'objects are whole 2M blocks');
    }
  }

  private alignOf(use: TextUse): number {
    const wholePages = use === 'module' || use === 'init' || use === 'kprobes' || use === 'raw';
    return wholePages || this.writer.takesWholePages ? PAGE_BYTES : this.rules.chunkBytes;
  }

  /** One more backing object, large enough for the piece by itself. */
  private grow(sizeBytes: number): boolean {
    const path = this.mm.enterPath('execmem_populate');
    const area = this.mm.vmalloc({
      sizeBytes: roundUp(sizeBytes + 2 * this.stripBytes, this.rules.stepBytes),
      alignPages: BLOCK_PAGES,
      allowHuge: true,
      hugeNodeRule: this.rules.hugeNodeRule,
      guardPages: 0,
    });
    if (area) {
      this.mm.setMemoryRo(area.page, area.pages);
      this.mm.setMemoryX(area.page, area.pages);
      this.objects.push(area);
      this.heap.give(this.usableByte(area), this.usableBytes(area));
    }
    this.mm.leavePath(path);
    return area !== undefined;
  }

  private giveBack(piece: Piece): void {
    this.heap.give(piece.byte, piece.sizeBytes);
    this.usedBytes -= piece.sizeBytes;
    if (this.heap.largestGapBytes < BLOCK_BYTES - 2 * this.stripBytes) return;
    const path = this.mm.enterPath('free_exec_object');
    for (let index = 0; index < this.objects.length;) {
      const object = at(this.objects, index);
      if (!this.isUncovered(object, piece)) {
        index += 1;
        continue;
      }
      this.objects.splice(index, 1);
      this.release(object);
      if (!this.rules.freeAll) break;
    }
    this.mm.leavePath(path);
  }

  /** True when the object lies wholly inside the free stretch that the piece is now part of. */
  private isUncovered(object: VmArea, piece: Piece): boolean {
    const start = this.usableByte(object);
    const end = start + this.usableBytes(object);
    const low = Math.min(start, piece.byte);
    const high = Math.max(end, piece.byte + piece.sizeBytes);
    // Freeing all, the piece's own object may be gone already.
    return this.rules.freeAll
      ? this.heap.isFree(start, end - start)
      : this.heap.isFree(low, high - low);
  }

  /** Cuts a wholly free object out, restores its aliases and unmaps it. */
  private release(object: VmArea): void {
    const taken = this.heap.takeAt(this.usableByte(object), this.usableBytes(object));
    assert(taken, () => `object at page ${object.page} is wholly free`);
    this.mm.setMemoryNx(object.page, object.pages);
    this.mm.setMemoryRw(object.page, object.pages);
    this.mm.vfree(object);
  }

  private usableByte(object: VmArea): number {
    return object.page * PAGE_BYTES + this.stripBytes;
  }

  private usableBytes(object: VmArea): number {
    return object.pages * PAGE_BYTES - 2 * this.stripBytes;
  }
}
