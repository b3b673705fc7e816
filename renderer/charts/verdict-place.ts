/**
 * Where a verdict was decided: the seed and the phase that its detail names, and in that phase the
 * moment of the extreme value of the metric that the claim is about.
 */
import { experimentPhases, namesMetric } from '../../src/analysis/headline.js';
import { seriesOf } from '../../src/analysis/time-slices.js';
import type { ExperimentResult, Verdict } from '../../src/contract/run-result.js';

export interface VerdictPlace {
  readonly seed: number | null;
  readonly timeNs: number;
}

export function verdictPlace(result: ExperimentResult, verdict: Verdict): VerdictPlace {
  const text = `${verdict.text} ${verdict.detail}`;
  const seedText = /\bseed (\d+)/.exec(verdict.detail)?.[1];
  const seed = seedText === undefined ? null : Number(seedText);
  const broken = result.runs
    .flatMap((run) => run.never.map((never) => ({ run, never })))
    .find(({ run, never }) => {
      const own = never.expectation === verdict.expectation && never.violated;
      return own && (seed === null || run.seed === seed);
    });
  if (broken !== undefined) return { seed: broken.run.seed, timeNs: broken.never.firstNs };
  const phase =
    experimentPhases(result).find(({ name }) => new RegExp(`\\b${escaped(name)}\\b`).test(text)) ??
    experimentPhases(result).at(-1);
  const metric = result.metrics.find(({ name }) => namesMetric(verdict.text, name));
  const run = result.runs.find(
    (candidate) =>
      (seed === null || candidate.seed === seed) &&
      (verdict.detail.includes(candidate.design) || !namesAnyDesign(result, verdict.detail)),
  );
  const series = run === undefined || metric === undefined ? undefined : seriesOf(run, metric.name);
  if (series === undefined || phase === undefined) return { seed, timeNs: phase?.endNs ?? 0 };
  const sign = metric?.better === 'high' ? -1 : 1;
  let best = phase.endNs;
  let extreme = -Infinity;
  series.timesNs.forEach((timeNs, i) => {
    const value = sign * (series.values[i] ?? 0);
    if (timeNs < phase.startNs || timeNs > phase.endNs || value <= extreme) return;
    extreme = value;
    best = timeNs;
  });
  return { seed, timeNs: best };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const namesAnyDesign = (result: ExperimentResult, text: string): boolean =>
  result.scenario.designs.some(({ name }) => text.includes(name));
