import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB } from '../../../src/base/units.js';
import {
  MIGRATE_MOVABLE,
  MIGRATE_RECLAIMABLE,
  MIGRATE_UNMOVABLE,
  type MigrateType,
} from '../../../src/mm/frame-allocator-blocks.js';
import { batchPagesOf, CpuLists } from '../../../src/mm/frame-allocator-cpu-lists.js';
import { BuddyZone, type ClaimRule } from '../../../src/mm/frame-allocator-zone.js';
import { prepareZone } from '../../../src/mm/free-memory.js';
import { NaiveBuddy } from '../../support/naive-buddy.js';

const FOUR_GIB = 0x100000;

/** A zone [startPfn, endPfn) whose free memory enters the lists as it is needed. */
function freshZone(startPfn: number, endPfn: number): BuddyZone {
  const ranges = [{ startPfn, endPfn }];
  const zone = new BuddyZone({ ranges });
  prepareZone({ zone, ranges, plan: { kind: 'fresh' }, seed: 1, name: 'zone' });
  return zone;
}

/** The same with all blocks listed at once. */
function listedZone(sections: number, claimRule: ClaimRule): BuddyZone {
  const zone = new BuddyZone({ ranges: [{ startPfn: 0, endPfn: sections * 1024 }], claimRule });
  zone.addFree(0, sections * 1024);
  return zone;
}

describe('a fresh zone from 4 to 8 GiB', () => {
  it('gives the first kernel page of the lowest 4 MiB, which turn unmovable', () => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const lists = new CpuLists(zone, { cpus: 1, batchPages: 63, highPages: 252 });
    expect(lists.take(0, 0, 0)).toBe(FOUR_GIB);
    expect(lists.framesOf(0, 0)).toEqual(
      Array.from({ length: 62 }, (_, index) => FOUR_GIB + 1 + index),
    );
    expect([0, 512].map((page) => zone.pageblockType(FOUR_GIB + page))).toEqual([0, 0]);
    const lists0 = Array.from({ length: 11 }, (_, order) =>
      zone.blocks.framesOn(order, MIGRATE_UNMOVABLE),
    );
    expect(lists0).toEqual([
      [0x10003f],
      [],
      [],
      [],
      [],
      [],
      [0x100040],
      [0x100080],
      [0x100100],
      [0x100200],
      [],
    ]);
  });

  it.each([
    [0, 1],
    [1, 2],
    [511, 2],
  ])('puts 512 pages after %i others into %i regions of 2 MiB', (before, regions) => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const lists = new CpuLists(zone, { cpus: 1, batchPages: 63, highPages: 252 });
    const frames = new Float64Array(1024);
    lists.takePages(0, before, 0, frames, 0);
    expect(lists.takePages(0, 512, 0, frames, 0)).toBe(512);
    expect(new Set([...frames.subarray(0, 512)].map((f) => Math.floor(f / 512))).size).toBe(
      regions,
    );
  });

  it('gives freed pages again, the last one first', () => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const lists = new CpuLists(zone, { cpus: 1, batchPages: 63, highPages: 252 });
    const frames = Array.from({ length: 10 }, () => lists.take(0, 0, 0));
    for (const frame of frames) lists.give(0, frame, 0);
    expect(Array.from({ length: 10 }, () => lists.take(0, 0, 0))).toEqual(frames.reverse());
  });

  it('gives whole blocks in ascending order of address', () => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const frames = [10, 9, 9, 10, 8].map((order) => zone.alloc(order, MIGRATE_UNMOVABLE));
    expect(frames.map((frame) => frame - FOUR_GIB)).toEqual([0, 1024, 1536, 2048, 3072]);
  });

  it('has every page of a zone with crooked ends, and no page twice', () => {
    const zone = freshZone(FOUR_GIB + 700, FOUR_GIB + 5000);
    const seen = new Set<number>();
    for (;;) {
      const frame = zone.alloc(0, MIGRATE_UNMOVABLE);
      if (frame < 0) break;
      seen.add(frame);
    }
    expect(seen.size).toBe(4300);
    expect([...seen].every((frame) => frame >= zone.startPfn && frame < zone.endPfn)).toBe(true);
    for (const frame of seen) zone.free(frame, 0);
    zone.verify();
    expect(zone.freePages).toBe(4300);
  });
});

