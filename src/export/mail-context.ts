/** What every section of the mailing-list report works from. */
import type { ComparisonTable } from '../analysis/comparison.js';
import { orderedDesigns } from '../analysis/run-index.js';
import type { ReportSection } from '../contract/report-check.js';
import type { ExperimentResult } from '../contract/run-result.js';

export interface ReportOptions {
  /** Sections to leave out. */
  readonly without?: readonly ReportSection[];
  /** Replaces the generated result; the report marks it `(edited)`. */
  readonly resultText?: string;
  /** Where the files of this result can be fetched. */
  readonly resultsLink?: string;
  /** Draws frames and rules with box characters; for terminals, never for mail. */
  readonly unicode?: boolean;
}

export interface ReportContext {
  readonly result: ExperimentResult;
  readonly table: ComparisonTable;
  /** Baseline first. */
  readonly designs: readonly string[];
  readonly options: ReportOptions;
}

/** First 12 digits of the scenario hash: what reports print and `--expect-hash` takes. */
export const hash12 = (result: ExperimentResult): string => result.scenarioHash.slice(0, 12);

export const createContext = (
  result: ExperimentResult,
  table: ComparisonTable,
  options: ReportOptions,
): ReportContext => ({ result, table, designs: orderedDesigns(result), options });
