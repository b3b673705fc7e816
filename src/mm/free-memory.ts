/**
 * Where free pages lie when a run starts, for one zone at a time:
 *
 * - `fresh`: after boot; all that boot did not take is free in the largest blocks;
 * - `page_cache`: clean page cache fills the zone; some MiB are free, and more become free as the
 *   kernel drops cache below its low watermark;
 * - `scattered(P)`: kernel memory stands in the share P of all pageblocks and leaves each of them some
 *   short free runs; the other pageblocks are free as a whole. Nothing is reclaimed.
 *
 * Nothing is listed before it is needed, so any amount of RAM starts at once.
 */
import type { FreeMemoryPlan } from '../contract/scenario-plan.js';
import type { BuddyZone } from './frame-allocator-zone.js';
import { CachedMemory } from './free-memory-cached.js';
import { pageblocksOf, wholePageblocks } from './free-memory-pageblocks.js';
import { ScatteredMemory } from './free-memory-scattered.js';
import type { FrameRange } from './ram-layout.js';

export interface ZoneMemoryOptions {
  readonly zone: BuddyZone;
  /** Frames of the zone that boot left, ascending. */
  readonly ranges: readonly FrameRange[];
  readonly plan: FreeMemoryPlan;
  readonly seed: number;
  /** Names the zone's streams. */
  readonly name: string;
}

/** Puts the zone's free memory where the plan says: rests at once, the rest as the zone's reserve. */
export function prepareZone(options: ZoneMemoryOptions): void {
  const { zone, ranges, plan, seed, name } = options;
  for (const range of ranges) {
    const whole = wholePageblocks(range);
    if (whole.startPfn >= whole.endPfn) zone.addFree(range.startPfn, range.endPfn);
    else {
      zone.addFree(range.startPfn, whole.startPfn);
      zone.addFree(whole.endPfn, range.endPfn);
    }
  }
  const pageblocks = pageblocksOf(ranges);
  if (plan.kind === 'page_cache') {
    zone.reserve = new CachedMemory(zone, pageblocks, seed, name);
    setWatermarks(zone);
    while (zone.freePages < zone.highPages && zone.reserve.reclaim(false));
  } else {
    const share = plan.kind === 'scattered' ? plan.share : 0;
    zone.reserve = new ScatteredMemory({ zone, pageblocks, share, seed, name });
  }
}

/** Smallest and largest distance in pages that page cache is dropped over: 4 MiB, 1 GiB. */
const MARK_PAGES_MIN = 1024;
const MARK_PAGES_MAX = 262144;
/** low - min and high - low are 1/1000 of the zone (watermark_scale_factor 10); min about the same. */
const MARK_SHARE = 0.001;

function setWatermarks(zone: BuddyZone): void {
  const step = Math.round(zone.managedPages * MARK_SHARE);
  const distance = Math.min(MARK_PAGES_MAX, Math.max(MARK_PAGES_MIN, step));
  const most = Math.floor(zone.managedPages / 4);
  zone.lowPages = Math.min(2 * distance, most);
  zone.highPages = Math.min(3 * distance, most);
}
