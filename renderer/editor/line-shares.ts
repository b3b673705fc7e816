/**
 * What each line of the scenario did in the run on screen: its requests, and its share of what happened
 * to a metric over all designs. Metrics without records of causes fall back to the share of requests.
 */
import { headlinePoint } from '../../src/analysis/headline.js';
import { orderedDesigns } from '../../src/analysis/run-index.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { effectsOf } from '../charts/why-causes.js';
import { countText } from './line-mark.js';
import type { LineMark } from './line-mark.js';

export interface ShareChoice {
  readonly metric: string;
  /** Null: the first seed stands for all. */
  readonly seed: number | null;
  readonly point: number | null;
}

/** Marks of the margin; none where the result does not know its lines. */
export function lineShares(result: ExperimentResult, choice: ShareChoice): readonly LineMark[] {
  const point = choice.point ?? headlinePoint(result);
  const seed = choice.seed ?? result.scenario.seeds[0] ?? 1;
  const runs = result.runs.filter((run) => run.seed === seed && run.point === point);
  const [base] = orderedDesigns(result);
  const lines = (runs.find(({ design }) => design === base) ?? runs[0])?.lines ?? [];
  const effects = new Set(effectsOf(choice.metric));
  const caused = new Map<number, number>();
  for (const { causes } of runs) {
    for (const { effect, line, count } of causes) {
      if (effects.has(effect)) caused.set(line, (caused.get(line) ?? 0) + count);
    }
  }
  const all = [...caused.values()].reduce((sum, count) => sum + count, 0);
  const asked = lines.reduce((sum, { requests }) => sum + requests, 0);
  return lines.map(({ line, requests }) => {
    const share = all > 0 ? (caused.get(line) ?? 0) / all : asked > 0 ? requests / asked : 0;
    const of = all > 0 ? `of ${choice.metric} in all designs` : 'of all requests';
    return {
      line,
      text: countText(requests),
      share,
      unused: requests === 0,
      title:
        requests === 0
          ? `never ran in seed ${seed}`
          : `${requests} requests in seed ${seed}; ${Math.round(share * 100)} % ${of}`,
    };
  });
}
