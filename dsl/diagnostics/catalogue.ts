/**
 * Every code of the language with its severity and one line. Codes are stable: never reused, never
 * renumbered. Constructors stand in the files beside this one, pages in explain/.
 */
import type { Severity } from '../../src/contract/diagnostic.js';

export interface CodeInfo {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  /** Found while a run is going on, not in the text. */
  readonly atRunTime: boolean;
}

const row =
  (severity: Severity, atRunTime: boolean) =>
  (code: string, title: string): CodeInfo => ({
    code,
    severity,
    title,
    atRunTime,
  });
const error = row('error', false);
const warning = row('warning', false);
const runtime = row('error', true);

export const CODES: readonly CodeInfo[] = [
  error('X0001', 'first line is not xlab 1'),
  error('X0002', 'two statements on one line'),
  error('X0003', 'reserved word used as a name'),
  error('X0004', 'unexpected word or sign'),
  error('X0005', 'text that is not part of the language'),
  error('X0006', 'scenario too long, too deep or too large to read'),
  error('X0007', 'required part missing'),
  error('X0101', 'missing unit'),
  error('X0102', 'space between number and unit'),
  error('X0103', 'unknown or forbidden unit'),
  error('X0104', 'wrong kind of value'),
  error('X0105', 'size that is not a whole number of bytes'),
  error('X0201', 'unknown name'),
  error('X0202', 'name declared twice'),
  warning('X0203', 'declared and never used'),
  error('X0204', 'cycle'),
  error('X0205', 'used file missing or outside the folder'),
  error('X0301', 'handle used after release'),
  error('X0302', 'wrong kind for the verb'),
  warning('X0303', 'allocation that nothing can release'),
  error('X0304', 'handle used outside its block'),
  error('X0401', 'distribution parameters contradict each other'),
  error('X0402', 'quantiles not rising, or not from 0% to 100%'),
  error('X0403', 'weights do not add up to 100%'),
  error('X0404', 'distribution and fixed value confused'),
  error('X0411', 'value outside the range of its param'),
  error('X0412', 'too many runs or events'),
  error('X0501', 'background statement without an end'),
  error('X0502', 'at after the end of its block'),
  warning('X0503', 'statements last longer than the phase'),
  warning('X0504', 'phase in which nothing happens'),
  runtime('X0507', 'phase overran'),
  runtime('X0508', 'more arrivals held back than allowed'),
  runtime('X0509', 'at reached too late'),
  error('X0601', '= where == is meant'),
  error('X0602', 'design that is not compared'),
  error('X0603', 'metric that nothing records'),
  error('X0604', 'confidence with fewer than 6 seeds'),
  runtime('X0605', 'relative to zero'),
  warning('X0606', 'expectation that cannot fail'),
  error('X0701', 'import missing, empty or of another format'),
  warning('X0702', 'kernel pointers hidden in an import'),
  warning('X0703', 'lines of an import that cannot be read'),
  error('X0801', 'unknown design option, or value outside its range'),
  error('X0802', 'plugin does not load'),
  runtime('X0901', 'design returned overlapping or unaligned memory'),
  runtime('X0902', 'invariant of a design failed'),
  runtime('X0903', 'event limit reached'),
];

const byCode: ReadonlyMap<string, CodeInfo> = new Map(CODES.map((info) => [info.code, info]));

export const codeInfo = (code: string): CodeInfo | undefined => byCode.get(code);
