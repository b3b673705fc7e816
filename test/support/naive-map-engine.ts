/**
 * Maps for tests of hosts and window: the real recording of a small churn over the naive machine, one
 * for each run, whatever the plan says. Designs differ by their letter in the seed.
 */
import { MapShelf } from '../../src/app/map/map-shelf.js';
import { recordMap } from '../../src/app/map/record-map.js';
import type { RecordMapOptions } from '../../src/app/map/record-map.js';
import { recordTlb } from '../../src/app/map/record-tlb.js';
import type { MapEngine, RunKey } from '../../src/contract/lab-engine.js';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from '../../src/contract/map-data.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from '../../src/contract/tlb-view-data.js';
import type { PointPlan, ScenarioPlan } from '../../src/contract/scenario-plan.js';
import type { SimulationInput, SimulationParts } from '../../src/engine/simulator.js';
import { metricRegistry } from '../../src/metrics/index.js';
import type { AllocatorDesign } from '../../src/mm/allocator-design.js';
import { linux517 } from '../../src/mm/designs/linux-5-17.js';
import { linux612 } from '../../src/mm/designs/linux-6-12.js';
import { createFetchEngine as createRealFetchEngine } from '../../src/workload/create-fetch-engine.js';
import { NaiveMachineMm } from './naive-machine-mm.js';
import { exponential, PlanWriter, uniform } from './point-plan.js';
import { SimpleFetchEngine } from './simple-fetch-engine.js';

const SECOND = 1_000_000_000;
/** Fetch streams take their time: TLB views see a shorter run. */
const TLB_SECONDS = 20;

export const naiveParts = (design: AllocatorDesign): SimulationParts => ({
  design,
  metrics: metricRegistry.entries,
  createMm: (options) => new NaiveMachineMm(options),
  createFetchEngine: () => new SimpleFetchEngine(),
});

/** 30 s of modules at boot, then programs that come and go. */
export function mapPoint(steadySeconds = 370): PointPlan {
  const w = new PlanWriter();
  const progs = w.pool('progs');
  const mods = w.pool('mods');
  const boot = w.repeat(10, [
    w.module([90_000, 19_000, 15_000, 100, 3000, 100, 0], { pool: mods }, SECOND),
    w.wait(2 * SECOND),
  ]);
  const churn = w.churn(w.bpf(uniform(64, 9000, 'size'), { pool: progs }), {
    arrival: { kind: 'poisson', ratePerSecond: 4 },
    lifetime: exponential(60 * SECOND, 'life'),
  });
  return w.point([
    w.phase('boot', [boot], { durationNs: 30 * SECOND, discard: true }),
    w.phase('steady', [churn, w.execute(5e6, progs), w.wait(steadySeconds * SECOND)], {
      durationNs: steadySeconds * SECOND,
    }),
  ]);
}

const designOf = (run: RunKey): AllocatorDesign =>
  run.design === 'module_alloc' ? linux517 : linux612;

function inputOf(point: PointPlan, run: RunKey): SimulationInput {
  const [design] = point.designs;
  if (design === undefined) throw new Error('the plan has no design');
  return { point, pointIndex: 0, seed: run.seed, design };
}

export class NaiveMapEngine implements MapEngine {
  private mapCount = 0;
  private readonly shelf = new MapShelf({
    map: ({ run }) =>
      recordMap(inputOf(mapPoint(), run), naiveParts(designOf(run)), this.recordOptions),
    tlb: ({ run }) => {
      const createFetchEngine = createRealFetchEngine;
      return recordTlb(inputOf(mapPoint(TLB_SECONDS), run), {
        ...naiveParts(designOf(run)),
        createFetchEngine,
      });
    },
  });

  constructor(private readonly recordOptions: RecordMapOptions = {}) {}

  async open(plan: ScenarioPlan, run: RunKey): Promise<MapInfo> {
    this.mapCount += 1;
    const mapId = `map-${String(this.mapCount)}`;
    return (await this.ask(() => this.shelf.answer({ call: 'open', mapId, plan, run }))) as MapInfo;
  }

  at(mapId: string, target: MapTarget): Promise<MapMoment> {
    return this.ask(() => this.shelf.answer({ call: 'at', mapId, target })) as Promise<MapMoment>;
  }

  place(mapId: string, step: number, byte: number): Promise<MapPlace> {
    const call = { call: 'place', mapId, step, byte } as const;
    return this.ask(() => this.shelf.answer(call)) as Promise<MapPlace>;
  }

  records(request: MapRecordsRequest): Promise<MapRecords> {
    const call = { call: 'records', mapId: request.mapId, request } as const;
    return this.ask(() => this.shelf.answer(call)) as Promise<MapRecords>;
  }

  async openTlb(plan: ScenarioPlan, run: RunKey): Promise<TlbViewInfo> {
    this.mapCount += 1;
    const mapId = `tlb-${String(this.mapCount)}`;
    const call = { call: 'openTlb', mapId, plan, run } as const;
    return (await this.ask(() => this.shelf.answer(call))) as TlbViewInfo;
  }

  tlbAt(viewId: string, timeNs: number): Promise<TlbViewMoment> {
    const call = { call: 'tlbAt', mapId: viewId, timeNs } as const;
    return this.ask(() => this.shelf.answer(call)) as Promise<TlbViewMoment>;
  }

  pool(mapId: string, pool: string): Promise<MapPool> {
    const call = { call: 'pool', mapId, pool } as const;
    return this.ask(() => this.shelf.answer(call)) as Promise<MapPool>;
  }

  executed(viewId: string, byte: number, timeNs: number): Promise<TlbExecuted> {
    const call = { call: 'executed', mapId: viewId, byte, timeNs } as const;
    return this.ask(() => this.shelf.answer(call)) as Promise<TlbExecuted>;
  }

  private ask<T>(work: () => T): Promise<T> {
    return new Promise((done) => done(work()));
  }
}