describe('lists of a CPU', () => {
  it.each([
    [GIB / 4096, 63],
    [(64 * GIB) / 4096, 63],
    [(GIB / 4096) * 0.75, 63],
    [(GIB / 4096) * 0.5, 31],
    [4096, 1],
  ])('of a zone of %i pages are refilled by %i', (pages, batch) => {
    expect(batchPagesOf(pages)).toBe(batch);
  });

  it('drain their oldest pages above the high mark', () => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const lists = new CpuLists(zone, { cpus: 1, batchPages: 63, highPages: 252 });
    const frames = Array.from({ length: 252 + 63 }, () => lists.take(0, 0, 0));
    for (const frame of frames.slice(0, 252)) lists.give(0, frame, 0);
    expect(lists.pages).toBe(252);
    lists.give(0, frames[252] ?? 0, 0);
    expect(lists.pages).toBe(252 + 1 - 63);
    // The 63 oldest are the lowest; they are back on the zone's lists.
    expect(lists.framesOf(0, 0).at(-1)).toBe(frames[63]);
    lists.verify();
    zone.verify();
  });

  it('of other CPUs keep other pages', () => {
    const zone = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    const lists = new CpuLists(zone, { cpus: 2, batchPages: 63, highPages: 252 });
    expect(lists.take(0, 0, 0)).toBe(FOUR_GIB);
    expect(lists.take(1, 0, 0)).toBe(FOUR_GIB + 63);
    expect(lists.take(0, 0, 0)).toBe(FOUR_GIB + 1);
  });
});

describe('pageblocks', () => {
  it('of 2 MiB are not taken for kernel pages while fragments are to be avoided', () => {
    const zone = listedZone(1, 'use');
    const movable = zone.alloc(9, MIGRATE_MOVABLE);
    const rest = zone.alloc(8, MIGRATE_MOVABLE);
    expect([movable, rest]).toEqual([0, 512]);
    expect(zone.alloc(0, MIGRATE_UNMOVABLE, 9)).toBe(-1);
    expect(zone.alloc(0, MIGRATE_UNMOVABLE)).toBe(768);
  });

  it('turn unmovable when at least half of them is not movable memory', () => {
    const zone = listedZone(1, 'use');
    zone.alloc(9, MIGRATE_MOVABLE);
    zone.alloc(8, MIGRATE_MOVABLE);
    zone.alloc(0, MIGRATE_UNMOVABLE);
    expect(zone.pageblockType(512)).toBe(MIGRATE_UNMOVABLE);
  });

  it('stay movable when more than half of them is movable memory', () => {
    const zone = listedZone(1, 'use');
    zone.alloc(9, MIGRATE_MOVABLE);
    zone.alloc(8, MIGRATE_MOVABLE);
    zone.alloc(0, MIGRATE_MOVABLE);
    const frame = zone.alloc(0, MIGRATE_UNMOVABLE);
    expect(Math.floor(frame / 512)).toBe(1);
    expect(zone.pageblockType(512)).toBe(MIGRATE_MOVABLE);
    // The page goes back to movable memory.
    zone.free(frame, 0);
    expect(zone.blocks.framesOn(0, MIGRATE_MOVABLE)).toContain(frame);
  });

  it('are refused as half-used since 6.15, which takes one small block instead', () => {
    const zone = listedZone(1, 'half');
    zone.alloc(9, MIGRATE_MOVABLE);
    zone.alloc(8, MIGRATE_MOVABLE);
    const last = zone.alloc(0, MIGRATE_MOVABLE);
    const listed = zone.blocks.framesOn(7, MIGRATE_MOVABLE);
    expect(zone.alloc(0, MIGRATE_UNMOVABLE)).toBe(last + 1);
    expect(zone.blocks.framesOn(7, MIGRATE_MOVABLE)).toEqual(listed);
  });

  it('of reclaimable memory are taken before movable ones of the same size', () => {
    const zone = listedZone(2, 'use');
    const reclaimable = zone.alloc(0, MIGRATE_RECLAIMABLE);
    zone.alloc(10, MIGRATE_MOVABLE);
    expect(zone.alloc(0, MIGRATE_UNMOVABLE)).toBe(reclaimable + 512);
  });

  it.each<readonly [ClaimRule, MigrateType]>([
    ['use', MIGRATE_MOVABLE],
    ['half', MIGRATE_UNMOVABLE],
  ])('give movable memory only the smallest small block, claim rule %s', (rule, typeOfRest) => {
    const zone = listedZone(1, rule);
    const rest =
      [9, 8, 7, 6, 5, 4].map((order) => zone.alloc(order, MIGRATE_UNMOVABLE)).at(-1) ?? 0;
    // 16 pages are left: 8 stay free, of the others one block of 4.
    const taken = zone.alloc(2, MIGRATE_UNMOVABLE);
    expect(taken).toBe(rest + 16);
    expect(zone.alloc(1, MIGRATE_MOVABLE)).toBe(taken + 4);
    expect(zone.blocks.framesOn(3, MIGRATE_UNMOVABLE)).toEqual([taken + 8]);
    expect(zone.blocks.framesOn(1, typeOfRest)).toEqual([taken + 6]);
    expect(zone.pageblockType(taken)).toBe(MIGRATE_UNMOVABLE);
  });

  it('refuse a page that is free, elsewhere or was never taken', () => {
    const zone = listedZone(1, 'use');
    const frame = zone.alloc(0, MIGRATE_UNMOVABLE);
    zone.free(frame, 0);
    expect(() => zone.free(frame, 0)).toThrow(/not free already/);
    expect(() => zone.free(5000, 0)).toThrow(/lies in its zone/);
    const fresh = freshZone(FOUR_GIB, 2 * FOUR_GIB);
    expect(() => fresh.free(FOUR_GIB + 5000, 0)).toThrow(/was handed out/);
  });
});

