/**
 * Kernel memory that others take beside executable memory: it fills the pageblocks between two
 * executable areas and so decides how many of them share a 2M leaf of the direct map. Single
 * unmovable pages through the same lists as everything else, given back as a whole.
 */
import type { FrameSource } from './frame-source.js';
import type { BesideSource } from './machine-view.js';

/**
 * Unmovable pages of one process while it lives: stack, page tables, slab. The one locality parameter
 * of the published sockex1 ladder (5.17, 512 to 2048 processes with 3 changed pages each): 8.4, 7.9
 * and 8.0 changed pages to a split 2M leaf, hence 183 to 195 pages a process.
 */
export const PROCESS_PAGES = 183;
/** Unmovable pages that a module load leaves for good: sysfs entries, caches (slab on 6.1 to 7.2). */
export const MODULE_PAGES = 30;
/** Bytecode and bookkeeping of a BPF program for one byte of its machine code, and at least. */
const PROGRAM_BYTES_PER_BYTE = 2;
const PROGRAM_BYTES_MIN = 500;

/** Unmovable bytes of a BPF program beside its `imageBytes` of machine code, while it lives. */
export const programBesideBytes = (imageBytes: number): number =>
  imageBytes * PROGRAM_BYTES_PER_BYTE + PROGRAM_BYTES_MIN;

const NONE = -1;

export class BesideMemory implements BesideSource {
  /** Pages held. */
  pages = 0;
  /** By slot: a frame, the next slot of its ticket or of the free ones, and whether a ticket starts here. */
  private frameAt = new Float64Array(64);
  private nextAt = new Int32Array(64);
  private isHead = new Uint8Array(64);
  private freeSlot = NONE;
  private slots = 0;
  private scratch = new Float64Array(PROCESS_PAGES);

  constructor(private readonly frames: FrameSource) {}

  /**
   * Takes up to `pages` pages of the local node, fewer when memory runs out; a ticket for `give`, which
   * is void once given.
   */
  take(pages: number): number {
    if (pages > this.scratch.length) this.scratch = new Float64Array(pages);
    const taken = this.frames.allocBulk(-1, pages, this.scratch, 0);
    let ticket = NONE;
    for (let index = taken - 1; index >= 0; index -= 1) {
      const slot = this.takeSlot();
      this.frameAt[slot] = this.scratch[index] ?? 0;
      this.nextAt[slot] = ticket;
      ticket = slot;
    }
    if (ticket !== NONE) this.isHead[ticket] = 1;
    this.pages += taken;
    return ticket;
  }

  /** Gives back what a ticket holds; a ticket counts once. */
  give(ticket: number): void {
    if (this.isHead[ticket] !== 1) return;
    this.isHead[ticket] = 0;
    let slot = ticket;
    while (slot !== NONE) {
      this.frames.freeBlock(this.frameAt[slot] ?? 0, 0);
      this.pages -= 1;
      const next = this.nextAt[slot] ?? NONE;
      this.nextAt[slot] = this.freeSlot;
      this.freeSlot = slot;
      slot = next;
    }
  }

  private takeSlot(): number {
    const slot = this.freeSlot;
    if (slot !== NONE) {
      this.freeSlot = this.nextAt[slot] ?? NONE;
      return slot;
    }
    if (this.slots === this.frameAt.length) this.grow();
    this.slots += 1;
    return this.slots - 1;
  }

  private grow(): void {
    const { frameAt, nextAt, isHead } = this;
    this.frameAt = new Float64Array(frameAt.length * 2);
    this.frameAt.set(frameAt);
    this.nextAt = new Int32Array(nextAt.length * 2);
    this.nextAt.set(nextAt);
    this.isHead = new Uint8Array(isHead.length * 2);
    this.isHead.set(isHead);
  }
}
