/**
 * Maps of the designs on screen: one recorded run each, and the moment that each shows. Questions are
 * asked one at a time per design; while one is open only the newest wish is kept, so that scrubbing
 * never queues up behind itself.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapRequest,
  MapTarget,
} from '../../src/contract/map-data.js';
import { useLabStore } from './lab.js';
import { rememberMapSpeed } from './run-speed.js';

export interface DesignMap {
  readonly design: string;
  readonly state: 'opening' | 'open' | 'failed';
  readonly problem: string;
  readonly info: MapInfo | null;
  readonly moment: MapMoment | null;
}

export interface MapSubject {
  readonly runId: string;
  readonly point: number;
  readonly seed: number;
  readonly designs: readonly string[];
}

interface Asking {
  busy: boolean;
  wish: MapTarget | null;
}

export const useMapsStore = defineStore('maps', () => {
  const lab = useLabStore();
  const subject = shallowRef<MapSubject | null>(null);
  const maps = shallowRef<readonly DesignMap[]>([]);
  /** Set after stepping by request: the step all maps stand at. Times can tie, numbers cannot. */
  const step = ref<number | null>(null);
  const asking = new Map<string, Asking>();
  let generation = 0;
  /** A map was opened: its worker is at work. */
  let isWarm = false;
  /** What all maps were asked to show last: maps that open later start there. */
  let wish: MapTarget | null = null;

  const first = computed(() => maps.value.find((map) => map.info !== null) ?? null);
  const ready = computed(() => maps.value.some((map) => map.moment !== null));

  function update(design: string, change: Partial<DesignMap>): void {
    maps.value = maps.value.map((map) => (map.design === design ? { ...map, ...change } : map));
  }

  /** Opens the maps of a subject, one after the other; the same subject again does nothing. */
  async function open(wanted: MapSubject, atNs: number): Promise<void> {
    if (sameSubject(subject.value, wanted)) return;
    clear();
    subject.value = wanted;
    wish = { kind: 'time', timeNs: atNs };
    const own = generation;
    maps.value = wanted.designs.map((design) => ({
      design,
      state: 'opening',
      problem: '',
      info: null,
      moment: null,
    }));
    for (const design of wanted.designs) {
      const { runId, point, seed } = wanted;
      await openOne({ runId, point, seed, design }, own);
      if (own !== generation) return;
    }
  }

  async function openOne(request: MapRequest, own: number): Promise<void> {
    try {
      const startedMs = performance.now();
      const info = await lab.api().openMap(request);
      if (own !== generation) return;
      measure(info, performance.now() - startedMs);
      update(request.design, { state: 'open', info });
      asking.set(request.design, { busy: false, wish: null });
      if (wish !== null) void ask(request.design, wish);
    } catch (error) {
      if (own !== generation) return;
      const problem = error instanceof Error ? error.message : String(error);
      update(request.design, { state: 'failed', problem });
    }
  }

  /** How long a whole run takes here; not the first one of the window, which waits for its worker. */
  function measure({ durationNs, stepCount: requests, logHash }: MapInfo, ms: number): void {
    if (isWarm && logHash !== '') rememberMapSpeed({ durationNs, requests }, ms);
    isWarm = true;
  }

  /** Shows this moment in every open map. */
  function seek(target: MapTarget): void {
    wish = target;
    if (target.kind === 'time') step.value = null;
    else if (target.kind === 'step') step.value = target.step;
    for (const map of maps.value) if (map.info !== null) void ask(map.design, target);
  }

  async function ask(design: string, target: MapTarget): Promise<void> {
    const line = asking.get(design);
    const mapId = maps.value.find((map) => map.design === design)?.info?.mapId;
    if (line === undefined || mapId === undefined) return;
    line.wish = target;
    if (line.busy) return;
    line.busy = true;
    const own = generation;
    while (own === generation) {
      const next = line.wish;
      if (next === null) break;
      line.wish = null;
      try {
        const moment = await lab.api().mapAt({ mapId, target: next });
        if (own === generation) update(design, { moment });
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (own === generation) update(design, { state: 'failed', problem, info: null });
        break;
      }
    }
    line.busy = false;
  }

  /**
   * The next request, or the next one with an effect, as seen in one design; all maps follow. The time
   * of the found moment, or null without a map; `moved` is false where there is no such request.
   */
  async function walk(
    design: string,
    direction: 1 | -1,
    effect: string,
  ): Promise<{ readonly timeNs: number; readonly moved: boolean } | null> {
    const map = maps.value.find((candidate) => candidate.design === design) ?? first.value;
    if (map?.info == null || map.moment === null) return null;
    const target = {
      kind: 'next',
      step: step.value ?? map.moment.step,
      direction,
      effect,
    } as const;
    const found = await lab.api().mapAt({ mapId: map.info.mapId, target });
    const moved = found.step !== target.step;
    if (moved) seek({ kind: 'step', step: found.step });
    return { timeNs: found.timeNs, moved };
  }

  /** What lies at a byte in a design's map. */
  async function place(design: string, byte: number): Promise<MapPlace | null> {
    const map = maps.value.find((candidate) => candidate.design === design);
    if (map?.info == null || map.moment === null) return null;
    return lab.api().mapPlace({ mapId: map.info.mapId, step: map.moment.step, byte });
  }

  /** What the run on screen made into a pool; null without a map. */
  async function pool(name: string): Promise<MapPool | null> {
    const mapId = first.value?.info?.mapId;
    return mapId === undefined ? null : lab.api().mapPool({ mapId, pool: name });
  }

  /** The single events behind a cause, in a design's map; null without a map. */
  async function records(
    design: string,
    cause: Omit<MapRecordsRequest, 'mapId'>,
  ): Promise<MapRecords | null> {
    const mapId = maps.value.find((candidate) => candidate.design === design)?.info?.mapId;
    return mapId === undefined ? null : lab.api().mapRecords({ ...cause, mapId });
  }

  function clear(): void {
    generation += 1;
    subject.value = null;
    maps.value = [];
    step.value = null;
    wish = null;
    asking.clear();
  }

  return { subject, maps, step, first, ready, open, seek, walk, place, pool, records, clear };
});

/** True when both ask for the same maps. */
export function sameSubject(a: MapSubject | null, b: MapSubject): boolean {
  return (
    a !== null &&
    a.runId === b.runId &&
    a.point === b.point &&
    a.seed === b.seed &&
    a.designs.join() === b.designs.join()
  );
}
