/**
 * What the lab service needs from the outside: an engine (contract/lab-engine.ts) and a place where
 * scenarios live. The composition layer supplies the first, `file-scenario-store.ts` the second; tests
 * put their own behind the same interfaces.
 */
import type { BundledScenario, TakenOver } from '../contract/bundle-form.js';
import type { SavedScenario, ScenarioSummary, ScenarioText } from '../contract/lab-api.js';

export type {
  CompileReply,
  CompileRequest,
  ExperimentHooks,
  LabEngine,
  RunProgress,
} from '../contract/lab-engine.js';

/** Where a scenario stands on disk. */
export interface ScenarioPlace {
  readonly folder: string;
  readonly file: string;
}

export interface ScenarioStore {
  list(): Promise<readonly ScenarioSummary[]>;
  /** Rejects with a LabError when there is no such scenario or it may not be read. */
  read(id: string): Promise<ScenarioText>;
  /**
   * Writes whole or not at all. Shipped scenarios become a copy in the user's folder. Rejects with a
   * LabError where another text stands than the one to be replaced.
   */
  write(scenario: SavedScenario): Promise<ScenarioText>;
  /** Folder and name for imports and reports; rejects with a LabError outside the allowed places. */
  locate(id: string): Promise<ScenarioPlace>;
  /** Id of a scenario from a bundle; rejects with a LabError when the bundle is refused. */
  openBundle(bundle: BundledScenario): Promise<string>;
  /** Writes a scenario from a bundle and its inputs into the user's folder, over no other file. */
  takeOver(id: string): Promise<TakenOver>;
}
