/** What the window asks of a recorded run: its states, and what belongs to the pools of its scenario. */
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from '../../contract/map-data.js';
import type { MapView } from './map-view.js';
import type { PoolLog } from './pool-log.js';

export class RecordedMap implements MapView {
  constructor(
    private readonly view: MapView,
    private readonly pools: PoolLog,
  ) {}

  info(mapId: string): MapInfo {
    return this.view.info(mapId);
  }

  moment(target: MapTarget): MapMoment {
    return this.view.moment(target);
  }

  place(step: number, byte: number): MapPlace {
    const place = this.view.place(step, byte);
    const { owner } = place;
    const pool = owner === undefined ? undefined : this.pools.nameOf(owner.object);
    return owner === undefined || pool === undefined
      ? place
      : { ...place, owner: { ...owner, pool } };
  }

  records(request: Omit<MapRecordsRequest, 'mapId'>): MapRecords {
    return this.view.records(request);
  }

  /** What was made into a pool; nothing for a name that is none. */
  pool(name: string): MapPool {
    return this.pools.contents(name);
  }
}
