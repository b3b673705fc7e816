/** The tick of an event strip that a click means. */
import type { MapTick } from '../../src/contract/map-data.js';

/** The tick nearest to a time and not further than `reachNs`; null where there is none. */
export function nearestTick(
  ticks: readonly MapTick[],
  timeNs: number,
  reachNs: number,
): MapTick | null {
  let best: MapTick | null = null;
  let bestNs = reachNs;
  for (const tick of ticks) {
    const distance = Math.abs(tick.timeNs - timeNs);
    if (distance > bestNs || (best !== null && distance === bestNs)) continue;
    best = tick;
    bestNs = distance;
  }
  return best;
}
