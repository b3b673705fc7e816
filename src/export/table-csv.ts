/**
 * CSV of a result: statistics of every phase, and every sample of every series. Comment lines with
 * `#` hold the hash and the units. Text that a spreadsheet would run as a formula is disarmed.
 */
import { stringify } from 'csv-stringify/sync';
import { phaseValue } from '../analysis/phase-value.js';
import type {
  ExperimentResult,
  PhaseResult,
  PhaseStatistics,
  RunResult,
} from '../contract/run-result.js';

const STATISTICS: readonly (keyof PhaseStatistics)[] = [
  'first',
  'last',
  'min',
  'max',
  'mean',
  'p50',
  'p90',
  'p99',
  'delta',
  'integral',
];

/** A cell that no spreadsheet evaluates. */
const safeText = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const numberText = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '' : String(value === 0 ? 0 : value);

/** Comment lines: what this is, which run, and the unit of each metric. */
function commentLines(result: ExperimentResult, content: string): readonly string[] {
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const units = result.metrics.map((metric) => `${metric.name} ${metric.unit}`);
  return [
    `simulation by ${result.tool} ${result.toolVersion}, model ${String(result.model)}`,
    `scenario ${result.scenarioHash}`,
    `title ${result.scenario.title}`,
    `seeds ${result.scenario.seedsText}`,
    content,
    `units: ${units.join(', ')}`,
  ].map((text) => `# ${oneLine(text)}\n`);
}

type Row = readonly string[];

/** Comments, header and one part a run: the whole may be longer than a string can be. */
function* csvParts(
  result: ExperimentResult,
  content: string,
  table: { readonly header: Row; readonly rowsOf: (run: RunResult) => readonly Row[] },
): Generator<string> {
  yield commentLines(result, content).join('') + stringify([[...table.header]]);
  for (const run of result.runs) yield stringify(table.rowsOf(run).map((row) => [...row]));
}

const PHASE_COLUMNS: Row = [
  ...['design', 'point', 'seed', 'phase', 'discard', 'metric', 'unit', 'value'],
  ...STATISTICS,
];
const PHASE_CONTENT =
  'value: counters rise by it in the phase (TLB events and flushes per second), gauges end at it,' +
  ' ratios average it; integral in unit x seconds';

/** One row per design, sweep point, seed, phase and metric; in parts. */
export function phaseCsvParts(result: ExperimentResult): Iterable<string> {
  const byName = new Map(result.metrics.map((metric) => [metric.name, metric]));
  const rowOf = (run: RunResult, phase: PhaseResult, name: string): Row => {
    const metric = byName.get(name);
    const statistics = phase.metrics[name];
    return [
      safeText(run.design),
      safeText(result.scenario.points[run.point]?.label ?? ''),
      String(run.seed),
      safeText(phase.name),
      String(phase.discard),
      safeText(name),
      metric?.unit ?? '',
      numberText(metric === undefined ? undefined : phaseValue(metric, phase)),
      ...STATISTICS.map((key) => numberText(statistics?.[key])),
    ];
  };
  const rowsOf = (run: RunResult): readonly Row[] =>
    run.phases.flatMap((phase) =>
      Object.keys(phase.metrics)
        .sort()
        .map((name) => rowOf(run, phase, name)),
    );
  return csvParts(result, PHASE_CONTENT, { header: PHASE_COLUMNS, rowsOf });
}

/** One row per design, sweep point, seed, metric and sample; in parts. */
export function seriesCsvParts(result: ExperimentResult): Iterable<string> {
  const rowsOf = (run: RunResult): readonly Row[] =>
    run.series.flatMap((series) =>
      series.timesNs.map((timeNs, i) => [
        safeText(run.design),
        safeText(result.scenario.points[run.point]?.label ?? ''),
        String(run.seed),
        safeText(series.metric),
        numberText(timeNs),
        numberText(series.values[i]),
      ]),
    );
  const header = ['design', 'point', 'seed', 'metric', 'time_ns', 'value'];
  const content = 'counters are running totals; a value holds until the next';
  return csvParts(result, content, { header, rowsOf });
}

export const renderPhaseCsv = (result: ExperimentResult): string =>
  [...phaseCsvParts(result)].join('');

export const renderSeriesCsv = (result: ExperimentResult): string =>
  [...seriesCsvParts(result)].join('');
