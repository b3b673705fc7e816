/** Answers the window's questions about one recorded run. */
import { addressOfVpn, formatAddress, PAGE_SIZE_BYTES } from '../../base/units.js';
import {
  MAP_EFFECTS_MAX,
  MAP_HISTORY_MAX,
  PageStateBit,
  type MapInfo,
  type MapMoment,
  type MapPlace,
  type MapRecords,
  type MapRecordsRequest,
  type MapStepRequest,
  type MapTarget,
  type MapTick,
} from '../../contract/map-data.js';
import { REQUEST_KIND_NAMES } from '../../contract/request.js';
import { EFFECT_KIND_NAMES, EffectKind } from '../../contract/sim-event.js';
import { PTE_EXECUTABLE, PTE_PRESENT, PTE_WRITABLE } from '../../machine/pte.js';
import type { MapLog } from './map-log.js';
import { MapState } from './map-state.js';
import { causeRecords } from './cause-records.js';
import { RegionTimeline } from './region-timeline.js';

const DENSITY_SLICES = 400;
/** Ticks of one effect; more are thinned evenly. */
const TICKS_PER_EFFECT_MAX = 600;

const TICK_KINDS: readonly EffectKind[] = [
  EffectKind.directMapSplit2M,
  EffectKind.directMapSplit1G,
  EffectKind.directMapCollapse2M,
  EffectKind.directMapCollapse1G,
  EffectKind.textSplit2M,
  EffectKind.textCollapse2M,
  EffectKind.allocFailed,
  EffectKind.allocFallback,
  EffectKind.order9Failed,
  EffectKind.boundaryCollision,
];

export class MapReader {
  private readonly state: MapState;
  private readonly regions: RegionTimeline;

  constructor(
    private readonly log: MapLog,
    private readonly durationNs: number,
    private readonly whole: boolean,
    private readonly logHash = '',
  ) {
    this.state = new MapState(log);
    this.regions = new RegionTimeline(log);
  }

  info(mapId: string): MapInfo {
    const { log, durationNs, whole, logHash } = this;
    const density = new Array<number>(DENSITY_SLICES).fill(0);
    const slice = Math.max(1, durationNs) / DENSITY_SLICES;
    for (let step = 0; step < log.stepCount; step += 1) {
      const at = Math.min(DENSITY_SLICES - 1, Math.floor(log.stepTimeNs.at(step) / slice));
      density[at] = (density[at] ?? 0) + 1;
    }
    return {
      mapId,
      areaPages: log.areaPages,
      areaAddress: addressText(log, 0),
      stepCount: log.stepCount,
      durationNs,
      whole,
      logHash,
      density,
      ...this.ticks(),
    };
  }

  moment(target: MapTarget): MapMoment {
    const { log, state } = this;
    const step = this.stepOf(target);
    state.moveTo(step);
    const range = log.rangeOf(log.effectEnds, step);
    const shown = Math.min(range.to, range.from + MAP_EFFECTS_MAX);
    return {
      step,
      timeNs: log.stepTimeNs.at(step),
      phase: log.phases[log.stepPhase.at(step)] ?? '',
      request: this.request(step),
      effects: Array.from({ length: shown - range.from }, (_, i) => this.effect(range.from + i)),
      effectCount: range.to - range.from,
      pages: state.pageRuns(),
      extents: state.extents(),
      directMap: this.regions.at(step),
    };
  }

  /** What lies at a byte of the module area after a step. */
  place(step: number, byte: number): MapPlace {
    const { log, state } = this;
    state.moveTo(this.stepOf({ kind: 'step', step }));
    const page = Math.floor(byte / PAGE_SIZE_BYTES);
    const extent = state.extentAt(byte);
    const object = extent < 0 ? -1 : log.extentObject.at(extent);
    const bornStep = object < 0 ? -1 : log.bornStep.at(object);
    const owner =
      extent < 0
        ? {}
        : {
            owner: {
              object,
              request: this.request(Math.max(0, bornStep)),
              bornNs: log.stepTimeNs.at(Math.max(0, bornStep)),
              bornStep,
              byte: log.extentByte.at(extent),
              sizeBytes: log.extentSizeBytes.at(extent),
              events: this.eventsOf(object),
            },
          };
    return {
      address: addressText(log, byte),
      state: state.pageState(page),
      ...owner,
      history: this.history(page, step),
    };
  }

  /** The single events behind a row of causes. */
  records(request: Omit<MapRecordsRequest, 'mapId'>): MapRecords {
    return causeRecords(this.log, request);
  }

  private eventsOf(object: number): readonly { timeNs: number; step: number }[] {
    const { log } = this;
    const found: { timeNs: number; step: number }[] = [];
    for (let step = Math.max(0, log.bornStep.at(object)); step < log.stepCount; step += 1) {
      if (log.stepObject.at(step) !== object) continue;
      found.push({ timeNs: log.stepTimeNs.at(step), step });
      if (found.length === MAP_HISTORY_MAX) break;
    }
    return found;
  }

