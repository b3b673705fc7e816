/**
 * What every design makes of one small workload, by the version of the model: the hash of the event log
 * and of the statistics. A change of either is a new model: raise MODEL_VERSION (src/app/version.ts) and
 * write the file anew with XLAB_WRITE_MODEL=1, so that folders of older results are not continued.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runOne } from '../../src/app/run-one.js';
import { MODEL_VERSION } from '../../src/app/version.js';
import { stableJson } from '../../src/export/result-json.js';
import { labCatalog } from '../../src/app/catalog.js';

const FILE = new URL('model-results.json', import.meta.url);
const designs = labCatalog().designs.map(({ name }) => name);

const TEXT = `xlab 1
machine {
  ram 4GiB
  nodes 2
  cpus 4
  cpu skl
  kernel "6.12"
  free_memory scattered(30%)
  costs on
}
compare ${designs.join(', ')}
pool mods, progs, tramps, probes, raws
module nic { text 184KiB; rodata 42KiB; ro_after_init 4KiB; data 28KiB; init.text 12KiB; init.data 8KiB }
phase boot for 2s {
  start from std.small_server
  repeat 12 { load module nic into mods }
  repeat 20 { register kprobe into probes }
  parallel 3 { load bpf size ~ uniform(64B, 6KiB) into progs }
}
phase work for 4s {
  churn progs {
    arrive   poisson(60/s)
    lifetime ~ exp(mean=1s)
    live     at_most 400
    item     load bpf size ~ lognormal(median=500B, p99=12KiB)
  }
  every 50ms {
    mix {
      50%: create trampoline size 229B into tramps
      30%: create trampoline size 240B kind bpf into tramps
      20%: poke 1 random of progs
    }
  }
  every 200ms { load module nic lifetime 300ms }
  at 1s { alloc text size 3MiB into raws; alloc rodata size 64KiB into raws }
  at 2s { free 50% random of tramps; free 4 oldest of mods }
  execute 2e5/s on cpu 0..3 {
    user   weight 50%, hot 4MiB
    kernel weight 30%, hot 1MiB
    mods   weight 12%, locality zipf(skew=1.1)
    progs  weight 8%
  }
}
phase drain for 1s { free all }
probe every 100ms: DirectMap4k, text.pte_4k, text.pmd_2m, itlb_misses.walk_completed, vmap.holes
`;

function resultsNow(): Readonly<Record<string, string>> {
  const request = { file: 'a.xlab', folder: '.', text: TEXT, settings: {}, seeds: '', only: [] };
  const { plan, diagnostics } = compileScenario(request);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('the scenario compiles');
  const seed = plan.seeds[0] ?? 1;
  return Object.fromEntries(
    designs.map((design) => {
      const run = runOne(plan, { point: 0, seed, design });
      expect({ design, status: run.status }).toEqual({ design, status: 'ok' });
      const statistics = createHash('sha256').update(stableJson(run.phases)).digest('hex');
      return [design, `${run.logHash} ${statistics.slice(0, 16)}`];
    }),
  );
}

it('results of a model stay as they are; other results are another model', () => {
  const results = resultsNow();
  expect(Object.keys(results).length).toBeGreaterThan(20);
  expect(new Set(Object.values(results)).size).toBeGreaterThan(15);
  if (process.env['XLAB_WRITE_MODEL'] === '1') {
    writeFileSync(FILE, `${JSON.stringify({ model: MODEL_VERSION, results }, null, 2)}\n`);
  }
  const known = JSON.parse(readFileSync(FILE, 'utf8')) as unknown;
  const advice = 'raise MODEL_VERSION, then XLAB_WRITE_MODEL=1 writes the file anew';
  expect(known, advice).toEqual({ model: MODEL_VERSION, results });
});
