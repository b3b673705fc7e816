/**
 * Maps of a run against the machine itself: while the run goes on, a naive look at every page and
 * extent is kept for some steps; afterwards the log must give the same picture for each, in any order.
 */
import { describe, expect, it } from 'vitest';
import { MapReader } from '../../../../src/app/map/map-reader.js';
import { MapRecorder } from '../../../../src/app/map/map-recorder.js';
import { pageRuns } from '../../../../src/app/map/page-runs.js';
import { PoolLog } from '../../../../src/app/map/pool-log.js';
import { recordMap } from '../../../../src/app/map/record-map.js';
import { PrngStream } from '../../../../src/base/prng.js';
import {
  EXTENT_NUMBERS,
  MAP_POOL_TIMES_MAX,
  PAGE_RUN_NUMBERS,
  PageStateBit,
} from '../../../../src/contract/map-data.js';
import type { PointPlan } from '../../../../src/contract/scenario-plan.js';
import { RequestKind } from '../../../../src/contract/request.js';
import { simulate } from '../../../../src/engine/simulator.js';
import type { SimulationInput, SimulationParts } from '../../../../src/engine/simulator.js';
import { metricRegistry } from '../../../../src/metrics/index.js';
import { linux612 } from '../../../../src/mm/designs/linux-6-12.js';
import type { MachineMm } from '../../../../src/mm/machine-view.js';
import { NaiveMachineMm } from '../../../support/naive-machine-mm.js';
import { exponential, PlanWriter, uniform } from '../../../support/point-plan.js';
import { simulateNaive } from '../../../support/simulate-plan.js';
import { SimpleFetchEngine } from '../../../support/simple-fetch-engine.js';

const MS = 1_000_000;
const MAPPING_BITS =
  PageStateBit.mapped | PageStateBit.writable | PageStateBit.executable | PageStateBit.huge;

/** Modules, programs and trampolines that come and go; some thousand requests. */
function churnPoint(ratePerSecond = 6000): PointPlan {
  const w = new PlanWriter();
  const progs = w.pool('progs');
  const mods = w.pool('mods');
  const boot = w.repeat(6, [
    w.module([40_000, 9000, 5000, 100, 3000, 100, 0], { pool: mods }, 3 * MS),
    w.wait(5 * MS),
  ]);
  const churn = w.churn(w.bpf(uniform(64, 9000, 'size'), { pool: progs }), {
    arrival: { kind: 'poisson', ratePerSecond },
    lifetime: exponential(15 * MS, 'life'),
  });
  return w.point([
    w.phase('boot', [boot], { durationNs: 40 * MS, discard: true }),
    w.phase('steady', [churn, w.wait(300 * MS)], { durationNs: 300 * MS }),
  ]);
}

const PARTS: SimulationParts = {
  design: linux612,
  metrics: metricRegistry.entries,
  createMm: (options) => new NaiveMachineMm(options),
  createFetchEngine: () => new SimpleFetchEngine(),
};

function inputOf(point: PointPlan): SimulationInput {
  const [design] = point.designs;
  if (design === undefined) throw new Error('the plan has no design');
  return { point, pointIndex: 0, seed: 1, design };
}

interface Picture {
  readonly pages: string;
  readonly extents: string;
}

function naivePicture(mm: MachineMm): Picture {
  const state = new Uint8Array(mm.areaPages);
  for (let page = 0; page < mm.areaPages; page += 1) {
    const level = mm.leafLevel(page);
    if (level === 0) continue;
    state[page] =
      PageStateBit.mapped |
      (mm.isWritable(page) ? PageStateBit.writable : 0) |
      (mm.isExecutable(page) ? PageStateBit.executable : 0) |
      (level > 1 ? PageStateBit.huge : 0);
  }
  const extents = [...mm.placements.extents()].map(
    ({ object, byte, sizeBytes, kind }) => `${object} ${byte} ${sizeBytes} ${kind}`,
  );
  return { pages: pageRuns(state).join(), extents: extents.sort().join('\n') };
}

