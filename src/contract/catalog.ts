/**
 * What the language may name: designs with their options, CPU profiles, metrics, releases, layouts.
 * The composition layer builds it from the registries, so the language never imports the engine.
 */
import type { Diagnostic } from './diagnostic.js';
import type { MetricInfo } from './metric-table.js';
import type {
  ImportAccount,
  LayoutPlan,
  MachinePlan,
  PluginPlan,
  RecordedStreamPlan,
} from './scenario-plan.js';

export type OptionSpec =
  | {
      readonly name: string;
      readonly kind: 'choice';
      readonly values: readonly string[];
      readonly default: string;
      readonly help: string;
    }
  | {
      readonly name: string;
      readonly kind: 'size' | 'count';
      readonly min: number;
      readonly max: number;
      readonly default: number;
      readonly help: string;
    }
  | {
      readonly name: string;
      readonly kind: 'switch';
      readonly default: boolean;
      readonly help: string;
    }
  /** Any subset, written as a comma list. */
  | {
      readonly name: string;
      readonly kind: 'set';
      readonly values: readonly string[];
      readonly default: readonly string[];
      readonly help: string;
    }
  /** `per_node(SIZE)` or SIZE; the value is that text, e.g. `per_node(2M)`. */
  | {
      readonly name: string;
      readonly kind: 'pack';
      readonly default: string;
      readonly help: string;
    };

export interface DesignInfo {
  readonly name: string;
  readonly origin: string;
  readonly summary: string;
  readonly idea: readonly string[];
  readonly options: readonly OptionSpec[];
}

export interface LabCatalog {
  readonly modelVersion: number;
  readonly designs: readonly DesignInfo[];
  /** Profile names and aliases. */
  readonly cpuProfiles: readonly {
    readonly name: string;
    readonly title: string;
    readonly aliases: readonly string[];
  }[];
  readonly metrics: readonly MetricInfo[];
  readonly kernelReleases: readonly string[];
  readonly newestKernel: string;
  readonly importFormats: readonly {
    readonly name: string;
    readonly summary: string;
    /** Keys that the block of such an import may have. */
    readonly options: readonly string[];
  }[];
  /** Why a machine's TLB overrides make no hierarchy with its profile; undefined when they do. */
  readonly tlbProblem: (
    machine: Pick<MachinePlan, 'cpu' | 'tlb' | 'tlbModel' | 'levels'>,
  ) => string | undefined;
  /** Layouts and other names under `std`. */
  readonly stdLayouts: readonly LayoutPlan[];
}

/** What reading an import gave. */
export interface ImportedData {
  readonly sha256: string;
  /** What became of the lines of a source without a stream. */
  readonly account?: ImportAccount;
  /** What else a reader of the import wants to know, a line each. */
  readonly facts?: readonly string[];
  /** Layout objects and stream keys that stand for memory of which the source does not tell what is in it. */
  readonly unnamed?: { readonly objects: readonly number[]; readonly keys: readonly string[] };
  readonly layout?: LayoutPlan;
  readonly stream?: RecordedStreamPlan;
  /** Recorded counters by metric name. */
  readonly series?: Readonly<
    Record<string, { readonly timesNs: readonly number[]; readonly values: readonly number[] }>
  >;
  /** Keys that `machine from` may take. */
  readonly machine?: Partial<MachinePlan>;
}

/** What reading the file of a design plugin gave; nothing here carries a span. */
export type PluginReply =
  | { readonly kind: 'loaded'; readonly plugin: PluginPlan }
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly notes?: readonly string[];
      readonly help?: string;
      /** The file would load if the user named it. */
      readonly plugin?: string;
    };

/** The outside world of the language: files next to the scenario and the shipped library. */
export interface LanguageHost {
  /** Text of a file relative to the scenario's folder; undefined when it does not exist. */
  readText(path: string): string | undefined;
  /** Text of `std/...`; undefined when there is none. */
  readStd(path: string): string | undefined;
  /** Reads an import. Diagnostics carry no span; the language adds the declaration's. */
  readImport(request: {
    readonly path: string;
    readonly format: string;
    readonly options: Readonly<Record<string, readonly string[]>>;
  }): { readonly data?: ImportedData; readonly diagnostics: readonly Diagnostic[] };
  /** Loads the plugin of a file relative to the scenario's folder. Absent: this host loads none. */
  readPlugin?(path: string): PluginReply;
}