/** Few, so that types take pageblocks from each other all the time. */
const SECTIONS = 2;

interface Operation {
  readonly kind: 'alloc' | 'free';
  readonly order: number;
  readonly type: MigrateType;
  readonly avoid: boolean;
  readonly pick: number;
}

const operations = fc.array(
  fc.record<Operation>({
    kind: fc.constantFrom<Operation['kind'][]>('alloc', 'alloc', 'free'),
    order: fc.oneof(
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 6, max: 8 }),
    ),
    type: fc.constantFrom<MigrateType[]>(0, 1, 2),
    avoid: fc.boolean(),
    pick: fc.nat(1_000_000),
  }),
  { minLength: 40, maxLength: 400, size: 'max' },
);

describe('the buddy zone against a plain model', () => {
  it.each<ClaimRule>(['use', 'half'])('gives the same frames, claim rule %s', (rule) => {
    const property = fc.property(operations, (steps) => {
      const zone = listedZone(SECTIONS, rule);
      const naive = new NaiveBuddy(SECTIONS, rule);
      const live: { frame: number; order: number; type: MigrateType }[] = [];
      let used = 0;
      for (const step of steps) {
        if (step.kind === 'alloc') {
          const min = step.avoid ? 9 : 0;
          const frame = zone.alloc(step.order, step.type, min);
          expect(frame).toBe(naive.alloc(step.order, step.type, min));
          if (frame < 0) continue;
          expect(frame % 2 ** step.order).toBe(0);
          live.push({ frame, order: step.order, type: step.type });
          used += 2 ** step.order;
        } else if (live.length > 0) {
          const [block] = live.splice(step.pick % live.length, 1);
          if (block === undefined) continue;
          zone.free(block.frame, block.order, block.type === MIGRATE_MOVABLE);
          naive.free(block.frame, block.order);
          used -= 2 ** block.order;
        }
        expect(zone.freePages).toBe(SECTIONS * 1024 - used);
      }
      zone.verify();
      expect(naive.freePages).toBe(zone.freePages);
      expect(naive.pageblockTypes).toEqual(
        naive.pageblockTypes.map((_, block) => zone.pageblockType(block * 512)),
      );
      for (const type of [0, 1, 2] as const) {
        for (let order = 0; order <= 10; order += 1) {
          expect(zone.blocks.framesOn(order, type)).toEqual(naive.list(order, type));
        }
      }
    });
    fc.assert(property, { seed: 20240711, numRuns: 40 });
  });
});
