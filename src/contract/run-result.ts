/**
 * What a run gives: plain data, written to result.json and sent to the window. The schema version
 * rises with every change of shape. No clock, host name or path in it.
 */
import type { Diagnostic } from './diagnostic.js';
import type { MetricInfo } from './metric-table.js';
import type { CauseRow } from './sim-event.js';
import type { ScenarioInput, ScenarioNote } from './scenario-plan.js';

export const RESULT_SCHEMA_VERSION = 1;

/** Statistics of one metric in one phase, over its samples; exact first and last. */
export interface PhaseStatistics {
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** Time-weighted mean. */
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** last - first. */
  readonly delta: number;
  /** Integral over the phase, unit x seconds. */
  readonly integral: number;
}

export interface PhaseResult {
  readonly name: string;
  readonly startNs: number;
  readonly endNs: number;
  readonly discard: boolean;
  /** By metric name. */
  readonly metrics: Readonly<Record<string, PhaseStatistics>>;
  /** Address strip at the end of the phase: one character per 2 MiB slot (report-format section 6). */
  readonly strip: string;
}

export interface SeriesResult {
  readonly metric: string;
  readonly timesNs: readonly number[];
  readonly values: readonly number[];
}

/** Verdict of a `never` claim inside one run: it is checked at each event. */
export interface NeverResult {
  /** Index into the point's expectations. */
  readonly expectation: number;
  readonly violated: boolean;
  readonly firstNs: number;
}

/** Requests of one line of the scenario: creations, releases and pokes that its statements made. */
export interface LineRequests {
  /** From 1. */
  readonly line: number;
  /** 0 for a statement that never ran. */
  readonly requests: number;
}

export interface MarkResult {
  readonly text: string;
  readonly timeNs: number;
}

/** One (point, seed, design). */
export interface RunResult {
  readonly point: number;
  readonly seed: number;
  readonly design: string;
  /** `ok`; `overran`: could not do what the scenario says; `misbehaved`: a design broke a rule. */
  readonly status: 'ok' | 'overran' | 'misbehaved';
  readonly diagnostics: readonly Diagnostic[];
  readonly durationNs: number;
  readonly requestCount: number;
  readonly effectCount: number;
  /** 64-bit hash of the event log, 16 hex digits: equal runs have equal hashes. */
  readonly logHash: string;
  readonly phases: readonly PhaseResult[];
  readonly series: readonly SeriesResult[];
  readonly marks: readonly MarkResult[];
  readonly causes: readonly CauseRow[];
  /** Lines whose statements make requests, ascending. Absent in results of older versions. */
  readonly lines?: readonly LineRequests[];
  readonly never: readonly NeverResult[];
  /** Module area snapshots asked for by `layout_snapshot`, by time. */
  readonly snapshots: readonly { readonly timeNs: number; readonly strip: string }[];
}

export type VerdictState = 'pass' | 'fail' | 'warn' | 'unknown';

export interface Verdict {
  /** Index into the plan's expectations. */
  readonly expectation: number;
  readonly text: string;
  readonly line: number;
  readonly severity: 'expect' | 'warn';
  readonly state: VerdictState;
  readonly held: number;
  readonly total: number;
  /** What decided: number, design, seed, phase; or why it is unknown. */
  readonly detail: string;
}

/** A target of the published figures, computed from this result where its scenario allows. */
export interface AnchorResult {
  /** `T1`..`T12`. */
  readonly id: string;
  readonly claim: string;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}

/** One of two results that are shown as one. */
export interface JoinedSource {
  readonly name: string;
  readonly scenarioHash: string;
  readonly model: number;
  readonly toolVersion: string;
  readonly seedsText: string;
  /** Words of the command that repeats it. */
  readonly command: readonly string[];
}

/** What a machine showed that the scenario imports: the whole recording, not one phase of it. */
export interface RecordedMetric {
  /** Name of the import. */
  readonly series: string;
  readonly metric: string;
  readonly durationNs: number;
  readonly statistics: PhaseStatistics;
}

/** Description of the scenario that a report needs without the plan. */
export interface ScenarioDigest {
  readonly file: string;
  readonly title: string;
  readonly question: string;
  /** `skl, 64 cpus, 2 nodes, 256 GiB, direct map 1G`, only what differs from defaults. */
  readonly machine: string;
  readonly load: string;
  readonly designs: readonly {
    readonly name: string;
    readonly design: string;
    readonly options: string;
  }[];
  readonly baseline: string;
  readonly seeds: readonly number[];
  readonly seedsText: string;
  readonly points: readonly { readonly label: string }[];
  readonly settings: readonly { readonly name: string; readonly text: string }[];
  /** Designs that were run where `--only` left out others; absent: all of them. */
  readonly only?: readonly string[];
  /** The only phase that was run, as `--phase`; absent: all of them. */
  readonly phase?: string;
  readonly inputs: readonly ScenarioInput[];
  /** What the models leave out in this scenario (e.g. `user code`). */
  readonly notModelled: readonly string[];
  /** First and last line of the expectations, 0 when there are none. */
  readonly expectationLines: readonly [number, number];
  /** Comments above declarations; absent: there are none. */
  readonly notes?: readonly ScenarioNote[];
  /** Metrics named by probes and expectations, in order of appearance: the first is the headline. */
  readonly metricsOfInterest: readonly string[];
  /** Two results that are shown as one, and in what their scenarios differ; absent: a single result. */
  readonly joined?: {
    readonly sources: readonly JoinedSource[];
    readonly differences: readonly string[];
  };
  /** Counters of imported recordings; absent: no import has any. */
  readonly recorded?: readonly RecordedMetric[];
  /** CPU profile entries that are assumed rather than documented. */
  readonly assumedProfileEntries: readonly string[];
}

/** Everything of one `xlab run`. */
export interface ExperimentResult {
  readonly schema: number;
  readonly tool: string;
  readonly toolVersion: string;
  readonly model: number;
  readonly scenarioHash: string;
  readonly scenario: ScenarioDigest;
  readonly metrics: readonly MetricInfo[];
  readonly runs: readonly RunResult[];
  readonly verdicts: readonly Verdict[];
  readonly anchors: readonly AnchorResult[];
  /** True when every planned run is present. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}
