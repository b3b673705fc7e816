/**
 * Storage of a page table: rows of 512 entries in typed arrays. Rows of the upper levels hold, for
 * each entry, what it points to; rows of the lowest level hold flags, and frames only where these are
 * not consecutive. Rows are recycled; growth doubles the arrays.
 */
import { PTE_FLAG_VALUES } from './pte.js';

export const ROW_ENTRIES = 512;

/** What an entry of an upper level is when it is not the number of a row below. */
export const ENTRY_NONE = -1;
export const ENTRY_LEAF = -2;
/**
 * A table of 512 leaves with equal flags over consecutive frames; it has no row until one differs.
 * Under a PMD entry leaves of 4K, under a PUD entry of 2M.
 */
export const ENTRY_UNIFORM = -3;
/** Under a PUD entry: 512 such tables of 4K leaves. */
export const ENTRY_UNIFORM_TABLES = -4;

const FIRST_ROWS = 8;

const grownFloats = (old: Float64Array, length: number): Float64Array<ArrayBuffer> => {
  const wider = new Float64Array(length);
  wider.set(old);
  return wider;
};

/** Hands out row numbers, lowest recycled last. */
class RowNumbers {
  private used = 0;
  private readonly free: number[] = [];

  take(): number {
    const recycled = this.free.pop();
    if (recycled !== undefined) return recycled;
    this.used += 1;
    return this.used - 1;
  }

  give(row: number): void {
    this.free.push(row);
  }
}

/** Rows of PMD, PUD, P4D and PGD entries. Index of an entry: row x 512 + slot. */
export class UpperRows {
  /** Row below (0 and more), or one of ENTRY_*. */
  child = new Int32Array(0);
  /** Flags of a leaf or of a uniform table. */
  flags = new Uint8Array(0);
  /** First frame that a leaf or a uniform table maps. */
  frame = new Float64Array(0);
  /** Frame of the table page that the entry points to, -1 for one that boot made. */
  tableFrame = new Float64Array(0);
  private readonly numbers = new RowNumbers();

  /** A row of empty entries. */
  take(): number {
    const row = this.numbers.take();
    if ((row + 1) * ROW_ENTRIES > this.child.length) this.grow();
    this.child.fill(ENTRY_NONE, row * ROW_ENTRIES, (row + 1) * ROW_ENTRIES);
    return row;
  }

  give(row: number): void {
    this.numbers.give(row);
  }

  private grow(): void {
    const length = Math.max(FIRST_ROWS * ROW_ENTRIES, this.child.length * 2);
    const child = new Int32Array(length);
    child.set(this.child);
    this.child = child;
    const flags = new Uint8Array(length);
    flags.set(this.flags);
    this.flags = flags;
    this.frame = grownFloats(this.frame, length);
    this.tableFrame = grownFloats(this.tableFrame, length);
  }
}

/** Rows of PTEs. Flags of 0: nothing mapped. */
export class PteRows {
  private flags = new Uint8Array(0);
  /** Entries of a row by flags: row x PTE_FLAG_VALUES + flags. */
  private counts = new Uint16Array(0);
  /** Frame of slot 0 where frames are consecutive; -1 where they stand in `frames`. */
  private base = new Float64Array(0);
  /** Row in `frames`, -1 for none. */
  private frameRow = new Int32Array(0);
  private frames = new Float64Array(0);
  private readonly numbers = new RowNumbers();
  private readonly frameNumbers = new RowNumbers();

  /** @param leaves entries of all rows by flags, kept up to date here */
  constructor(private readonly leaves: Int32Array) {}

  /**
   * A row of 512 entries with these flags over consecutive frames. Entries that are mapped must be
   * counted in `leaves` already.
   */
  take(flags: number, baseFrame: number): number {
    const row = this.numbers.take();
    if ((row + 1) * ROW_ENTRIES > this.flags.length) this.grow();
    this.flags.fill(flags, row * ROW_ENTRIES, (row + 1) * ROW_ENTRIES);
    this.counts.fill(0, row * PTE_FLAG_VALUES, (row + 1) * PTE_FLAG_VALUES);
    this.counts[row * PTE_FLAG_VALUES + flags] = ROW_ENTRIES;
    this.base[row] = baseFrame;
    this.frameRow[row] = -1;
    return row;
  }

