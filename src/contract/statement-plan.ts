/**
 * The statements of a phase: what is created, released, poked and executed, in which order and how often.
 * Sizes are bytes, times nanoseconds, rates events per second, shares 0..1.
 */
import type { ValuePlan } from './distribution-plan.js';

/** Where a statement stands: for causes, the editor margin and messages. */
export interface SitePlan {
  /** 1-based line in the scenario (or in `source` when present). */
  readonly line: number;
  readonly source?: string;
  /** Chain of names around the statement, without line numbers: keys its random streams. */
  readonly address: string;
  /** The statement in a few words, e.g. `load bpf probe1`. */
  readonly label: string;
}

/** Section order everywhere: text data rodata ro_after_init init.text init.data init.rodata. */
export const MODULE_SECTIONS = [
  'text',
  'data',
  'rodata',
  'ro_after_init',
  'init.text',
  'init.data',
  'init.rodata',
] as const;
export type ModuleSection = (typeof MODULE_SECTIONS)[number];

export interface ModuleShapePlan {
  readonly name: string;
  /** Bytes per section in the order of MODULE_SECTIONS. */
  readonly sections: readonly ValuePlan[];
  /** Time from load to the end of the module's init function. */
  readonly initTime: ValuePlan;
}

/** What a creation asks for. Sizes in bytes. */
export type CreatePlan =
  | { readonly kind: 'module'; readonly shape: ModuleShapePlan }
  | { readonly kind: 'bpf'; readonly name: string; readonly size: ValuePlan }
  | {
      readonly kind: 'trampoline';
      readonly name: string;
      readonly size: ValuePlan;
      readonly trampoline: 'ftrace' | 'bpf';
    }
  /** `size` absent: the design's default (15 bytes for proposed designs). */
  | {
      readonly kind: 'kprobe';
      readonly name: string;
      readonly size?: ValuePlan;
      readonly optimized: boolean;
    }
  | {
      readonly kind: 'alloc';
      readonly memory: 'text' | 'data' | 'rodata';
      readonly size: ValuePlan;
    };

export type PickOrder = 'oldest' | 'newest' | 'random' | 'largest' | 'smallest';

/** Whom a release or a poke takes. */
export type SelectorPlan =
  | { readonly kind: 'handle'; readonly handle: number }
  | { readonly kind: 'all'; readonly pool: number }
  /** `pool` -1 with kind all: every live allocation of the run. */
  | {
      readonly kind: 'some';
      readonly pool: number;
      readonly order: PickOrder;
      /** A count, or a share 0..1 of the pool's size (rounded to nearest, halves up). */
      readonly amount: { readonly kind: 'count' | 'share'; readonly value: ValuePlan };
      /** Stream for order 'random'. */
      readonly stream: string;
    };

export interface CreateStatement {
  readonly kind: 'create';
  readonly site: number;
  readonly what: CreatePlan;
  /** Index into PointPlan.pools, -1 for none. */
  readonly pool: number;
  /** Slot of the enclosing block's handle, -1 for none. Handles are numbered per point plan. */
  readonly handle: number;
  readonly lifetime?: ValuePlan;
  readonly node?: ValuePlan;
}

export type ArrivalPlan =
  /** Events per second. */
  | { readonly kind: 'poisson'; readonly ratePerSecond: number }
  | { readonly kind: 'uniform'; readonly ratePerSecond: number }
  /** `count` events at once, bursts at `ratePerSecond`. */
  | { readonly kind: 'burst'; readonly ratePerSecond: number; readonly count: number };

export interface ExecuteRowPlan {
  /** `kernel`, `user`, or a pool by index. */
  readonly target:
    { readonly kind: 'kernel' | 'user' } | { readonly kind: 'pool'; readonly pool: number };
  /** Share of references, 0..1; all rows add up to 1. */
  readonly weight: number;
  /** Bytes of the target in use (kernel and user). */
  readonly hotBytes?: number;
  readonly locality:
    { readonly kind: 'uniform' } | { readonly kind: 'zipf'; readonly skew: number };
  /** User pages; kernel text is 2M. */
  readonly pages?: '4K' | '2M';
}

export interface ExecutePlan {
  /** Instruction-page references per second of the whole machine. */
  readonly ratePerSecond: number;
  /** Half-open range of CPUs that execute. */
  readonly cpuStart: number;
  readonly cpuEnd: number;
  readonly rows: readonly ExecuteRowPlan[];
  readonly stream: string;
}

export type StatementPlan =
  | CreateStatement
  | {
      readonly kind: 'release' | 'poke';
      readonly site: number;
      readonly selector: SelectorPlan;
    }
  | {
      readonly kind: 'repeat';
      readonly site: number;
      readonly count: number;
      readonly body: readonly StatementPlan[];
    }
  | {
      readonly kind: 'every';
      readonly site: number;
      readonly intervalNs: number;
      readonly body: readonly StatementPlan[];
    }
  | {
      readonly kind: 'arrive';
      readonly site: number;
      readonly arrival: ArrivalPlan;
      readonly stream: string;
      readonly body: readonly StatementPlan[];
    }
  | {
      readonly kind: 'at';
      readonly site: number;
      readonly offsetNs: number;
      readonly body: readonly StatementPlan[];
    }
  | { readonly kind: 'wait'; readonly site: number; readonly duration: ValuePlan }
  /** `parallel N` has one branch and `threads` N; named branches have `threads` 1. */
  | {
      readonly kind: 'parallel';
      readonly site: number;
      readonly threads: number;
      readonly branches: readonly {
        readonly name: string;
        readonly body: readonly StatementPlan[];
      }[];
    }
  | {
      readonly kind: 'mix';
      readonly site: number;
      readonly stream: string;
      /** Weights 0..1, sum 1. */
      readonly options: readonly {
        readonly weight: number;
        readonly body: readonly StatementPlan[];
      }[];
    }
  | {
      readonly kind: 'churn';
      readonly site: number;
      readonly pool: number;
      readonly arrival: ArrivalPlan;
      readonly stream: string;
      readonly lifetime: ValuePlan;
      readonly live:
        | { readonly kind: 'unbounded' }
        | { readonly kind: 'at_most' | 'about'; readonly count: number };
      readonly holdBackAllowed: boolean;
      readonly item: CreateStatement;
    }
  | { readonly kind: 'execute'; readonly site: number; readonly execute: ExecutePlan }
  /** Creates everything of the layout at this instant. */
  | {
      readonly kind: 'start';
      readonly site: number;
      readonly layout: number;
      readonly pool: number;
    }
  | {
      readonly kind: 'replay';
      readonly site: number;
      readonly recording: number;
      /** Recorded seconds per simulated second, > 0. */
      readonly speed: number;
      readonly fromNs: number;
      /** Infinity for the whole recording. */
      readonly toNs: number;
    }
  | { readonly kind: 'mark'; readonly site: number; readonly text: string };

export interface PhasePlan {
  readonly name: string;
  readonly site: number;
  /** Absent: the phase ends when its statements end. */
  readonly durationNs?: number;
  readonly discard: boolean;
  readonly body: readonly StatementPlan[];
}
