/**
 * Which metric, phase and sweep point a report leads with. The scenario decides: its first probe or
 * expectation names the metric, its expectations name the phase.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult, PhaseResult } from '../contract/run-result.js';

const NAME_PATTERN = /\b(?:in|end of)\s+([A-Za-z_][\w-]*)/g;

/** Phases of the experiment in order; those of the longest run, since a cut run has fewer. */
export function experimentPhases(result: ExperimentResult): readonly PhaseResult[] {
  let best: readonly PhaseResult[] = [];
  for (const run of result.runs) if (run.phases.length > best.length) best = run.phases;
  return best;
}

/** Names of phases that the text of a claim speaks about. */
export function phasesNamedIn(text: string): readonly string[] {
  return [...text.matchAll(NAME_PATTERN)].flatMap((match) => match[1] ?? []);
}

/** True when the text names the metric, not only a longer name that contains it. */
export function namesMetric(text: string, metric: string): boolean {
  const escaped = metric.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w.])`).test(text);
}

/** Metrics of interest that the result describes, in order; then the rest of the catalogue. */
export function metricsByInterest(result: ExperimentResult): readonly MetricInfo[] {
  const byName = new Map(result.metrics.map((metric) => [metric.name, metric]));
  const first = result.scenario.metricsOfInterest.flatMap((name) => byName.get(name) ?? []);
  const chosen = new Set(first.map((metric) => metric.name));
  return [...first, ...result.metrics.filter((metric) => !chosen.has(metric.name))];
}

/** The metric a report leads with; undefined when the result knows no metric. */
export function headlineMetric(result: ExperimentResult): MetricInfo | undefined {
  const recorded = new Set(experimentPhases(result).flatMap((phase) => Object.keys(phase.metrics)));
  return metricsByInterest(result).find((metric) => recorded.has(metric.name));
}

/** True when something happened to the metric in the phase, or stood there. */
function tells(phase: PhaseResult, metric: MetricInfo | undefined): boolean {
  const values = metric === undefined ? undefined : phase.metrics[metric.name];
  if (values === undefined) return metric === undefined;
  return metric?.kind === 'counter' ? values.delta !== 0 : values.min !== 0 || values.max !== 0;
}

/**
 * The phase a report leads with: the last phase that is not `discard` and that an expectation about
 * the headline metric names; else the last that any expectation names; else the longest. Phases in
 * which nothing happens to the headline metric come only when there is no other.
 */
export function headlinePhase(result: ExperimentResult): PhaseResult | undefined {
  const metric = headlineMetric(result);
  const counted = experimentPhases(result).filter((phase) => !phase.discard);
  const telling = counted.filter((phase) => tells(phase, metric));
  const phases = telling.length > 0 ? telling : counted;
  const claims = result.verdicts.map((verdict) => verdict.text);
  const about = metric === undefined ? [] : claims.filter((text) => namesMetric(text, metric.name));
  for (const texts of [about, claims]) {
    const named = new Set(texts.flatMap(phasesNamedIn));
    const match = phases.findLast((phase) => named.has(phase.name));
    if (match !== undefined) return match;
  }
  let longest: PhaseResult | undefined;
  for (const phase of phases.length > 0 ? phases : experimentPhases(result)) {
    const duration = phase.endNs - phase.startNs;
    if (longest === undefined || duration > longest.endNs - longest.startNs) longest = phase;
  }
  return longest;
}

/** The sweep point a table shows: the last, which is the end of every ladder. */
export const headlinePoint = (result: ExperimentResult): number =>
  Math.max(0, result.scenario.points.length - 1);