  give(row: number): void {
    this.dropFrames(row);
    this.numbers.give(row);
  }

  flagsAt(row: number, slot: number): number {
    return this.flags[row * ROW_ENTRIES + slot] as number;
  }

  frameAt(row: number, slot: number): number {
    const frameRow = this.frameRow[row] as number;
    if (frameRow < 0) return (this.base[row] as number) + slot;
    return this.frames[frameRow * ROW_ENTRIES + slot] as number;
  }

  /** Entries of the row with exactly these flags. */
  countOf(row: number, flags: number): number {
    return this.counts[row * PTE_FLAG_VALUES + flags] as number;
  }

  /** First frame when the row maps consecutive frames in order, or -1. Linear unless known. */
  consecutiveFrom(row: number): number {
    if ((this.frameRow[row] as number) < 0) return this.base[row] as number;
    const first = this.frameAt(row, 0);
    for (let slot = 1; slot < ROW_ENTRIES; slot += 1) {
      if (this.frameAt(row, slot) !== first + slot) return -1;
    }
    return first;
  }

  /** Maps one empty slot. */
  map(row: number, slot: number, frame: number, flags: number): void {
    if (this.countOf(row, 0) === ROW_ENTRIES) this.restart(row, frame - slot);
    if ((this.frameRow[row] as number) >= 0) {
      this.frames[(this.frameRow[row] as number) * ROW_ENTRIES + slot] = frame;
    } else if ((this.base[row] as number) + slot !== frame) {
      this.spellOutFrames(row);
      this.frames[(this.frameRow[row] as number) * ROW_ENTRIES + slot] = frame;
    }
    this.setFlags(row, slot, flags);
  }

  setFlags(row: number, slot: number, flags: number): void {
    const { counts, leaves } = this;
    const index = row * ROW_ENTRIES + slot;
    const old = this.flags[index] as number;
    const countBase = row * PTE_FLAG_VALUES;
    this.flags[index] = flags;
    counts[countBase + old] = (counts[countBase + old] as number) - 1;
    counts[countBase + flags] = (counts[countBase + flags] as number) + 1;
    if (old !== 0) leaves[old] = (leaves[old] as number) - 1;
    if (flags !== 0) leaves[flags] = (leaves[flags] as number) + 1;
  }

  /** Forgets the frames of an empty row. */
  private restart(row: number, base: number): void {
    if (base >= 0) {
      this.dropFrames(row);
      this.base[row] = base;
    } else if ((this.frameRow[row] as number) < 0) {
      this.spellOutFrames(row);
    }
  }

  private spellOutFrames(row: number): void {
    const frameRow = this.frameNumbers.take();
    const start = frameRow * ROW_ENTRIES;
    if (start + ROW_ENTRIES > this.frames.length) {
      const length = Math.max(FIRST_ROWS * ROW_ENTRIES, this.frames.length * 2);
      this.frames = grownFloats(this.frames, length);
    }
    const base = this.base[row] as number;
    for (let slot = 0; slot < ROW_ENTRIES; slot += 1) this.frames[start + slot] = base + slot;
    this.frameRow[row] = frameRow;
    this.base[row] = -1;
  }

  private dropFrames(row: number): void {
    const frameRow = this.frameRow[row] as number;
    if (frameRow < 0) return;
    this.frameNumbers.give(frameRow);
    this.frameRow[row] = -1;
  }

  private grow(): void {
    const rows = Math.max(FIRST_ROWS, (this.flags.length / ROW_ENTRIES) * 2);
    const flags = new Uint8Array(rows * ROW_ENTRIES);
    flags.set(this.flags);
    this.flags = flags;
    const counts = new Uint16Array(rows * PTE_FLAG_VALUES);
    counts.set(this.counts);
    this.counts = counts;
    const frameRow = new Int32Array(rows).fill(-1);
    frameRow.set(this.frameRow);
    this.frameRow = frameRow;
    this.base = grownFloats(this.base, rows);
  }
}
