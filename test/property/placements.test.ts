/** The ledger of placements against a plain list of extents. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OverlapError, PlacementKind, Placements, type Extent } from '../../src/mm/placements.js';

const AREA_PAGES = 1200;
const AREA_BYTES = AREA_PAGES * 4096;
const SLOT_BYTES = 2097152;

const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      object: fc.integer({ min: 0, max: 12 }),
      kind: fc.constantFrom(PlacementKind.text, PlacementKind.data, PlacementKind.rodata),
      // Multiples of 512 bytes make neighbours and exact borders frequent.
      start: fc.integer({ min: 0, max: 90 }),
      size: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 20, max: 60 })),
      far: fc.boolean(),
      init: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 12 }), initOnly: fc.boolean() }),
  },
);

const overlaps = (a: Extent, b: Extent): boolean =>
  a.byte < b.byte + b.sizeBytes && b.byte < a.byte + a.sizeBytes;

/** By object in order of its first extent, then in order of placement. */
function grouped(list: readonly Extent[], order: readonly number[]): Extent[] {
  return order.flatMap((object) => list.filter((extent) => extent.object === object));
}

describe('placements', () => {
  it('know the same extents and sums as a plain list, and refuse every overlap', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const placements = new Placements(AREA_PAGES);
        let live: Extent[] = [];
        let order: number[] = [];
        const changes: string[] = [];
        placements.onChange = ({ object, byte }, isLive) =>
          changes.push(`${isLive ? '+' : '-'}${String(object)}@${String(byte)}`);
        for (const what of operations) {
          const before = changes.length;
          if ('remove' in what) {
            const goes = (e: Extent): boolean =>
              e.object === what.remove && (!what.initOnly || e.init);
            const gone = live.filter(goes);
            placements.remove(what.remove, what.initOnly);
            live = live.filter((extent) => !goes(extent));
            expect(changes.slice(before)).toEqual(
              gone.map(({ object, byte }) => `-${String(object)}@${String(byte)}`),
            );
          } else {
            const { object, kind, init, far } = what;
            const byte = what.start * 512 + (far ? SLOT_BYTES - 40 * 512 : 0);
            const extent: Extent = { object, byte, sizeBytes: what.size * 512, kind, init };
            const place = (): void => placements.place(object, kind, byte, extent.sizeBytes, init);
            if (live.some((other) => overlaps(other, extent))) {
              expect(place).toThrow(OverlapError);
              expect(changes).toHaveLength(before);
            } else {
              place();
              live.push(extent);
              expect(changes.slice(before)).toEqual([`+${String(object)}@${String(byte)}`]);
              if (!order.includes(object)) order.push(object);
            }
          }
          order = order.filter((object) => live.some((extent) => extent.object === object));
          expect([...placements.extents()]).toEqual(grouped(live, order));
          for (const kind of [0, 1, 2]) {
            const sum = live.filter((e) => e.kind === kind).reduce((s, e) => s + e.sizeBytes, 0);
            expect(placements.liveBytes[kind]).toBe(sum);
          }
          const text = live.filter((e) => e.kind === PlacementKind.text);
          const inFirst = text.reduce(
            (s, e) => s + Math.max(0, Math.min(e.byte + e.sizeBytes, SLOT_BYTES) - e.byte),
            0,
          );
          expect(placements.textBytesInSlot(0)).toBe(inFirst);
        }
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it.each([
    ['below the area', -1, 10],
    ['above the area', AREA_BYTES - 5, 6],
  ])('refuse an extent %s', (_name, byte, sizeBytes) => {
    const placements = new Placements(AREA_PAGES);
    expect(() => placements.place(1, PlacementKind.text, byte, sizeBytes)).toThrow(OverlapError);
  });

  it('take text into the tail of kernel text, which has no slot', () => {
    const placements = new Placements(AREA_PAGES, { page: -10, pages: 4 });
    placements.place(1, PlacementKind.text, -10 * 4096, 3 * 4096);
    placements.place(2, PlacementKind.text, 0, 50);
    expect(() => placements.place(3, PlacementKind.text, -8 * 4096, 64)).toThrow(OverlapError);
    expect(() => placements.place(3, PlacementKind.text, -7 * 4096, 4097)).toThrow(OverlapError);
    expect([placements.tailTextBytes, placements.liveBytes[0]]).toEqual([12288, 12338]);
    expect(placements.textBytesInSlot(0)).toBe(50);
    placements.remove(1);
    expect(placements.tailTextBytes).toBe(0);
  });

  it('count bytes that were handed out twice', () => {
    const placements = new Placements(AREA_PAGES);
    placements.place(1, PlacementKind.text, 100, 50);
    expect(() => placements.place(2, PlacementKind.text, 140, 50)).toThrow(
      'objects 2 and 1 share 10 bytes at byte 140',
    );
    expect(placements.overlapBytes).toBe(10);
  });

  it('grow beyond their first size and reuse rows', () => {
    const placements = new Placements(AREA_PAGES);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3000; i += 1) placements.place(i, PlacementKind.text, i * 1000, 900);
      expect(placements.liveBytes[0]).toBe(2_700_000);
      for (let i = 0; i < 3000; i += 1) placements.remove(i);
      expect([...placements.extents()]).toEqual([]);
    }
  });
});
