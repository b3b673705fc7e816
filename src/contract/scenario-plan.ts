/**
 * The checked, unit-normalised program: the engine's only input language. Every value is in base units
 * (bytes, nanoseconds, events per second, counts, fractions 0..1); params and loop variables are gone.
 */
import type { DesignInfo } from './catalog.js';
import type { Comparison } from './comparison.js';
import type { TlbConfig } from './tlb-config.js';

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

export type DistributionPlan =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | ({ readonly kind: 'normal'; readonly mean: number; readonly sd: number } & Cut)
  | ({ readonly kind: 'lognormal'; readonly median: number; readonly p99: number } & Cut)
  | ({ readonly kind: 'exp'; readonly mean: number } & Cut)
  | { readonly kind: 'pareto'; readonly min: number; readonly shape: number; readonly max?: number }
  /** Ranks 1..count. `count` is at least 1. */
  | { readonly kind: 'zipf'; readonly skew: number; readonly count: number }
  /** Weights add up to 1. */
  | {
      readonly kind: 'choice';
      readonly options: readonly { readonly weight: number; readonly value: DistributionPlan }[];
    }
  /** Points rise in both; the first share is 0, the last 1. */
  | {
      readonly kind: 'quantiles';
      readonly points: readonly { readonly share: number; readonly value: number }[];
      readonly scale: 'linear' | 'log';
    }
  | { readonly kind: 'empirical'; readonly values: readonly number[] };

interface Cut {
  readonly min?: number;
  readonly max?: number;
}

/** A fixed value, or one drawn each time from the stream named `stream` (see base/prng.ts). */
export type ValuePlan =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'draw'; readonly distribution: DistributionPlan; readonly stream: string };

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

export type FreeMemoryPlan =
  | { readonly kind: 'fresh' | 'page_cache' }
  /** Share 0..1 of pageblocks whose free pages are scattered. */
  | { readonly kind: 'scattered'; readonly share: number };

export interface TlbOverridePlan {
  readonly structure: 'itlb_l1_4k' | 'itlb_l1_2m' | 'stlb';
  readonly entries: number;
  /** Absent: the profile's ways. */
  readonly ways?: number;
}

export interface MachinePlan {
  readonly ramBytes: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly cpus: number;
  /** Name as the scenario writes it; aliases are resolved by the profile index. */
  readonly cpu: string;
  readonly tlb: readonly TlbOverridePlan[];
  /** A whole hierarchy instead of the profile's; `levels` of the machine counts. */
  readonly tlbModel?: TlbConfig;
  /** Largest page the direct map boots with. */
  readonly directMap: '4K' | '2M' | '1G';
  readonly collapse: 'design' | 'off' | 'rox' | 'any';
  readonly freeMemory: FreeMemoryPlan;
  readonly kernelTextBytes: number;
  readonly moduleAreaBytes: number;
  /** Release whose page-table rules proposed designs run on, e.g. `6.12`. */
  readonly kernel: string;
  readonly levels: 4 | 5;
  readonly kaslr:
    { readonly kind: 'off' | 'seeded' } | { readonly kind: 'pages'; readonly pages: number };
  readonly pti: boolean;
  readonly initFreeDelayNs: number;
  readonly costs: boolean;
}

export type OptionValue = number | string | boolean | readonly string[];

/** One compared design. Sizes in bytes. */
export interface DesignPlan {
  /** Name in reports: the allocator's name, or the built-in's. */
  readonly name: string;
  /** Built-in design. */
  readonly design: string;
  /** Only what the scenario sets; the design fills in its defaults. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface ProbePlan {
  readonly when:
    | { readonly kind: 'every'; readonly intervalNs: number }
    | { readonly kind: 'end'; readonly phase?: string }
    | { readonly kind: 'mark'; readonly text: string };
  /** Metric names, or `layout_snapshot`. */
  readonly metrics: readonly string[];
}

export const METRIC_FUNCTIONS = [
  'mean',
  'max',
  'min',
  'last',
  'first',
  'p50',
  'p90',
  'p99',
  'rate',
  'delta',
  'integral',
] as const;
export type MetricFunction = (typeof METRIC_FUNCTIONS)[number];

