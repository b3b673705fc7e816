/** One run: phases, causes, limits, misbehaving designs, stopping. Over a naive machine. */
import { describe, expect, it } from 'vitest';
import { RequestKind } from '../../../src/contract/request.js';
import type { RunResult } from '../../../src/contract/run-result.js';
import type { ExpectationPlan, PointPlan, ProbePlan } from '../../../src/contract/scenario-plan.js';
import type { SimEvent } from '../../../src/engine/event-ledger.js';
import { RunStoppedError } from '../../../src/engine/simulator.js';
import type { AllocatorDesign, DesignInstance } from '../../../src/mm/allocator-design.js';
import type { KernelMm } from '../../../src/mm/kernel-mm.js';
import { linux612 } from '../../../src/mm/designs/linux-6-12.js';
import { exponential, fixed, PlanWriter, TEST_MACHINE, uniform } from '../../support/point-plan.js';
import { simulateNaive } from '../../support/simulate-plan.js';

const MS = 1_000_000;

/** Creations, releases and pokes. */
const COUNTED: readonly RequestKind[] = [
  RequestKind.loadModule,
  RequestKind.unloadModule,
  RequestKind.loadBpf,
  RequestKind.freeBpf,
  RequestKind.poke,
];

const every = (intervalNs: number, ...metrics: string[]): ProbePlan => ({
  when: { kind: 'every', intervalNs },
  metrics,
});

/** Modules and programs that come and go while they are executed; 200 ms. */
function busyPoint(more: Partial<PointPlan> = {}): PointPlan {
  const w = new PlanWriter();
  const progs = w.pool('progs');
  const mods = w.pool('mods');
  const boot = w.repeat(5, [
    w.module([40_000, 9000, 5000, 100, 3000, 100, 0], { pool: mods }, 3 * MS),
    w.wait(8 * MS),
  ]);
  const churn = w.churn(w.bpf(uniform(64, 5000, 'size'), { pool: progs }), {
    arrival: { kind: 'poisson', ratePerSecond: 2000 },
    lifetime: exponential(20 * MS, 'life'),
  });
  return w.point(
    [
      w.phase('boot', [boot], { durationNs: 50 * MS, discard: true }),
      w.phase('steady', [churn, w.execute(1e6, progs), w.wait(60 * MS), w.mark('middle')], {
        durationNs: 150 * MS,
      }),
    ],
    more,
  );
}

/** Sum of a cause's counts or amounts over the run. */
const caused = (run: RunResult, effect: string, what: 'count' | 'amount' = 'count'): number =>
  run.causes
    .filter((cause) => cause.effect === effect)
    .reduce((sum, cause) => sum + cause[what], 0);

const lastOf = (run: RunResult, metric: string): number | undefined =>
  run.phases[run.phases.length - 1]?.metrics[metric]?.last;

