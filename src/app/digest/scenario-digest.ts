/** What a report says about the scenario, computed from its plan. */
import type { DesignInfo } from '../../contract/catalog.js';
import { recordedStatistics } from '../../analysis/claim-value.js';
import type { RecordedMetric, ScenarioDigest } from '../../contract/run-result.js';
import type {
  DesignPlan,
  ExpectationPlan,
  ExpectExpr,
  OptionValue,
  PointPlan,
  RecordedSeriesPlan,
  ScenarioPlan,
  StatementPlan,
} from '../../contract/scenario-plan.js';
import { loadText } from './load-text.js';
import { machineText } from './machine-text.js';
import { sizeText } from './plain-quantity.js';
import { seedsText } from './seeds-text.js';

export interface DigestSources {
  readonly designOf: (name: string) => DesignInfo | undefined;
  /** Assumed figures of a CPU profile, by the name that a scenario writes. */
  readonly assumedEntries: (cpu: string) => readonly string[];
}

function optionText(value: OptionValue, isSize: boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return isSize ? sizeText(value) : String(value);
  return typeof value === 'string' ? value : value.join(', ');
}

function optionsText(design: DesignPlan, info: DesignInfo | undefined): string {
  return Object.entries(design.options)
    .map(([name, value]) => {
      const kind = info?.options.find((option) => option.name === name)?.kind;
      return `${name} ${optionText(value, kind === 'size')}`;
    })
    .join('; ');
}

function metricsOfExpression(expr: ExpectExpr): readonly string[] {
  switch (expr.kind) {
    case 'metric':
    case 'recorded':
      return [expr.metric];
    case 'abs':
      return metricsOfExpression(expr.operand);
    case 'binary':
      return [...metricsOfExpression(expr.left), ...metricsOfExpression(expr.right)];
    default:
      return [];
  }
}

const metricsOfClaim = ({ claim }: ExpectationPlan): readonly string[] =>
  claim.kind === 'no'
    ? [claim.metric]
    : [...metricsOfExpression(claim.left), ...metricsOfExpression(claim.right)];

/** Metrics of probes, then of expectations, in order of appearance. */
export function metricsOfInterest(point: PointPlan): readonly string[] {
  const names = [
    ...point.probes.flatMap((probe) => probe.metrics),
    ...point.expectations.flatMap(metricsOfClaim),
  ];
  return [...new Set(names)].filter((name) => name !== 'layout_snapshot');
}

/** Execute statements anywhere in the phases. */
function executesOf(body: readonly StatementPlan[]): readonly StatementPlan[] {
  return body.flatMap((statement) => {
    switch (statement.kind) {
      case 'execute':
        return [statement];
      case 'repeat':
      case 'every':
      case 'arrive':
      case 'at':
        return executesOf(statement.body);
      case 'parallel':
        return statement.branches.flatMap((branch) => executesOf(branch.body));
      case 'mix':
        return statement.options.flatMap((option) => executesOf(option.body));
      default:
        return [];
    }
  });
}

const executesAt = (point: PointPlan): readonly StatementPlan[] =>
  point.phases.flatMap((phase) => executesOf(phase.body));

/** What the models leave out here: more of it where instructions are fetched. */
export function notModelled(point: PointPlan): readonly string[] {
  const executes = executesAt(point);
  const always = ['data TLB', 'lock contention', 'reclaim and compaction'];
  if (executes.length === 0) return ['instruction fetch (no execute statement)', ...always];
  const hasUser = executes.some(
    (statement) =>
      statement.kind === 'execute' &&
      statement.execute.rows.some((row) => row.target.kind === 'user'),
  );
  return [
    ...(hasUser ? [] : ['user code']),
    'speculative fetch',
    'SMT sharing of the iTLB',
    ...always,
  ];
}

function recordedMetric(series: RecordedSeriesPlan): readonly RecordedMetric[] {
  const statistics = recordedStatistics(series);
  const durationNs = (series.timesNs.at(-1) ?? 0) - (series.timesNs[0] ?? 0);
  const { series: name, metric } = series;
  return statistics === undefined ? [] : [{ series: name, metric, durationNs, statistics }];
}

export function scenarioDigest(plan: ScenarioPlan, sources: DigestSources): ScenarioDigest {
  // The last point is the end of every ladder: the one that tables show.
  const point = plan.points.at(-1);
  const lines = point?.expectations.map((entry) => entry.line) ?? [];
  // Figures of a TLB matter only where instructions are fetched.
  const fetching = plan.points.filter((entry) => executesAt(entry).length > 0);
  const cpus = [...new Set(fetching.map((entry) => entry.machine.cpu))];
  const recorded = (plan.recordedSeries ?? []).flatMap(recordedMetric);
  return {
    file: plan.file,
    title: plan.title === '' ? plan.file : plan.title,
    question: plan.question,
    machine: point === undefined ? '' : machineText(point.machine),
    load: point === undefined ? '' : loadText(point),
    designs: (point?.designs ?? []).map((design) => ({
      name: design.name,
      design: design.design,
      options: optionsText(design, sources.designOf(design.design)),
    })),
    baseline: plan.baseline,
    seeds: plan.seeds,
    seedsText: seedsText(plan.seeds),
    points: plan.points.map(({ label }) => ({ label })),
    settings: plan.settings,
    ...(plan.onlySome === true ? { only: plan.designNames } : {}),
    ...(plan.onlyPhase === undefined ? {} : { phase: plan.onlyPhase }),
    inputs: plan.inputs,
    notModelled: point === undefined ? [] : notModelled(point),
    expectationLines: lines.length === 0 ? [0, 0] : [Math.min(...lines), Math.max(...lines)],
    ...(plan.notes === undefined ? {} : { notes: plan.notes }),
    ...(recorded.length === 0 ? {} : { recorded }),
    metricsOfInterest: point === undefined ? [] : metricsOfInterest(point),
    assumedProfileEntries: [...new Set(cpus.flatMap(sources.assumedEntries))],
  };
}
