/**
 * Regions of the direct map that differ from boot, at any step of a log: from the last state asked for or
 * from one of the copies that are kept every few thousand events, whichever is nearer before the step.
 *
 *   event    split A   split B   collapse A
 *   differs  {A: 4K}   {A, B}    {B}
 */
import { REGION_NUMBERS } from '../../contract/map-data.js';
import { EffectKind } from '../../contract/sim-event.js';
import type { MapLog } from './map-log.js';

const PMD_PAGES = 512;
const PUD_PAGES = 262144;
const EVENTS_BETWEEN_COPIES = 4096;

/** What an event made of a region, and what it had been. */
interface Change {
  readonly key: number;
  readonly level: number;
  readonly back: number;
}

export class RegionTimeline {
  /** Level by key: pfn * 2, plus 1 for regions of 1G. */
  private levels = new Map<number, number>();
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
    const keys = Float64Array.from(this.levels.keys()).sort();
    const regions = new Float64Array(keys.length * REGION_NUMBERS);
    keys.forEach((key, i) => {
      const at = i * REGION_NUMBERS;
      regions[at] = Math.floor(key / 2);
      regions[at + 1] = key % 2 === 0 ? PMD_PAGES : PUD_PAGES;
      regions[at + 2] = this.levels.get(key) ?? 0;
    });
    return regions;
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
    const { key, level, back } = this.change(event);
    if (this.levels.get(key) === back) this.levels.delete(key);
    else this.levels.set(key, level);
  }

  private change(event: number): Change {
    const pfn = this.log.regionPfn.at(event);
    switch (this.log.regionKind.at(event)) {
      case EffectKind.directMapSplit2M:
        return { key: pfn * 2, level: 1, back: 2 };
      case EffectKind.directMapCollapse2M:
        return { key: pfn * 2, level: 2, back: 1 };
      case EffectKind.directMapSplit1G:
        return { key: pfn * 2 + 1, level: 2, back: 3 };
      default:
        return { key: pfn * 2 + 1, level: 3, back: 2 };
    }
  }
}
