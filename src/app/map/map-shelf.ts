/** The recorded maps of a worker: the least recently asked one goes when there are too many. */
import { LabError } from '../../contract/lab-api.js';
import type { RunKey } from '../../contract/lab-engine.js';
import type { ScenarioPlan } from '../../contract/scenario-plan.js';
import type { RecordedMap } from './recorded-map.js';
import type { MapCall, MapReply } from './map-messages.js';
import type { TlbViewReader } from './record-tlb.js';

/** One for each design of a comparison, and a few of the seed before. */
const MAPS_MAX = 12;

/** A run to be simulated again. */
export interface RecordCall {
  readonly plan: ScenarioPlan;
  readonly run: RunKey;
}

export interface MapRecorders {
  readonly map: (call: RecordCall) => RecordedMap;
  readonly tlb: (call: RecordCall) => TlbViewReader;
}

export class MapShelf {
  private readonly maps = new Shelf<RecordedMap>();
  private readonly tlbs = new Shelf<TlbViewReader>();

  constructor(private readonly record: MapRecorders) {}

  answer(question: MapCall): MapReply {
    const { mapId } = question;
    switch (question.call) {
      case 'open':
        return this.maps.put(mapId, this.record.map(question)).info(mapId);
      case 'at':
        return this.maps.take(mapId).moment(question.target);
      case 'place':
        return this.maps.take(mapId).place(question.step, question.byte);
      case 'records':
        return this.maps.take(mapId).records(question.request);
      case 'openTlb':
        return this.tlbs.put(mapId, this.record.tlb(question)).info(mapId);
      case 'tlbAt':
        return this.tlbs.take(mapId).moment(question.timeNs);
      case 'pool':
        return this.maps.take(mapId).pool(question.pool);
      case 'executed':
        return this.tlbs.take(mapId).executed(question.byte, question.timeNs);
    }
  }
}

class Shelf<Reader> {
  private readonly readers = new Map<string, Reader>();

  put(mapId: string, reader: Reader): Reader {
    this.readers.set(mapId, reader);
    for (const oldest of this.readers.keys()) {
      if (this.readers.size <= MAPS_MAX) break;
      this.readers.delete(oldest);
    }
    return reader;
  }

  take(mapId: string): Reader {
    const reader = this.readers.get(mapId);
    if (reader === undefined) throw new LabError('the map is no longer kept; open it again');
    this.readers.delete(mapId);
    this.readers.set(mapId, reader);
    return reader;
  }
}
