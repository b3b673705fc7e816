/**
 * Every call the window can make, with request, reply and errors as plain data. Electron's bridge,
 * the browser host and the test bridge implement the same interface.
 */
import type { BundledScenario, CollectedInputs, TakenOver } from './bundle-form.js';
import type { Diagnostic } from './diagnostic.js';
import type { LanguageAnswer, LanguageRequest } from './language-data.js';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapRequest,
  MapTarget,
} from './map-data.js';
import type { ReportChoice, ReportPreview } from './report-check.js';
import type { ExperimentResult } from './run-result.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from './tlb-view-data.js';

export interface ScenarioSummary {
  /** Path relative to the scenario folder, or absolute for a file the user opened. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
}

export interface ScenarioText {
  readonly id: string;
  readonly text: string;
}

/** A scenario on its way to the disk. */
export interface SavedScenario extends ScenarioText {
  /** The text that it replaces, as it was read or written last; absent: whatever stands there. */
  readonly replaces?: string;
}

export interface CheckReply {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent while there are errors. */
  readonly summary?: {
    readonly scenarioHash: string;
    readonly runs: number;
    readonly designs: readonly string[];
    readonly seeds: number;
    readonly points: readonly string[];
    readonly params: readonly { readonly name: string; readonly text: string }[];
    /** What one run is expected to do, mean over the sweep points. */
    readonly runSize: { readonly durationNs: number; readonly requests: number };
  };
}

export interface RunRequest {
  /** Identifies the folder that imports are relative to, and the name in the report. */
  readonly id: string;
  readonly text: string;
  readonly settings: Readonly<Record<string, string>>;
  /** As `--seeds`: `1..5`; empty for the scenario's own. */
  readonly seeds: string;
  /** As `--only`; empty for all. */
  readonly only: readonly string[];
  /** A stopped run of the same scenario whose finished runs are kept; empty for none. */
  readonly continues: string;
  /** Only the phase that this line belongs to, from the state before it; 0 for the whole scenario. */
  readonly phaseLine: number;
}

/** A scenario with the settings that a result was made with. */
export interface ScenarioSource {
  readonly id: string;
  readonly text: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
}

/** The scenario of the first start with its shipped result. */
export interface FirstRun extends AdoptedResult {
  readonly scenario: ScenarioText;
  /** Seeds that the result was made with, as in RunRequest. */
  readonly seeds: string;
}

/** A result from a file, checked and kept like that of a run. */
export interface AdoptedResult {
  readonly runId: string;
  readonly result: ExperimentResult;
}

/** One side of a comparison: a kept run, whole or one sweep point of it. */
export interface ComparedRun {
  readonly runId: string;
  /** Stands behind its designs: name of the folder or file, label of the point. */
  readonly name: string;
  /** Index into its sweep points; null for all of them. */
  readonly point: number | null;
}

/** A share of a run, as `xlab run --shard` wrote it. */
export interface ShareFile {
  readonly name: string;
  /** Its bytes in base64. */
  readonly data: string;
}

export type RunReply =
  | {
      readonly kind: 'started';
      readonly runId: string;
      readonly total: number;
      /** Name of the only phase that is run; empty for the whole scenario. */
      readonly phase: string;
    }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly Diagnostic[] };

export type LabEvent =
  | {
      readonly kind: 'progress';
      readonly runId: string;
      readonly done: number;
      readonly total: number;
      /** Requests simulated so far. */
      readonly requests: number;
    }
  /** The result so far; `result.complete` tells whether more will come. */
  | { readonly kind: 'result'; readonly runId: string; readonly result: ExperimentResult }
  | {
      readonly kind: 'cancelled';
      readonly runId: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly kind: 'failed';
      readonly runId: string;
      readonly message: string;
      readonly diagnostics: readonly Diagnostic[];
    };

export type ReportFormat = 'mail' | 'short' | 'md' | 'csv' | 'json';

