/**
 * Blocks of one type of memory (Thomas Gleixner, December 2022): 2M blocks at the lowest free slot of
 * a range, one type each, pieces at the lowest fit inside the blocks in order of address. A request
 * above 2M has contiguous blocks of its own. An empty block is released unless a few are kept.
 */
import { assert } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import {
  BLOCK_BYTES,
  BLOCK_PAGES,
  firstPageOf,
  PAGE_BYTES,
  pagesOf,
  sharedImageBytes,
  type DataSource,
  type DataUse,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';
import { SpaceHeap } from './space-heap.js';
import type { TextWriter } from './text-writer.js';

export interface BlockTypeRules {
  readonly executable: boolean;
  readonly leaf: '2M' | '4K';
  readonly granuleBytes: number;
  /** Half-open range of pages for the blocks. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** Empty blocks that stay. */
  readonly keepEmpty: number;
}

interface Block {
  readonly area: VmArea;
  readonly heap: SpaceHeap;
  usedBytes: number;
}

export class BlockType {
  /** By first page, ascending. */
  private readonly blocks: Block[] = [];
  private emptyCount = 0;

  constructor(
    private readonly mm: KernelMm,
    readonly rules: BlockTypeRules,
  ) {}

  get blockCount(): number {
    return this.blocks.length;
  }

  alloc(sizeBytes: number, alignBytes = 1): Piece | undefined {
    const rounded = roundUp(sizeBytes, this.rules.granuleBytes);
    for (const block of this.blocks) {
      const piece = this.take(block, rounded, alignBytes);
      if (piece) return piece;
    }
    const block = this.addBlock(rounded);
    return block && this.take(block, rounded, alignBytes);
  }

  free(piece: Piece): void {
    const block = this.blockOf(piece.byte);
    block.heap.give(piece.byte, piece.sizeBytes);
    block.usedBytes -= piece.sizeBytes;
    if (block.usedBytes > 0) return;
    // Larger ones were made for one request.
    if (this.emptyCount < this.rules.keepEmpty && block.area.pages === BLOCK_PAGES) {
      this.emptyCount += 1;
    } else {
      this.blocks.splice(this.blocks.indexOf(block), 1);
      this.release(block.area);
    }
  }

  verify(): void {
    let empty = 0;
    for (const { area, heap, usedBytes } of this.blocks) {
      heap.verify();
      assert(
        heap.freeBytes + usedBytes === area.pages * PAGE_BYTES && area.page % BLOCK_PAGES === 0,
        () => `block at page ${area.page}: ${heap.freeBytes} free, ${usedBytes} used`,
      );
      if (usedBytes === 0) empty += 1;
    }
    assert(empty === this.emptyCount && empty <= this.rules.keepEmpty, 'empty blocks are counted');
  }

  private take(block: Block, sizeBytes: number, align: number): Piece | undefined {
    const byte = block.heap.alloc(sizeBytes, align);
    if (byte === undefined) return undefined;
    if (block.usedBytes === 0) this.emptyCount -= 1;
    block.usedBytes += sizeBytes;
    return { byte, sizeBytes };
  }

  private addBlock(sizeBytes: number): Block | undefined {
    const { leaf, windowStart, windowEnd, executable } = this.rules;
    const path = this.mm.enterPath('add_block');
    const area = this.mm.vmalloc({
      sizeBytes: roundUp(sizeBytes, BLOCK_BYTES),
      alignPages: BLOCK_PAGES,
      windowStart,
      windowEnd,
      guardPages: 0,
      ...(leaf === '2M'
        ? { allowHuge: true, hugeNodeRule: 'ignore' as const }
        : { backing: 'order9' as const }),
    });
    if (area && executable) this.mm.setMemoryRox(area.page, area.pages);
    this.mm.leavePath(path);
    if (!area) return undefined;
    const block: Block = { area, heap: new SpaceHeap(), usedBytes: 0 };
    block.heap.give(area.page * PAGE_BYTES, area.pages * PAGE_BYTES);
    const after = this.blocks.findIndex((other) => other.area.page > area.page);
    this.blocks.splice(after < 0 ? this.blocks.length : after, 0, block);
    // Counted as empty until its first piece is taken, which is next.
    this.emptyCount += 1;
    return block;
  }

  private release(area: VmArea): void {
    const path = this.mm.enterPath('drop_block');
    if (this.rules.executable) {
      this.mm.setMemoryNx(area.page, area.pages);
      this.mm.setMemoryRw(area.page, area.pages);
    }
    this.mm.vfree(area);
    this.mm.purgeLazyAreas();
    this.mm.leavePath(path);
  }

  private blockOf(byte: number): Block {
    const page = Math.floor(byte / PAGE_BYTES);
    const block = this.blocks.find(
      ({ area }) => page >= area.page && page < area.page + area.pages,
    );
    assert(block !== undefined, () => `page ${page} belongs to no block`);
    return block;
  }
}

/** Text out of a block type: read-only and executable from the start. */
export class BlockText implements TextSource {
  constructor(
    private readonly type: BlockType,
    private readonly writer: TextWriter,
  ) {}

  alloc(use: TextUse, sizeBytes: number): Piece | undefined {
    const whole = this.writer.takesWholePages;
    const align = use === 'kprobes' || whole ? PAGE_BYTES : 1;
    const piece = this.type.alloc(whole ? roundUp(sizeBytes, PAGE_BYTES) : sizeBytes, align);
    if (piece) this.writer.open(piece, use);
    return piece;
  }

  finish(piece: Piece, codeBytes: number): void {
    this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    this.writer.erase(piece);
    this.type.free(piece);
  }

  abandon(piece: Piece): void {
    this.writer.abandon(piece);
    this.type.free(piece);
  }

  imageBytes(codeBytes: number): number {
    return sharedImageBytes(codeBytes);
  }

  verify(): void {
    this.type.verify();
  }
}

/** Where each use of data goes; a type may serve several. */
export type DataTypes = Readonly<Record<DataUse, BlockType | undefined>>;

/** Data out of block types: plain copies; rodata takes whole pages, which are set read-only singly. */
export class BlockData implements DataSource {
  /** Pieces that were made read-only, by first page. */
  private readonly sealed = new Set<number>();
  private readonly typeOf = new Map<number, BlockType>();

  constructor(
    private readonly mm: KernelMm,
    private readonly types: DataTypes,
  ) {}

  alloc(use: DataUse, sizeBytes: number): Piece | undefined {
    const type = this.types[use];
    assert(type !== undefined, () => `no blocks for ${use}`);
    const wholePages = use !== 'data' && use !== 'init_data';
    const piece = wholePages
      ? type.alloc(roundUp(sizeBytes, PAGE_BYTES), PAGE_BYTES)
      : type.alloc(sizeBytes);
    if (piece) this.typeOf.set(piece.byte, type);
    return piece;
  }

  setRo(page: number, pages: number): void {
    this.mm.setMemoryRo(page, pages);
    this.sealed.add(page);
  }

  /** The next user of the pages writes them first. */
  free(piece: Piece): void {
    const type = this.typeOf.get(piece.byte);
    assert(type !== undefined, () => `no data starts at byte ${piece.byte}`);
    this.typeOf.delete(piece.byte);
    if (this.sealed.delete(piece.byte / PAGE_BYTES)) {
      this.mm.setMemoryRw(firstPageOf(piece), pagesOf(piece));
    }
    type.free(piece);
  }

  verify(): void {
    for (const type of new Set(Object.values(this.types))) type?.verify();
  }
}
