/** A LabService over the fake engine and scenarios in memory. */
import { renderJson } from '../../src/export/result-json.js';
import { LabService } from '../../src/host/lab-service.js';
import type { ShippedFiles } from '../../src/host/shipped-run.js';
import { FakeLabEngine } from './fake-lab-engine.js';
import type { FakeLabEngineOptions } from './fake-lab-engine.js';
import { MemoryScenarioStore } from './memory-scenario-store.js';
import { syntheticExperiment, syntheticRun } from './synthetic-experiment.js';

export const CHURN_TEXT = `xlab 1
title    "A day of tracing on a busy server"
question "Which design keeps the iTLB quiet while text comes and goes?"

param churn = 40/s
seeds 1..6
compare module_alloc, bpf_prog_pack, vmalloc_exec baseline module_alloc

phase steady for 5min {
  load bpf size 4KiB lifetime 8s   # one program
}
`;

const QUIET_TEXT = `xlab 1
title    "One design alone"
question "What does a single design look like?"

compare module_alloc
phase steady for 5min { wait 1s }
`;

export function fakeLab(options: FakeLabEngineOptions = {}): {
  readonly service: LabService;
  readonly engine: FakeLabEngine;
} {
  const engine = new FakeLabEngine(options);
  const store = new MemoryScenarioStore({
    'fleet-churn.xlab': CHURN_TEXT,
    'one-design.xlab': QUIET_TEXT,
  });
  const now = (): number => performance.now();
  const readFirstRun = (): Promise<ShippedFiles> => Promise.resolve(shipped(engine));
  const service = new LabService({
    engine,
    store,
    host: 'browser',
    now,
    ...(options.firstRun === true ? { readFirstRun } : {}),
  });
  return { service, engine };
}

const DESIGNS = ['module_alloc', 'bpf_prog_pack', 'vmalloc_exec'];
/** Fewer than the scenario has. */
const SEEDS = [1, 2, 3];

/** A result of the churn as a build would leave it. */
function shipped(engine: FakeLabEngine): ShippedFiles {
  const id = 'fleet-churn.xlab';
  const place = { file: id, folder: '/', text: CHURN_TEXT, settings: {}, only: [] };
  const { plan } = engine.compile({ ...place, seeds: '1..3' });
  const result = syntheticExperiment({
    file: id,
    title: plan?.title ?? '',
    designs: DESIGNS,
    seeds: SEEDS,
    hash: plan?.scenarioHash ?? '',
    runs: SEEDS.flatMap((seed) => DESIGNS.map((design) => syntheticRun(design, seed))),
  });
  return { id, scenario: CHURN_TEXT, result: renderJson(result) };
}
