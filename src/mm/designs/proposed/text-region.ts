/**
 * The executable side of the top-down split: one region of read-only executable 2M blocks that grows
 * upwards from the bottom of the module range. Its end is the boundary, always on a 2M line. Text is
 * handed out of its free stretches; what lies between two texts is trap-filled text memory.
 *
 *   |start          end|gap|        ...        |data|g|data|g|
 *   |AAAA..BB...|CC....|   ^ the region grows in whole 2M steps, data never comes below the gap
 */
import { assert } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import { EffectKind } from '../../../contract/sim-event.js';
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
import { SpaceHeap, type HeapSearch } from './space-heap.js';
import type { TextWriter } from './text-writer.js';

export interface TextRegionRules {
  readonly search: HeapSearch;
  /** Where the first text may lie: on a 2M line, or right at the load offset. */
  readonly start: 'aligned' | 'exact' | 'kernel_tail';
  readonly granuleBytes: number;
  /** Granularity of BPF and ftrace; absent: as everybody. */
  readonly subpageBytes: number | undefined;
  /** Steps of growth are a multiple of this; whole 2M. */
  readonly stepBytes: number;
  /** Growth counts the free tail first. */
  readonly countsTail: boolean;
  readonly noOrder9: 'pages' | 'fail';
  readonly hugeNodeRule: 'divide' | 'ignore';
  /** Bytes behind each text that stay traps. */
  readonly textGuardBytes: number;
  readonly shrink: 'top' | 'never' | 'any';
  readonly trapFill: boolean;
  readonly alias: 'ro' | 'removed' | 'rw';
  /** The boundary never passes this page. */
  readonly limitPage: number;
  /** Unmapped pages between text and data. */
  readonly gapPages: number;
}

export class TextRegion implements TextSource {
  /** Backed blocks by page. */
  private readonly blocks = new Map<number, VmArea>();
  private readonly heap: SpaceHeap;
  private readonly startByte: number;
  /** First page of the first block. */
  readonly startPage: number;
  private endPage_: number;
  private usedBytes = 0;
  private readonly tailBytes: number;
  collisions = 0;
  /** Blocks that were made of 4K pages. */
  fallbacks = 0;

  constructor(
    private readonly mm: KernelMm,
    private readonly writer: TextWriter,
    private readonly rules: TextRegionRules,
    /** Page of the lowest data area. */
    private readonly lowestData: () => number,
  ) {
    this.heap = new SpaceHeap(rules.search);
    const offset = mm.loadOffsetPages;
    const exact = rules.start === 'exact';
    this.startPage = exact
      ? Math.floor(offset / BLOCK_PAGES) * BLOCK_PAGES
      : roundUp(offset, BLOCK_PAGES);
    this.startByte = (exact ? offset : this.startPage) * PAGE_BYTES;
    this.endPage_ = this.startPage;
    const tail = rules.start === 'kernel_tail' ? mm.kernelTail : undefined;
    this.tailBytes = (tail?.pages ?? 0) * PAGE_BYTES;
    if (tail && tail.pages > 0) this.heap.give(tail.page * PAGE_BYTES, this.tailBytes);
  }

  /** First page behind the region, a multiple of 512. */
  get endPage(): number {
    return this.endPage_;
  }

  get freeBytes(): number {
    return this.heap.freeBytes;
  }

  get gapCount(): number {
    return this.heap.gapCount;
  }

  get largestGapBytes(): number {
    return this.heap.largestGapBytes;
  }

  /** Blocks that are wholly free and stay in the region. */
  get freeBlockCount(): number {
    let count = 0;
    this.heap.forEachGap((byte, sizeBytes) => {
      const first = roundUp(Math.max(byte, this.startPage * PAGE_BYTES), BLOCK_BYTES);
      const last = Math.floor((byte + sizeBytes) / BLOCK_BYTES) * BLOCK_BYTES;
      if (last > first) count += (last - first) / BLOCK_BYTES;
    });
    return count;
  }

  alloc(use: TextUse, sizeBytes: number): Piece | undefined {
    const piece = this.take(sizeBytes, this.granuleOf(use), this.alignOf(use));
    if (piece) this.writer.open(piece, use);
    return piece;
  }

  /** Memory for somebody who cuts it up: read-only, executable, full of traps. */
  takeWhole(sizeBytes: number, alignBytes: number): Piece | undefined {
    return this.take(sizeBytes, alignBytes, alignBytes);
  }

