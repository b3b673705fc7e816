/**
 * Regions of the direct map that differ from boot, by what splits and collapses made of them. A region has
 * two sizes: an event that gives it the size of boot back takes it off the list.
 */
import { REGION_NUMBERS } from '../../contract/map-data.js';
import { EffectKind } from '../../contract/sim-event.js';
import type { MapLog } from './map-log.js';

const PMD_PAGES = 512;
const PUD_PAGES = 262144;

/** Level by key: pfn * 2, plus 1 for regions of 1G. */
export type RegionLevels = Map<number, number>;

/** What an event made of a region, and what it had been. */
interface Change {
  readonly key: number;
  readonly level: number;
  readonly back: number;
}

function changeOf(kind: number, pfn: number): Change {
  switch (kind) {
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

/** `kind`: EffectKind of a split or collapse of the direct map. */
export function applyRegion(levels: RegionLevels, kind: number, pfn: number): void {
  const { key, level, back } = changeOf(kind, pfn);
  if (levels.get(key) === back) levels.delete(key);
  else levels.set(key, level);
}

/** All events of a log, in their order. */
export function applyRegions(levels: RegionLevels, log: MapLog): void {
  for (let i = 0; i < log.regionKind.length; i += 1) {
    applyRegion(levels, log.regionKind.at(i), log.regionPfn.at(i));
  }
}

/** Writes what differs into a log, as events before its first step. */
export function writeRegions(levels: RegionLevels, log: MapLog): void {
  for (const [key, level] of levels) {
    const isSmall = key % 2 === 0;
    const isSplit = level === (isSmall ? 1 : 2);
    const splits = isSmall ? EffectKind.directMapSplit2M : EffectKind.directMapSplit1G;
    const joins = isSmall ? EffectKind.directMapCollapse2M : EffectKind.directMapCollapse1G;
    log.regionStep.push(-1);
    log.regionPfn.push(Math.floor(key / 2));
    log.regionKind.push(isSplit ? splits : joins);
  }
}

/** First pfn, pages, level of each, ascending. */
export function regionNumbers(levels: RegionLevels): Float64Array {
  const keys = Float64Array.from(levels.keys()).sort();
  const regions = new Float64Array(keys.length * REGION_NUMBERS);
  keys.forEach((key, i) => {
    const at = i * REGION_NUMBERS;
    regions[at] = Math.floor(key / 2);
    regions[at + 1] = key % 2 === 0 ? PMD_PAGES : PUD_PAGES;
    regions[at + 2] = levels.get(key) ?? 0;
  });
  return regions;
}
