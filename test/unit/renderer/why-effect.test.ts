/** The inspector's text on a real run of the real machine: every row of an explanation. */
import { beforeAll, describe, expect, it } from 'vitest';
import { effectExplanations, explanationText } from '../../../renderer/charts/why-effect.js';
import type { EffectExplanation } from '../../../renderer/charts/why-effect.js';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { Workbench } from '../../../src/app/lab-engine.js';
import type { MapView } from '../../../src/app/map/map-view.js';
import { recordMap } from '../../../src/app/map/record-map.js';
import { simulationOf } from '../../../src/app/run-one.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import type { ScenarioPlan } from '../../../src/contract/scenario-plan.js';
import { inProcessExecutor } from '../../support/in-process-executor.js';

const TEXT = `xlab 1
title "T"
question "Q?"
seeds 1..1
machine {
  ram 4GiB
  cpus 2
  cpu skylake_sp
  kernel "5.17"
  direct_map 1G
}
compare module_alloc, bpf_prog_pack baseline module_alloc
pool progs
phase load for 2s { repeat 40 { load bpf size 200B into progs } }
phase drop for 2s { free all progs }
probe every 100ms: direct_map_level2_splits
`;
const LOAD_LINE = 14;

let plan: ScenarioPlan;
let result: ExperimentResult;
let reader: MapView;

beforeAll(async () => {
  const compiled = compileScenario({
    file: 'why.xlab',
    folder: '/',
    text: TEXT,
    settings: {},
    seeds: '',
    only: [],
  });
  if (compiled.plan === undefined) throw new Error(JSON.stringify(compiled.diagnostics));
  plan = compiled.plan;
  const workbench = new Workbench({ executorOf: inProcessExecutor });
  result = await workbench.startExperiment(plan, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const { input, parts } = simulationOf(plan, { point: 0, seed: 1, design: 'module_alloc' });
  reader = recordMap(input, parts);
});

/** Explanations of the first request of the phase that split a 2M leaf of the direct map. */
function split(): { readonly explanation: EffectExplanation; readonly rows: Map<string, string> } {
  const effect = 'direct_map.split_2m';
  let moment = reader.moment({ kind: 'next', step: 0, direction: 1, effect });
  while (moment.phase !== 'load') {
    moment = reader.moment({ kind: 'next', step: moment.step, direction: 1, effect });
  }
  const explanations = effectExplanations({
    result,
    point: 0,
    seed: 1,
    design: 'module_alloc',
    moment,
    areaAddress: '0xffffffffc0000000',
  });
  const explanation = explanations.find((entry) => entry.effect === effect);
  if (explanation === undefined) throw new Error('the split is not explained');
  return { explanation, rows: new Map(explanation.rows) };
}

describe('the inspector on a split', () => {
  it('has the rows address, by, path, because, after and same cause', () => {
    const { rows } = split();
    expect([...rows.keys()]).toEqual(['address', 'by', 'path', 'because', 'after', 'same cause']);
    expect(rows.get('address')).toMatch(
      /^pfn 0x[0-9a-f]+00\.\.0x[0-9a-f]+ff, 2 MiB, was 2M rw nx$/,
    );
    expect(rows.get('by')).toMatch(new RegExp(`^load bpf.*, why\\.xlab:${String(LOAD_LINE)}$`));
    expect(rows.get('path')).toMatch(/set_memory_ro.* -> __split_large_page$/);
    expect(rows.get('because')).toMatch(
      /^(page|\d+ pages from) 0x[0-9a-f]+ (becomes|on become) ro nx, the rest of its 2 MiB stays rw nx$/,
    );
    expect(rows.get('after')).toBe('1 x 2M becomes 512 x 4K; DirectMap4k +2048 KiB');
  });

  it('names a page inside the region that was split', () => {
    const { rows } = split();
    const [, from = '', to = ''] = /pfn (0x\w+)\.\.(0x\w+)/.exec(rows.get('address') ?? '') ?? [];
    const [, page = ''] = /(0x\w+)/.exec(rows.get('because') ?? '') ?? [];
    expect(Number(page)).toBeGreaterThanOrEqual(Number(from));
    expect(Number(page)).toBeLessThanOrEqual(Number(to));
  });

  it('counts the same cause in the phase, and lists exactly these records', () => {
    const { explanation, rows } = split();
    const { total, records } = reader.records(explanation.cause);
    expect(total).toBe(explanation.sameCount);
    expect(records).toHaveLength(total);
    expect(rows.get('same cause')).toContain('in phase load; in B: ');
    for (const { step } of records) {
      const moment = reader.moment({ kind: 'step', step });
      expect(moment.request.line).toBe(LOAD_LINE);
      expect(moment.effects.some(({ path }) => path === explanation.cause.path)).toBe(true);
    }
  });

  it('is copied as text with the place in its head', () => {
    const text = explanationText(split().explanation, 'at 0.1 s; design A, seed 1').split('\n');
    expect(text[0]).toBe('level-2 split of the direct map at 0.1 s; design A, seed 1');
    expect(text.filter((line) => /^ {2}because {5}\S/.test(line))).toHaveLength(1);
  });
});

describe('records of a cause', () => {
  it('add up to what the run says of the effect, cause by cause', () => {
    const run = result.runs.find(({ design }) => design === 'module_alloc');
    const causes = run?.causes.filter(({ effect }) => effect === 'direct_map.split_2m') ?? [];
    expect(causes.length).toBeGreaterThan(0);
    for (const { effect, phase, line, path, count } of causes) {
      expect(reader.records({ effect, phase, line, path }).total).toBe(count);
    }
  });
});
