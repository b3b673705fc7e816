/** The numbers of a run in progress, as metrics read them. */
import type { MetricSource } from '../contract/metric-source.js';
import type { EffectKind } from '../contract/sim-event.js';
import type { DesignInstance } from '../mm/allocator-design.js';
import type { MachineMm } from '../mm/machine-view.js';
import { PlacementKind } from '../mm/placements.js';
import { NO_FETCHES, type FetchCounters, type FetchEngine } from '../workload/fetch-engine.js';

const KIB = 1024;
const PAGE_BYTES = 4096;

export class RunReadings implements MetricSource {
  poolUnderflows = 0;
  heldBack = 0;
  liveObjects = 0;
  chargedNs = 0;
  /** Set once the design exists. */
  instance: DesignInstance | undefined;

  constructor(
    private readonly mm: MachineMm,
    private readonly fetch: FetchEngine | undefined,
    private readonly effects: {
      readonly effectCounts: Float64Array;
      readonly effectAmounts: Float64Array;
    },
  ) {}

  private get fetched(): FetchCounters {
    return this.fetch?.counters ?? NO_FETCHES;
  }

  effectCount(kind: EffectKind): number {
    return this.effects.effectCounts[kind] ?? 0;
  }

  effectAmount(kind: EffectKind): number {
    return this.effects.effectAmounts[kind] ?? 0;
  }

  directMapBytes(level: number): number {
    return this.mm.directMapKb(level) * KIB;
  }

  get text4KLeaves(): number {
    return this.mm.text4KLeaves;
  }

  get text2MLeaves(): number {
    return this.mm.text2MLeaves;
  }

  get liveTextBytes(): number {
    return this.mm.placements.liveBytes[PlacementKind.text] ?? 0;
  }

  get tailTextBytes(): number {
    return this.mm.placements.tailTextBytes;
  }

  get liveDataBytes(): number {
    return this.mm.placements.liveBytes[PlacementKind.data] ?? 0;
  }

  get liveRodataBytes(): number {
    return this.mm.placements.liveBytes[PlacementKind.rodata] ?? 0;
  }

  get overlapBytes(): number {
    return this.mm.placements.overlapBytes;
  }

  get writableExecutableBytes(): number {
    return this.mm.writableExecutablePages * PAGE_BYTES;
  }

  get vmapAreas(): number {
    return this.mm.vmapAreaCount;
  }

  get vmapHoles(): number {
    return this.mm.holeCount;
  }

  get largestHoleBytes(): number {
    return this.mm.largestHolePages * PAGE_BYTES;
  }

  get lazyBytes(): number {
    return this.mm.lazyPages * PAGE_BYTES;
  }

  get freeMemoryBytes(): number {
    return this.mm.freePages * PAGE_BYTES;
  }

  get instructions(): number {
    return this.fetched.instructions;
  }

  get references(): number {
    return this.fetched.references;
  }

  get stlbHits(): number {
    return this.fetched.stlbHit;
  }

  get walks(): number {
    return this.fetched.walkCompleted;
  }

  get walks4K(): number {
    return this.fetched.walkCompleted4K;
  }

  get walks2M(): number {
    return this.fetched.walkCompleted2M4M;
  }

  get walkCycles(): number {
    return this.fetched.walkActiveCycles;
  }

  get staleFetches(): number {
    return this.fetched.staleFetches;
  }

  designGauge(name: string): number | undefined {
    return this.instance?.gauges?.[name]?.();
  }
}
