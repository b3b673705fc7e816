/**
 * Two results side by side: medians over seeds of every metric, by sweep point, phase and design that
 * both have. Equal values are counted, different ones listed.
 */
import { phaseValue } from './phase-value.js';
import { median } from './statistics.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult } from '../contract/run-result.js';

export interface ResultDifference {
  readonly point: string;
  readonly phase: string;
  readonly design: string;
  readonly metric: string;
  readonly unit: MetricInfo['unit'];
  readonly a: number;
  readonly b: number;
}

export interface ResultDiff {
  readonly sameHash: boolean;
  readonly sameModel: boolean;
  /** Runs of the same point, seed and design that both have. */
  readonly commonRuns: number;
  /** True when each of them has the same event log. */
  readonly sameLogs: boolean;
  readonly equalCount: number;
  readonly differences: readonly ResultDifference[];
  /** What only one of the two has: designs, points, phases, metrics. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

interface Cell extends Omit<ResultDifference, 'a' | 'b'> {
  readonly value: number;
}

const cellKey = (cell: Cell): string =>
  [cell.point, cell.phase, cell.design, cell.metric].join('\n');

/** Medians over the seeds of comparable runs. */
function cellsOf(result: ExperimentResult): ReadonlyMap<string, Cell> {
  const values = new Map<string, { readonly cell: Omit<Cell, 'value'>; readonly list: number[] }>();
  for (const run of result.runs) {
    if (run.status !== 'ok') continue;
    const point = result.scenario.points[run.point]?.label ?? '';
    for (const phase of run.phases) {
      for (const metric of result.metrics) {
        const value = phaseValue(metric, phase);
        if (value === undefined || !Number.isFinite(value)) continue;
        const { name, unit } = metric;
        const cell = { point, phase: phase.name, design: run.design, metric: name, unit };
        const key = cellKey({ ...cell, value });
        const entry = values.get(key) ?? { cell, list: [] };
        values.set(key, entry);
        entry.list.push(value);
      }
    }
  }
  return new Map(
    [...values].map(([key, { cell, list }]) => [key, { ...cell, value: median(list) }]),
  );
}

function logsOf(result: ExperimentResult): ReadonlyMap<string, string> {
  return new Map(
    result.runs.map((run) => {
      const point = result.scenario.points[run.point]?.label ?? '';
      return [`${point}\n${String(run.seed)}\n${run.design}`, run.logHash];
    }),
  );
}

function namesOf(result: ExperimentResult): readonly string[] {
  const { scenario, metrics, runs } = result;
  const phases = new Set(runs.flatMap((run) => run.phases.map((phase) => phase.name)));
  return [
    ...scenario.designs.map(({ name }) => `design ${name}`),
    ...scenario.points.map(({ label }) => `point ${label === '' ? '(single)' : label}`),
    ...[...phases].map((name) => `phase ${name}`),
    ...metrics.map(({ name }) => `metric ${name}`),
  ];
}

const without = (list: readonly string[], other: readonly string[]): readonly string[] =>
  list.filter((name) => !other.includes(name));

export function diffResults(a: ExperimentResult, b: ExperimentResult): ResultDiff {
  const cellsA = cellsOf(a);
  const cellsB = cellsOf(b);
  const differences: ResultDifference[] = [];
  let equalCount = 0;
  for (const [key, { value, ...cell }] of cellsA) {
    const other = cellsB.get(key);
    if (other === undefined) continue;
    if (other.value === value) equalCount += 1;
    else differences.push({ ...cell, a: value, b: other.value });
  }
  const logsB = logsOf(b);
  const common = [...logsOf(a)].filter(([key]) => logsB.has(key));
  const namesA = namesOf(a);
  const namesB = namesOf(b);
  return {
    sameHash: a.scenarioHash === b.scenarioHash,
    sameModel: a.model === b.model,
    commonRuns: common.length,
    sameLogs: common.every(([key, hash]) => logsB.get(key) === hash),
    equalCount,
    differences,
    onlyA: without(namesA, namesB),
    onlyB: without(namesB, namesA),
  };
}
