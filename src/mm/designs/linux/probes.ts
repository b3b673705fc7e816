/**
 * kprobes: an instruction slot each, optimised ones an optprobe slot beside it, both taken when the
 * probe is registered. Follows kernel/kprobes.c register_kprobe, free_aggr_kprobe and
 * arch/x86/kernel/kprobes (alloc_insn_page, arch_prepare_optimized_kprobe).
 */
import { assert } from '../../../base/assert.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import { SlotCache, type Slot, type SlotPages } from './slot-cache.js';

const INSN_SLOT_BYTES = 15;
/** Template 100, copied instructions 19, return jump 5. */
const OPTPROBE_SLOT_BYTES = 124;

interface Probe {
  readonly insn: Slot;
  readonly optprobe: Slot | undefined;
}

/** Slots are written with text_poke wherever their pages come from. */
export class Probes {
  private readonly live = new Map<number, Probe>();
  private readonly insnSlots: SlotCache;
  private readonly optprobeSlots: SlotCache;

  constructor(
    private readonly mm: KernelMm,
    pages: SlotPages,
  ) {
    this.insnSlots = new SlotCache(INSN_SLOT_BYTES, pages);
    this.optprobeSlots = new SlotCache(OPTPROBE_SLOT_BYTES, pages);
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

  /** A probe that could be optimised was boosted, so its slot ends in a jump and is freed dirty. */
  unregister(object: number): void {
    const probe = this.live.get(object);
    assert(probe !== undefined, () => `object ${object} is no registered probe`);
    this.live.delete(object);
    this.mm.placements.remove(object);
    if (probe.optprobe) this.optprobeSlots.free(probe.optprobe, true);
    this.insnSlots.free(probe.insn, probe.optprobe !== undefined);
  }

  get pageCount(): number {
    return this.insnSlots.pageCount + this.optprobeSlots.pageCount;
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
