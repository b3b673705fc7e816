/**
 * When pages of the module area were executed: the fetch stream of a run is simulated in windows, and a
 * leaf, of 4K or 2M, is executed in a window that fetched through it; what was executed inside a 2M leaf
 * is not told apart. Kept per leaf as stretches of windows in a row, so
 * the log grows with changes of the stream and not with its length.
 *
 *   page 7    [3,9] [12,12]      last executed at window 10: the end of window 9
 */
import { PTRS_PER_PMD_PAGES } from '../../base/units.js';
import { GrowingFloats } from './growing-array.js';

/** Stretches of all pages together; a run with more is told up to there. */
export const FETCH_STRETCHES_MAX = 4_000_000;

/** Number of a leaf: of a page, or of the 2M block that holds it. */
export const fetchKey = (page: number, isLarge: boolean): number =>
  isLarge ? -1 - Math.floor(page / PTRS_PER_PMD_PAGES) : page;

export class FetchLog {
  /** End of each window. */
  private readonly endsNs = new GrowingFloats();
  /** By leaf: first and last window of each stretch, in turn. */
  private readonly stretches = new Map<number, number[]>();
  private count = 0;

  constructor(private readonly stretchesMax = FETCH_STRETCHES_MAX) {}

  /** A window ended at a time and fetched through these leaves; times do not decrease. */
  add(timeNs: number, keys: Iterable<number>): void {
    if (this.count >= this.stretchesMax) return;
    const window = this.endsNs.length;
    this.endsNs.push(timeNs);
    for (const key of keys) {
      const known = this.stretches.get(key);
      if (known === undefined) this.stretches.set(key, [window, window]);
      else if (known[known.length - 1] === window - 1) known[known.length - 1] = window;
      else if (known[known.length - 1] !== window) known.push(window, window);
      else continue;
      this.count += 1;
    }
  }

  /** End of the last window at or before a time that fetched from the page; null for none. */
  lastNs(page: number, timeNs: number): number | null {
    const at = this.windowAt(timeNs);
    const small = this.lastOf(fetchKey(page, false), at);
    const large = this.lastOf(fetchKey(page, true), at);
    return small === null || large === null ? (small ?? large) : Math.max(small, large);
  }

  private lastOf(key: number, at: number): number | null {
    const list = this.stretches.get(key);
    if (list === undefined || at < 0) return null;
    for (let i = list.length - 2; i >= 0; i -= 2) {
      if ((list[i] ?? 0) <= at) return this.endsNs.at(Math.min(at, list[i + 1] ?? 0));
    }
    return null;
  }

  /** Until when the log tells; null for all of the run. */
  get endNs(): number | null {
    const isFull = this.count >= this.stretchesMax;
    return isFull ? this.endsNs.at(this.endsNs.length - 1) : null;
  }

  /** Index of the last window that ended at or before a time; -1 for none. */
  private windowAt(timeNs: number): number {
    let low = 0;
    let high = this.endsNs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endsNs.at(middle) <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
