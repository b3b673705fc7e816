/** Runs a point plan over the naive machine with a kernel design, for tests of the engine. */
import type { PointPlan } from '../../src/contract/scenario-plan.js';
import type { RunResult } from '../../src/contract/run-result.js';
import {
  simulate,
  type SimulationHooks,
  type SimulationParts,
} from '../../src/engine/simulator.js';
import { metricRegistry } from '../../src/metrics/index.js';
import { linux612 } from '../../src/mm/designs/linux-6-12.js';
import { NaiveMachineMm } from './naive-machine-mm.js';
import { SimpleFetchEngine } from './simple-fetch-engine.js';

export interface NaiveRun {
  readonly result: RunResult;
  readonly mm: NaiveMachineMm;
  readonly fetch: SimpleFetchEngine | undefined;
}

export function simulateNaive(
  point: PointPlan,
  more: {
    readonly seed?: number;
    readonly parts?: Partial<SimulationParts>;
    readonly hooks?: SimulationHooks;
  } = {},
): NaiveRun {
  const made: { mm?: NaiveMachineMm; fetch?: SimpleFetchEngine } = {};
  const parts: SimulationParts = {
    design: linux612,
    metrics: metricRegistry.entries,
    createMm: (options) => (made.mm = new NaiveMachineMm(options)),
    createFetchEngine: () => (made.fetch = new SimpleFetchEngine()),
    ...more.parts,
  };
  const [design] = point.designs;
  if (design === undefined) throw new Error('the plan has no design');
  const input = { point, pointIndex: 0, seed: more.seed ?? 1, design };
  const result = simulate(input, parts, more.hooks);
  if (made.mm === undefined) throw new Error('no machine was made');
  return { result, mm: made.mm, fetch: made.fetch };
}
