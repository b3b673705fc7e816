/**
 * Data of the top-down split beyond areas of its own: 2M blocks for each kind of data, and the
 * experiment that lets data fall back to holes of the executable side, which splits 2M text.
 */
import { assert } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import type { AreaPool } from './page-areas.js';
import {
  BLOCK_BYTES,
  BLOCK_PAGES,
  firstPageOf,
  PAGE_BYTES,
  pagesOf,
  type DataSource,
  type DataUse,
  type Piece,
} from './piece.js';
import { SpaceHeap } from './space-heap.js';
import type { TextRegion } from './text-region.js';

interface DataBlock {
  readonly area: VmArea;
  readonly heap: SpaceHeap;
  readonly use: DataUse;
  usedBytes: number;
}

/** Init data shares with the data that stays. */
const KIND_OF_USE: Readonly<Record<DataUse, DataUse>> = {
  lump: 'lump',
  data: 'data',
  rodata: 'rodata',
  ro_after_init: 'ro_after_init',
  init_data: 'data',
  init_rodata: 'rodata',
};

/** Blocks of 2M (or more, for larger requests) on 4K pages, one kind of data in each. */
export class DataBlocks implements DataSource {
  /** By first page, ascending. */
  private readonly blocks: DataBlock[] = [];
  private readonly owners = new Map<number, DataBlock>();

  constructor(
    private readonly mm: KernelMm,
    private readonly pool: AreaPool,
  ) {}

  alloc(wanted: DataUse, sizeBytes: number): Piece | undefined {
    const use = KIND_OF_USE[wanted];
    const whole = roundUp(sizeBytes, PAGE_BYTES);
    for (const block of this.blocks) {
      const piece = block.use === use ? this.take(block, whole) : undefined;
      if (piece) return piece;
    }
    const area = this.pool.alloc(roundUp(whole, BLOCK_BYTES) / PAGE_BYTES);
    if (!area) return undefined;
    const block: DataBlock = { area, heap: new SpaceHeap(), use, usedBytes: 0 };
    block.heap.give(area.page * PAGE_BYTES, area.pages * PAGE_BYTES);
    this.blocks.push(block);
    this.blocks.sort((a, b) => a.area.page - b.area.page);
    return this.take(block, whole);
  }

  setRo(page: number, pages: number): void {
    this.mm.setMemoryRo(page, pages);
  }

  free(piece: Piece): void {
    const block = this.owners.get(piece.byte);
    assert(block !== undefined, () => `no data starts at byte ${piece.byte}`);
    this.owners.delete(piece.byte);
    block.usedBytes -= piece.sizeBytes;
    if (block.usedBytes === 0) {
      this.blocks.splice(this.blocks.indexOf(block), 1);
      this.pool.free(block.area);
      return;
    }
    // The next user writes it first; text in a lump must not stay executable then.
    if (block.use === 'lump') this.mm.setMemoryNx(firstPageOf(piece), pagesOf(piece));
    if (block.use !== 'data') this.mm.setMemoryRw(firstPageOf(piece), pagesOf(piece));
    block.heap.give(piece.byte, piece.sizeBytes);
  }

  verify(): void {
    for (const { area, heap, usedBytes } of this.blocks) {
      heap.verify();
      assert(
        heap.freeBytes + usedBytes === area.pages * PAGE_BYTES && area.page % BLOCK_PAGES === 0,
        () => `data block at page ${area.page}: ${heap.freeBytes} free, ${usedBytes} used`,
      );
    }
  }

  private take(block: DataBlock, sizeBytes: number): Piece | undefined {
    const byte = block.heap.alloc(sizeBytes);
    if (byte === undefined) return undefined;
    block.usedBytes += sizeBytes;
    this.owners.set(byte, block);
    return { byte, sizeBytes };
  }
}

/** Data that finds no room above the boundary takes free pages of the executable side. */
export class DataInHoles implements DataSource {
  private readonly holes = new Set<number>();

  constructor(
    private readonly mm: KernelMm,
    private readonly above: DataSource,
    private readonly region: TextRegion,
  ) {}

  get pieceCount(): number {
    return this.holes.size;
  }

  alloc(use: DataUse, sizeBytes: number): Piece | undefined {
    const piece = this.above.alloc(use, sizeBytes);
    if (piece) return piece;
    const hole = this.region.takeHole(sizeBytes);
    if (!hole) return undefined;
    this.holes.add(hole.byte);
    this.mm.setMemoryNx(firstPageOf(hole), pagesOf(hole));
    this.mm.setMemoryRw(firstPageOf(hole), pagesOf(hole));
    return hole;
  }

  setRo(page: number, pages: number): void {
    this.above.setRo(page, pages);
  }

  free(piece: Piece): void {
    if (!this.holes.delete(piece.byte)) {
      this.above.free(piece);
      return;
    }
    this.mm.setMemoryRw(firstPageOf(piece), pagesOf(piece));
    this.mm.setMemoryRox(firstPageOf(piece), pagesOf(piece));
    this.region.giveWhole(piece);
  }

  verify(): void {
    this.above.verify();
  }
}
