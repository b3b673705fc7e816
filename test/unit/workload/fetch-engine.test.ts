/** The fetch engine: levels, effects, flushes, sampling against a full simulation, invariants. */
import { describe, expect, it } from 'vitest';
import type { ExecutePlan, MachinePlan } from '../../../src/contract/scenario-plan.js';
import { cpuProfiles, findCpuProfile } from '../../../src/machine/profiles/index.js';
import { CodeStream } from '../../../src/workload/code-stream.js';
import { createFetchEngine } from '../../../src/workload/create-fetch-engine.js';
import { CPU_REFERENCES_PER_SECOND } from '../../../src/workload/execute-group.js';
import type { FetchCounters, FetchEngine } from '../../../src/workload/fetch-engine.js';
import { MissChannel } from '../../../src/workload/flush-curve.js';
import { LiveText } from '../../../src/workload/live-text.js';
import { Operations } from '../../../src/workload/operations.js';
import { StaleText } from '../../../src/workload/stale-text.js';
import { machineTlbConfig } from '../../../src/workload/tlb-overrides.js';
import {
  executePlan,
  FakeTextView,
  fetchMachine,
  kernelRow,
  poolRow,
  userRow,
} from '../../support/text-view.js';

const MIB = 1048576;
const SECOND = 1e9;
const MODULES = 0;
const PROGRAMS = 1;

/** The execute statement of the shipped fleet scenario. */
const FLEET = executePlan([
  userRow(0.55, 16 * MIB),
  kernelRow(0.33),
  poolRow(MODULES, 0.09, 1.1),
  poolRow(PROGRAMS, 0.03, 0.9),
]);

/** The execute statement of the shipped workstation scenario. */
const DESK = executePlan(
  [userRow(0.6, 8 * MIB), kernelRow(0.32, 1.5 * MIB), poolRow(MODULES, 0.08, 1.1)],
  { ratePerSecond: 2e6, cpuEnd: 16 },
);

const modulePages = (i: number): number => 2 + ((i * 7919) % 30);

/** 180 modules and 400 programs of one page each, apart by a guard page, on leaves of 4K. */
function placeApart(engine: FetchEngine, view: FakeTextView): void {
  let page = 0;
  for (let i = 0; i < 580; i += 1) {
    const pages = i < 180 ? modulePages(i) : 1;
    view.map(page, page + pages, 1);
    engine.textPlaced(i, i < 180 ? MODULES : PROGRAMS, page * 4096, pages * 4096 - 100);
    page += pages + 1;
  }
}

/** The same text side by side on leaves of this level. */
function placePacked(engine: FetchEngine, view: FakeTextView, level: number): void {
  view.map(0, 6144, level);
  let byte = 0;
  for (let i = 0; i < 580; i += 1) {
    const sizeBytes = i < 180 ? modulePages(i) * 4096 - 100 : 512;
    engine.textPlaced(i, i < 180 ? MODULES : PROGRAMS, byte, sizeBytes);
    byte += Math.ceil(sizeBytes / 64) * 64;
  }
}

interface Run {
  readonly machine?: MachinePlan;
  readonly plan?: ExecutePlan;
  readonly seed?: number;
  readonly seconds?: number;
  readonly place?: (engine: FetchEngine, view: FakeTextView) => void;
  /** Called at every hundredth of a second. */
  readonly each?: (engine: FetchEngine, view: FakeTextView, step: number) => unknown;
}

function run({ machine, plan = FLEET, seed = 1, seconds = 2, place, each }: Run): FetchCounters {
  const view = new FakeTextView();
  const engine = createFetchEngine({ machine: machine ?? fetchMachine(), seed, view });
  (place ?? placeApart)(engine, view);
  engine.start(0, plan, 0);
  for (let step = 1; step <= seconds * 100; step += 1) {
    engine.advanceTo((step * SECOND) / 100);
    each?.(engine, view, step);
  }
  engine.end(0, seconds * SECOND);
  return engine.counters;
}

const perThousand = (count: number, { instructions }: FetchCounters): number =>
  (1000 * count) / instructions;
const walks = (counters: FetchCounters): number => perThousand(counters.walkCompleted, counters);
const l1Misses = (counters: FetchCounters): number =>
  perThousand(counters.walkCompleted + counters.stlbHit, counters);

