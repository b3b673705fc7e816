/**
 * Finds runs of an experiment by sweep point, seed and design, and says which ones are missing.
 * Only runs that did what the scenario says (`ok`) take part in comparisons.
 */
import type { ExperimentResult, RunResult } from '../contract/run-result.js';

export interface RunIndex {
  /** The run that may be compared; undefined when it is missing, overran or misbehaved. */
  comparable(key: RunKey): RunResult | undefined;
  /** The run whatever its status. */
  any(key: RunKey): RunResult | undefined;
  readonly plannedCount: number;
  readonly presentCount: number;
  readonly overranCount: number;
  readonly misbehavedCount: number;
}

export interface RunKey {
  readonly point: number;
  readonly seed: number;
  readonly design: string;
}

const keyText = (key: RunKey): string => `${String(key.point)}/${String(key.seed)}/${key.design}`;

export function indexRuns(result: ExperimentResult): RunIndex {
  const byKey = new Map<string, RunResult>();
  for (const run of result.runs) byKey.set(keyText(run), run);
  const count = (status: RunResult['status']): number =>
    result.runs.filter((run) => run.status === status).length;
  const { points, seeds, designs } = result.scenario;
  return {
    comparable: (key) => {
      const run = byKey.get(keyText(key));
      return run?.status === 'ok' ? run : undefined;
    },
    any: (key) => byKey.get(keyText(key)),
    plannedCount: points.length * seeds.length * designs.length,
    presentCount: byKey.size,
    overranCount: count('overran'),
    misbehavedCount: count('misbehaved'),
  };
}

/** True when the name says by itself which design it is: it is its own, or one of a joined result. */
export const namesDesign = (name: string, design: string): boolean =>
  name === design || name.startsWith(`${design} [`);

/** Designs with the baseline first, the others in the order of `compare`. */
export function orderedDesigns(result: ExperimentResult): readonly string[] {
  const names = result.scenario.designs.map((design) => design.name);
  const { baseline } = result.scenario;
  return names.includes(baseline)
    ? [baseline, ...names.filter((name) => name !== baseline)]
    : names;
}

/** `A`..`Z`, then `a`..`z`, then `AA`, `AB`: the sign of a design in tables and charts. */
export function designLetter(index: number): string {
  if (index >= 52) return designLetter(Math.floor(index / 52) - 1) + designLetter(index % 52);
  return String.fromCharCode(index < 26 ? 65 + index : 71 + index);
}
