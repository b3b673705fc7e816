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

export class BesideMemory implements BesideSource {
  private readonly held = new Map<number, Float64Array>();
  private nextTicket = 1;

  constructor(private readonly frames: FrameSource) {}

  /** Pages held. */
  get pages(): number {
    let pages = 0;
    for (const frames of this.held.values()) pages += frames.length;
    return pages;
  }

  /** Takes up to `pages` pages of the local node, fewer when memory runs out; a ticket for `give`. */
  take(pages: number): number {
    const frames = new Float64Array(pages);
    const taken = this.frames.allocBulk(-1, pages, frames, 0);
    const ticket = this.nextTicket;
    this.nextTicket += 1;
    this.held.set(ticket, taken === pages ? frames : frames.slice(0, taken));
    return ticket;
  }

  /** Gives back what a ticket holds; a ticket counts once. */
  give(ticket: number): void {
    const frames = this.held.get(ticket);
    if (frames === undefined) return;
    this.held.delete(ticket);
    for (const frame of frames) this.frames.freeBlock(frame, 0);
  }
}
