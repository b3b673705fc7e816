/** Whole runs over the real machine: every design serves the same requests, every sum holds. */
import { describe, expect, it } from 'vitest';
import { runOne, simulationOf } from '../../../src/app/run-one.js';
import type { RunResult } from '../../../src/contract/run-result.js';
import type { DesignPlan, PointPlan, ScenarioPlan } from '../../../src/contract/scenario-plan.js';
import type { SimEvent } from '../../../src/engine/event-ledger.js';
import { simulate } from '../../../src/engine/simulator.js';
import { designs } from '../../../src/mm/designs/index.js';
import type { MachineMm } from '../../../src/mm/machine-view.js';
import { exponential, fixed, PlanWriter, uniform } from '../../support/point-plan.js';

const MS = 1_000_000;

/** Modules, programs, trampolines, probes and raw memory that come and go for 400 ms. */
function mixedPoint(compared: readonly DesignPlan[]): PointPlan {
  const w = new PlanWriter();
  const mods = w.pool('mods');
  const progs = w.pool('progs');
  const small = w.pool('small');
  const sections = [60_000, 9000, 20_000, 500, 5000, 300, 100];
  const trampoline = w.create(
    { kind: 'trampoline', name: '', size: uniform(100, 400, 'tramp'), trampoline: 'bpf' },
    { pool: small },
  );
  const probe = w.create({ kind: 'kprobe', name: '', optimized: true }, { pool: small });
  const raw = w.create(
    { kind: 'alloc', memory: 'text', size: fixed(9000) },
    { lifetime: fixed(30 * MS) },
  );
  const churn = w.churn(w.bpf(uniform(64, 9000, 'size'), { pool: progs }), {
    arrival: { kind: 'poisson', ratePerSecond: 800 },
    lifetime: exponential(60 * MS, 'life'),
  });
  return w.point(
    [
      w.phase('boot', [w.repeat(8, [w.module(sections, { pool: mods }, 2 * MS), w.wait(5 * MS)])]),
      w.phase(
        'steady',
        [
          churn,
          w.every(5 * MS, [
            w.mix([
              [0.5, [trampoline]],
              [0.3, [probe]],
              [0.2, [raw]],
            ]),
          ]),
          w.every(50 * MS, [w.some('release', small, { share: 0.4 }, 'random')]),
          w.every(20 * MS, [w.some('poke', progs, { count: 3 }, 'random')]),
          w.execute(2e5, progs),
        ],
        { durationNs: 360 * MS },
      ),
      w.phase('drain', [w.freeAll()]),
    ],
    {
      designs: compared,
      probes: [
        {
          when: { kind: 'every', intervalNs: 20 * MS },
          metrics: ['text.pte_4k', 'itlb_misses.walk_completed'],
        },
      ],
    },
  );
}

const planOf = (point: PointPlan): ScenarioPlan => ({
  language: 1,
  file: 'test.xlab',
  title: '',
  question: '',
  scenarioHash: '',
  seeds: [1],
  settings: [],
  sweep: [],
  designNames: point.designs.map(({ name }) => name),
  baseline: point.designs[0]?.name ?? '',
  points: [point],
  limitRuns: 10,
  inputs: [],
});

const ALL: readonly DesignPlan[] = designs.names.map((name) => ({
  name,
  design: name,
  options: {},
}));
const PLAN = planOf(mixedPoint(ALL));

interface Watched {
  readonly result: RunResult;
  readonly mm: MachineMm;
  readonly requests: readonly string[];
}

function watch(design: string): Watched {
  const { input, parts } = simulationOf(PLAN, { point: 0, seed: 1, design });
  const made: MachineMm[] = [];
  const requests: string[] = [];
  const onEvent = (event: SimEvent): void => {
    if (event.event === 'request') requests.push(JSON.stringify(event));
  };
  const createMm: typeof parts.createMm = (options) => {
    const mm = parts.createMm(options);
    made.push(mm);
    return mm;
  };
  const result = simulate(input, { ...parts, createMm }, { onEvent, verifyEvery: 200 });
  const [mm] = made;
  if (mm === undefined) throw new Error('no machine was made');
  return { result, mm, requests };
}

const caused = (run: RunResult, effect: string, what: 'count' | 'amount' = 'count'): number =>
  run.causes
    .filter((cause) => cause.effect === effect)
    .reduce((sum, cause) => sum + cause[what], 0);

const wanted = watch('linux_6_1').requests;