describe('levels', () => {
  it.each(cpuProfiles.names)('walks on %s lie within 0.3 and 1.1 per 1000 instructions', (cpu) => {
    for (const plan of [FLEET, DESK]) {
      const counters = run({ machine: fetchMachine({ cpu }), plan, seconds: 1 });
      expect(walks(counters)).toBeGreaterThan(0.3);
      expect(walks(counters)).toBeLessThan(1.1);
      // 1 to 15 are plausible on 128 entries; the largest first levels have 256.
      expect(l1Misses(counters)).toBeGreaterThan(0.8);
      expect(l1Misses(counters)).toBeLessThan(15);
    }
  });

  it('24 instructions are counted for a reference, and the rate is that of the machine', () => {
    const counters = run({ seconds: 1 });
    expect(counters.references).toBe(5e6);
    expect(counters.instructions).toBe(5e6 * 24);
    expect(counters.walkCompleted).toBe(counters.walkCompleted4K + counters.walkCompleted2M4M);
  });

  it('without user code there is less to compete with', () => {
    const kernelOnly = executePlan([kernelRow(0.9), poolRow(MODULES, 0.1, 1.1)]);
    expect(walks(run({ plan: kernelOnly }))).toBeLessThan(walks(run({})));
  });

  // Everything on 2M pages is the farthest that a design can go; Skylake has 8 entries for them.
  it.each([
    ['glc', 0.02],
    ['zen3', 0.02],
    ['n1', 0.02],
    ['skl', 0.04],
  ])('the layout of all modules moves cycles of the host on %s by less than %d', (cpu, most) => {
    const machine = fetchMachine({ cpu });
    const cost = (counters: FetchCounters): number => {
      const hit = findCpuProfile(cpu)?.l2HitCycles.value ?? 0;
      const missCycles = counters.stlbHit * hit + counters.walkActiveCycles;
      return missCycles / counters.instructions;
    };
    const apart = cost(run({ machine }));
    const packed = cost(run({ machine, place: (engine, view) => placePacked(engine, view, 2) }));
    // One cycle an instruction.
    expect(Math.abs(apart - packed)).toBeLessThan(most);
  });
});

describe('layout', () => {
  it('2M text lowers walks everywhere, and raises first-level misses on skl but not on glc', () => {
    const misses = (cpu: string, level: number): FetchCounters =>
      run({
        machine: fetchMachine({ cpu }),
        place: (engine, view) => placePacked(engine, view, level),
      });
    const [skl4K, skl2M] = [misses('skl', 1), misses('skl', 2)];
    const [glc4K, glc2M] = [misses('glc', 1), misses('glc', 2)];
    expect(walks(skl2M)).toBeLessThan(walks(skl4K));
    expect(walks(glc2M)).toBeLessThan(walks(glc4K));
    expect(l1Misses(skl2M)).toBeGreaterThan(l1Misses(skl4K));
    expect(l1Misses(glc2M)).toBeLessThan(l1Misses(glc4K));
  });

  it('packing 4K text into fewer pages lowers walks', () => {
    const packed = run({ place: (engine, view) => placePacked(engine, view, 1) });
    expect(walks(packed)).toBeLessThan(walks(run({})));
  });

  it('uniform members miss more than a few popular ones', () => {
    const rows = (skew?: number): ExecutePlan =>
      executePlan([userRow(0.5, 8 * MIB), kernelRow(0.3), poolRow(PROGRAMS, 0.2, skew)]);
    expect(walks(run({ plan: rows() }))).toBeGreaterThan(walks(run({ plan: rows(1.4) })));
  });

  it('an empty pool gives its weight to the kernel', () => {
    const plan = executePlan([kernelRow(0.5), poolRow(7, 0.5)]);
    const counters = run({ plan });
    expect(counters).toEqual(run({ plan: executePlan([kernelRow(1), poolRow(7, 0)]) }));
  });
});

describe('flushes', () => {
  const flushEvery =
    (steps: number) =>
    (engine: FetchEngine, _view: FakeTextView, step: number): void => {
      if (step % steps === 0) engine.flushAll();
    };

  it('more full flushes make more walks', () => {
    const [none, some, many] = [1e9, 10, 1].map((steps) => walks(run({ each: flushEvery(steps) })));
    expect(some).toBeGreaterThan(none ?? Infinity);
    expect(many).toBeGreaterThan(some ?? Infinity);
  });

  it('a range flush costs a walk for each live leaf and CPU, and nothing where no text lives', () => {
    const ranged = (page: number): FetchCounters =>
      run({ each: (engine) => engine.flushRange(page, 32) });
    const none = run({});
    expect(ranged(100_000)).toEqual(none);
    const more = ranged(0).walkCompleted - none.walkCompleted;
    // Each of the 200 flushes costs a busy CPU one walk for every leaf; the rate counts a sample.
    const view = new FakeTextView();
    placeApart(createFetchEngine({ machine: fetchMachine(), seed: 1, view }), view);
    let live = 0;
    for (let page = 0; page < 32; page += 1) live += view.leafLevel(page);
    expect(live).toBeGreaterThan(20);
    expect(more / ((200 * live * 5e6) / CPU_REFERENCES_PER_SECOND)).toBeCloseTo(1, 1);
  });

  it('a text poke flushes nothing that is fetched', () => {
    expect(run({ each: (engine) => engine.flushLocal() })).toEqual(run({}));
  });

  it('with page-table isolation there are more walks, and a range flush is a full one', () => {
    const machine = fetchMachine({ pti: true });
    const isolated = run({ machine });
    expect(walks(isolated)).toBeGreaterThan(walks(run({})));
    const ranged = run({ machine, each: (engine) => engine.flushRange(0, 1) });
    expect(ranged).toEqual(run({ machine, each: (engine) => engine.flushAll() }));
  });
});