export interface LabApi {
  /** The lab behind the window; `workers`: runs that it simulates at a time. */
  describe(): Promise<{
    readonly version: string;
    readonly model: number;
    readonly host: 'electron' | 'browser';
    readonly workers: number;
  }>;
  listScenarios(): Promise<readonly ScenarioSummary[]>;
  /** Rejects with a LabError when the scenario does not exist or cannot be read. */
  openScenario(id: string): Promise<ScenarioText>;
  /**
   * Writes the text back. Shipped scenarios are saved as a copy in the user's folder. Rejects with a
   * LabError where another window or program has changed the file since it was opened.
   */
  saveScenario(scenario: SavedScenario): Promise<ScenarioText>;
  check(request: {
    readonly id: string;
    readonly text: string;
    readonly settings: Readonly<Record<string, string>>;
    /** As `--seeds`; absent or empty for the scenario's own. */
    readonly seeds?: string;
  }): Promise<CheckReply>;
  run(request: RunRequest): Promise<RunReply>;
  /**
   * The user has agreed that this file of code loads, until the lab ends; `path` is relative to the
   * scenario's folder. Rejects with a LabError when there is no such file in it.
   */
  namePlugin(request: { readonly id: string; readonly path: string }): Promise<true>;
  /** True when the run existed and was stopped. Finished runs are kept. */
  cancel(runId: string): Promise<boolean>;
  /** The report text of a finished or partial run, the same bytes as the CLI's. */
  report(request: { readonly runId: string; readonly format: ReportFormat }): Promise<string>;
  /**
   * The mail report of a kept run with the checks before copying. `scenario`: as it is now, to tell
   * whether inputs have changed since the run.
   */
  previewReport(
    request: ReportChoice & { readonly runId: string; readonly scenario: ScenarioSource },
  ): Promise<ReportPreview>;
  /** A chart of a run as SVG text or base64 PNG. */
  chart(request: {
    readonly runId: string;
    readonly metric: string;
    readonly format: 'svg' | 'png';
  }): Promise<string>;
  /** Completion, hover, definition, rename, format, outline of a text. */
  language(request: LanguageRequest): Promise<LanguageAnswer>;
  /**
   * Takes in the text of a result.json. Rejects with a LabError when it is none. With the scenario that
   * it came with, and when hash and model agree, its maps can be opened.
   */
  adopt(request: {
    readonly text: string;
    readonly scenario?: ScenarioSource;
  }): Promise<AdoptedResult>;
  /**
   * Two kept runs, or two sweep points of one, as one result whose designs say where they come from;
   * it is kept like a run. Rejects with a LabError when a run is no longer kept.
   */
  compare(request: { readonly a: ComparedRun; readonly b: ComparedRun }): Promise<AdoptedResult>;
  /**
   * Joins shares of a scenario to the finished runs of a kept one (`runId` empty: to none). Rejects with
   * a LabError when hash or model differ, or while the run goes on.
   */
  mergeShares(request: {
    readonly scenario: ScenarioSource;
    readonly runId: string;
    readonly shares: readonly ShareFile[];
  }): Promise<AdoptedResult>;
  /** The files that a kept run was made from, for a bundle. `scenario`: as it was run. */
  bundleInputs(request: {
    readonly runId: string;
    readonly scenario: ScenarioSource;
  }): Promise<CollectedInputs>;
  /**
   * Unpacks a scenario with its inputs into a place of its own, until the lab ends: its id. Rejects with
   * a LabError when the bundle is refused.
   */
  openBundle(bundle: BundledScenario): Promise<string>;
  /** Writes such a scenario and its inputs into the user's folder, over no other file. */
  takeOverBundle(id: string): Promise<TakenOver>;
  /** What the first start shows; null where no result of this model was shipped. */
  firstRun(): Promise<FirstRun | null>;
  /** Simulates one run again for its map. Rejects with a LabError for results from files. */
  openMap(request: MapRequest): Promise<MapInfo>;
  mapAt(request: { readonly mapId: string; readonly target: MapTarget }): Promise<MapMoment>;
  /** What lies at a byte of the module area after a step. */
  mapPlace(request: {
    readonly mapId: string;
    readonly step: number;
    readonly byte: number;
  }): Promise<MapPlace>;
  /** The single events behind a row of causes, of the run that a map shows. */
  mapRecords(request: MapRecordsRequest): Promise<MapRecords>;
  /** Simulates one run again for the state of its instruction TLBs; as `openMap`. */
  openTlb(request: MapRequest): Promise<TlbViewInfo>;
  /** The state after the last stretch of the fetch stream at or before this time. */
  tlbAt(request: { readonly viewId: string; readonly timeNs: number }): Promise<TlbViewMoment>;
  /** What a run that a map shows made into a pool of the scenario. */
  mapPool(request: { readonly mapId: string; readonly pool: string }): Promise<MapPool>;
  /** When a byte of the module area was last executed, in the run of a TLB view. */
  tlbExecuted(request: {
    readonly viewId: string;
    readonly byte: number;
    readonly timeNs: number;
  }): Promise<TlbExecuted>;
  /** Calls `listener` for every event until the returned function is called. */
  subscribe(listener: (event: LabEvent) => void): () => void;
}

/** Names of the request/reply calls, for transports. */
export const LAB_API_METHODS = [
  'describe',
  'listScenarios',
  'openScenario',
  'saveScenario',
  'check',
  'run',
  'namePlugin',
  'cancel',
  'report',
  'previewReport',
  'chart',
  'language',
  'adopt',
  'compare',
  'mergeShares',
  'openMap',
  'mapAt',
  'mapPlace',
  'mapRecords',
  'openTlb',
  'tlbAt',
  'mapPool',
  'tlbExecuted',
  'bundleInputs',
  'openBundle',
  'takeOverBundle',
  'firstRun',
] as const;
export type LabApiMethod = (typeof LAB_API_METHODS)[number];

export class LabError extends Error {
  override readonly name = 'LabError';
}