  /** Whole pages out of a free stretch; the region does not grow for them. */
  takeHole(sizeBytes: number): Piece | undefined {
    const whole = roundUp(sizeBytes, PAGE_BYTES) + this.rules.textGuardBytes;
    const byte = this.heap.alloc(whole, PAGE_BYTES);
    if (byte === undefined) return undefined;
    this.usedBytes += whole;
    return { byte, sizeBytes: whole - this.rules.textGuardBytes };
  }

  /** Takes back what takeWhole or takeHole gave. */
  giveWhole(piece: Piece): void {
    this.giveBack(piece);
  }

  finish(piece: Piece, codeBytes: number): void {
    this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    if (this.rules.trapFill) this.writer.erase(piece);
    this.giveBack(piece);
  }

  abandon(piece: Piece): void {
    this.writer.abandon(piece);
    this.giveBack(piece);
  }

  imageBytes(codeBytes: number): number {
    return sharedImageBytes(codeBytes);
  }

  verify(): void {
    this.heap.verify();
    const { endPage_: end, startPage: start, rules } = this;
    assert(end % BLOCK_PAGES === 0 && end >= start, () => `boundary at page ${end}`);
    const dataPage = this.lowestData();
    assert(
      dataPage >= end + rules.gapPages,
      () => `data at page ${dataPage} below the boundary at page ${end}`,
    );
    let backed = this.tailBytes;
    for (const [page, { pages }] of this.blocks) {
      assert(page >= start && page + pages <= end, () => `block at page ${page} outside`);
      backed += pages * PAGE_BYTES;
    }
    if (this.blocks.has(start)) backed -= this.startByte - start * PAGE_BYTES;
    assert(
      this.heap.freeBytes + this.usedBytes === backed,
      () => `${this.heap.freeBytes} free and ${this.usedBytes} used bytes of ${backed}`,
    );
    if (rules.shrink !== 'any') {
      assert(this.blocks.size * BLOCK_PAGES === end - start, 'every block of the region is backed');
    }
  }

  private granuleOf(use: TextUse): number {
    const { granuleBytes, subpageBytes } = this.rules;
    const subpage = use === 'bpf' || use === 'bpf_trampoline' || use === 'ftrace';
    const granule = subpage ? (subpageBytes ?? granuleBytes) : granuleBytes;
    return this.writer.takesWholePages ? roundUp(granule, PAGE_BYTES) : granule;
  }

  private alignOf(use: TextUse): number {
    return use === 'kprobes' ? PAGE_BYTES : 1;
  }

  private take(sizeBytes: number, granule: number, align: number): Piece | undefined {
    const guard = this.rules.textGuardBytes;
    const rounded = roundUp(sizeBytes, granule);
    let byte = this.heap.alloc(rounded + guard, align);
    if (byte === undefined && this.grow(rounded + guard)) {
      byte = this.heap.alloc(rounded + guard, align);
    }
    if (byte === undefined) return undefined;
    this.usedBytes += rounded + guard;
    return { byte, sizeBytes: rounded };
  }

  private grow(sizeBytes: number): boolean {
    const path = this.mm.enterPath('extend_text_range');
    const grown = this.refillHoles(sizeBytes) || this.extend(sizeBytes);
    this.mm.leavePath(path);
    return grown;
  }

  private extend(sizeBytes: number): boolean {
    const { rules } = this;
    // The lost part of a first block that starts below the load offset counts as room needed.
    const lost =
      this.endPage_ === this.startPage ? this.startByte - this.startPage * PAGE_BYTES : 0;
    const tail = rules.countsTail ? this.tailGapBytes() : 0;
    const stepPages = roundUp(sizeBytes + lost - tail, rules.stepBytes) / PAGE_BYTES;
    const newEnd = this.endPage_ + stepPages;
    if (newEnd + rules.gapPages > Math.min(this.lowestData(), rules.limitPage + rules.gapPages)) {
      this.collide(stepPages);
      return false;
    }
    const areas = this.mapBlocks(this.endPage_, stepPages / BLOCK_PAGES);
    if (!areas) return false;
    this.endPage_ = newEnd;
    this.addBlocks(areas);
    return true;
  }

