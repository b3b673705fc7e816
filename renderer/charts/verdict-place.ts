/**
 * Where a verdict was decided: the seed and the phase that its detail names, and in that phase the
 * moment of the extreme value of the metric that the claim is about.
 */
import { experimentPhases, namesMetric } from '../../src/analysis/headline.js';
import { seriesOf } from '../../src/analysis/time-slices.js';
import type { ExperimentResult, RunResult, Verdict } from '../../src/contract/run-result.js';

export interface VerdictPlace {
  readonly seed: number | null;
  /** Sweep point; null where the verdict names none. */
  readonly point: number | null;
  readonly timeNs: number;
}

export function verdictPlace(result: ExperimentResult, verdict: Verdict): VerdictPlace {
  const text = `${verdict.text} ${verdict.detail}`;
  const seedText = /\bseed (\d+)/.exec(verdict.detail)?.[1];
  const seed = seedText === undefined ? null : Number(seedText);
  const point = pointOf(result, verdict.detail);
  const isHere = (run: RunResult): boolean =>
    (seed === null || run.seed === seed) && (point === null || run.point === point);
  const broken = result.runs
    .flatMap((run) => run.never.map((never) => ({ run, never })))
    .find(({ run, never }) => {
      const own = never.expectation === verdict.expectation && never.violated;
      return own && isHere(run);
    });
  if (broken !== undefined) {
    return { seed: broken.run.seed, point: broken.run.point, timeNs: broken.never.firstNs };
  }
  const phase =
    experimentPhases(result).find(({ name }) => new RegExp(`\\b${escaped(name)}\\b`).test(text)) ??
    experimentPhases(result).at(-1);
  const metric = result.metrics.find(({ name }) => namesMetric(verdict.text, name));
  const run = result.runs.find(
    (candidate) =>
      isHere(candidate) &&
      (verdict.detail.includes(candidate.design) || !namesAnyDesign(result, verdict.detail)),
  );
  const series = run === undefined || metric === undefined ? undefined : seriesOf(run, metric.name);
  if (series === undefined || phase === undefined)
    return { seed, point, timeNs: phase?.endNs ?? 0 };
  const sign = metric?.better === 'high' ? -1 : 1;
  let best = phase.endNs;
  let extreme = -Infinity;
  series.timesNs.forEach((timeNs, i) => {
    const value = sign * (series.values[i] ?? 0);
    if (timeNs < phase.startNs || timeNs > phase.endNs || value <= extreme) return;
    extreme = value;
    best = timeNs;
  });
  return { seed, point, timeNs: best };
}

/** The sweep point whose label the detail ends with; the longest where one is part of another. */
function pointOf(result: ExperimentResult, detail: string): number | null {
  let best: number | null = null;
  let length = 0;
  result.scenario.points.forEach(({ label }, point) => {
    if (label.length <= length || !detail.includes(`, ${label})`)) return;
    best = point;
    length = label.length;
  });
  return best;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const namesAnyDesign = (result: ExperimentResult, text: string): boolean =>
  result.scenario.designs.some(({ name }) => text.includes(name));
