import { describe, expect, it } from 'vitest';
import { streamKey } from '../../../src/base/prng.js';
import { GIB, MIB } from '../../../src/base/units.js';
import type { FreeMemoryPlan } from '../../../src/contract/scenario-plan.js';
import { FrameAllocator } from '../../../src/mm/frame-allocator.js';
import { BesideMemory, PROCESS_PAGES } from '../../../src/mm/frame-allocator-beside.js';
import { MIGRATE_UNMOVABLE } from '../../../src/mm/frame-allocator-blocks.js';
import { BuddyZone } from '../../../src/mm/frame-allocator-zone.js';
import { prepareZone } from '../../../src/mm/free-memory.js';
import { Permutation } from '../../../src/mm/free-memory-permutation.js';

const GIB_PAGES = GIB / 4096;
const ZONE_START = 4 * GIB_PAGES;

/** A zone of `pages` from 4 GiB on in a state of free memory. */
function zoneIn(plan: FreeMemoryPlan, pages = GIB_PAGES, seed = 1): BuddyZone {
  const ranges = [{ startPfn: ZONE_START, endPfn: ZONE_START + pages }];
  const zone = new BuddyZone({ ranges });
  prepareZone({ zone, ranges, plan, seed, name: 'zone' });
  return zone;
}

function exhaust(zone: BuddyZone, order: number): readonly number[] {
  const blocks: number[] = [];
  for (;;) {
    const frame = zone.alloc(order, MIGRATE_UNMOVABLE);
    if (frame < 0) return blocks;
    blocks.push(frame);
  }
}

const regionsOf = (frames: readonly number[]): number =>
  new Set(frames.map((frame) => Math.floor(frame / 512))).size;

describe('a shuffle', () => {
  it.each([0, 1, 2, 3, 16, 17, 511, 512, 5000])('of %i numbers hits each once', (size) => {
    const permutation = new Permutation(streamKey(7, 'shuffle'), size);
    const hit = Array.from({ length: size }, (_, index) => permutation.at(index));
    expect([...hit].sort((a, b) => a - b)).toEqual(hit.map((_, index) => index));
  });

  it('depends on its key and moves nearly everything', () => {
    const shuffled = (seed: number): readonly number[] => {
      const permutation = new Permutation(streamKey(seed, 'shuffle'), 1000);
      return Array.from({ length: 1000 }, (_, index) => permutation.at(index));
    };
    expect(shuffled(1)).not.toEqual(shuffled(2));
    expect(shuffled(1).filter((value, index) => value === index).length).toBeLessThan(10);
  });
});

describe('scattered free memory', () => {
  it.each([0, 0.1, 0.35, 0.5, 0.999, 1])(
    'leaves the share 1 - %d of 2 MiB blocks whole',
    (share) => {
      const zone = zoneIn({ kind: 'scattered', share }, 3 * GIB_PAGES);
      const whole = exhaust(zone, 9);
      expect(whole).toHaveLength(1536 - Math.floor(1536 * share));
      expect(new Set(whole).size).toBe(whole.length);
      zone.verify();
    },
  );

  it('keeps 64 free pages in every other pageblock', () => {
    const zone = zoneIn({ kind: 'scattered', share: 0.5 });
    expect(zone.freePages).toBe(256 * 512 + 256 * 64);
    const pages = exhaust(zone, 0);
    expect(pages).toHaveLength(256 * 512 + 256 * 64);
    expect(new Set(pages).size).toBe(pages.length);
    expect(regionsOf(pages)).toBe(512);
    for (const page of pages) zone.free(page, 0);
    zone.verify();
    expect(zone.freePages).toBe(pages.length);
  });

  it('spreads the share over every GiB', () => {
    const zone = zoneIn({ kind: 'scattered', share: 0.25 }, 4 * GIB_PAGES);
    const byGib = [0, 0, 0, 0];
    for (const frame of exhaust(zone, 9)) {
      const gib = Math.floor((frame - ZONE_START) / GIB_PAGES);
      byGib[gib] = (byGib[gib] ?? 0) + 1;
    }
    expect(byGib).toEqual([384, 384, 384, 384]);
  });

  it('has no block of more than 64 KiB when all of memory is scattered', () => {
    const zone = zoneIn({ kind: 'scattered', share: 1 });
    expect(zone.alloc(5, MIGRATE_UNMOVABLE)).toBe(-1);
    expect(zone.alloc(4, MIGRATE_UNMOVABLE)).toBeGreaterThan(0);
  });

  it('serves single pages from the short runs before it breaks a whole block', () => {
    const zone = zoneIn({ kind: 'scattered', share: 0.5 });
    const blocks = new Set(exhaust(zoneIn({ kind: 'scattered', share: 0.5 }), 9));
    for (let page = 0; page < 256 * 64; page += 1) {
      const frame = zone.alloc(0, MIGRATE_UNMOVABLE);
      expect(blocks.has(Math.floor(frame / 512) * 512)).toBe(false);
    }
  });

  it('spreads 512 pages over about as many regions as recorded on an aged machine', () => {
    // 301 of 9664 pageblocks; 95 regions of 2 MiB not split before were recorded.
    for (let seed = 1; seed <= 5; seed += 1) {
      const zone = zoneIn({ kind: 'scattered', share: 301 / 9664 + 1e-9 }, 9664 * 512, seed);
      const pages = Array.from({ length: 512 }, () => zone.alloc(0, MIGRATE_UNMOVABLE));
      expect(regionsOf(pages)).toBeGreaterThan(85);
      expect(regionsOf(pages)).toBeLessThan(120);
    }
  });
});

