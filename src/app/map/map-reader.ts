/** Answers the window's questions about one recorded run. */
import { addressOfVpn, formatAddress, PAGE_SIZE_BYTES } from '../../base/units.js';
import {
  DENSITY_SLICES,
  MAP_HISTORY_MAX,
  type MapInfo,
  type MapMoment,
  type MapPlace,
  type MapRecords,
  type MapRecordsRequest,
  type MapStepRequest,
  type MapTarget,
} from '../../contract/map-data.js';
import { EFFECT_KIND_NAMES } from '../../contract/sim-event.js';
import { LOG_ENTRY_BYTES, type MapLog } from './map-log.js';
import { MapState } from './map-state.js';
import type { MapView } from './map-view.js';
import { causeRecords } from './cause-records.js';
import { RegionTimeline } from './region-timeline.js';
import { TickList } from './tick-list.js';
import { requestWords, stepWords, wordsOfRequest } from './step-words.js';

export class MapReader implements MapView {
  private readonly state: MapState;
  private readonly regions: RegionTimeline;

  constructor(
    private readonly log: MapLog,
    private readonly durationNs: number,
    private readonly logHash = '',
  ) {
    this.state = new MapState(log);
    this.regions = new RegionTimeline(log);
  }

  info(mapId: string): MapInfo {
    const { log, durationNs, logHash } = this;
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
      keptEvery: 1,
      logBytes: log.weight * LOG_ENTRY_BYTES,
      logHash,
      density,
      ...this.ticks(),
    };
  }

  moment(target: MapTarget): MapMoment {
    const { log, state } = this;
    const step = this.stepOf(target);
    state.moveTo(step);
    return {
      step,
      ...stepWords(log, step),
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
    const owner =
      extent < 0
        ? {}
        : {
            owner: {
              object,
              ...this.birth(object),
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

  /** The request that made an object; it may lie before the log. */
  private birth(object: number): { request: MapStepRequest; bornNs: number; bornStep: number } {
    const { log } = this;
    const before = log.bornBefore.get(object);
    if (before !== undefined) {
      const { timeNs: bornNs, step: bornStep, ...request } = before;
      return { request: wordsOfRequest(log, { ...request, object }), bornNs, bornStep };
    }
    const bornStep = Math.max(0, log.bornStep.at(object));
    return { request: requestWords(log, bornStep), bornNs: log.stepTimeNs.at(bornStep), bornStep };
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

  private ticks(): Pick<MapInfo, 'ticks' | 'tickCounts'> {
    const found = new TickList();
    found.addSteps(this.log, 0);
    return found.finish();
  }
}

/** Address of a byte of the module area, `0xffffffffc0000000`. */
export const addressText = (log: MapLog, byte: number): string =>
  formatAddress(addressOfVpn(log.areaVpn) + BigInt(byte));
