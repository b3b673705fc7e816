/**
 * A stretch of mapped address space, naively: a byte of flags a page, a level a page, and the rules
 * of an attribute change written down once more. Flags as src/machine/pte.ts.
 */
import { changedFlags } from '../../src/machine/pte.js';

const SPANS: readonly number[] = [0, 1, 512, 262144];

export interface NaiveEvents {
  split(level: number): void;
}

export class NaiveLeaves {
  readonly flags: Uint8Array;
  readonly level: Uint8Array;
  readonly frame: Float64Array;

  constructor(
    pages: number,
    private readonly events: NaiveEvents,
  ) {
    this.flags = new Uint8Array(pages);
    this.level = new Uint8Array(pages);
    this.frame = new Float64Array(pages).fill(-1);
  }

  map(page: number, level: number, frame: number, flags: number): void {
    const span = SPANS[level] ?? 0;
    for (let i = 0; i < span; i += 1) {
      this.flags[page + i] = flags;
      this.level[page + i] = level;
      this.frame[page + i] = frame + i;
    }
  }

  unmap(page: number, pages: number): void {
    this.flags.fill(0, page, page + pages);
    this.level.fill(0, page, page + pages);
    this.frame.fill(-1, page, page + pages);
  }

  /** Changes a range; `settled` hears of every part that was dealt with. True: something changed. */
  change(
    page: number,
    pages: number,
    set: number,
    clear: number,
    settled: (page: number, pages: number) => void = () => undefined,
  ): boolean {
    let changed = false;
    for (let at = page; at < page + pages;) {
      const level = this.level[at] ?? 0;
      const span = SPANS[level] ?? 1;
      const base = at - (at % span);
      const old = this.flags[at] ?? 0;
      const wanted = changedFlags(old, set, clear);
      const end = Math.min(page + pages, base + span);
      if (wanted !== old && level > 1 && (at !== base || end !== base + span)) {
        this.split(at);
        continue;
      }
      if (wanted !== old) {
        this.flags.fill(wanted, at, end);
        changed = true;
      }
      settled(at, end - at);
      at = end;
    }
    return changed;
  }

  /** 512 equal, present pages over consecutive frames on a 2M line become one leaf. */
  collapse(page: number, ignored: number): boolean {
    const first = this.flags[page] ?? 0;
    const frame = this.frame[page] ?? -1;
    if (this.level[page] !== 1 || (first & 1) === 0 || frame % 512 !== 0) return false;
    let flags = first;
    for (let i = 0; i < 512; i += 1) {
      const own = this.flags[page + i] ?? 0;
      if ((own & ~ignored) !== (first & ~ignored)) return false;
      if (this.frame[page + i] !== frame + i) return false;
      flags |= own;
    }
    this.map(page, 2, frame, ignored === 0 ? first : flags);
    return true;
  }

  collapse1G(page: number, ignored: number): boolean {
    const first = this.flags[page] ?? 0;
    if (this.level[page] !== 2) return false;
    let flags = first;
    for (let i = 0; i < 262144; i += 512) {
      const own = this.flags[page + i] ?? 0;
      if (this.level[page + i] !== 2 || (own & ~ignored) !== (first & ~ignored)) return false;
      flags |= own;
    }
    this.map(page, 3, this.frame[page] ?? 0, flags);
    return true;
  }

  countLeaves(level: number, flags = 0): number {
    let pages = 0;
    for (let at = 0; at < this.level.length; at += 1) {
      if (this.level[at] === level && ((this.flags[at] ?? 0) & flags) === flags) pages += 1;
    }
    return pages / (SPANS[level] ?? 1);
  }

  private split(page: number): void {
    const level = this.level[page] ?? 0;
    const span = SPANS[level] ?? 1;
    const base = page - (page % span);
    this.level.fill(level - 1, base, base + span);
    this.events.split(level);
  }
}
