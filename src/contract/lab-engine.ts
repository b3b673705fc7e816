/**
 * The engine behind a window or a command line: compiles a scenario, runs it in workers, renders what
 * came out. The composition layer implements it; hosts and tests use it.
 */
import type { CollectedInputs } from './bundle-form.js';
import type { Diagnostic } from './diagnostic.js';
import type { ReportFormat, ShareFile } from './lab-api.js';
import type { LanguageAnswer, LanguageQuestion } from './language-data.js';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from './map-data.js';
import type { InputChange, ReportChoice, ReportPreview } from './report-check.js';
import type { ExperimentResult, RunResult } from './run-result.js';
import type { ScenarioPlan } from './scenario-plan.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from './tlb-view-data.js';

export interface CompileRequest {
  /** File name for the report and the reproduce command. */
  readonly file: string;
  /** Absolute folder that imports are relative to and cannot leave. */
  readonly folder: string;
  readonly text: string;
  readonly settings: Readonly<Record<string, string>>;
  /** As `--seeds`; empty for the scenario's own. */
  readonly seeds: string;
  /** As `--only`; empty for all designs. */
  readonly only: readonly string[];
  /** Design plugins that the user has named: real paths. Absent: none loads. */
  readonly plugins?: readonly string[];
}

/** A scenario as it is now, beside a result of it. */
export interface ScenarioNow {
  readonly file: string;
  /** Absolute folder that inputs are relative to. */
  readonly folder: string;
  readonly text: string;
  /** Real paths of plugins that the user has named; others are not loaded. */
  readonly plugins?: readonly string[];
}

export interface CompileReply {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent when there are errors. */
  readonly plan?: ScenarioPlan;
  /** Declared parameters with the text of their value under these settings. */
  readonly params: readonly { readonly name: string; readonly text: string }[];
  /** Texts of used files and of settings, by the `source` of a diagnostic. */
  readonly sources?: Readonly<Record<string, string>>;
}

export interface RunProgress {
  /** Runs finished, 0..total. */
  readonly done: number;
  readonly total: number;
  /** Requests simulated so far. */
  readonly requests: number;
}

export interface ExperimentHooks {
  /** Aborted by a cancel: no new run starts, running ones stop within 200 ms. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
  /** The result so far, `complete` false. Building it may cost: absent, none is built. */
  readonly onPartial?: (result: ExperimentResult) => void;
  /** Finished runs of the same hash; they are not done again. */
  readonly before?: readonly RunResult[];
}

/** One run of a plan. */
export interface RunKey {
  /** Index into the plan's points. */
  readonly point: number;
  readonly seed: number;
  /** Name in reports. */
  readonly design: string;
}

/** Maps of runs, kept by the engine; the least recently asked ones are forgotten. */
export interface MapEngine {
  open(plan: ScenarioPlan, run: RunKey): Promise<MapInfo>;
  /** Rejects with a LabError when the map is no longer kept. */
  at(mapId: string, target: MapTarget): Promise<MapMoment>;
  place(mapId: string, step: number, byte: number): Promise<MapPlace>;
  records(request: MapRecordsRequest): Promise<MapRecords>;
  /** Rejects with a LabError when the run executes nothing. */
  openTlb(plan: ScenarioPlan, run: RunKey): Promise<TlbViewInfo>;
  tlbAt(viewId: string, timeNs: number): Promise<TlbViewMoment>;
  pool(mapId: string, pool: string): Promise<MapPool>;
  executed(viewId: string, byte: number, timeNs: number): Promise<TlbExecuted>;
}

/** The engine behind the window. */
export interface LabEngine {
  readonly version: string;
  readonly model: number;
  /** Runs that are simulated at a time. */
  readonly workers: number;
  readonly maps: MapEngine;
  compile(request: CompileRequest): Promise<CompileReply> | CompileReply;
  /** Answers a question about a text; `folder` is absolute. Never throws on any text. */
  language(
    text: {
      readonly text: string;
      readonly file: string;
      readonly folder: string;
      readonly plugins?: readonly string[];
    },
    question: LanguageQuestion,
  ): Promise<LanguageAnswer> | LanguageAnswer;
  /** Reads a result.json; fails with a LabError that says why when it is none. */
  readResult(text: string): Promise<ExperimentResult> | ExperimentResult;
  /**
   * The finished runs of a plan with those of shares; fails with a LabError when one does not belong.
   */
  mergeShares(
    plan: ScenarioPlan,
    before: readonly RunResult[],
    shares: readonly ShareFile[],
  ): Promise<ExperimentResult> | ExperimentResult;
  /**
   * Runs every (point, seed, design) of the plan in workers. After an abort it either resolves with
   * what is finished (`complete` false) or rejects.
   */
  startExperiment(plan: ScenarioPlan, hooks: ExperimentHooks): Promise<ExperimentResult>;
  renderReport(result: ExperimentResult, format: ReportFormat): Promise<string> | string;
  /** The inputs of a result that are not what they were. */
  changedInputs(
    result: ExperimentResult,
    now: ScenarioNow,
  ): Promise<readonly InputChange[]> | readonly InputChange[];
  /** The files beside a scenario that a result was made from. */
  collectInputs(
    result: ExperimentResult,
    now: ScenarioNow,
  ): Promise<CollectedInputs> | CollectedInputs;
  /** The mail report with the checks before copying. */
  previewReport(
    result: ExperimentResult,
    choice: ReportChoice & { readonly changedInputs: readonly InputChange[] },
  ): Promise<ReportPreview> | ReportPreview;
  /** SVG as text, PNG as bytes. */
  renderChart(
    result: ExperimentResult,
    metric: string,
    format: 'svg' | 'png',
  ): Promise<string | Uint8Array> | string | Uint8Array;
}