describe('memory full of page cache', () => {
  it('keeps some free, and takes the rest from the cache as it is used', () => {
    const zone = zoneIn({ kind: 'page_cache' });
    expect(zone.freePages).toBeGreaterThanOrEqual(zone.highPages);
    expect(zone.freePages).toBeLessThan(zone.highPages + 512);
    expect(zone.freePages + (zone.reserve?.cachedPages ?? 0)).toBe(GIB_PAGES);
    const pages = exhaust(zone, 0);
    expect(pages).toHaveLength(GIB_PAGES);
    expect(new Set(pages).size).toBe(GIB_PAGES);
    zone.verify();
  });

  it('spreads the first kernel pages over all of memory, not from the bottom', () => {
    const zone = zoneIn({ kind: 'page_cache' }, 8 * GIB_PAGES);
    const pages = Array.from({ length: 20_000 }, () => zone.alloc(0, MIGRATE_UNMOVABLE));
    expect(new Set(pages.map((page) => Math.floor(page / GIB_PAGES))).size).toBe(8);
  });

  it('drops the cache of whole pageblocks for 2 MiB blocks until none is left', () => {
    const zone = zoneIn({ kind: 'page_cache' });
    let blocks = 0;
    for (;;) {
      let frame = zone.alloc(9, MIGRATE_UNMOVABLE);
      if (frame < 0) frame = zone.allocWithReclaim(9, MIGRATE_UNMOVABLE);
      if (frame < 0) break;
      blocks += 1;
    }
    expect(blocks).toBe(512);
    expect(zone.reserve?.cachedPages).toBe(0);
    zone.verify();
  });
});

/** Changed pages to a region after 512, 1024 and 2048 processes with three programs of one page. */
function ladder(kind: 'fresh' | 'page_cache', seed: number): readonly number[] {
  const machine = {
    ramBytes: 8 * GIB,
    nodes: 1,
    cpus: 8,
    freeMemory: { kind },
    kernelTextBytes: 24 * MIB,
  };
  const frames = new FrameAllocator({ machine, seed });
  const beside = new BesideMemory(frames);
  const regions = new Set<number>();
  return [512, 1024, 2048].map((processes) => {
    const tickets: number[] = [];
    const programs: number[] = [];
    for (let process = 0; process < processes; process += 1) {
      frames.runOnCpu(process % 8);
      tickets.push(beside.take(PROCESS_PAGES));
      for (let program = 0; program < 3; program += 1) programs.push(frames.allocBlock(-1, 0));
    }
    for (const frame of programs) regions.add(Math.floor(frame / 512));
    for (const ticket of tickets) beside.give(ticket);
    for (const frame of programs) frames.freeBlock(frame, 0);
    expect(beside.pages).toBe(0);
    return (processes * 3) / regions.size;
  });
}

describe('the published ladder of sockex1 processes', () => {
  it.each([1, 2])(
    'keeps the locality of fresh memory, and page cache lowers it: seed %i',
    (seed) => {
      const fresh = ladder('fresh', seed);
      [8.4, 7.9, 8.0].forEach((published, rung) => {
        expect(Math.abs((fresh[rung] ?? 0) / published - 1)).toBeLessThan(0.1);
      });
      const filled = ladder('page_cache', seed);
      filled.forEach((pages, rung) => {
        expect(pages).toBeLessThan(0.9 * (fresh[rung] ?? 0));
        expect(pages).toBeGreaterThan(5);
      });
    },
  );
});

describe('memory beside', () => {
  it('takes what there is, gives it back once, and ignores other tickets', () => {
    const machine = {
      ramBytes: 128 * MIB,
      nodes: 1,
      cpus: 1,
      freeMemory: { kind: 'fresh' },
      kernelTextBytes: 8 * MIB,
    } as const;
    const frames = new FrameAllocator({ machine, seed: 1 });
    const free = frames.freePages;
    const beside = new BesideMemory(frames);
    const all = beside.take(100_000);
    expect(beside.pages).toBe(free - frames.freePages);
    beside.give(all);
    beside.give(all);
    beside.give(99);
    expect(frames.freePages).toBe(free);
    frames.verify();
  });
});
