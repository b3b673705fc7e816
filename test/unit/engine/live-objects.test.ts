/** The table of live objects and the heap of due times against plain arrays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../../src/engine/due-heap.js';
import { LiveObjects, NO_SLOT, ObjectKind } from '../../../src/engine/live-objects.js';

describe('due heap', () => {
  it('gives entries by time, equal times in order of entry, like a sorted list', () => {
    const operation = fc.oneof(
      { weight: 3, arbitrary: fc.record({ time: fc.integer({ min: 0, max: 20 }) }) },
      { weight: 2, arbitrary: fc.constant('pop' as const) },
      { weight: 1, arbitrary: fc.constant('sweep' as const) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const heap = new DueHeap();
        let naive: { time: number; order: number; payload: number }[] = [];
        operations.forEach((what, payload) => {
          if (what === 'sweep') {
            heap.sweep((entry) => entry % 3 !== 0);
            naive = naive.filter((entry) => entry.payload % 3 !== 0);
          } else if (what === 'pop') {
            naive.sort((a, b) => a.time - b.time || a.order - b.order);
            const next = naive.shift();
            expect(heap.topTime).toBe(next?.time ?? Infinity);
            if (next === undefined) return;
            expect([heap.topOrder, heap.topPayload]).toEqual([next.order, next.payload]);
            heap.pop();
          } else {
            const { time } = what;
            naive.push({ time, order: heap.push(time, payload), payload });
          }
          expect(heap.size).toBe(naive.length);
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('grows beyond its first size', () => {
    const heap = new DueHeap();
    for (let i = 5000; i > 0; i -= 1) heap.push(i, i);
    for (let i = 1; i <= 5000; i += 1) {
      expect(heap.topPayload).toBe(i);
      heap.pop();
    }
  });
});

interface Member {
  readonly id: number;
  readonly pool: number;
  readonly size: number;
  readonly slot: number;
}

describe('live objects', () => {
  it('keep age and size orders of pools like plain lists, and reuse slots', () => {
    const operation = fc.oneof(
      fc.record({ pool: fc.integer({ min: -1, max: 1 }), size: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ remove: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        const objects = new LiveObjects([
          { random: true, size: true },
          { random: false, size: false },
        ]);
        const live: Member[] = [];
        let most = 0;
        for (const what of operations) {
          if ('remove' in what) {
            const [gone] = live.splice(what.remove % Math.max(1, live.length), 1);
            if (gone !== undefined) objects.remove(gone.slot);
          } else {
            const id = objects.created;
            const slot = objects.add(ObjectKind.bpf, what.pool, what.size, 0);
            live.push({ id, pool: what.pool, size: what.size, slot });
          }
          most = Math.max(most, live.length);
          expect(walk(objects, -1)).toEqual(live.map(({ id }) => id));
          for (const pool of [0, 1]) {
            const members = live.filter((member) => member.pool === pool);
            expect(walk(objects, pool)).toEqual(members.map(({ id }) => id));
            expect(walkBack(objects, pool)).toEqual(members.map(({ id }) => id).reverse());
            expect(objects.count(pool)).toBe(members.length);
          }
          const sized = live.filter((member) => member.pool === 0);
          const largest = [...sized].sort((a, b) => b.size - a.size || a.id - b.id);
          expect(objects.bySize(0, 'largest', 3).map((slot) => objects.idOf(slot))).toEqual(
            largest.slice(0, 3).map(({ id }) => id),
          );
          const inAnyOrder = sized.map((_, index) => objects.idOf(objects.member(0, index)));
          expect([...inAnyOrder].sort((a, b) => a - b)).toEqual(sized.map(({ id }) => id));
        }
        expect(Math.max(-1, ...live.map(({ slot }) => slot))).toBeLessThan(Math.max(1, most));
      }),
      { seed: 1, numRuns: 150 },
    );
  });
});

function walk(objects: LiveObjects, pool: number): number[] {
  const ids: number[] = [];
  for (let slot = objects.oldest(pool); slot !== NO_SLOT; slot = objects.next(slot, pool)) {
    ids.push(objects.idOf(slot));
  }
  return ids;
}

function walkBack(objects: LiveObjects, pool: number): number[] {
  const ids: number[] = [];
  for (let slot = objects.newest(pool); slot !== NO_SLOT; slot = objects.previous(slot, pool)) {
    ids.push(objects.idOf(slot));
  }
  return ids;
}