function pictureOf(reader: MapReader, step: number): Picture {
  const moment = reader.moment({ kind: 'step', step });
  const runs: number[] = [];
  for (let i = 0; i < moment.pages.length; i += PAGE_RUN_NUMBERS) {
    const [page = 0, pages = 0, state = 0] = moment.pages.slice(i, i + PAGE_RUN_NUMBERS);
    const mapping = state & MAPPING_BITS;
    if (mapping === 0) continue;
    const last = runs.length - PAGE_RUN_NUMBERS;
    const joins = (runs[last] ?? -1) + (runs[last + 1] ?? 0) === page && runs[last + 2] === mapping;
    if (joins) runs[last + 1] = (runs[last + 1] ?? 0) + pages;
    else runs.push(page, pages, mapping);
  }
  const extents: string[] = [];
  for (let i = 0; i < moment.extents.length; i += EXTENT_NUMBERS) {
    extents.push(moment.extents.slice(i, i + EXTENT_NUMBERS).join(' '));
  }
  return { pages: runs.join(), extents: extents.sort().join('\n') };
}

function recordNaive(point: PointPlan): {
  readonly reader: MapReader;
  readonly pictures: ReadonlyMap<number, Picture>;
} {
  const pictures = new Map<number, Picture>();
  const prng = new PrngStream(7, 'steps');
  let recorder: MapRecorder | undefined;
  let machine: MachineMm | undefined;
  let requests = 0;
  const result = simulate(
    inputOf(point),
    {
      ...PARTS,
      createMm: (options) => {
        machine = new NaiveMachineMm(options);
        recorder = new MapRecorder(machine);
        return machine;
      },
    },
    {
      onEvent: (event) => {
        if (event.event === 'request') {
          if (requests > 0 && prng.below(120) === 0 && machine !== undefined) {
            pictures.set(requests - 1, naivePicture(machine));
          }
          requests += 1;
        }
        recorder?.onEvent(event);
      },
    },
  );
  if (recorder === undefined) throw new Error('no recorder was made');
  return { reader: new MapReader(recorder.finish(), result.durationNs), pictures };
}

describe('map of a run', () => {
  const { reader, pictures } = recordNaive(churnPoint());

  it('gives the machine as it was after any step, forwards, backwards and by jumps', () => {
    const steps = [...pictures.keys()];
    expect(steps.length).toBeGreaterThan(15);
    const jumps = steps.map((_, i) => steps[(i * 7) % steps.length] ?? 0);
    for (const step of [...steps, ...[...steps].reverse(), ...jumps]) {
      expect(pictureOf(reader, step)).toEqual(pictures.get(step));
    }
  });

  it('counts its requests in the density of the event strip', () => {
    const info = reader.info('m1');
    expect(info.density.reduce((sum, count) => sum + count, 0)).toBe(info.stepCount);
    expect(info.keptEvery).toBe(1);
    expect(info.areaAddress).toBe('0xffffffffc0000000');
  });

  it('finds the last request at a time, and the next one with an effect', () => {
    const info = reader.info('m1');
    const tick = info.ticks.find(({ effect }) => effect === 'direct_map.split_2m');
    if (tick === undefined) throw new Error('the run has no split');
    const found = reader.moment({ kind: 'time', timeNs: tick.timeNs });
    expect(found.timeNs).toBe(tick.timeNs);
    expect(found.step).toBeGreaterThanOrEqual(tick.step);
    const next = reader.moment({ kind: 'next', step: 0, direction: 1, effect: tick.effect });
    expect(next.step).toBe(tick.step);
    expect(next.effects.map(({ effect }) => effect)).toContain('direct_map.split_2m');
    const back = reader.moment({ kind: 'next', step: next.step, direction: -1, effect: '' });
    expect(back.step).toBe(next.step - 1);
  });

  it('shows the direct map as changed after a split and not before', () => {
    const tick = reader.info('m1').ticks.find(({ effect }) => effect === 'direct_map.split_2m');
    if (tick === undefined) throw new Error('the run has no split');
    expect(reader.moment({ kind: 'step', step: tick.step - 1 }).directMap).toHaveLength(0);
    const after = reader.moment({ kind: 'step', step: tick.step });
    expect([...after.directMap.slice(1, 3)]).toEqual([512, 1]);
  });

  it('names owner, birth and history of a byte', () => {
    const step = [...pictures.keys()].at(-1) ?? 0;
    const { extents } = reader.moment({ kind: 'step', step });
    const [object = -1, byte = 0, sizeBytes = 0] = extents.slice(-EXTENT_NUMBERS);
    const place = reader.place(step, byte + Math.floor(sizeBytes / 2));
    expect(place.owner?.object).toBe(object);
    expect(place.owner?.request.label).toMatch(/make bpf|load module/);
    expect(place.owner?.request.line).toBeGreaterThan(0);
    expect(place.history.at(-1)?.state).toBe(place.state);
    expect(place.history.every((entry) => entry.step <= step)).toBe(true);
    const events = place.owner?.events ?? [];
    expect(events[0]).toEqual({ timeNs: place.owner?.bornNs, step: place.owner?.bornStep });
    for (const event of events) {
      expect(reader.moment({ kind: 'step', step: event.step }).request.object).toBe(object);
    }
  });
});

