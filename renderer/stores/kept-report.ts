/**
 * What a user has chosen about the mail report of a result, as it is kept in a bundle: sections left out,
 * own words, the address of the results. Bundles come from mails: what cannot be read counts as not chosen.
 */
import {
  REPORT_SECTIONS,
  RESULT_TEXT_CHARS_MAX,
  RESULTS_LINK_CHARS_MAX,
  type ReportChoice,
} from '../../src/contract/report-check.js';

export type KeptReport = ReportChoice;

export function parseKeptReport(value: unknown): KeptReport {
  const fields = isRecord(value) ? value : {};
  const { without } = fields;
  const names = Array.isArray(without) ? (without as readonly unknown[]) : [];
  return {
    without: REPORT_SECTIONS.filter((section) => names.includes(section)),
    resultText: textOf(fields['resultText'], RESULT_TEXT_CHARS_MAX),
    resultsLink: textOf(fields['resultsLink'], RESULTS_LINK_CHARS_MAX),
  };
}

/** Longer than the window itself would keep: somebody else's. */
const textOf = (value: unknown, charsMax: number): string =>
  typeof value === 'string' && value.length <= charsMax ? value : '';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
