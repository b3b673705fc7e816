/** The recorded maps of a worker: the least recently asked one goes when there are too many. */
import { LabError } from '../../contract/lab-api.js';
import type { MapInfo, MapMoment, MapPlace } from '../../contract/map-data.js';
import type { MapReader } from './map-reader.js';
import type { MapCall } from './map-messages.js';

/** One for each design of a comparison, and a few of the seed before. */
const MAPS_MAX = 12;

export type RecordRun = (call: Extract<MapCall, { readonly call: 'open' }>) => MapReader;

export class MapShelf {
  private readonly readers = new Map<string, MapReader>();

  constructor(private readonly record: RecordRun) {}

  answer(question: MapCall): MapInfo | MapMoment | MapPlace {
    switch (question.call) {
      case 'open': {
        const reader = this.record(question);
        this.readers.set(question.mapId, reader);
        for (const oldest of this.readers.keys()) {
          if (this.readers.size <= MAPS_MAX) break;
          this.readers.delete(oldest);
        }
        return reader.info(question.mapId);
      }
      case 'at':
        return this.take(question.mapId).moment(question.target);
      case 'place':
        return this.take(question.mapId).place(question.step, question.byte);
    }
  }

  private take(mapId: string): MapReader {
    const reader = this.readers.get(mapId);
    if (reader === undefined) throw new LabError('the map is no longer kept; open it again');
    this.readers.delete(mapId);
    this.readers.set(mapId, reader);
    return reader;
  }
}