describe.each(designs.names)('a run of %s', (design) => {
  const { result, mm, requests } = watch(design);
  const last = (metric: string): number => result.phases.at(-1)?.metrics[metric]?.last ?? NaN;

  it('is served without trouble and leaves nothing alive', () => {
    expect(result.diagnostics).toEqual([]);
    expect(result.status).toBe('ok');
    expect(last('objects.live')).toBe(0);
    expect(last('text.live_bytes')).toBe(0);
    expect(last('alloc.failed')).toBe(0);
    expect(result.requestCount).toBeGreaterThan(600);
  });

  it('gets the same requests at the same times as every other design', () => {
    expect(requests).toEqual(wanted);
  });

  it('counts in causes what the machine counts', () => {
    const { counters } = mm;
    expect(caused(result, 'direct_map.split_2m')).toBe(counters.level2Splits);
    expect(caused(result, 'direct_map.split_1g')).toBe(counters.level3Splits);
    expect(caused(result, 'direct_map.collapse_2m')).toBe(counters.level2Collapses);
    expect(caused(result, 'direct_map.collapse_1g')).toBe(counters.level3Collapses);
    expect(caused(result, 'text.split_2m')).toBe(counters.textSplits);
    expect(caused(result, 'text.collapse_2m')).toBe(counters.textCollapses);
    expect(caused(result, 'cpa.call')).toBe(counters.cpaCalls);
    expect(caused(result, 'tlb.flush_all')).toBe(counters.fullFlushes);
    expect(caused(result, 'tlb.flush_range')).toBe(counters.rangeFlushes);
    expect(caused(result, 'tlb.flush_range', 'amount')).toBe(counters.flushedPages);
    expect(caused(result, 'tlb.flush_local')).toBe(counters.localFlushes);
    expect(caused(result, 'text.poke')).toBe(counters.pokeCalls);
    expect(caused(result, 'text.poke', 'amount')).toBe(counters.pokeBytes);
    expect(caused(result, 'vmap.purge')).toBe(counters.purges);
    expect(caused(result, 'order9.failed')).toBe(counters.order9Failures);
    expect(caused(result, 'order9.alloc') + caused(result, 'order9.failed')).toBe(
      counters.order9Requests,
    );
    expect(caused(result, 'pgtable.alloc') - caused(result, 'pgtable.free')).toBe(
      counters.pageTablePages,
    );
  });

  it('keeps the sums that reports check, and its walks have causes', () => {
    for (const { metrics } of result.phases) {
      const small = metrics['text.pte_4k']?.last ?? NaN;
      const large = metrics['text.pmd_2m']?.last ?? NaN;
      expect(small * 4096 + large * 2097152).toBe(metrics['text.reserved_bytes']?.last);
      const increase = (name: string): number => metrics[name]?.delta ?? NaN;
      const level2 = increase('direct_map_level2_splits') - increase('direct_map_level2_collapses');
      const level3 = increase('direct_map_level3_splits') - increase('direct_map_level3_collapses');
      expect(level2 * 2097152).toBe(increase('DirectMap4k'));
      expect(level3 * 1073741824 + increase('DirectMap1G')).toBe(0);
    }
    expect(caused(result, 'itlb_misses.walk_completed')).toBe(last('itlb_misses.walk_completed'));
    // Packed into one 2M page, the executed pool may need no walk at all.
    if (design === 'module_alloc') expect(last('itlb_misses.walk_completed')).toBeGreaterThan(0);
    expect(last('stale_text_fetches')).toBe(0);
  });
});

describe('runOne', () => {
  it('gives the same bytes each time', () => {
    const job = { point: 0, seed: 3, design: 'execmem_rox' };
    expect(JSON.stringify(runOne(PLAN, job))).toBe(JSON.stringify(runOne(PLAN, job)));
  });

  it('does not write into the plan', () => {
    const before = JSON.stringify(PLAN);
    runOne(PLAN, { point: 0, seed: 1, design: 'linux_6_12' });
    expect(JSON.stringify(PLAN)).toBe(before);
  });

  it('takes designs that are not built in from the caller', () => {
    const point = mixedPoint([{ name: 'mine', design: 'plugin:./mine.ts', options: {} }]);
    const job = { point: 0, seed: 1, design: 'mine' };
    const designOf = (name: string) =>
      name === 'plugin:./mine.ts' ? designs.get('module_alloc') : undefined;
    const mine = runOne(planOf(point), job, {}, { designOf });
    const own = runOne(PLAN, { ...job, design: 'module_alloc' });
    expect({ ...mine, design: '' }).toEqual({ ...own, design: '' });
  });
});
