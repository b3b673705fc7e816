/**
 * Text exports by name. Pictures are made by chart-svg.ts and chart-png.ts, which load the chart
 * library and a native rasteriser and therefore stay out of this list.
 */
import { createRegistry } from '../base/registry.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { renderMarkdownReport } from './report-markdown.js';
import { renderMailReport } from './report-mail.js';
import { renderShortReport } from './report-short.js';
import { jsonParts } from './result-json.js';
import { phaseCsvParts, seriesCsvParts } from './table-csv.js';

export interface Exporter {
  /** As in `--report NAME`. */
  readonly name: string;
  readonly extension: string;
  /** Part of the file name that says what it is. */
  readonly what: string;
  readonly summary: string;
  /** The text in parts, which is what a large result needs: no string can hold it whole. */
  readonly parts: (result: ExperimentResult) => Iterable<string>;
  readonly render: (result: ExperimentResult) => string;
}

type ExporterForm = Omit<Exporter, 'render'>;

const FORMS: readonly ExporterForm[] = [
  {
    name: 'csv',
    extension: 'csv',
    what: 'phases',
    summary: 'statistics of every phase and metric',
    parts: phaseCsvParts,
  },
  {
    name: 'json',
    extension: 'json',
    what: 'result',
    summary: 'everything, with a schema version',
    parts: jsonParts,
  },
  {
    name: 'mail',
    extension: 'txt',
    what: 'report',
    summary: 'plain text for a mailing list, 72 columns',
    parts: (result) => [renderMailReport(result)],
  },
  {
    name: 'md',
    extension: 'md',
    what: 'report',
    summary: 'Markdown for a web page',
    parts: (result) => [renderMarkdownReport(result)],
  },
  {
    name: 'series',
    extension: 'csv',
    what: 'series',
    summary: 'every sample of every series',
    parts: seriesCsvParts,
  },
  {
    name: 'short',
    extension: 'txt',
    what: 'short',
    summary: 'five lines for a reply',
    parts: (result) => [renderShortReport(result)],
  },
];

const EXPORTERS: readonly Exporter[] = FORMS.map((form) => ({
  ...form,
  render: (result) => [...form.parts(result)].join(''),
}));

export const exporterRegistry = createRegistry('exporter', EXPORTERS, (exporter) => exporter.name);
