import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdMap } from '../../../src/base/id-map.js';

describe('IdMap', () => {
  it('has nothing at first, and takes a number once', () => {
    const map = new IdMap();
    expect(map.get(0)).toBe(-1);
    map.set(0, 7);
    map.set(2 ** 31 - 1, 8);
    expect([map.size, map.get(0), map.get(2 ** 31 - 1)]).toEqual([2, 7, 8]);
    expect([map.take(0), map.take(0), map.get(0), map.size]).toEqual([7, -1, -1, 1]);
  });

  it('agrees with a Map through any sets and removals', () => {
    const step = fc.tuple(fc.nat(2), fc.nat(300), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1500 }), (steps) => {
        const map = new IdMap();
        const naive = new Map<number, number>();
        for (const [kind, id, value] of steps) {
          if (kind === 0) {
            expect(map.take(id)).toBe(naive.get(id) ?? -1);
            naive.delete(id);
          } else {
            map.set(id, value);
            naive.set(id, value);
          }
          expect(map.get(id)).toBe(naive.get(id) ?? -1);
        }
        expect(map.size).toBe(naive.size);
        for (let id = 0; id <= 300; id += 1) expect(map.get(id)).toBe(naive.get(id) ?? -1);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it('keeps tens of thousands of rising ids while old ones go', () => {
    const map = new IdMap();
    for (let id = 0; id < 100_000; id += 1) {
      map.set(id, id * 2);
      if (id >= 20_000) expect(map.take(id - 20_000)).toBe((id - 20_000) * 2);
    }
    expect([map.size, map.get(99_999), map.get(79_999)]).toEqual([20_000, 199_998, -1]);
  });
});
