/**
 * What comes from a recorded machine: layouts, request streams with the account of their lines, counters
 * over time. Sizes are bytes, times nanoseconds.
 */

/** One creation of a layout or of a replayed stream, with sizes already known. */
export type RecordedCreate =
  | { readonly kind: 'module'; readonly name: string; readonly sections: readonly number[] }
  | { readonly kind: 'bpf'; readonly name: string; readonly sizeBytes: number }
  | {
      readonly kind: 'trampoline';
      readonly name: string;
      readonly sizeBytes: number;
      readonly trampoline: 'ftrace' | 'bpf';
    }
  | { readonly kind: 'kprobe'; readonly name: string; readonly optimized: boolean }
  /** Memory whose asker the source does not tell. */
  | {
      readonly kind: 'alloc';
      readonly name: string;
      readonly memory: 'text' | 'data' | 'rodata';
      readonly sizeBytes: number;
    };

/** What stands on the machine when the run starts. */
export interface LayoutPlan {
  readonly name: string;
  readonly objects: readonly RecordedCreate[];
}

/** One request of a recorded stream. `key` pairs a creation with its release. */
export type RecordedEvent =
  | {
      readonly kind: 'create';
      readonly timeNs: number;
      readonly key: string;
      readonly create: RecordedCreate;
    }
  | { readonly kind: 'release'; readonly timeNs: number; readonly key: string };

/** What became of every line of a source. used + dropped + guessed + beside = records. */
export interface ImportAccount {
  readonly records: number;
  readonly used: number;
  readonly dropped: number;
  readonly guessed: number;
  /** Understood, and not about executable memory (a thread's stack); no part of `matched`. */
  readonly beside?: number;
  /** Reasons with counts, e.g. `sleep: no request`. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
}

export interface RecordedStreamPlan {
  readonly name: string;
  /** In order of time; times start at 0. */
  readonly events: readonly RecordedEvent[];
  readonly account: ImportAccount;
}

/** Counters of a real machine that a `recorded` expression reads, by import name and metric. */
export interface RecordedSeriesPlan {
  readonly series: string;
  readonly metric: string;
  /** Ascending; values in base units. */
  readonly timesNs: readonly number[];
  readonly values: readonly number[];
}
