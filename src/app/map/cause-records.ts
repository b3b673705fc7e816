/**
 * The single events behind a row of causes: effects of one kind, from one line of the scenario in one
 * phase, by one call path. The sum of such records is what a chart shows. Linear in the events of a run.
 */
import { MAP_RECORDS_MAX } from '../../contract/map-data.js';
import type { MapRecords, MapRecordsRequest } from '../../contract/map-data.js';
import { EFFECT_KIND_NAMES } from '../../contract/sim-event.js';
import type { MapLog } from './map-log.js';

export function causeRecords(log: MapLog, request: Omit<MapRecordsRequest, 'mapId'>): MapRecords {
  const kind = EFFECT_KIND_NAMES.indexOf(request.effect);
  const records: MapRecords['records'][number][] = [];
  let total = 0;
  for (let step = 0; step < log.stepCount; step += 1) {
    if (log.sites[log.stepSite.at(step)]?.line !== request.line) continue;
    if (request.phase !== '' && log.phases[log.stepPhase.at(step)] !== request.phase) continue;
    const { from, to } = log.rangeOf(log.effectEnds, step);
    for (let i = from; i < to; i += 1) {
      if (log.effectKind.at(i) !== kind) continue;
      if (request.path !== '' && log.paths[log.effectPath.at(i)] !== request.path) continue;
      total += 1;
      if (records.length === MAP_RECORDS_MAX) continue;
      records.push({
        step,
        timeNs: log.stepTimeNs.at(step),
        object: log.stepObject.at(step),
        sizeBytes: log.stepSizeBytes.at(step),
        page: log.effectPage.at(i),
      });
    }
  }
  return { total, records };
}