describe('sampling', () => {
  it.each(['skl', 'zen5'])('agrees with a simulation of every reference on %s', (cpu) => {
    const machine = fetchMachine({ cpu });
    const profile = findCpuProfile(cpu) ?? cpuProfiles.get('skl');
    const view = new FakeTextView();
    const live = new LiveText();
    const plan = executePlan([userRow(0.6, 16 * MIB), kernelRow(0.4)]);
    const stream = new CodeStream({
      machine,
      profile,
      config: machineTlbConfig(profile, machine),
      seed: 1,
      plan,
      operations: new Operations(1, plan.stream),
      live,
      stale: new StaleText(view),
      view,
    });
    // Every reference of one CPU, a full flush after every third window.
    let references = 0;
    let count = 0;
    for (let window = 0; window < 36; window += 1) {
      const seen = stream.runWindow(`full ${String(window)}`, window % 3 === 0);
      references += seen.references;
      count += (seen.totals[MissChannel.walk4K] ?? 0) + (seen.totals[MissChannel.walk2M] ?? 0);
    }
    const flushNs = ((references / 12) * SECOND) / CPU_REFERENCES_PER_SECOND;
    const engine = createFetchEngine({ machine, seed: 1, view });
    engine.start(0, plan, 0);
    for (let flush = 1; flush <= 400; flush += 1) {
      engine.advanceTo(flush * flushNs);
      engine.flushAll();
    }
    const { counters } = engine;
    const sampled = counters.walkCompleted / counters.references;
    expect(sampled / (count / references)).toBeGreaterThan(0.97);
    expect(sampled / (count / references)).toBeLessThan(1.03);
  });

  it('work per simulated second is bounded: a hundred times the rate costs no more windows', () => {
    const windows = (ratePerSecond: number): number => {
      let looks = 0;
      class CountingView extends FakeTextView {
        override leafLevel(page: number): number {
          looks += 1;
          return super.leafLevel(page);
        }
      }
      const view = new CountingView();
      const engine = createFetchEngine({ machine: fetchMachine(), seed: 1, view });
      placeApart(engine, view);
      engine.start(0, executePlan(FLEET.rows, { ratePerSecond }), 0);
      engine.advanceTo(10 * SECOND);
      return looks;
    };
    expect(windows(1e7)).toBeGreaterThan(0);
    expect(windows(1e9)).toBe(windows(1e7));
  });

  it('is the same twice and differs by seed', () => {
    expect(run({ seed: 3 })).toEqual(run({ seed: 3 }));
    expect(run({ seed: 3 }).walkCompleted).not.toBe(run({ seed: 4 }).walkCompleted);
  });

  it('counts never fall', () => {
    let before: FetchCounters | undefined;
    run({
      each: (engine, _view, step) => {
        if (step % 7 === 0) engine.flushAll();
        const now = engine.counters;
        if (before) {
          expect(now.walkCompleted).toBeGreaterThanOrEqual(before.walkCompleted);
          expect(now.stlbHit).toBeGreaterThanOrEqual(before.stlbHit);
        }
        before = now;
      },
    });
  });
});

describe('stale fetches', () => {
  /** Object 180 goes, its page is unmapped, something else is placed there. */
  const reuse = (flush: (engine: FetchEngine, page: number) => void): FetchCounters => {
    let page = 0;
    for (let i = 0; i < 180; i += 1) page += modulePages(i) + 1;
    return run({
      each: (engine, view, step) => {
        if (step === 10) {
          engine.textGone(180);
          view.map(page, page + 1, 0);
        }
        if (step === 20) {
          flush(engine, page);
          view.map(page, page + 1, 1);
          engine.textPlaced(9999, PROGRAMS, page * 4096, 500);
        }
      },
    });
  };

  it('do not happen when text stays or its page is flushed before reuse', () => {
    expect(run({}).staleFetches).toBe(0);
    expect(reuse((engine, page) => engine.flushRange(page, 1)).staleFetches).toBe(0);
    expect(reuse((engine) => engine.flushAll()).staleFetches).toBe(0);
  });

  it('are counted when the page of gone text is mapped anew without a flush', () => {
    expect(reuse(() => undefined).staleFetches).toBeGreaterThan(0);
    expect(reuse((engine, page) => engine.flushRange(page + 1, 30)).staleFetches).toBeGreaterThan(
      0,
    );
  });

  it('are counted when live text is not mapped', () => {
    const counters = run({ each: (_engine, view, step) => step === 5 && view.map(0, 6000, 0) });
    expect(counters.staleFetches).toBeGreaterThan(0);
  });
});
