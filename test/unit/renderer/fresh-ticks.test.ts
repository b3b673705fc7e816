/** Splits that a page-table map points out: those since the picture before. */
import { describe, expect, it } from 'vitest';
import { freshTicks } from '../../../renderer/maps/fresh-ticks.js';
import { directLines } from '../../../renderer/maps/table-lines.js';
import type { MapMoment } from '../../../src/contract/map-data.js';

/** Lines of a direct map with these regions split: pfns. */
const linesOf = (...pfns: readonly number[]) =>
  directLines({
    directMap: Float64Array.from(pfns.flatMap((pfn) => [pfn, 512, 1])),
  } as unknown as MapMoment);

describe('fresh splits', () => {
  it('are those that the picture before did not have', () => {
    const fresh = freshTicks(linesOf(0, 1024), linesOf(0, 512, 1024, 262_144));
    expect([...fresh]).toEqual([
      ['0 GiB', [1]],
      ['1 GiB', [0]],
    ]);
  });

  it('are none when nothing changed or something collapsed', () => {
    expect(freshTicks(linesOf(0, 512), linesOf(512)).size).toBe(0);
    expect(freshTicks(linesOf(), linesOf()).size).toBe(0);
  });
});
