/**
 * Checks before a report is copied: whether the text survives a mailing list and whether the result
 * behind it is whole. Errors grey out the copy button, warnings stand beside it.
 */
import { indexRuns } from '../analysis/run-index.js';
import { STAR_SEED_COUNT_MIN } from '../analysis/statistics.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { forbiddenStart, REPORT_WIDTH } from './mail-text.js';

export interface LintFinding {
  readonly severity: 'error' | 'warning';
  /** Stable name of the check. */
  readonly check: LintCheck;
  /** 1-based line of the report; 0 for findings about the result. */
  readonly line: number;
  /** One line, lower case, no full stop. */
  readonly message: string;
}

export type LintCheck =
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

export interface LintContext {
  readonly result: ExperimentResult;
  /** Model of the running lab; a result of another one must be repeated first. */
  readonly currentModel?: number;
  /** Inputs whose bytes differ from those of the run. */
  readonly changedInputs?: readonly string[];
}

/** A list server may hold back more than this many characters. */
export const REPORT_SIZE_WARNING = 80_000;
/** Nothing above this many characters is copied. */
export const REPORT_SIZE_ERROR = 100_000;

/** Findings about the text, in order of lines, then about the result. */
export function lintReport(text: string, context?: LintContext): readonly LintFinding[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return [
    ...lines.flatMap((line, i) => lintLine(line, i + 1)),
    ...lintSize(text),
    ...(context === undefined ? [] : lintResult(context)),
  ];
}

/** True when nothing forbids copying. */
export const mayCopy = (findings: readonly LintFinding[]): boolean =>
  findings.every((finding) => finding.severity === 'warning');

function lintLine(line: string, number: number): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const error = (check: LintCheck, message: string): void => {
    findings.push({ severity: 'error', check, line: number, message });
  };
  if (line.length > REPORT_WIDTH) {
    error(
      'width',
      `${String(line.length)} columns, at most ${String(REPORT_WIDTH)} survive quoting`,
    );
  }
  const foreign = /[^\x20-\x7e]/u.exec(line)?.[0];
  if (foreign !== undefined) {
    const code = (foreign.codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
    error('charset', `character U+${code} outside printable ASCII`);
  }
  if (/\s$/.test(line)) error('trailing-blank', 'blank at the end of the line');
  const why = forbiddenStart(line);
  if (why !== undefined) error('line-start', `'${line.slice(0, 12)}' ${why}`);
  return findings;
}

function lintSize(text: string): readonly LintFinding[] {
  const size = `${String(text.length)} characters`;
  if (text.length > REPORT_SIZE_ERROR) {
    return [{ severity: 'error', check: 'size', line: 0, message: `${size}: lists refuse it` }];
  }
  if (text.length > REPORT_SIZE_WARNING) {
    const message = `${size}: lists may hold it back`;
    return [{ severity: 'warning', check: 'size', line: 0, message }];
  }
  return [];
}

function lintResult(context: LintContext): readonly LintFinding[] {
  const { result } = context;
  const findings: LintFinding[] = [];
  const add = (severity: LintFinding['severity'], check: LintCheck, message: string): void => {
    findings.push({ severity, check, line: 0, message });
  };
  const index = indexRuns(result);
  const missing = index.plannedCount - index.presentCount;
  if (missing > 0 || !result.complete) {
    add(
      'error',
      'runs-missing',
      `${String(missing)} of ${String(index.plannedCount)} runs missing`,
    );
  }
  const failed = index.overranCount + index.misbehavedCount;
  if (failed > 0) add('error', 'runs-failed', `${String(failed)} runs failed`);
  if (context.currentModel !== undefined && context.currentModel !== result.model) {
    const models = `${String(result.model)}, this is model ${String(context.currentModel)}`;
    add('error', 'model', `the runs come from model ${models}`);
  }
  for (const input of context.changedInputs ?? []) {
    add('error', 'inputs-changed', `'${input}' changed since the run`);
  }
  for (const verdict of result.verdicts) {
    if (verdict.state !== 'unknown') continue;
    add(
      'error',
      'expectation-unknown',
      `line ${String(verdict.line)} has no verdict: ${verdict.detail}`,
    );
  }
  if (result.scenario.seeds.length < STAR_SEED_COUNT_MIN) {
    const count = String(result.scenario.seeds.length);
    add('warning', 'few-seeds', `${count} seeds: no intervals and no stars below 6`);
  }
  if (result.anchors.length === 0) {
    add('warning', 'no-anchor', 'no published figure was checked on this machine');
  }
  return findings;
}
