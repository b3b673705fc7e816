/** The report as Markdown, for a web page or a merge request: the same tables and words. */
import { buildComparison, type ComparisonTable } from '../analysis/comparison.js';
import { isPerSecond } from '../analysis/metric-roles.js';
import { chooseUnit, formatDifference, formatIn, rowLabel } from '../analysis/quantity-text.js';
import { resultSentences } from '../analysis/result-sentences.js';
import { buildSweep } from '../analysis/sweep.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { hash12 } from './mail-context.js';
import { runTroubles } from './mail-head.js';
import { recordedMark, tableHeader } from './mail-table.js';
import { assumedText, intervalText, reproduceCommands, shellWord } from './mail-tail.js';
import { countText, orderedVerdicts } from './mail-verdicts.js';

/** Text with the signs that Markdown or HTML would act on made harmless. */
export const markdownText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_~[\]|#])/g, '\\$1');

type Alignment = 'left' | 'right';

function markdownTable(
  header: readonly string[],
  alignments: readonly Alignment[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(header),
    line(alignments.map((alignment) => (alignment === 'left' ? '---' : '---:'))),
    ...rows.map(line),
  ];
}

export function renderMarkdownReport(result: ExperimentResult): string {
  const table = buildComparison(result);
  const { scenario } = result;
  const lines = [
    `# ${markdownText(scenario.title)}`,
    '',
    '**SIMULATION, not a measurement on hardware.** ' +
      `Scenario \`${hash12(result)}\`, ${markdownText(result.tool)} ` +
      `${markdownText(result.toolVersion)}, model ${String(result.model)}, ` +
      `seeds ${markdownText(scenario.seedsText)}.`,
    ...(scenario.joined?.differences ?? []).map((text) => `- differs: ${markdownText(text)}`),
    ...runTroubles(result).flatMap((text) => ['', `**${markdownText(text)}**`]),
    '',
    `Question: ${markdownText(scenario.question) || 'none stated'}`,
    '',
    `Result: ${markdownText(resultSentences(result, table))}`,
    '',
    `- Machine: ${markdownText(scenario.machine)}`,
    `- Load: ${markdownText(scenario.load)}`,
    `- Designs: ${designsText(result, table)}`,
    ...sweepSection(result, table),
    ...comparisonSection(table),
    ...verdictSection(result),
    ...noteSection(result),
    ...limitSection(result, table),
    '',
    '## Reproduce',
    '',
    '```',
    ...reproduceCommands(result).map((words) =>
      [...words.map((word) => shellWord(word)), '--report', 'md'].join(' '),
    ),
    '```',
    '',
    ...scenario.inputs.map((input) => `- ${markdownText(input.path)} sha256 \`${input.sha256}\``),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function designsText(result: ExperimentResult, table: ComparisonTable): string {
  return table.designs
    .map(({ letter, name }) => {
      const plan = result.scenario.designs.find((design) => design.name === name);
      const of = plan === undefined || plan.design === name ? '' : ` = ${plan.design}`;
      const options = plan === undefined || plan.options === '' ? '' : ` { ${plan.options} }`;
      return markdownText(`${letter} ${name}${of}${options}`);
    })
    .join(', ');
}

function comparisonSection(table: ComparisonTable): readonly string[] {
  if (table.rows.length === 0) return [];
  const header = ['metric', 'want', ...table.designs.map(({ letter }) => letter)];
  const alignments: readonly Alignment[] = [
    'left',
    'left',
    ...table.designs.map((): Alignment => 'right'),
  ];
  const rows = table.rows.flatMap((row) => {
    const known = table.recorded.filter(({ metric }) => metric.name === row.metric.name);
    const unit = chooseUnit(row.metric, [
      ...row.cells.map((cell) => cell.value ?? 0),
      ...known.map(({ value }) => value),
    ]);
    const cells = row.cells.map((cell) => {
      const difference = formatDifference(cell.difference, unit).replace('*', '\\*');
      return `${formatIn(cell.value, unit)}${difference === '' ? '' : ` (${difference})`}`;
    });
    const label = markdownText(rowLabel(row.metric, unit, row.perSecond));
    return [
      [label, row.metric.better, ...cells],
      ...known.map(({ value, series }) => [
        `${label} ${markdownText(recordedMark(known, series))}`,
        row.metric.better,
        formatIn(value, unit),
        ...cells.slice(1).map(() => ''),
      ]),
    ];
  });
  const folded = table.unchanged.map((row) => markdownText(row.metric.label));
  return [
    '',
    '## Comparison',
    '',
    markdownText(tableHeader(table).join(' ')),
    '',
    ...markdownTable(header, alignments, rows),
    ...(folded.length === 0 ? [] : ['', `Unchanged: ${folded.join(', ')}.`]),
    ...table.warnings.flatMap((text) => ['', `**WARNING: ${markdownText(text)}**`]),
  ];
}

function sweepSection(result: ExperimentResult, table: ComparisonTable): readonly string[] {
  const { headline } = table;
  const sweep = headline === undefined ? undefined : buildSweep(result, headline, table.phase);
  if (headline === undefined || sweep === undefined) return [];
  const values = sweep.rows.flatMap(({ row }) => row.cells.map((cell) => cell.value ?? 0));
  const unit = chooseUnit(headline, values);
  const rows = sweep.rows.map(({ values: point, row }) => [
    markdownText(point.join(', ')),
    ...row.cells.map((cell) => {
      const difference = formatDifference(cell.difference, unit).replace('*', '\\*');
      return `${formatIn(cell.value, unit)}${difference === '' ? '' : ` (${difference})`}`;
    }),
  ]);
  const title = rowLabel(headline, unit, isPerSecond(headline));
  return [
    '',
    '## Sweep',
    '',
    `${markdownText(title)} in phase ${markdownText(table.phase)}, want ${headline.better}`,
    '',
    ...markdownTable(
      [markdownText(sweep.names.join(', ')), ...sweep.letters],
      ['left', ...sweep.letters.map((): Alignment => 'right')],
      rows,
    ),
  ];
}

function verdictSection(result: ExperimentResult): readonly string[] {
  if (result.verdicts.length === 0) return [];
  const rows = orderedVerdicts(result.verdicts).map((verdict) => [
    verdict.state,
    markdownText(verdict.text),
    countText(verdict, result.scenario.seeds.length),
    verdict.state === 'pass' ? '' : markdownText(verdict.detail),
  ]);
  return [
    '',
    '## Expectations',
    '',
    ...markdownTable(['', 'claim', 'runs', ''], ['left', 'left', 'right', 'left'], rows),
  ];
}

/** What the author wrote above declarations. */
function noteSection({ scenario }: ExperimentResult): readonly string[] {
  const { notes = [] } = scenario;
  if (notes.length === 0) return [];
  return [
    '',
    '## Notes of the scenario',
    '',
    ...notes.map(({ about, text }) => `- ${markdownText(about)}: ${markdownText(text)}`),
  ];
}

function limitSection(result: ExperimentResult, table: ComparisonTable): readonly string[] {
  const { notModelled, assumedProfileEntries } = result.scenario;
  return [
    '',
    '## Limits',
    '',
    `- Not modelled: ${markdownText(notModelled.join(', '))}`,
    `- ${intervalText(table)}`,
    ...(assumedProfileEntries.length === 0
      ? []
      : [`- Assumed CPU profile entries: ${markdownText(assumedText(assumedProfileEntries))}`]),
    ...result.anchors.map(
      (anchor) =>
        `- ${anchor.id} ${anchor.met ? 'met' : 'NOT MET'}: ${markdownText(anchor.claim)}; ` +
        `wanted ${markdownText(anchor.wanted)}, found ${markdownText(anchor.found)}`,
    ),
  ];
}
