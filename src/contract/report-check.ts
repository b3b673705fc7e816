/**
 * What is asked of a mail report before it is copied, and what is found: the same checks behind
 * `xlab report --lint` and the window's preview.
 */

/** Parts of a mail report that a reader may switch off; the others are always there. */
export const REPORT_SECTIONS = ['chart', 'strip', 'causes', 'expectations'] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** Stable name of a check. */
export type ReportCheck =
  | 'width'
  | 'charset'
  | 'trailing-blank'
  | 'line-start'
  | 'size'
  | 'runs-missing'
  | 'runs-failed'
  | 'model'
  | 'inputs-changed'
  | 'expectation-unknown'
  | 'few-seeds'
  | 'no-anchor';

/** An error forbids copying, a warning stands beside it. */
export interface ReportFinding {
  readonly severity: 'error' | 'warning';
  readonly check: ReportCheck;
  /** 1-based line of the report; 0 for findings about the result. */
  readonly line: number;
  /** One line, lower case, no full stop. */
  readonly message: string;
}

/** An input of a result that is not what it was. */
export interface InputChange {
  /** As in the result: relative to the scenario. */
  readonly path: string;
  /** `unknown`: it could not be looked at. */
  readonly how: 'changed' | 'missing' | 'unknown';
}

/** Longest result in own words, and longest address of results, in characters. */
export const RESULT_TEXT_CHARS_MAX = 4000;
export const RESULTS_LINK_CHARS_MAX = 500;

/** How a reader wants the mail report. */
export interface ReportChoice {
  /** Sections to leave out. */
  readonly without: readonly ReportSection[];
  /** Replaces the generated result, which then is marked as edited; empty: as generated. */
  readonly resultText: string;
  /** Where the files of the result can be fetched; empty: nowhere. */
  readonly resultsLink: string;
}

/** The mail report as it would be copied, and what the checks say. */
export interface ReportPreview {
  readonly text: string;
  /** The result in words as it is generated. */
  readonly generated: string;
  readonly findings: readonly ReportFinding[];
}

/** True when nothing forbids copying. */
export const mayCopy = (findings: readonly ReportFinding[]): boolean =>
  findings.every((finding) => finding.severity === 'warning');
