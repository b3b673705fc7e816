/**
 * States of the instruction TLBs of a run, window by window, and the answers of the TLB view from them.
 * The log is bounded: when it is full every second window is dropped and only every second one is kept
 * from then on, so a long run is covered evenly.
 */
import { TLB_SLOT_NUMBERS, type TlbViewMoment } from '../../contract/tlb-view-data.js';

/** Windows kept at most; about 25 KB each for a second level of 2048 entries. */
export const TLB_WINDOWS_MAX = 1024;
const EMPTY = -1;

/** The state after one window. */
export interface TlbWindow {
  readonly timeNs: number;
  readonly isCold: boolean;
  readonly cpus: string;
  /** By slot: owner, -1 when empty. */
  readonly owners: Int16Array;
  readonly sizes: Uint8Array;
  readonly pages: Float64Array;
  readonly misses: readonly number[];
  readonly pushed: readonly number[];
}

export class TlbLog {
  private windows: TlbWindow[] = [];
  /** Times at which the number of execute statements under way changes, and the number from then on. */
  private readonly changes: { readonly timeNs: number; readonly running: number }[] = [];
  private stride = 1;
  private seen = 0;

  constructor(private readonly windowsMax = TLB_WINDOWS_MAX) {}

  get windowCount(): number {
    return this.windows.length;
  }

  /** True when the next window is one of those to be kept. */
  get wantsNext(): boolean {
    return this.seen % this.stride === 0;
  }

  /** Counts a window that is not kept. */
  skip(): void {
    this.seen += 1;
  }

  add(window: TlbWindow): void {
    this.windows.push(window);
    this.seen += 1;
    if (this.windows.length < this.windowsMax) return;
    this.windows = this.windows.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
  }

  running(timeNs: number, count: number): void {
    this.changes.push({ timeNs, running: count });
  }

  /** The last window at or before a time, or the first one; undefined when nothing was executed. */
  at(timeNs: number): TlbViewMoment | undefined {
    const window = this.windows[Math.max(0, this.lastIndex(timeNs))];
    if (window === undefined) return undefined;
    const { owners, sizes, pages } = window;
    const slots = new Float64Array(owners.length * TLB_SLOT_NUMBERS);
    owners.forEach((owner, slot) => {
      const at = slot * TLB_SLOT_NUMBERS;
      slots[at] = owner;
      slots[at + 1] = owner === EMPTY ? 0 : (sizes[slot] ?? 0);
      slots[at + 2] = owner === EMPTY ? 0 : (pages[slot] ?? 0);
    });
    return {
      timeNs: window.timeNs,
      isCold: window.isCold,
      cpus: window.cpus,
      isRunning: (this.changes.findLast((change) => change.timeNs <= timeNs)?.running ?? 0) > 0,
      slots,
      misses: window.misses,
      pushed: window.pushed,
    };
  }

  private lastIndex(timeNs: number): number {
    let low = 0;
    let high = this.windows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.windows[middle]?.timeNs ?? 0) <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
