/**
 * Text in packs: chunks of a shared piece of read-only executable memory, first run of free chunks
 * in the first pack of the list that has one. A pack goes with its last user; what is larger than a
 * pack gets pages of its own. Follows kernel/bpf/core.c (bpf_prog_pack_alloc, _free) of 2022.
 *
 *   pack |AAAA|BB|....|C|......|     one letter a chunk; the next of 3 chunks goes behind B
 */
import { assert } from '../../../base/assert.js';
import { roundUp } from '../../../base/units.js';
import {
  PAGE_BYTES,
  sharedImageBytes,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';
import { SpaceHeap } from './space-heap.js';
import type { TextWriter } from './text-writer.js';

/** Gives and takes memory for whole packs: read-only, executable, full of traps. */
export interface PackPages {
  alloc(sizeBytes: number): Piece | undefined;
  free(piece: Piece): void;
}

export interface PackRules {
  /** Whole pages. */
  readonly packBytes: number;
  readonly chunkBytes: number;
  /** Freed chunks are filled with traps (May 2022). */
  readonly trapFill: boolean;
  /** Packs in which something was freed come first (July 2026). */
  readonly dirtyFirst: boolean;
}

interface Pack {
  readonly pages: Piece;
  readonly heap: SpaceHeap;
  usedBytes: number;
  /** Something was freed in it, so that predictors may hold targets in it. */
  dirty: boolean;
}

interface Run {
  readonly pages: Piece;
  /** Absent: pages of its own. */
  readonly pack: Pack | undefined;
}

export class PackText implements TextSource {
  /** In order of creation. */
  private readonly packs: Pack[] = [];
  private readonly runs = new Map<number, Run>();
  private readonly granule: number;

  constructor(
    private readonly pages: PackPages,
    private readonly writer: TextWriter,
    private readonly rules: PackRules,
  ) {
    this.granule = writer.takesWholePages
      ? roundUp(rules.chunkBytes, PAGE_BYTES)
      : rules.chunkBytes;
  }

  get packCount(): number {
    return this.packs.length;
  }

  alloc(use: TextUse, sizeBytes: number): Piece | undefined {
    const chunked = roundUp(sizeBytes, this.granule);
    const piece =
      chunked > this.rules.packBytes ? this.allocOwn(sizeBytes) : this.allocShared(use, chunked);
    if (piece) this.writer.open(piece, use);
    return piece;
  }

  finish(piece: Piece, codeBytes: number): void {
    this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    this.release(piece, this.rules.trapFill);
  }

  abandon(piece: Piece): void {
    this.writer.abandon(piece);
    this.release(piece, false);
  }

  imageBytes(codeBytes: number): number {
    return roundUp(sharedImageBytes(codeBytes), this.granule);
  }

  verify(): void {
    for (const { heap, pages, usedBytes } of this.packs) {
      heap.verify();
      assert(
        heap.freeBytes + usedBytes === pages.sizeBytes && usedBytes > 0,
        () => `pack has ${heap.freeBytes} free and ${usedBytes} used bytes of ${pages.sizeBytes}`,
      );
    }
  }

  private allocOwn(sizeBytes: number): Piece | undefined {
    const pages = this.pages.alloc(sizeBytes);
    if (pages) this.runs.set(pages.byte, { pages, pack: undefined });
    return pages;
  }

  private allocShared(use: TextUse, sizeBytes: number): Piece | undefined {
    // Pages of probes stay whole pages.
    const align = use === 'kprobes' ? PAGE_BYTES : 1;
    for (const pack of this.inOrder()) {
      const piece = this.take(pack, sizeBytes, align);
      if (piece) return piece;
    }
    const pages = this.pages.alloc(this.rules.packBytes);
    if (!pages) return undefined;
    const pack: Pack = { pages, heap: new SpaceHeap(), usedBytes: 0, dirty: false };
    pack.heap.give(pages.byte, pages.sizeBytes);
    this.packs.push(pack);
    return this.take(pack, sizeBytes, align);
  }

  private inOrder(): readonly Pack[] {
    if (!this.rules.dirtyFirst) return this.packs;
    return [
      ...this.packs.filter((pack) => pack.dirty),
      ...this.packs.filter((pack) => !pack.dirty),
    ];
  }

  private take(pack: Pack, sizeBytes: number, align: number): Piece | undefined {
    const byte = pack.heap.alloc(sizeBytes, align);
    if (byte === undefined) return undefined;
    pack.usedBytes += sizeBytes;
    this.runs.set(byte, { pages: pack.pages, pack });
    return { byte, sizeBytes };
  }

  private release(piece: Piece, refill: boolean): void {
    const run = this.runs.get(piece.byte);
    assert(run !== undefined, () => `no run of chunks starts at byte ${piece.byte}`);
    this.runs.delete(piece.byte);
    const { pack, pages } = run;
    if (!pack) {
      this.pages.free(pages);
      return;
    }
    if (refill) this.writer.erase(piece);
    pack.heap.give(piece.byte, piece.sizeBytes);
    pack.usedBytes -= piece.sizeBytes;
    pack.dirty = true;
    if (pack.usedBytes > 0) return;
    this.packs.splice(this.packs.indexOf(pack), 1);
    this.pages.free(pages);
  }
}
