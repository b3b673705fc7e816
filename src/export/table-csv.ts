/**
 * CSV of a result: statistics of every phase, and every sample of every series. Comment lines with
 * `#` hold the hash and the units. Text that a spreadsheet would run as a formula is disarmed.
 */
import { stringify } from 'csv-stringify/sync';
import { phaseValue } from '../analysis/phase-value.js';
import type { ExperimentResult, PhaseStatistics } from '../contract/run-result.js';

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

/** One row per design, sweep point, seed, phase and metric. */
export function renderPhaseCsv(result: ExperimentResult): string {
  const byName = new Map(result.metrics.map((metric) => [metric.name, metric]));
  const header = ['design', 'point', 'seed', 'phase', 'discard', 'metric', 'unit', 'value'];
  const rows = result.runs.flatMap((run) =>
    run.phases.flatMap((phase) =>
      Object.keys(phase.metrics)
        .sort()
        .map((name) => {
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
        }),
    ),
  );
  const content =
    'value: counters rise by it in the phase (TLB events and flushes per second), gauges end at it,' +
    ' ratios average it; integral in unit x seconds';
  return commentLines(result, content).join('') + stringify([[...header, ...STATISTICS], ...rows]);
}

/** One row per design, sweep point, seed, metric and sample. */
export function renderSeriesCsv(result: ExperimentResult): string {
  const rows = result.runs.flatMap((run) =>
    run.series.flatMap((series) =>
      series.timesNs.map((timeNs, i) => [
        safeText(run.design),
        safeText(result.scenario.points[run.point]?.label ?? ''),
        String(run.seed),
        safeText(series.metric),
        numberText(timeNs),
        numberText(series.values[i]),
      ]),
    ),
  );
  const header = ['design', 'point', 'seed', 'metric', 'time_ns', 'value'];
  return (
    commentLines(result, 'counters are running totals; a value holds until the next').join('') +
    stringify([header, ...rows])
  );
}
