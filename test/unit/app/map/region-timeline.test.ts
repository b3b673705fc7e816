/** Regions of the direct map against a naive replay from the start, in any order of steps. */
import { describe, expect, it } from 'vitest';
import { MapLog } from '../../../../src/app/map/map-log.js';
import { RegionTimeline } from '../../../../src/app/map/region-timeline.js';
import { PrngStream } from '../../../../src/base/prng.js';
import { EffectKind } from '../../../../src/contract/sim-event.js';

const REGIONS = 40;
const EVENTS = 30_000;

/** Splits what is whole and collapses what is split, one event every third step. */
function randomLog(): { readonly log: MapLog; readonly naive: (step: number) => string } {
  const log = new MapLog(512, 0);
  const draws = new PrngStream(5, 'regions');
  const now = new Map<number, number>();
  const boot = (region: number): number => (region % 2 === 0 ? 2 : 1);
  const history: { step: number; pfn: number; level: number }[] = [];
  for (let i = 0; i < EVENTS; i += 1) {
    const region = draws.below(REGIONS);
    const level = (now.get(region) ?? boot(region)) === 2 ? 1 : 2;
    now.set(region, level);
    log.regionStep.push(3 * i);
    log.regionPfn.push(region * 512);
    log.regionKind.push(level === 1 ? EffectKind.directMapSplit2M : EffectKind.directMapCollapse2M);
    history.push({ step: 3 * i, pfn: region * 512, level });
  }
  const naive = (step: number): string => {
    const state = new Map<number, number>();
    for (const { pfn, level, step: at } of history) if (at <= step) state.set(pfn, level);
    return [...state]
      .filter(([pfn, level]) => level !== boot(pfn / 512))
      .sort(([a], [b]) => a - b)
      .map(([pfn, level]) => `${String(pfn)} 512 ${String(level)}`)
      .join(';');
  };
  return { log, naive };
}

describe('regions of the direct map', () => {
  it('are those of a replay from boot, forwards, backwards and by jumps', () => {
    const { log, naive } = randomLog();
    const timeline = new RegionTimeline(log);
    const draws = new PrngStream(6, 'steps');
    const last = 3 * EVENTS;
    const jumps = Array.from({ length: 40 }, () => draws.below(last));
    for (const step of [0, 1, 2, 3, 4, 100, 99, 98, last, last - 1, ...jumps]) {
      const found = timeline.at(step);
      const lines: string[] = [];
      for (let i = 0; i < found.length; i += 3) lines.push(found.slice(i, i + 3).join(' '));
      expect(lines.join(';')).toBe(naive(step));
    }
  });
});
