/**
 * Checks before a report is copied: whether the text survives a mailing list and whether the result
 * behind it is whole. Errors grey out the copy button, warnings stand beside it.
 */
import { indexRuns } from '../analysis/run-index.js';
import { STAR_SEED_COUNT_MIN } from '../analysis/statistics.js';
import type { InputChange, ReportCheck, ReportFinding } from '../contract/report-check.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { asciiLine, forbiddenStart, REPORT_WIDTH } from './mail-text.js';

export interface LintContext {
  readonly result: ExperimentResult;
  /** Model of the running lab; a result of another one must be repeated first. */
  readonly currentModel?: number;
  /** Inputs that differ from those of the run. */
  readonly changedInputs?: readonly InputChange[];
}

/** A list server may hold back more than this many characters. */
export const REPORT_SIZE_WARNING = 80_000;
/** Nothing above this many characters is copied. */
export const REPORT_SIZE_ERROR = 100_000;

/** Findings about the text, in order of lines, then about the result. */
export function lintReport(text: string, context?: LintContext): readonly ReportFinding[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return [
    ...lines.flatMap((line, i) => lintLine(line, i + 1)),
    ...lintSize(text),
    ...(context === undefined ? [] : lintResult(context)),
  ];
}

function lintLine(line: string, number: number): readonly ReportFinding[] {
  const findings: ReportFinding[] = [];
  const error = (check: ReportCheck, message: string): void => {
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

function lintSize(text: string): readonly ReportFinding[] {
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

function inputText({ path, how }: InputChange): string {
  const name = `'${asciiLine(path)}'`;
  switch (how) {
    case 'changed':
      return `${name} changed since the run`;
    case 'missing':
      return `${name} is no longer there`;
    case 'unknown':
      return `${name} could not be compared with that of the run`;
  }
}

function lintResult(context: LintContext): readonly ReportFinding[] {
  const { result } = context;
  const findings: ReportFinding[] = [];
  const add = (severity: ReportFinding['severity'], check: ReportCheck, message: string): void => {
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
    add('error', 'inputs-changed', inputText(input));
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
