/** Pages for the slots of kprobes from a text source of a proposed design. */
import { assert } from '../../../base/assert.js';
import type { ExecPiece } from '../linux/exec-memory.js';
import type { SlotPages } from '../linux/slot-cache.js';
import { PAGE_BYTES, type Piece, type TextSource } from './piece.js';

export class TextProbePages implements SlotPages {
  private readonly pieces = new Map<number, Piece>();

  constructor(private readonly text: TextSource) {}

  alloc(): ExecPiece | undefined {
    const piece = this.text.alloc('kprobes', PAGE_BYTES);
    if (!piece) return undefined;
    this.text.finish(piece, PAGE_BYTES);
    const page = piece.byte / PAGE_BYTES;
    this.pieces.set(page, piece);
    return { page, pages: 1 };
  }

  free({ page }: ExecPiece): void {
    const piece = this.pieces.get(page);
    assert(piece !== undefined, () => `page ${page} holds no slots`);
    this.pieces.delete(page);
    this.text.free(piece);
  }
}