  /** With holes inside (shrink any), the lowest run of missing blocks that is large enough. */
  private refillHoles(sizeBytes: number): boolean {
    if (this.rules.shrink !== 'any') return false;
    const wanted = Math.ceil(sizeBytes / BLOCK_BYTES);
    let run = 0;
    for (let page = this.startPage; page < this.endPage_; page += BLOCK_PAGES) {
      run = this.blocks.has(page) ? 0 : run + 1;
      if (run < wanted) continue;
      const areas = this.mapBlocks(page - (wanted - 1) * BLOCK_PAGES, wanted);
      if (areas) this.addBlocks(areas);
      return areas !== undefined;
    }
    return false;
  }

  /** Free bytes that end at the boundary. */
  private tailGapBytes(): number {
    const end = this.endPage_ * PAGE_BYTES;
    let tail = 0;
    this.heap.forEachGap((byte, sizeBytes) => {
      if (byte + sizeBytes === end) tail = sizeBytes;
    });
    return tail;
  }

  private collide(stepPages: number): void {
    this.collisions += 1;
    this.mm.note(EffectKind.boundaryCollision, this.endPage_, stepPages);
  }

  private mapBlocks(page: number, count: number): VmArea[] | undefined {
    const areas: VmArea[] = [];
    for (let index = 0; index < count; index += 1) {
      const area = this.mapBlock(page + index * BLOCK_PAGES);
      if (!area) {
        for (const taken of areas.reverse()) this.unmapBlock(taken);
        return undefined;
      }
      areas.push(area);
    }
    return areas;
  }

  /** One 2M block: filled while writable, then read-only and executable with its alias in one go. */
  private mapBlock(page: number): VmArea | undefined {
    const { alias, noOrder9, hugeNodeRule } = this.rules;
    const area = this.mm.vmalloc({
      sizeBytes: BLOCK_BYTES,
      alignPages: BLOCK_PAGES,
      windowStart: page,
      windowEnd: page + BLOCK_PAGES,
      allowHuge: true,
      hugeOnly: noOrder9 === 'fail',
      hugeNodeRule,
      guardPages: 0,
      ...(alias === 'rw' ? { protection: 'rox' } : {}),
    });
    if (!area) return undefined;
    if (!area.huge) this.fallbacks += 1;
    if (alias === 'removed') this.mm.setDirectMapValid(area.page, area.pages, false);
    if (alias !== 'rw') this.mm.setMemoryRox(area.page, area.pages);
    return area;
  }

  private addBlocks(areas: readonly VmArea[]): void {
    for (const area of areas) {
      this.blocks.set(area.page, area);
      const start = Math.max(area.page * PAGE_BYTES, this.startByte);
      this.heap.give(start, (area.page + area.pages) * PAGE_BYTES - start);
    }
  }

  private giveBack({ byte, sizeBytes }: Piece): void {
    const whole = sizeBytes + this.rules.textGuardBytes;
    this.heap.give(byte, whole);
    this.usedBytes -= whole;
    if (this.rules.shrink === 'any' && byte >= this.startByte) this.punchHoles(byte, whole);
    if (this.rules.shrink !== 'never') this.shrinkTop();
  }

  private shrinkTop(): void {
    while (this.endPage_ > this.startPage) {
      const top = this.endPage_ - BLOCK_PAGES;
      if (this.blocks.has(top) && !this.dropBlock(top)) return;
      this.endPage_ = top;
    }
  }

  /** Drops every wholly free block that a freed piece was part of. */
  private punchHoles(byte: number, sizeBytes: number): void {
    const first = Math.floor(byte / BLOCK_BYTES) * BLOCK_PAGES;
    for (let page = first; page * PAGE_BYTES < byte + sizeBytes; page += BLOCK_PAGES) {
      if (this.blocks.has(page)) this.dropBlock(page);
    }
  }

  /** True when the block was wholly free and went. */
  private dropBlock(page: number): boolean {
    const area = this.blocks.get(page);
    assert(area !== undefined, () => `no block at page ${page}`);
    const start = Math.max(page * PAGE_BYTES, this.startByte);
    if (!this.heap.takeAt(start, (page + BLOCK_PAGES) * PAGE_BYTES - start)) return false;
    this.blocks.delete(page);
    const path = this.mm.enterPath('shrink_text_range');
    this.unmapBlock(area);
    this.mm.leavePath(path);
    return true;
  }

  private unmapBlock(area: VmArea): void {
    if (this.rules.alias !== 'rw') this.mm.setDirectMapValid(area.page, area.pages, true);
    this.mm.vfree(area);
    this.mm.purgeLazyAreas();
  }
}
