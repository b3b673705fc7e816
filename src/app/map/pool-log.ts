/**
 * The objects that a run makes into the pools of its scenario, and when something happens to them. Times
 * are bounded: when a pool has too many, every second one is left out from then on.
 */
import { MAP_POOL_TIMES_MAX, type MapPool } from '../../contract/map-data.js';
import { isCreation } from '../../engine/design-driver.js';
import type { SimEvent } from '../../engine/event-ledger.js';
import { GrowingInts } from './growing-array.js';

interface PoolTimes {
  requests: number;
  stride: number;
  timesNs: number[];
}

export class PoolLog {
  /** Index of a pool by object; -1 for none. */
  private readonly poolOf = new GrowingInts();
  private readonly times: readonly PoolTimes[];

  constructor(private readonly names: readonly string[]) {
    this.times = names.map(() => ({ requests: 0, stride: 1, timesNs: [] }));
  }

  readonly onEvent = (event: SimEvent): void => {
    if (event.event !== 'request' || event.object < 0) return;
    const { object, kind, pool, timeNs } = event;
    if (isCreation(kind)) this.poolOf.set(object, pool);
    const times = this.times[this.indexOf(object)];
    if (times === undefined) return;
    if (times.requests % times.stride === 0) times.timesNs.push(timeNs);
    times.requests += 1;
    if (times.timesNs.length <= MAP_POOL_TIMES_MAX) return;
    times.timesNs = times.timesNs.filter((_, i) => i % 2 === 0);
    times.stride *= 2;
  };

  /** Pool of an object; undefined for none. */
  nameOf(object: number): string | undefined {
    return this.names[this.indexOf(object)];
  }

  /** Nothing for a name that is none. */
  contents(name: string): MapPool {
    const pool = this.names.indexOf(name);
    const objects: number[] = [];
    for (let object = 0; pool >= 0 && object < this.poolOf.length; object += 1) {
      if (this.poolOf.at(object) === pool) objects.push(object);
    }
    const { timesNs = [], requests = 0 } = this.times[pool] ?? {};
    return { objects: Int32Array.from(objects), timesNs: Float64Array.from(timesNs), requests };
  }

  private indexOf(object: number): number {
    return object < this.poolOf.length ? this.poolOf.at(object) : -1;
  }
}
