/**
 * Text exports by name. Pictures are made by chart-svg.ts and chart-png.ts, which load the chart
 * library and a native rasteriser and therefore stay out of this list.
 */
import { createRegistry } from '../base/registry.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { renderMarkdownReport } from './report-markdown.js';
import { renderMailReport } from './report-mail.js';
import { renderShortReport } from './report-short.js';
import { renderJson } from './result-json.js';
import { renderPhaseCsv, renderSeriesCsv } from './table-csv.js';

export interface Exporter {
  /** As in `--report NAME`. */
  readonly name: string;
  readonly extension: string;
  /** Part of the file name that says what it is. */
  readonly what: string;
  readonly summary: string;
  readonly render: (result: ExperimentResult) => string;
}

const EXPORTERS: readonly Exporter[] = [
  {
    name: 'csv',
    extension: 'csv',
    what: 'phases',
    summary: 'statistics of every phase and metric',
    render: renderPhaseCsv,
  },
  {
    name: 'json',
    extension: 'json',
    what: 'result',
    summary: 'everything, with a schema version',
    render: renderJson,
  },
  {
    name: 'mail',
    extension: 'txt',
    what: 'report',
    summary: 'plain text for a mailing list, 72 columns',
    render: (result) => renderMailReport(result),
  },
  {
    name: 'md',
    extension: 'md',
    what: 'report',
    summary: 'Markdown for a web page',
    render: renderMarkdownReport,
  },
  {
    name: 'series',
    extension: 'csv',
    what: 'series',
    summary: 'every sample of every series',
    render: renderSeriesCsv,
  },
  {
    name: 'short',
    extension: 'txt',
    what: 'short',
    summary: 'five lines for a reply',
    render: renderShortReport,
  },
];

export const exporterRegistry = createRegistry('exporter', EXPORTERS, (exporter) => exporter.name);
