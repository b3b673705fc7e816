/**
 * How code gets into memory that is mapped read-only and executable: the write paths W2, W3, W4 and
 * W1 of the proposals. Pokes go through a temporary mapping of one CPU; a window makes the pages of
 * the piece writable and not executable while it is formed, which takes whole pages.
 */
import type { KernelMm } from '../../kernel-mm.js';
import {
  BLOCK_BYTES,
  firstPageOf,
  PAGE_BYTES,
  pagesOf,
  type Piece,
  type TextUse,
} from './piece.js';

export const WRITE_PATHS = ['poke', 'poke_2m', 'shadow', 'window', 'protect'] as const;
export type WritePath = (typeof WRITE_PATHS)[number];

export const WRITE_HELP =
  'poke: 4K at a time through a temporary mapping (W2); poke_2m: 2M at a time; shadow: form a ' +
  'copy, poke it once (W3); window: RW and not executable while formed, then RO+X in one call ' +
  '(W4, whole pages); protect: the same, then RO and X (W1, architectures without poke)';

export class TextWriter {
  /** Bytes that were executable before their code was complete, summed over all writes (W2). */
  unformedBytes = 0;
  /** First bytes of pages of probes: they stay full of traps, slots are poked later. */
  private readonly untouched = new Set<number>();

  constructor(
    private readonly mm: KernelMm,
    private readonly path: WritePath,
  ) {}

  /** True when pieces may not share a page. */
  get takesWholePages(): boolean {
    return this.path === 'window' || this.path === 'protect';
  }

  /** Before code is written into a new piece that is read-only and executable. */
  open(piece: Piece, use: TextUse): void {
    if (use === 'kprobes') this.untouched.add(piece.byte);
    else if (this.hasWindow(piece)) this.openWindow(piece);
  }

  /** The code is there; the piece is read-only and executable. */
  close(piece: Piece, codeBytes: number): void {
    if (this.untouched.delete(piece.byte)) return;
    if (this.takesWholePages && !this.hasWindow(piece)) {
      this.poke(piece, codeBytes);
      return;
    }
    switch (this.path) {
      case 'poke':
      case 'poke_2m':
        this.unformedBytes += codeBytes;
        this.poke(piece, codeBytes);
        return;
      case 'shadow':
        this.poke(piece, codeBytes);
        return;
      case 'window':
        this.mm.setMemoryRox(firstPageOf(piece), pagesOf(piece));
        return;
      case 'protect':
        this.mm.setMemoryRo(firstPageOf(piece), pagesOf(piece));
        this.mm.setMemoryX(firstPageOf(piece), pagesOf(piece));
        return;
    }
  }

  /** Takes back a piece that was opened and never closed. */
  abandon(piece: Piece): void {
    if (!this.untouched.delete(piece.byte) && this.hasWindow(piece)) this.erase(piece);
  }

  /** Fills a piece with traps. */
  erase(piece: Piece): void {
    if (this.hasWindow(piece)) {
      this.openWindow(piece);
      this.mm.setMemoryRox(firstPageOf(piece), pagesOf(piece));
    } else {
      this.poke(piece, piece.sizeBytes);
    }
  }

  /** Kernel text (bytes below 0) never becomes writable: its tail is poked. */
  private hasWindow(piece: Piece): boolean {
    return this.takesWholePages && piece.byte >= 0;
  }

  private poke(piece: Piece, sizeBytes: number): void {
    const step = this.path === 'poke_2m' ? BLOCK_BYTES : PAGE_BYTES;
    this.mm.textPoke(piece.byte, sizeBytes, step);
  }

  private openWindow(piece: Piece): void {
    const page = firstPageOf(piece);
    const pages = pagesOf(piece);
    this.mm.setMemoryNx(page, pages);
    this.mm.setMemoryRw(page, pages);
  }
}
