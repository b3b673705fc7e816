/**
 * What the lab service needs from the outside: a compiler, a run pool, report writers and a place
 * where scenarios live. The composition layer supplies the first three, `file-scenario-store.ts` the
 * last; tests put their own behind the same interfaces.
 */
import type { Diagnostic } from '../contract/diagnostic.js';
import type { ReportFormat, ScenarioSummary, ScenarioText } from '../contract/lab-api.js';
import type { ExperimentResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';

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
}

export interface CompileReply {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent when there are errors. */
  readonly plan?: ScenarioPlan;
  /** Declared parameters with the text of their value under these settings. */
  readonly params: readonly { readonly name: string; readonly text: string }[];
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
  /** The result so far, `complete` false. Building it may cost: called at the caller's pace. */
  readonly onPartial: (result: ExperimentResult) => void;
}

/** The engine behind the window. */
export interface LabEngine {
  readonly version: string;
  readonly model: number;
  compile(request: CompileRequest): Promise<CompileReply> | CompileReply;
  /**
   * Runs every (point, seed, design) of the plan in workers. After an abort it either resolves with
   * what is finished (`complete` false) or rejects.
   */
  startExperiment(plan: ScenarioPlan, hooks: ExperimentHooks): Promise<ExperimentResult>;
  renderReport(result: ExperimentResult, format: ReportFormat): Promise<string> | string;
  /** SVG as text, PNG as bytes. */
  renderChart(
    result: ExperimentResult,
    metric: string,
    format: 'svg' | 'png',
  ): Promise<string | Uint8Array> | string | Uint8Array;
}

/** Where a scenario stands on disk. */
export interface ScenarioPlace {
  readonly folder: string;
  readonly file: string;
}

export interface ScenarioStore {
  list(): Promise<readonly ScenarioSummary[]>;
  /** Rejects with a LabError when there is no such scenario or it may not be read. */
  read(id: string): Promise<ScenarioText>;
  /** Writes whole or not at all. Shipped scenarios become a copy in the user's folder. */
  write(scenario: ScenarioText): Promise<ScenarioText>;
  /** Folder and name for imports and reports; rejects with a LabError outside the allowed places. */
  locate(id: string): Promise<ScenarioPlace>;
}
