/**
 * Regions of the direct map that differ from boot, at any step of a log: from the last state asked for or
 * from one of the copies that are kept every few thousand events, whichever is nearer before the step.
 *
 *   event    split A   split B   collapse A
 *   differs  {A: 4K}   {A, B}    {B}
 */
import type { MapLog } from './map-log.js';
import { applyRegion, regionNumbers, type RegionLevels } from './region-levels.js';

const EVENTS_BETWEEN_COPIES = 4096;

export class RegionTimeline {
  private levels: RegionLevels = new Map();
  /** Events applied. */
  private count = 0;
  /** Levels after EVENTS_BETWEEN_COPIES * i events. */
  private readonly copies: ReadonlyMap<number, number>[] = [];

  constructor(private readonly log: MapLog) {
    const { length } = log.regionStep;
    for (let at = 0; at <= length; at += 1) {
      if (at % EVENTS_BETWEEN_COPIES === 0) this.copies.push(new Map(this.levels));
      if (at < length) this.apply(at);
    }
    this.count = length;
  }

  /** Regions that differ after `step`, ascending: first pfn, pages, level. */
  at(step: number): Float64Array {
    this.moveTo(this.eventsUpTo(step));
    return regionNumbers(this.levels);
  }

  private eventsUpTo(step: number): number {
    const { regionStep } = this.log;
    let low = 0;
    let high = regionStep.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (regionStep.at(middle) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private moveTo(count: number): void {
    const copy = Math.floor(count / EVENTS_BETWEEN_COPIES);
    const from = copy * EVENTS_BETWEEN_COPIES;
    if (this.count > count || this.count < from) {
      this.levels = new Map(this.copies[copy] ?? []);
      this.count = from;
    }
    while (this.count < count) {
      this.apply(this.count);
      this.count += 1;
    }
  }

  private apply(event: number): void {
    const { regionKind, regionPfn } = this.log;
    applyRegion(this.levels, regionKind.at(event), regionPfn.at(event));
  }
}
