/** From single runs to the result of an experiment: order, verdicts, anchors, description. */
import { evaluateAnchors } from '../analysis/anchors/index.js';
import { evaluateExpectations } from '../analysis/expectations.js';
import type { Diagnostic } from '../contract/diagnostic.js';
import {
  RESULT_SCHEMA_VERSION,
  type ExperimentResult,
  type RunResult,
} from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { assumedProfileEntries, labCatalog } from './catalog.js';
import { scenarioDigest } from './digest/scenario-digest.js';
import { orderRuns, runCountOf } from './run-job.js';
import { MODEL_VERSION, TOOL_NAME, TOOL_VERSION } from './version.js';

export interface ExperimentParts {
  readonly plan: ScenarioPlan;
  /** In any order. */
  readonly runs: readonly RunResult[];
  /** About the experiment as a whole, e.g. runs that were lost. */
  readonly diagnostics?: readonly Diagnostic[];
}

export function assembleExperiment(parts: ExperimentParts): ExperimentResult {
  const { plan } = parts;
  const catalog = labCatalog();
  const known = [...catalog.designs, ...(plan.plugins ?? []).map(({ info }) => info)];
  const runs = orderRuns(plan, parts.runs);
  const recorded = new Set(
    runs.flatMap((run) => run.phases.flatMap((phase) => Object.keys(phase.metrics))),
  );
  const metrics = catalog.metrics.filter((metric) => recorded.has(metric.name));
  return {
    schema: RESULT_SCHEMA_VERSION,
    tool: TOOL_NAME,
    toolVersion: TOOL_VERSION,
    model: MODEL_VERSION,
    scenarioHash: plan.scenarioHash,
    scenario: scenarioDigest(plan, {
      designOf: (name) => known.find((design) => design.name === name),
      assumedEntries: assumedProfileEntries,
    }),
    metrics,
    runs,
    verdicts: evaluateExpectations({ plan, runs, metrics: catalog.metrics }),
    anchors: evaluateAnchors({ plan, runs }),
    complete: runs.length === runCountOf(plan),
    diagnostics: parts.diagnostics ?? [],
  };
}
