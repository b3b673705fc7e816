/**
 * BPF programs: one area each (5.17) or a run of chunks in a pack (5.18). Follows
 * kernel/bpf/core.c, bpf_jit_binary_alloc (5.17) and bpf_jit_binary_pack_alloc, _finalize, _free.
 */
import { assert } from '../../../base/assert.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import { packedProgramBytes, type BpfPacks, type PackRun } from './bpf-packs.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';

/** Half-open bytes from page index 0 of the module area. */
export interface ProgramSlot {
  readonly startByte: number;
  readonly endByte: number;
}

export interface BpfPrograms {
  load(object: number, codeBytes: number): boolean;
  free(object: number): void;
  slot(object: number): ProgramSlot | undefined;
}

const PAGE_BYTES = 4096;
const HEADER_BYTES = 8;
/** Room for the random start of a program with an area of its own. */
const AREA_ROOM_BYTES = 128;

const ownSlot = (piece: ExecPiece): ProgramSlot => ({
  startByte: piece.page * PAGE_BYTES,
  endByte: (piece.page + piece.pages + (piece.area?.guardPages ?? 0)) * PAGE_BYTES,
});

export class AreaPrograms implements BpfPrograms {
  private readonly live = new Map<number, ExecPiece>();

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
  ) {}

  load(object: number, codeBytes: number): boolean {
    const piece = this.memory.alloc('bpf', codeBytes + HEADER_BYTES + AREA_ROOM_BYTES);
    if (!piece) return false;
    this.mm.setMemoryRo(piece.page, piece.pages);
    this.mm.setMemoryX(piece.page, piece.pages);
    this.live.set(object, piece);
    const byte = piece.page * PAGE_BYTES;
    this.mm.placements.place(object, PlacementKind.text, byte, codeBytes + HEADER_BYTES);
    return true;
  }

  free(object: number): void {
    const piece = this.live.get(object);
    assert(piece !== undefined, () => `object ${object} is no loaded program`);
    this.live.delete(object);
    this.mm.placements.remove(object);
    this.memory.free(piece);
  }

  slot(object: number): ProgramSlot | undefined {
    const piece = this.live.get(object);
    return piece && ownSlot(piece);
  }
}

export class PackedPrograms implements BpfPrograms {
  private readonly live = new Map<number, PackRun>();

  constructor(
    private readonly mm: KernelMm,
    private readonly packs: BpfPacks,
  ) {}

  load(object: number, codeBytes: number): boolean {
    const sizeBytes = packedProgramBytes(codeBytes);
    const run = this.packs.alloc(sizeBytes);
    if (!run) return false;
    // The whole buffer is copied: header, traps in front of the random start, code.
    this.mm.textPoke(run.byte, sizeBytes);
    this.keep(object, run, codeBytes + HEADER_BYTES);
    return true;
  }

  /** A run taken by somebody else becomes this object's. */
  keep(object: number, run: PackRun, usedBytes: number): void {
    this.live.set(object, run);
    this.mm.placements.place(object, PlacementKind.text, run.byte, usedBytes);
  }

  free(object: number): void {
    const run = this.live.get(object);
    assert(run !== undefined, () => `object ${object} is no loaded program`);
    this.live.delete(object);
    this.mm.placements.remove(object);
    this.packs.free(run);
  }

  slot(object: number): ProgramSlot | undefined {
    const run = this.live.get(object);
    if (!run) return undefined;
    if (run.own) return ownSlot(run.own);
    return { startByte: run.byte, endByte: run.byte + run.chunks * 64 };
  }
}
