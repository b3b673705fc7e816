/**
 * kprobes of a proposed design: instruction slots and optprobe slots of the kernel's two caches, in
 * pages of a text source. Slots are written with text_poke whatever the source's write path is.
 * Follows kernel/kprobes.c register_kprobe; sizes as in ../linux/probes.ts.
 */
import { assert } from '../../../base/assert.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import type { ExecPiece } from '../linux/exec-memory.js';
import { SlotCache, type Slot, type SlotPages } from '../linux/slot-cache.js';
import { PAGE_BYTES, type Piece, type TextSource } from './piece.js';

const INSN_SLOT_BYTES = 15;
const OPTPROBE_SLOT_BYTES = 124;

interface Probe {
  readonly insn: Slot;
  readonly optprobe: Slot | undefined;
}

export class ProbeSlots implements SlotPages {
  private readonly live = new Map<number, Probe>();
  private readonly pieces = new Map<number, Piece>();
  private readonly insnSlots = new SlotCache(INSN_SLOT_BYTES, this);
  private readonly optprobeSlots = new SlotCache(OPTPROBE_SLOT_BYTES, this);

  constructor(
    private readonly mm: KernelMm,
    private readonly text: TextSource,
  ) {}

  get pageCount(): number {
    return this.insnSlots.pageCount + this.optprobeSlots.pageCount;
  }

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

  register(object: number, optimized: boolean): boolean {
    const insn = this.insnSlots.alloc();
    if (!insn) return false;
    const optprobe = optimized ? this.optprobeSlots.alloc() : undefined;
    if (optimized && !optprobe) {
      this.insnSlots.free(insn, false);
      return false;
    }
    this.live.set(object, { insn, optprobe });
    this.write(object, insn, INSN_SLOT_BYTES);
    if (optprobe) this.write(object, optprobe, OPTPROBE_SLOT_BYTES);
    return true;
  }

  unregister(object: number): void {
    const probe = this.live.get(object);
    assert(probe !== undefined, () => `object ${object} is no registered probe`);
    this.live.delete(object);
    this.mm.placements.remove(object);
    if (probe.optprobe) this.optprobeSlots.free(probe.optprobe, true);
    this.insnSlots.free(probe.insn, probe.optprobe !== undefined);
  }

  verify(): void {
    this.insnSlots.verify();
    this.optprobeSlots.verify();
  }

  private write(object: number, slot: Slot, sizeBytes: number): void {
    this.mm.textPoke(slot.byte, sizeBytes);
    this.mm.placements.place(object, PlacementKind.text, slot.byte, sizeBytes);
  }
}
