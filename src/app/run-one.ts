/**
 * One job of an experiment: the engine put together with the real machine, the instruction fetch,
 * the designs and the metrics. Workers call it; so may tests and the bench. Pure: equal arguments give
 * equal results.
 */
import { assert } from '../base/assert.js';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import {
  simulate,
  type SimulationHooks,
  type SimulationInput,
  type SimulationParts,
} from '../engine/simulator.js';
import { metricRegistry } from '../metrics/index.js';
import type { AllocatorDesign } from '../mm/allocator-design.js';
import { designs } from '../mm/designs/index.js';
import { createMachineMm } from '../mm/machine-mm.js';
import { createFetchEngine } from '../workload/create-fetch-engine.js';
import { pluginDesign } from './plugins/plugin-designs.js';
import { claimConstant } from '../analysis/claim-value.js';
import type { RunJob } from './run-job.js';

export interface RunOneOptions {
  /** Designs that are neither in the registry nor plugins of the plan, by their name in the plan. */
  readonly designOf?: (builtIn: string) => AllocatorDesign | undefined;
}

export interface JobSimulation {
  readonly input: SimulationInput;
  readonly parts: SimulationParts;
}

/** What the simulator is given for a job. */
export function simulationOf(
  plan: ScenarioPlan,
  job: RunJob,
  options: RunOneOptions = {},
): JobSimulation {
  const point = plan.points[job.point];
  assert(point !== undefined, () => `sweep point ${String(job.point)} exists`);
  const design = point.designs.find(({ name }) => name === job.design);
  assert(design !== undefined, () => `design ${job.design} is compared`);
  const built =
    options.designOf?.(design.design) ??
    pluginDesign(plan, design.design) ??
    designs.get(design.design);
  const { recordings } = point;
  const recordedSeries = plan.recordedSeries ?? [];
  return {
    input: {
      point,
      pointIndex: job.point,
      seed: job.seed,
      design,
      constantOf: (expr) => claimConstant(expr, { recordings, recordedSeries }),
    },
    parts: {
      design: built,
      metrics: metricRegistry.entries,
      createMm: createMachineMm,
      createFetchEngine,
    },
  };
}

/**
 * Runs a job of the plan. Throws RunStoppedError when the progress hook says so, and on defects of
 * this program; what a design does wrong is in the result.
 */
export function runOne(
  plan: ScenarioPlan,
  job: RunJob,
  hooks: SimulationHooks = {},
  options: RunOneOptions = {},
): RunResult {
  const { input, parts } = simulationOf(plan, job, options);
  return simulate(input, parts, hooks);
}
