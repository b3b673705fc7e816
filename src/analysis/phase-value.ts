/**
 * The one number that stands for a metric in a phase: the increase of a counter (per second where
 * the metric is read as a rate), the last value of a gauge, the time-weighted mean of a ratio.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { PhaseResult, RunResult } from '../contract/run-result.js';
import { isPerSecond } from './metric-roles.js';

const NANOSECONDS_PER_SECOND = 1e9;

/** Value in the metric's unit (per second for rates); undefined where the run does not have it. */
export function phaseValue(metric: MetricInfo, phase: PhaseResult): number | undefined {
  const statistics = phase.metrics[metric.name];
  if (statistics === undefined) return undefined;
  const value = rawPhaseValue(metric, phase);
  return Number.isFinite(value) ? value : undefined;
}

function rawPhaseValue(metric: MetricInfo, phase: PhaseResult): number {
  const statistics = phase.metrics[metric.name];
  if (statistics === undefined) return Number.NaN;
  switch (metric.kind) {
    case 'gauge':
      return statistics.last;
    case 'ratio':
      return statistics.mean;
    case 'counter': {
      const seconds = (phase.endNs - phase.startNs) / NANOSECONDS_PER_SECOND;
      return isPerSecond(metric) && seconds > 0 ? statistics.delta / seconds : statistics.delta;
    }
  }
}

/** The phase of this name; a phase that runs twice counts with its last run. */
export const phaseOfRun = (run: RunResult, name: string): PhaseResult | undefined =>
  run.phases.findLast((phase) => phase.name === name);