describe('a pool of a run', () => {
  const map = recordMap(inputOf(churnPoint(1000)), PARTS);

  it('holds what was made into it and nothing else, and says when something happened to it', () => {
    const { objects, timesNs, requests } = map.pool('mods');
    expect(objects).toHaveLength(6);
    const { stepCount } = map.info('m1');
    const about = Array.from({ length: stepCount }, (_, step) =>
      map.moment({ kind: 'step', step }),
    ).filter(({ request }) => objects.includes(request.object));
    expect([...timesNs]).toEqual(about.map(({ timeNs }) => timeNs));
    expect(requests).toBe(about.length);
    const { extents } = map.moment({ kind: 'step', step: stepCount });
    const progs = new Set(map.pool('progs').objects);
    for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
      const object = extents[i] ?? -1;
      expect(progs.has(object)).toBe(!objects.includes(object));
      const place = map.place(stepCount, extents[i + 1] ?? 0);
      expect(place.owner?.pool).toBe(progs.has(object) ? 'progs' : 'mods');
    }
  });

  it('tells evenly when something happened where that are too many times', () => {
    const log = new PoolLog(['a']);
    const made = { event: 'request', kind: RequestKind.loadBpf, pool: 0, line: 0 } as const;
    for (let i = 0; i < 5000; i += 1) {
      log.onEvent({ ...made, object: i, timeNs: i, sizeBytes: 0, text: '' });
    }
    const { requests, timesNs } = log.contents('a');
    expect(requests).toBe(5000);
    expect(timesNs.length).toBeGreaterThan(MAP_POOL_TIMES_MAX / 2);
    expect(timesNs.length).toBeLessThanOrEqual(MAP_POOL_TIMES_MAX);
    expect(new Set(timesNs.slice(1).map((time, i) => time - (timesNs[i] ?? 0))).size).toBe(1);
  });

  it('is empty under a name that is none', () => {
    expect(map.pool('nobody')).toMatchObject({ requests: 0 });
    expect(map.pool('nobody').objects).toHaveLength(0);
  });
});

describe('recording a map', () => {
  const point = churnPoint(2000);
  const input = inputOf(point);

  it('gives the same map as the run that was measured', () => {
    const reader = recordMap(input, PARTS);
    const measured = simulateNaive(point).result;
    const info = reader.info('m1');
    expect(info.durationNs).toBe(measured.durationNs);
    const splits = measured.causes
      .filter(({ effect }) => effect === 'direct_map.split_2m')
      .reduce((sum, { count }) => sum + count, 0);
    expect(info.tickCounts['direct_map.split_2m']).toBe(splits);
  });
});
