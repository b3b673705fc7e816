/**
 * The mailing-list report: every section in order, with blank lines between, and the last pass that
 * keeps each line off what mail programs, mbox tools and patch tools would mistake it for.
 */
import { buildComparison } from '../analysis/comparison.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { causeLines } from './mail-causes.js';
import { chartLines } from './mail-chart.js';
import { createContext, type ReportContext, type ReportOptions } from './mail-context.js';
import { questionLines, setupLines, stampLines, titleLines } from './mail-head.js';
import { sweepLines } from './mail-sweep-table.js';
import { stripLines } from './mail-strip.js';
import { COLUMN_DESIGN_COUNT_MAX, columnTable, tableFooter, tableHeader } from './mail-table.js';
import { limitLines, reproduceLines } from './mail-tail.js';
import { guardLine, paragraph } from './mail-text.js';
import { verdictLines } from './mail-verdicts.js';
import { wideRows, wideTable } from './mail-wide-table.js';

/** The report as it is copied: lines of at most 72 ASCII columns, newline at the end. */
export function renderMailReport(result: ExperimentResult, options: ReportOptions = {}): string {
  const context = createContext(result, buildComparison(result), options);
  const sections = reportSections(context).filter((lines) => lines.length > 0);
  const lines = sections.flatMap((section, i) => (i === 0 ? section : ['', ...section]));
  return `${lines.map(options.unicode === true ? trimLine : guardLine).join('\n')}\n`;
}

const trimLine = (line: string): string => line.trimEnd();

function reportSections(context: ReportContext): readonly (readonly string[])[] {
  const { result, table, options } = context;
  const off = new Set(options.without ?? []);
  const hasRuns = result.runs.length > 0;
  return [
    [...titleLines(context), ...stampLines(context)],
    questionLines(context),
    setupLines(context),
    ...(hasRuns ? tableSections(context) : []),
    off.has('chart') ? [] : chartLines(result, table, options.unicode === true),
    off.has('strip') ? [] : stripLines(result, table),
    off.has('causes') ? [] : causeLines(result, table),
    off.has('expectations') ? [] : verdictLines(result),
    limitLines(context),
    reproduceLines(context),
  ];
}

function tableSections({ result, table }: ReportContext): readonly (readonly string[])[] {
  if (table.rows.length === 0) return [paragraph('', 'No run can be compared: there is no table.')];
  const sweep = sweepLines(result, table);
  if (table.designs.length <= COLUMN_DESIGN_COUNT_MAX) {
    return [sweep, [...tableHeader(table), '', ...columnTable(table), ...tableFooter(table)]];
  }
  const rows = wideRows(table, result.scenario.metricsOfInterest);
  const more = table.rows.filter((row) => !rows.includes(row)).map((row) => row.metric.label);
  const note = more.length === 0 ? [] : paragraph('not shown: ', more.join(', '), 2);
  return [
    sweep,
    [...tableHeader(table), '', ...wideTable(table, rows), ...note, ...tableFooter(table)],
  ];
}
