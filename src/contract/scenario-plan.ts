/**
 * The checked, unit-normalised program: the engine's only input language. Every value is in base units
 * (bytes, nanoseconds, events per second, counts, fractions 0..1); params and loop variables are gone.
 * Its parts have files of their own: statements, distributions, machine, expectations, recorded data.
 */
import type { DesignInfo } from './catalog.js';
import type { ExpectationPlan } from './expectation-plan.js';
import type { MachinePlan } from './machine-plan.js';
import type { LayoutPlan, RecordedSeriesPlan, RecordedStreamPlan } from './recorded-plan.js';
import type { PhasePlan, SitePlan } from './statement-plan.js';

export type * from './distribution-plan.js';
export * from './expectation-plan.js';
export type * from './machine-plan.js';
export type * from './recorded-plan.js';
export * from './statement-plan.js';

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

/** The comment directly above a declaration. */
export interface ScenarioNote {
  /** The declaration: `phase steady`, `expect no alloc.failed`. */
  readonly about: string;
  /** 1-based, of the declaration. */
  readonly line: number;
  /** Without the comment signs; lines as written. */
  readonly text: string;
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
  /** Absent: no declaration has a comment above it. */
  readonly notes?: readonly ScenarioNote[];
  /** Absent: every design is built in. */
  readonly plugins?: readonly PluginPlan[];
}
