/**
 * Slots of kprobes and optimised kprobes: pages cut into equal slots. A slot that was executed is
 * dirty when freed and stays used until garbage is collected; the last page of a cache is never
 * freed. Follows kernel/kprobes.c (__get_insn_slot, __free_insn_slot, collect_garbage_slots).
 */
import { assert } from '../../../base/assert.js';
import type { ExecPiece } from './exec-memory.js';

const CLEAN = 0;
const USED = 1;
const DIRTY = 2;

interface SlotPage {
  readonly piece: ExecPiece;
  readonly states: Uint8Array;
  /** Used and dirty slots. */
  used: number;
  garbage: number;
}

export interface Slot {
  readonly page: SlotPage;
  readonly index: number;
  /** First byte, from page index 0 of the module area. */
  readonly byte: number;
}

export interface SlotPages {
  /** A page of executable memory, ready for text_poke. */
  alloc(): ExecPiece | undefined;
  free(piece: ExecPiece): void;
}

export class SlotCache {
  /** Newest first. */
  private readonly pages: SlotPage[] = [];
  private garbage = 0;
  private readonly slotsPerPage: number;

  constructor(
    readonly slotBytes: number,
    private readonly memory: SlotPages,
  ) {
    this.slotsPerPage = Math.floor(4096 / slotBytes);
  }

  get pageCount(): number {
    return this.pages.length;
  }

  alloc(): Slot | undefined {
    const reused = this.takeClean();
    if (reused) return reused;
    if (this.garbage > 0) {
      this.collect();
      const collected = this.takeClean();
      if (collected) return collected;
    }
    const piece = this.memory.alloc();
    if (!piece) return undefined;
    const states = new Uint8Array(this.slotsPerPage);
    this.pages.unshift({ piece, states, used: 0, garbage: 0 });
    return this.takeClean();
  }

  free(slot: Slot, dirty: boolean): void {
    const { page, index } = slot;
    assert(page.states[index] === USED, 'a slot is freed once');
    if (!dirty) {
      this.release(page, index);
      return;
    }
    page.states[index] = DIRTY;
    page.garbage += 1;
    this.garbage += 1;
    if (this.garbage > this.slotsPerPage) this.collect();
  }

  verify(): void {
    let garbage = 0;
    for (const page of this.pages) {
      const held = page.states.reduce((sum, state) => sum + (state === CLEAN ? 0 : 1), 0);
      assert(held === page.used, () => `slot page holds ${held} and counts ${page.used}`);
      garbage += page.garbage;
    }
    assert(garbage === this.garbage, 'garbage of the pages adds up');
  }

  private takeClean(): Slot | undefined {
    const page = this.pages.find((entry) => entry.used < this.slotsPerPage);
    if (!page) return undefined;
    const index = page.states.indexOf(CLEAN);
    page.states[index] = USED;
    page.used += 1;
    return { page, index, byte: page.piece.page * 4096 + index * this.slotBytes };
  }

  private collect(): void {
    for (const page of [...this.pages]) {
      if (page.garbage === 0) continue;
      page.garbage = 0;
      for (let index = 0; index < this.slotsPerPage; index += 1) {
        if (page.states[index] === DIRTY && this.release(page, index)) break;
      }
    }
    this.garbage = 0;
  }

  /** True when the page went. */
  private release(page: SlotPage, index: number): boolean {
    page.states[index] = CLEAN;
    page.used -= 1;
    if (page.used > 0 || this.pages.length === 1) return false;
    this.pages.splice(this.pages.indexOf(page), 1);
    this.memory.free(page.piece);
    return true;
  }
}