describe('simulator', () => {
  it('gives the same result for the same input, byte for byte', () => {
    const probes = [every(10 * MS, 'text.live_bytes', 'itlb.walks_per_kinst')];
    const first = simulateNaive(busyPoint({ probes })).result;
    const second = simulateNaive(busyPoint({ probes })).result;
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    const other = simulateNaive(busyPoint({ probes }), { seed: 2 }).result;
    expect(other.logHash).not.toBe(first.logHash);
  });

  it('counts in metrics what it counts in causes', () => {
    const { result, mm } = simulateNaive(busyPoint());
    expect(result.status).toBe('ok');
    expect(result.causes.length).toBeGreaterThan(8);
    const pairs: readonly (readonly [string, number])[] = [
      ['cpa.calls', caused(result, 'cpa.call')],
      ['tlb.remote_flush', caused(result, 'tlb.flush_all') + caused(result, 'tlb.flush_range')],
      ['tlb.flush_pages', caused(result, 'tlb.flush_range', 'amount')],
      ['direct_map_level2_splits', caused(result, 'direct_map.split_2m')],
      ['text.poke_bytes', caused(result, 'text.poke', 'amount')],
      ['itlb_misses.walk_completed', caused(result, 'itlb_misses.walk_completed')],
    ];
    for (const [metric, sum] of pairs) {
      expect(sum, metric).toBeGreaterThan(0);
      expect(lastOf(result, metric), metric).toBe(sum);
    }
    expect(lastOf(result, 'text.poke_bytes')).toBe(mm.counters.pokeBytes);
    const total = result.causes
      .filter(({ effect }) => !effect.startsWith('itlb'))
      .reduce((sum, cause) => sum + cause.count, 0);
    expect(total).toBe(result.effectCount);
  });

  it('counts the requests of each line, and names lines that never ran', () => {
    const events: SimEvent[] = [];
    const { result } = simulateNaive(busyPoint(), {
      hooks: { onEvent: (event) => events.push(event) },
    });
    const wanted = new Map<number, number>();
    for (const event of events) {
      if (event.event !== 'request' || !COUNTED.includes(event.kind)) continue;
      wanted.set(event.line, (wanted.get(event.line) ?? 0) + 1);
    }
    const lines = result.lines ?? [];
    expect(wanted.size).toBeGreaterThan(1);
    expect(lines.filter(({ requests }) => requests > 0)).toEqual(
      [...wanted].sort(([a], [b]) => a - b).map(([line, requests]) => ({ line, requests })),
    );
    const w = new PlanWriter();
    const never = w.repeat(0, [w.bpf(fixed(64))]);
    const idle = w.point([w.phase('idle', [never, w.wait(MS)], { durationNs: MS })]);
    const unused = simulateNaive(idle).result.lines ?? [];
    expect(unused.map(({ requests }) => requests)).toEqual([0]);
  });

  it('names the statement, the phase and the call path behind an effect', () => {
    const { result } = simulateNaive(busyPoint());
    const pokes = result.causes.filter((cause) => cause.effect === 'text.poke');
    expect(pokes.map(({ phase, label }) => `${phase} ${label}`)).toContain('steady make bpf');
    expect(pokes.every(({ path }) => path.endsWith('text_poke'))).toBe(true);
    expect(pokes.every(({ line }) => line > 0)).toBe(true);
  });

  it('reports phases with exact borders, marks and strips', () => {
    const { result } = simulateNaive(busyPoint());
    expect(
      result.phases.map(({ name, startNs, endNs, discard }) => [name, startNs, endNs, discard]),
    ).toEqual([
      ['boot', 0, 50 * MS, true],
      ['steady', 50 * MS, 200 * MS, false],
    ]);
    expect(result.marks).toEqual([{ text: 'middle', timeNs: 110 * MS }]);
    expect(result.durationNs).toBe(200 * MS);
    expect(result.phases[1]?.strip).toMatch(/^[H1-9.]{504}$/);
    expect(result.phases[1]?.strip).toMatch(/^[H1-9]/);
  });

  it('samples at the times of a probe, seeing what happened at that instant', () => {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const body = [w.repeat(4, [w.bpf(1000, { pool }), w.wait(10 * MS)])];
    const { result } = simulateNaive(
      w.point([w.phase('p', body, { durationNs: 40 * MS })], {
        probes: [every(10 * MS, 'objects.live')],
      }),
    );
    expect(result.series).toEqual([
      {
        metric: 'objects.live',
        timesNs: [0, 10, 20, 30, 40].map((ms) => ms * MS),
        values: [1, 2, 3, 4, 4],
      },
    ]);
    expect(result.phases[0]?.metrics['objects.live']).toMatchObject({ first: 0, last: 4, max: 4 });
  });

  it('takes snapshots of the layout on marks', () => {
    const probes: readonly ProbePlan[] = [
      { when: { kind: 'mark', text: 'middle' }, metrics: ['layout_snapshot', 'text.pte_4k'] },
    ];
    const { result } = simulateNaive(busyPoint({ probes }));
    expect(result.snapshots.map(({ timeNs }) => timeNs)).toEqual([110 * MS]);
    expect(result.series.map(({ metric }) => metric)).toEqual(['text.pte_4k']);
    expect(result.series[0]?.timesNs).toContain(110 * MS);
  });

  it('leaves a ratio out of a phase in which nothing was executed', () => {
    const { result } = simulateNaive(busyPoint());
    expect(result.phases[0]?.metrics['itlb.walks_per_kinst']).toBeUndefined();
    // One walk in ten references of 24 instructions each.
    expect(result.phases[1]?.metrics['itlb.walks_per_kinst']?.mean).toBeCloseTo(1000 / 240, 3);
  });

  it('tells the instruction fetch what lives where, in which pool, and what is flushed', () => {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const body = [
      w.execute(1000, pool),
      w.module([5000, 100, 0, 0, 700, 0, 0], { pool }),
      w.wait(10 * MS),
      w.freeAll(pool),
    ];
    const { fetch } = simulateNaive(w.point([w.phase('p', body)]));
    const log = fetch?.log ?? [];
    expect(log[0]).toBe('start 0');
    expect(log.filter((line) => line.startsWith('placed'))).toEqual(['placed 0 in 0: 5000']);
    expect(log.filter((line) => line.startsWith('gone'))).toEqual(['gone 0']);
    expect(log.filter((line) => line.startsWith('flush')).length).toBeGreaterThan(2);
    expect(log[log.length - 1]).toBe('end 0');
  });

  it('counts requests that fail, and later requests for the same object do nothing', () => {
    const w = new PlanWriter();
    const h = w.handle();
    const big = w.bpf(2 ** 31, { handle: h });
    const { result } = simulateNaive(w.point([w.phase('p', [big, w.freeHandle(h)])]));
    expect(result.status).toBe('ok');
    expect(result.requestCount).toBe(2);
    expect(lastOf(result, 'alloc.failed')).toBe(1);
    expect(caused(result, 'alloc.failed')).toBe(1);
    expect(lastOf(result, 'objects.live')).toBe(0);
  });

  it('makes requests from the node that they name, all others from node 0', () => {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const body = [w.bpf(64, { pool, node: fixed(1) }), w.bpf(64, { pool }), w.freeAll(pool)];
    const machine = { ...TEST_MACHINE, nodes: 2 };
    const { mm } = simulateNaive(w.point([w.phase('p', body)], { machine }));
    expect(mm.nodesUsed).toEqual([1, 0]);
  });

  it('stops at the limits of the scenario and keeps what it has', () => {
    const limits = { events: 50, timeNs: Number.MAX_SAFE_INTEGER };
    const events = simulateNaive(busyPoint({ limits })).result;
    expect(events.status).toBe('overran');
    expect(events.diagnostics.map(({ code }) => code)).toEqual(['X0903']);
    expect(events.phases).toHaveLength(2);
    const time = simulateNaive(busyPoint({ limits: { events: 1e8, timeNs: 60 * MS } })).result;
    expect(time.status).toBe('overran');
    expect(time.durationNs).toBeLessThanOrEqual(60 * MS);
  });

  it('reports a phase that overran with the time that it needed', () => {
    const w = new PlanWriter();
    const { result } = simulateNaive(
      w.point([w.phase('boot', [w.wait(21_400 * MS)], { durationNs: 20_000 * MS })]),
    );
    expect(result.status).toBe('overran');
    expect(result.diagnostics[0]).toMatchObject({
      code: 'X0507',
      message: "phase 'boot' needed 21.4s but ends at 20s",
    });
    expect(result.durationNs).toBe(20_000 * MS);
  });

  it('stops within a few hundred requests when asked to', () => {
    let calls = 0;
    const stop = (): boolean => {
      calls += 1;
      return calls < 2;
    };
    expect(() => simulateNaive(busyPoint(), { hooks: { progress: stop } })).toThrow(
      RunStoppedError,
    );
    expect(calls).toBe(2);
  });

  it('tells every request and effect to those who listen, without changing the run', () => {
    const events: SimEvent[] = [];
    const { result } = simulateNaive(busyPoint(), {
      hooks: { onEvent: (event) => events.push(event) },
    });
    expect(events.filter(({ event }) => event === 'effect')).toHaveLength(result.effectCount);
    expect(result.logHash).toBe(simulateNaive(busyPoint()).result.logHash);
    const times = events.map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

/** The kernel design with some of its procedures replaced. */
const changed = (
  change: (mm: KernelMm) => Partial<DesignInstance>,
  more: Partial<AllocatorDesign> = {},
): AllocatorDesign => ({
  ...linux612,
  ...more,
  create: (mm, options) =>
    Object.assign(Object.create(linux612.create(mm, options)) as DesignInstance, change(mm)),
});

describe('misbehaving designs', () => {
  const run = (design: AllocatorDesign) => simulateNaive(busyPoint(), { parts: { design } }).result;

  it('an overlap ends the run with X0901', () => {
    const result = run(
      changed((mm) => ({
        loadBpf: (object) => {
          mm.placements.place(object, 0, 0, 64);
          return true;
        },
      })),
    );
    expect(result.status).toBe('misbehaved');
    expect(result.diagnostics[0]?.code).toBe('X0901');
    expect(result.diagnostics[0]?.notes?.join()).toContain('make bpf');
  });

  it('an exception ends the run with X0902', () => {
    const result = run(
      changed(() => ({
        loadBpf: () => {
          throw new TypeError('no such thing');
        },
      })),
    );
    expect(result.status).toBe('misbehaved');
    expect(result.diagnostics[0]).toMatchObject({
      code: 'X0902',
      message: 'd: stopped with: no such thing',
    });
    expect(result.phases.map(({ name }) => name)).toEqual(['boot', 'steady']);
  });

  it('memory that is writable and executable ends the run unless the design declares it', () => {
    const withWindow = (writableExecutable: readonly string[]): AllocatorDesign =>
      changed(
        (mm) => ({
          loadBpf: () => {
            const area = mm.vmalloc({ sizeBytes: 4096, alignPages: 1 });
            if (area !== undefined) mm.setMemoryX(area.page, 1);
            return area !== undefined;
          },
          freeBpf: () => undefined,
        }),
        { writableExecutable },
      );
    const strict = run(withWindow([]));
    expect(strict.status).toBe('misbehaved');
    expect(strict.diagnostics[0]?.message).toBe('d: 4096 bytes are writable and executable');
    expect(run(withWindow(['bpf'])).status).toBe('ok');
  });
});

describe('never claims', () => {
  const claim = (
    metric: string,
    bound: number,
    more: Partial<ExpectationPlan> & { readonly fn?: 'max' | 'p99' | 'rate' } = {},
  ): ExpectationPlan => {
    const { fn, ...rest } = more;
    return {
      text: '',
      line: 1,
      severity: 'expect',
      claim: {
        kind: 'never',
        left: { kind: 'metric', metric, ...(fn === undefined ? {} : { fn }) },
        cmp: '>',
        right: { kind: 'number', value: bound },
      },
      atEnd: false,
      designs: [],
      ...rest,
    };
  };

  /** Three programs at 10, 20, 30 ms, all freed at 40 ms; two phases of 25 ms. */
  function run(expectations: readonly ExpectationPlan[]) {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const one = (): ReturnType<PlanWriter['repeat']> =>
      w.repeat(1, [w.wait(10 * MS), w.bpf(100, { pool })]);
    const point = w.point(
      [
        w.phase('first', [one(), one()], { durationNs: 25 * MS }),
        w.phase('second', [w.wait(5 * MS), w.bpf(100, { pool }), w.wait(10 * MS), w.freeAll()], {
          durationNs: 25 * MS,
        }),
      ],
      { expectations },
    );
    return simulateNaive(point).result.never;
  }

  it('find the first instant at which a gauge breaks its bound', () => {
    expect(run([claim('objects.live', 1), claim('objects.live', 3)])).toEqual([
      { expectation: 0, violated: true, firstNs: 20 * MS },
      { expectation: 1, violated: false, firstNs: 0 },
    ]);
  });

  it('cover the phase that they name, or what is not discarded', () => {
    expect(run([claim('objects.live', 1, { phase: 'second' })])).toEqual([
      { expectation: 0, violated: true, firstNs: 25 * MS },
    ]);
  });

  it('look at ends of phases only when they say so', () => {
    expect(run([claim('objects.live', 2, { atEnd: true }), claim('objects.live', 2)])).toEqual([
      { expectation: 0, violated: false, firstNs: 0 },
      { expectation: 1, violated: true, firstNs: 30 * MS },
    ]);
  });

  it('leave out what one run cannot know, and other designs', () => {
    const other = claim('objects.live', 1, {
      claim: {
        kind: 'never',
        left: { kind: 'metric', metric: 'objects.live', design: 'other' },
        cmp: '>',
        right: { kind: 'number', value: 1 },
      },
    });
    expect(run([other, claim('objects.live', 1, { designs: ['other'] })])).toEqual([]);
  });

  it('compare shares with metrics in percent', () => {
    const waste = run([claim('text.waste_pct', 0.5), claim('text.waste_pct', 1)]);
    expect(waste.map(({ violated }) => violated)).toEqual([true, false]);
  });
});

describe('costs', () => {
  it('delay what follows by the time that effects take', () => {
    const plan = (costs: boolean) => {
      const w = new PlanWriter();
      const pool = w.pool('a');
      const body = [w.repeat(100, [w.module([4096, 0, 0, 0, 0, 0, 0], { pool })]), w.mark('done')];
      return w.point([w.phase('p', body, { durationNs: 1 * MS })], {
        machine: { ...TEST_MACHINE, costs },
      });
    };
    const free = simulateNaive(plan(false)).result;
    const charged = simulateNaive(plan(true)).result;
    expect(free.marks[0]?.timeNs).toBe(0);
    expect(lastOf(free, 'cost.time')).toBe(0);
    const cost = lastOf(charged, 'cost.time') ?? 0;
    expect(cost).toBeGreaterThan(100_000);
    expect(charged.marks[0]?.timeNs).toBe(Math.ceil(cost));
    expect(charged.requestCount).toBe(free.requestCount);
    expect(caused(charged, 'cpa.call')).toBe(caused(free, 'cpa.call'));
  });

  it('do not change the times of requests when the machine keeps up', () => {
    const w = new PlanWriter();
    const body = [w.bpf(64, { lifetime: fixed(10 * MS) }), w.wait(20 * MS), w.mark('x')];
    const { result } = simulateNaive(
      w.point([w.phase('p', body)], { machine: { ...TEST_MACHINE, costs: true } }),
    );
    expect(result.marks[0]?.timeNs).toBe(20 * MS);
  });
});
