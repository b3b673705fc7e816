/** Pages for the slots of kprobes from a kernel's own executable memory (alloc_insn_page). */
import type { KernelMm } from '../../kernel-mm.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';
import type { SlotPages } from './slot-cache.js';

export class ProbePages implements SlotPages {
  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
  ) {}

  /** Cache memory is ready, other memory is protected. */
  alloc(): ExecPiece | undefined {
    const piece = this.memory.alloc('kprobes', 4096);
    if (piece?.area) this.mm.setMemoryRox(piece.page, piece.pages);
    return piece;
  }

  free(piece: ExecPiece): void {
    this.memory.free(piece);
  }
}
