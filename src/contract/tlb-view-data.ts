/**
 * What the TLB view shows: sets and ways of the instruction TLBs of one run, who occupies them, who
 * misses and who pushes whom out. A run is simulated once more with its fetch stream watched; the state
 * is known at the end of each simulated stretch of the stream (a window), not in between.
 */

/** Numbers of one slot in `TlbViewMoment.slots`: owner (-1 empty), size class, first 4 KiB page. */
export const TLB_SLOT_NUMBERS = 3;
/** Numbers of one owner in `TlbViewMoment.misses`: served by the second level, walks. */
export const TLB_MISS_NUMBERS = 2;
/** Size classes in slots. */
export const TLB_SIZE_NAMES: readonly string[] = ['4K', '16K', '2M', '1G'];

/** One array of a level. Its slots follow one another, set by set. */
export interface TlbViewArray {
  readonly level: 1 | 2;
  /** `4K`, `2M`. */
  readonly sizes: readonly string[];
  readonly sets: number;
  readonly ways: number;
  /** Index of its first slot in `TlbViewMoment.slots`. */
  readonly firstSlot: number;
}

export interface TlbViewInfo {
  readonly viewId: string;
  readonly arrays: readonly TlbViewArray[];
  /** `kernel text`, `user code`, ..., then the pools of the scenario. */
  readonly owners: readonly string[];
  /** Windows that are kept; long runs keep every second, fourth, ... */
  readonly windowCount: number;
  /** Hash of the event log, as in the result of the run: equal when nothing differed. */
  readonly logHash: string;
}

/** When the leaf, of 4K or 2M, that maps a byte of the module area was last executed. */
export interface TlbExecuted {
  /** End of the last window of the fetch stream that fetched from it, at or before the asked time. */
  readonly lastNs: number | null;
  /** Fetches after this time are not kept; null for none left out. */
  readonly untilNs: number | null;
}

export interface TlbViewMoment {
  /** End of the window, at or before the asked time. */
  readonly timeNs: number;
  /** The window began with a full flush. */
  readonly isCold: boolean;
  /** `cpus 0..63`. */
  readonly cpus: string;
  /** False before the first and after the last execute statement. */
  readonly isRunning: boolean;
  /** TLB_SLOT_NUMBERS of each slot of all arrays. */
  readonly slots: Float64Array;
  /** First-level misses in the window by owner: TLB_MISS_NUMBERS each. */
  readonly misses: readonly number[];
  /** Entries pushed out of the second level, by who came (row) and who went (column). */
  readonly pushed: readonly number[];
}
