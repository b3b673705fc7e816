/**
 * Where an effect comes from: causes of all runs of a design added up by scenario line and call
 * path, per run, largest first.
 */
import type { ExperimentResult } from '../contract/run-result.js';

export interface TopCause {
  readonly line: number;
  readonly label: string;
  readonly path: string;
  /** Mean number of effects per run. */
  readonly perRun: number;
  /** Part of all effects of this kind, 0..1. */
  readonly share: number;
}

export interface CauseQuery {
  readonly design: string;
  readonly point: number;
  /** As in EFFECT_KIND_NAMES, e.g. `direct_map.split_2m`. */
  readonly effect: string;
  /** Empty for the whole run. */
  readonly phase: string;
  readonly countMax: number;
}

/** Largest causes with the mean count per run, and the mean of all of them. */
export function topCauses(
  result: ExperimentResult,
  query: CauseQuery,
): { readonly perRun: number; readonly causes: readonly TopCause[] } {
  const runs = result.runs.filter(
    (run) => run.design === query.design && run.point === query.point && run.status === 'ok',
  );
  const sums = new Map<string, { line: number; label: string; path: string; count: number }>();
  let total = 0;
  for (const run of runs) {
    for (const cause of run.causes) {
      if (cause.effect !== query.effect) continue;
      if (query.phase !== '' && cause.phase !== query.phase) continue;
      const key = `${String(cause.line)}\n${cause.label}\n${cause.path}`;
      const known = sums.get(key) ?? {
        line: cause.line,
        label: cause.label,
        path: cause.path,
        count: 0,
      };
      known.count += cause.count;
      total += cause.count;
      sums.set(key, known);
    }
  }
  if (runs.length === 0 || total === 0) return { perRun: 0, causes: [] };
  const sorted = [...sums.values()].sort((a, b) => b.count - a.count || a.line - b.line);
  return {
    perRun: total / runs.length,
    causes: sorted.slice(0, query.countMax).map((sum) => ({
      line: sum.line,
      label: sum.label,
      path: sum.path,
      perRun: sum.count / runs.length,
      share: sum.count / total,
    })),
  };
}
