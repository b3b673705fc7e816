/**
 * The ROX cache as proposed (Mike Rapoport, 2024 to 2026): blocks of 2M multiples, read-only and
 * executable, one free map for all kinds that use it, whole pages, no guard page between users. Each
 * block is a vmap area with a guard page, so blocks lie 4 MiB apart and never merge. A cleaner gives
 * back blocks that are wholly free; their addresses stay lazy until the next purge.
 *
 *   block  |tttt..xxxxx....|g        (2M - 4K for data)        |next block ...|g
 */
import { assert } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import { AreaBlocks } from '../linux/area-blocks.js';
import type { PackPages } from './pack-text.js';
import {
  firstPageOf,
  BLOCK_PAGES,
  PAGE_BYTES,
  sharedImageBytes,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';
import { SpaceHeap } from './space-heap.js';
import type { TextWriter } from './text-writer.js';

export interface RoxTextRules {
  /** Blocks are a multiple of this; whole 2M. */
  readonly blockBytes: number;
  readonly search: 'lowest' | 'best';
  /** Cached pages leave the direct map. */
  readonly removesAlias: boolean;
  readonly cleans: boolean;
  /** When a block cannot be had: an area of just the size asked for. */
  readonly fallsBackToSize: boolean;
  readonly hugeNodeRule: 'divide' | 'ignore';
}

interface RoxBlock {
  readonly area: VmArea;
  usedBytes: number;
}

export class RoxText implements TextSource {
  private readonly heap: SpaceHeap;
  /** By first page, ascending. */
  private readonly blocks = new AreaBlocks<RoxBlock>();
  private cleanPending = false;
  /** Blocks on 4K pages. */
  fallbacks = 0;

  constructor(
    private readonly mm: KernelMm,
    private readonly writer: TextWriter,
    private readonly rules: RoxTextRules,
  ) {
    this.heap = new SpaceHeap(rules.search);
  }

  get blockCount(): number {
    return this.blocks.length;
  }

  get freeBytes(): number {
    return this.heap.freeBytes;
  }

  /** Read-only, executable, full of traps: pages for packs. */
  readonly packPages: PackPages = {
    alloc: (sizeBytes) => this.take(roundUp(sizeBytes, PAGE_BYTES)),
    free: (piece) => {
      this.free(piece);
    },
  };

  alloc(use: TextUse, sizeBytes: number): Piece | undefined {
    const piece = this.take(roundUp(sizeBytes, PAGE_BYTES));
    if (piece) this.writer.open(piece, use);
    return piece;
  }

  finish(piece: Piece, codeBytes: number): void {
    this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    const path = this.mm.enterPath('execmem_cache_free');
    this.writer.erase(piece);
    this.mm.leavePath(path);
    this.giveBack(piece);
  }

  abandon(piece: Piece): void {
    this.writer.abandon(piece);
    this.giveBack(piece);
  }

  imageBytes(codeBytes: number): number {
    return sharedImageBytes(codeBytes);
  }

  /** The cleaner. */
  clean(): void {
    if (!this.cleanPending || !this.rules.cleans) return;
    this.cleanPending = false;
    this.blocks.remove(
      (block) => block.usedBytes === 0 && isWhole2M(block.area),
      ({ area }) => {
        this.release(area);
      },
    );
  }

  verify(): void {
    this.heap.verify();
    let backed = 0;
    let used = 0;
    for (const { area, usedBytes } of this.blocks) {
      backed += area.pages * PAGE_BYTES;
      used += usedBytes;
    }
    assert(
      this.heap.freeBytes + used === backed,
      () => `${this.heap.freeBytes} free and ${used} used bytes of ${backed}`,
    );
  }

  private take(sizeBytes: number): Piece | undefined {
    let byte = this.heap.alloc(sizeBytes);
    if (byte === undefined) {
      const path = this.mm.enterPath('execmem_cache_populate');
      const populated = this.populate(sizeBytes);
      this.mm.leavePath(path);
      byte = populated ? this.heap.alloc(sizeBytes) : undefined;
    }
    if (byte === undefined) return undefined;
    this.blocks.at(Math.floor(byte / PAGE_BYTES)).usedBytes += sizeBytes;
    return { byte, sizeBytes };
  }

  private populate(sizeBytes: number): boolean {
    if (this.addBlock(roundUp(sizeBytes, this.rules.blockBytes))) return true;
    return this.rules.fallsBackToSize && this.addBlock(sizeBytes);
  }

  private addBlock(sizeBytes: number): boolean {
    const area = this.mm.vmalloc({
      sizeBytes,
      alignPages: 1,
      // The end of the range is out of reach (strict test).
      windowEnd: this.mm.areaPages - 1,
      allowHuge: true,
      hugeNodeRule: this.rules.hugeNodeRule,
    });
    if (!area) return false;
    if (!area.huge) this.fallbacks += 1;
    if (this.rules.removesAlias) this.mm.setDirectMapValid(area.page, area.pages, false);
    this.mm.setMemoryRox(area.page, area.pages);
    this.blocks.add({ area, usedBytes: 0 });
    this.heap.give(area.page * PAGE_BYTES, area.pages * PAGE_BYTES);
    return true;
  }

  private giveBack(piece: Piece): void {
    this.heap.give(piece.byte, piece.sizeBytes);
    this.blocks.at(firstPageOf(piece)).usedBytes -= piece.sizeBytes;
    this.cleanPending = true;
  }

  /** Direct map present and writable again; addresses stay lazy. */
  private release(area: VmArea): void {
    const path = this.mm.enterPath('execmem_cache_clean');
    const taken = this.heap.takeAt(area.page * PAGE_BYTES, area.pages * PAGE_BYTES);
    assert(taken, () => `block at page ${area.page} is wholly free`);
    this.mm.setDirectMapValid(area.page, area.pages, true);
    this.mm.vfree(area);
    this.mm.leavePath(path);
  }
}

const isWhole2M = (area: VmArea): boolean =>
  area.page % BLOCK_PAGES === 0 && area.pages % BLOCK_PAGES === 0;