  private history(page: number, step: number): MapPlace['history'] {
    const { log } = this;
    const found: { timeNs: number; step: number; state: number }[] = [];
    let at = 0;
    const end = log.rangeOf(log.pageEnds, Math.min(step, log.stepCount - 1)).to;
    for (let i = 0; i < end; i += 1) {
      const first = log.changePage.at(i);
      if (page < first || page >= first + log.changePages.at(i)) continue;
      while (log.pageEnds.at(at) <= i) at += 1;
      found.push({ timeNs: log.stepTimeNs.at(at), step: at, state: log.changeState.at(i) });
    }
    return found.slice(-MAP_HISTORY_MAX);
  }

  private stepOf(target: MapTarget): number {
    const { log } = this;
    const last = Math.max(0, log.stepCount - 1);
    switch (target.kind) {
      case 'step':
        return Math.min(last, Math.max(0, target.step));
      case 'time': {
        let low = 0;
        let high = log.stepCount;
        while (low < high) {
          const middle = Math.floor((low + high) / 2);
          if (log.stepTimeNs.at(middle) <= target.timeNs) low = middle + 1;
          else high = middle;
        }
        return Math.max(0, low - 1);
      }
      case 'next':
        return this.nextStep(
          target.step,
          target.direction,
          EFFECT_KIND_NAMES.indexOf(target.effect),
        );
    }
  }

  /** The next step with an effect of `kind`, -1 for any step; stays where there is none. */
  private nextStep(step: number, direction: 1 | -1, kind: number): number {
    const { log } = this;
    for (let at = step + direction; at >= 0 && at < log.stepCount; at += direction) {
      if (kind < 0) return at;
      const { from, to } = log.rangeOf(log.effectEnds, at);
      for (let i = from; i < to; i += 1) if (log.effectKind.at(i) === kind) return at;
    }
    return Math.min(Math.max(0, step), Math.max(0, log.stepCount - 1));
  }

  private request(step: number): MapStepRequest {
    const { log } = this;
    const site = log.sites[log.stepSite.at(step)];
    return {
      kind: REQUEST_KIND_NAMES[log.stepKind.at(step)] ?? '',
      object: log.stepObject.at(step),
      line: site?.line ?? 0,
      label: site?.label ?? '',
      sizeBytes: log.stepSizeBytes.at(step),
    };
  }

  private effect(index: number): MapMoment['effects'][number] {
    const { log } = this;
    return {
      effect: EFFECT_KIND_NAMES[log.effectKind.at(index)] ?? '',
      page: log.effectPage.at(index),
      amount: log.effectAmount.at(index),
      path: log.paths[log.effectPath.at(index)] ?? '',
      ...this.changeBehind(log.effectSplit.at(index)),
    };
  }

  private changeBehind(split: number): Pick<MapMoment['effects'][number], 'change'> {
    if (split < 0) return {};
    const { log } = this;
    return {
      change: {
        page: log.splitPage.at(split),
        pages: log.splitPages.at(split),
        before: stateBits(log.splitBefore.at(split)),
        after: stateBits(log.splitAfter.at(split)),
      },
    };
  }

  private ticks(): Pick<MapInfo, 'ticks' | 'tickCounts'> {
    const { log } = this;
    const byKind = new Map<number, number[]>(TICK_KINDS.map((kind) => [kind, []]));
    for (let step = 0; step < log.stepCount; step += 1) {
      const { from, to } = log.rangeOf(log.effectEnds, step);
      for (let i = from; i < to; i += 1) byKind.get(log.effectKind.at(i))?.push(step);
    }
    const tickCounts: Record<string, number> = {};
    const ticks: MapTick[] = [];
    for (const [kind, steps] of byKind) {
      const effect = EFFECT_KIND_NAMES[kind] ?? '';
      if (steps.length > 0) tickCounts[effect] = steps.length;
      const stride = Math.max(1, Math.ceil(steps.length / TICKS_PER_EFFECT_MAX));
      for (let i = 0; i < steps.length; i += stride) {
        const step = steps[i] ?? 0;
        ticks.push({ effect, step, timeNs: log.stepTimeNs.at(step) });
      }
    }
    ticks.sort((a, b) => a.step - b.step);
    return { ticks, tickCounts };
  }
}

/** PageStateBit of PTE flags. */
const stateBits = (flags: number): number =>
  ((flags & PTE_PRESENT) === 0 ? 0 : PageStateBit.mapped) |
  ((flags & PTE_WRITABLE) === 0 ? 0 : PageStateBit.writable) |
  ((flags & PTE_EXECUTABLE) === 0 ? 0 : PageStateBit.executable);

const addressText = (log: MapLog, byte: number): string =>
  formatAddress(addressOfVpn(log.areaVpn) + BigInt(byte));
