/** What the window can ask of one recorded run, whether all its states are kept or a part of them. */
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from '../../contract/map-data.js';

export interface MapView {
  info(mapId: string): MapInfo;
  moment(target: MapTarget): MapMoment;
  /** What lies at a byte of the module area after a step. */
  place(step: number, byte: number): MapPlace;
  /** The single events behind a row of causes. */
  records(request: Omit<MapRecordsRequest, 'mapId'>): MapRecords;
}
