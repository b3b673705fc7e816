/**
 * The single events behind a row of causes: effects of one kind, from one line of the scenario in one
 * phase, by one call path. The sum of such records is what a chart shows. Linear in the events of a run.
 */
import { MAP_RECORDS_MAX } from '../../contract/map-data.js';
import type { MapRecords, MapRecordsRequest } from '../../contract/map-data.js';
import { RequestKind } from '../../contract/request.js';
import { EFFECT_KIND_NAMES } from '../../contract/sim-event.js';
import type { SimEvent } from '../../engine/event-ledger.js';
import type { MapLog } from './map-log.js';

type Cause = Omit<MapRecordsRequest, 'mapId'>;

/** Counts the events of a cause and keeps the first of them. */
class RecordList {
  private readonly records: MapRecords['records'][number][] = [];
  private total = 0;

  add(record: MapRecords['records'][number]): void {
    this.total += 1;
    if (this.records.length < MAP_RECORDS_MAX) this.records.push(record);
  }

  finish(): MapRecords {
    return { total: this.total, records: this.records };
  }
}

export function causeRecords(log: MapLog, request: Cause): MapRecords {
  const kind = EFFECT_KIND_NAMES.indexOf(request.effect);
  const found = new RecordList();
  for (let step = 0; step < log.stepCount; step += 1) {
    if (log.sites[log.stepSite.at(step)]?.line !== request.line) continue;
    if (request.phase !== '' && log.phases[log.stepPhase.at(step)] !== request.phase) continue;
    const { from, to } = log.rangeOf(log.effectEnds, step);
    for (let i = from; i < to; i += 1) {
      if (log.effectKind.at(i) !== kind) continue;
      if (request.path !== '' && log.paths[log.effectPath.at(i)] !== request.path) continue;
      found.add({
        step,
        timeNs: log.stepTimeNs.at(step),
        object: log.stepObject.at(step),
        sizeBytes: log.stepSizeBytes.at(step),
        page: log.effectPage.at(i),
      });
    }
  }
  return found.finish();
}

/** The same from the events of a run as they come, where there is no log. */
export class CauseCollector {
  private readonly found = new RecordList();
  private readonly kind: number;
  private step = -1;
  private phase = '';
  private isAsked = false;
  private request: Extract<SimEvent, { readonly event: 'request' }> | undefined;

  constructor(private readonly cause: Cause) {
    this.kind = EFFECT_KIND_NAMES.indexOf(cause.effect);
  }

  take(event: SimEvent): void {
    const { cause } = this;
    if (event.event === 'request') {
      this.step += 1;
      if (event.kind === RequestKind.phaseStart) this.phase = event.text;
      this.request = event;
      this.isAsked =
        event.line === cause.line && (cause.phase === '' || cause.phase === this.phase);
      return;
    }
    if (!this.isAsked || event.kind !== this.kind || this.request === undefined) return;
    if (cause.path !== '' && event.path !== cause.path) return;
    const { timeNs, object, sizeBytes } = this.request;
    this.found.add({ step: this.step, timeNs, object, sizeBytes, page: event.page });
  }

  finish(): MapRecords {
    return this.found.finish();
  }
}