/** Arithmetic over metrics, in base units. */
export type ExpectExpr =
  | { readonly kind: 'number'; readonly value: number }
  /** `fn` absent: increase in the phase for counters, last value for gauges and ratios. */
  | {
      readonly kind: 'metric';
      readonly metric: string;
      readonly fn?: MetricFunction;
      readonly design?: string;
    }
  | {
      readonly kind: 'recorded';
      readonly series: string;
      readonly metric: string;
      readonly fn?: MetricFunction;
    }
  | { readonly kind: 'matched'; readonly name: string }
  | { readonly kind: 'abs'; readonly operand: ExpectExpr }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: ExpectExpr;
      readonly right: ExpectExpr;
    };

export interface ExpectationPlan {
  /** As written, one line, for reports. */
  readonly text: string;
  readonly line: number;
  readonly severity: 'expect' | 'warn';
  readonly claim:
    | { readonly kind: 'no'; readonly metric: string }
    | {
        readonly kind: 'never' | 'holds';
        readonly left: ExpectExpr;
        readonly cmp: Comparison;
        readonly right: ExpectExpr;
      };
  /** Phases it covers; empty: every phase that is not `discard`. */
  readonly phase?: string;
  /** `at end of PHASE`: values at that instant. */
  readonly atEnd: boolean;
  /** Design names; empty: all. */
  readonly designs: readonly string[];
  /** Confidence level 0..1. */
  readonly confidence?: number;
}

/** One sweep point, ready to run for any design and seed. */
export interface PointPlan {
  /** `churn=40/s`, empty without a sweep. */
  readonly label: string;
  readonly assignments: readonly { readonly name: string; readonly text: string }[];
  readonly machine: MachinePlan;
  readonly designs: readonly DesignPlan[];
  readonly pools: readonly string[];
  readonly handleCount: number;
  readonly sites: readonly SitePlan[];
  readonly phases: readonly PhasePlan[];
  readonly layouts: readonly LayoutPlan[];
  readonly recordings: readonly RecordedStreamPlan[];
  readonly probes: readonly ProbePlan[];
  readonly expectations: readonly ExpectationPlan[];
  readonly limits: { readonly events: number; readonly timeNs: number };
}

/** A design that a scenario brings along, as code that workers can run. */
export interface PluginPlan {
  /** Relative to the scenario's folder; `plugin:PATH` names the design. */
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** JavaScript (CommonJS). */
  readonly code: string;
  /** What the plugin declares. */
  readonly info: DesignInfo;
}

export interface ScenarioInput {
  readonly path: string;
  /** SHA-256, hex. */
  readonly sha256: string;
}

/** Counters of a real machine that a `recorded` expression reads, by import name and metric. */
export interface RecordedSeriesPlan {
  readonly series: string;
  readonly metric: string;
  /** Ascending; values in base units. */
  readonly timesNs: readonly number[];
  readonly values: readonly number[];
}

export interface ScenarioPlan {
  readonly language: 1;
  /** File name as given, for the reproduce command. */
  readonly file: string;
  readonly title: string;
  readonly question: string;
  /** SHA-256 of the canonical scenario, inputs, settings, seeds and model version, hex. */
  readonly scenarioHash: string;
  readonly seeds: readonly number[];
  /** `--set` values that went into the hash. */
  readonly settings: readonly { readonly name: string; readonly text: string }[];
  readonly sweep: readonly {
    readonly names: readonly string[];
    readonly values: readonly string[];
  }[];
  readonly designNames: readonly string[];
  readonly onlySome?: true; // set when `--only` leaves out some of the compared designs
  /** As `--phase`; absent: all of them. */
  readonly onlyPhase?: string;
  readonly baseline: string;
  readonly points: readonly PointPlan[];
  readonly limitRuns: number;
  /** Absent: no import has counters. */
  readonly recordedSeries?: readonly RecordedSeriesPlan[];
  readonly inputs: readonly ScenarioInput[];
  /** Absent: every design is built in. */
  readonly plugins?: readonly PluginPlan[];
}
