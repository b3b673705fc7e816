/**
 * Every key of the machine does what it is for: a run with another value differs in the metric that
 * the key is about. A kernel design brings the page-table rules of its own release, whatever the key
 * `kernel` says, and collapses as that release does.
 */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runOne } from '../../src/app/run-one.js';
import type { RunResult } from '../../src/contract/run-result.js';

const textOf = (machine: string, design: string): string => `xlab 1
machine { ${machine} }
compare ${design}
pool p
module m { text 640KiB; data 160KiB; init.text 80KiB }
phase a for 3s {
  start from std.small_server
  repeat 20 { load bpf size 1KiB into p; load module m into p; wait 10ms }
  execute 1e6/s on cpu 0..3 { kernel weight 60%, hot 16MiB; p weight 40% }
}
phase b for 2s { free 20 random of p; free all p }
`;

const known = new Map<string, RunResult>();

function run(machine: string, design: string): RunResult {
  const key = `${design} ${machine}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const text = textOf(machine, design);
  const request = { file: 'a.xlab', folder: '.', text, settings: {}, seeds: '', only: [] };
  const { plan, diagnostics } = compileScenario(request);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('the scenario compiles');
  const made = runOne(plan, { point: 0, seed: 1, design });
  expect(made.status).toBe('ok');
  known.set(key, made);
  return made;
}

const BASE = 'ram 4GiB; cpu skl';

/** Statistics of a metric in both phases. */
const metricOf = (result: RunResult, name: string): unknown =>
  result.phases.map(({ metrics }) => metrics[name]);

describe('keys of the machine', () => {
  it.each([
    ['ram 6GiB; cpu skl', 'MemFree'],
    ['ram 4GiB; cpu zen4', 'itlb_misses.stlb_hit'],
    [`${BASE}; nodes 2`, 'text.reserved_bytes'],
    [`${BASE}; direct_map 4K`, 'DirectMap4k'],
    [`${BASE}; direct_map 2M`, 'DirectMap1G'],
    [`${BASE}; collapse off`, 'text.pte_4k'],
    [`${BASE}; collapse any`, 'direct_map_level2_collapses'],
    [`${BASE}; free_memory page_cache`, 'direct_map_level2_splits'],
    [`${BASE}; free_memory scattered(50%)`, 'direct_map_level2_splits'],
    [`${BASE}; kernel_text 48MiB`, 'itlb_misses.stlb_hit'],
    [`${BASE}; kernel "6.1"`, 'cpa.calls'],
    [`${BASE}; levels 5`, 'itlb_misses.walk_active'],
    [`${BASE}; kaslr seeded`, 'vmap.holes'],
    [`${BASE}; pti on`, 'itlb_misses.walk_completed'],
    [`${BASE}; possible_nodes 8`, 'text.reserved_bytes'],
    [`${BASE}; init_free_delay 50ms`, 'itlb_misses.walk_completed'],
    [`${BASE}; costs on`, 'cost.time'],
  ])('%s changes %s', (machine, metric) => {
    const [before, after] = [run(BASE, 'execmem_rox'), run(machine, 'execmem_rox')];
    expect(metricOf(after, metric)).toBeDefined();
    expect(metricOf(after, metric)).not.toEqual(metricOf(before, metric));
  });

  it.each([
    ['direct_map 1G'],
    ['free_memory fresh'],
    ['nodes 1; possible_nodes 1'],
    ['kernel_text 24MiB; module_area 1008MiB'],
    ['kernel "7.3"; levels 4; kaslr off; pti off'],
    ['init_free_delay 0ms; costs off'],
  ])('without %s in the text is as with it: these are the defaults', (keys) => {
    expect(run(`${BASE}; ${keys}`, 'execmem_rox')).toEqual(run(BASE, 'execmem_rox'));
  });

  it('override single structures of the TLB', () => {
    const small = `${BASE}; tlb { itlb_l1_4k entries(16), ways(8); stlb entries(64), ways(4) }`;
    const metric = 'itlb_misses.walk_completed';
    expect(metricOf(run(small, 'linux_6_12'), metric)).not.toEqual(
      metricOf(run(BASE, 'linux_6_12'), metric),
    );
  });

  it('leave a kernel design with the rules of its own release', () => {
    for (const keys of ['kernel "5.17"', 'kernel "6.15"', 'collapse any', 'collapse rox']) {
      expect(run(`${BASE}; ${keys}`, 'linux_6_12'), keys).toEqual(run(BASE, 'linux_6_12'));
    }
  });
});
