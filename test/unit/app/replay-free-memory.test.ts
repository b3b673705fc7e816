/** Free memory after a boot, and what the rest of the kernel takes and gives back beside a replay. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import {
  Background,
  type BackgroundAmounts,
  type BackgroundMemory,
} from '../../../src/app/replay-background.js';
import { zonesAfterBoot } from '../../../src/app/replay-free-memory.js';
import { ReplayFrames } from '../../../src/app/replay-frames.js';
import { moduleTablePages } from '../../../src/app/replay-module-tables.js';
import type { RecordingEvent } from '../../../src/recording/recording.js';
import { shippedRecording } from '../../support/recording-files.js';

const BLOCK = 1024;
const GIB = 262144;

const zoneOf = (placement: number, cpus = 2) => {
  const recording = shippedRecording('debian-6.1-modules');
  const ram = recording.meta.guest.ram.map((range) => ({
    startPfn: Math.ceil(range.start / 4096),
    endPfn: Math.floor(range.end / 4096),
  }));
  const chance = new PrngStream(placement, 'test');
  const zones = zonesAfterBoot({
    recording,
    release: '6.1',
    ram,
    nodes: 1,
    cpus,
    taken: new Set(),
    chance,
  });
  expect(zones).toHaveLength(1);
  const zone = zones[0];
  if (!zone) throw new Error('a machine has a zone');
  return { zone, recording };
};

describe('free memory after a boot', () => {
  it('has the block that is carved below the first whole one, larger pieces above smaller ones', () => {
    for (let placement = 0; placement < 40; placement += 1) {
      const { zone } = zoneOf(placement);
      expect(zone.claimStart % BLOCK).toBe(0);
      let below = zone.claimStart - BLOCK;
      let orderBelow = -1;
      for (const [frame, order] of zone.freeBlocks) {
        expect(frame % 2 ** order, `order ${order}`).toBe(0);
        expect(order).toBeGreaterThan(orderBelow);
        expect(frame).toBeGreaterThanOrEqual(below);
        below = frame + 2 ** order;
        orderBelow = order;
      }
      expect(zone.freeBlocks.length === 0 ? zone.claimStart : below).toBe(zone.claimStart);
    }
  });

  it('takes pieces only of orders that were counted', () => {
    const orders = new Set<number>();
    for (let placement = 0; placement < 60; placement += 1) {
      const { zone } = zoneOf(placement);
      for (const [, order] of zone.freeBlocks) orders.add(order);
    }
    const { recording } = zoneOf(0);
    const counts = recording.snapshots[0]?.freeBlocks?.find((row) => row.zone === 'Normal')?.counts;
    const counted = (counts ?? []).flatMap((count, order) =>
      count > 0 && order < 10 ? order : [],
    );
    expect([...orders].sort((a, b) => a - b)).toEqual(counted);
  });

  it('lists every page once, and none of them above the carved end', () => {
    for (let placement = 0; placement < 40; placement += 1) {
      const { zone } = zoneOf(placement);
      new ReplayFrames([zone], 2, new PrngStream(placement, 'test'), {
        batchesGrow: false,
      }).verify();
      const end = zone.freeBlocks[0]?.[0] ?? zone.claimStart;
      for (const page of zone.lists?.flat() ?? []) expect(page).toBeLessThan(end);
    }
  });
});

describe('lists of a CPU', () => {
  const frames = () =>
    new ReplayFrames(
      [{ claimStart: 5 * GIB, claimEnd: 8 * GIB, freeBlocks: [] }],
      1,
      new PrngStream(1, 'test'),
      { batchesGrow: false },
    );
  const takeAndFree = (target: ReplayFrames, count: number): void => {
    const out = new Float64Array(count);
    expect(target.allocBulk(-1, count, out, 0)).toBe(count);
    for (const page of out) target.freeBlock(page, 0);
  };

  it('keep their pages while few others come', () => {
    const target = frames();
    takeAndFree(target, 100);
    target.freeOthers(1000);
    const out = new Float64Array(1);
    target.allocBulk(-1, 1, out, 0);
    expect(out[0]).toBe(5 * GIB + 99);
    target.verify();
  });

  it('lose old ones when others push them out', () => {
    const target = frames();
    takeAndFree(target, 100);
    target.freeOthers(100000);
    // Two batches were listed; 6 of 126 pages are left, the others are free blocks again.
    const out = new Float64Array(7);
    target.allocBulk(-1, 7, out, 0);
    expect([...out].slice(0, 6)).toEqual([99, 98, 97, 96, 95, 94].map((page) => 5 * GIB + page));
    expect(out[6]).not.toBe(5 * GIB + 93);
    target.verify();
  });
});

describe('tables of a module', () => {
  it('of jfs are 65536 locks and 8192 transactions from 1 GiB of memory on', () => {
    expect(moduleTablePages('jfs', GIB + 1)).toBe(1152 + 352);
    expect(moduleTablePages('jfs', GIB / 2)).toBe(Math.ceil((32768 * 72) / 4096) + 176);
  });

  it('of f2fs are the 512 pages of its pool for compression', () => {
    expect(moduleTablePages('f2fs', GIB)).toBe(512);
  });

  it('of other modules take nothing', () => {
    expect(moduleTablePages('ext4', GIB)).toBe(0);
  });
});

/** Counts pages instead of holding them. */
class CountingMemory implements BackgroundMemory<number> {
  used = 0;
  others = 0;
  passed = 0;
  /** Pages of every request, in order; negative ones came back. */
  readonly requests: number[] = [];
  take(pages: number): number {
    this.used += pages;
    this.requests.push(pages);
    return pages;
  }
  give(pages: number): void {
    this.used -= pages;
    this.requests.push(-pages);
  }
  takeSingles(pages: number): number {
    this.used += pages;
    return pages;
  }
  giveSingles(pages: number): void {
    this.used -= pages;
  }
  passBlocks(blocks: number): void {
    this.passed += blocks;
  }
  giveOthers(pages: number): void {
    this.others += pages;
  }
}

describe('memory beside a replay', () => {
  const amounts: BackgroundAmounts = {
    modulePages: 10,
    moduleFileShare: 0.5,
    instancePages: 100,
    instancePassingBlocks: 40,
    instanceOtherPages: 2000,
    verifierBytes: 64,
    probePages: 2,
  };
  const play = (ops: readonly (readonly [RecordingEvent['op'], string | number])[]) => {
    const memory = new CountingMemory();
    const modules = new Map([
      ['a', { name: 'a', fileBytes: 81920, sections: [] }],
      ['b', { name: 'b', fileBytes: 81920, sections: [] }],
    ]);
    const background = new Background({ modules, ramPages: GIB }, memory, amounts);
    for (const [op, id] of ops) {
      const event = {
        op,
        name: String(id),
        id: Number(id),
        jitedBytes: 17009,
        bytecodeBytes: 32000,
        instanceRemoved: true,
      } as unknown as RecordingEvent;
      background.before(event);
      background.after(event);
    }
    return memory;
  };

  it('keeps slab pages of a module and gives the file buffer back', () => {
    expect(play([['modload', 'a']]).used).toBe(20);
  });

  it('keeps part of them when the module goes, and the next one uses those first', () => {
    const gone = play([
      ['modload', 'a'],
      ['modunload', 'a'],
    ]);
    expect(gone.used).toBe(8);
    const again = play([
      ['modload', 'a'],
      ['modunload', 'a'],
      ['modload', 'b'],
    ]);
    expect(again.used).toBe(20);
  });

  it('frees the inodes of a tracing instance with it, once', () => {
    const memory = play([
      ['fton', 1],
      ['ftoff', 1],
      ['ftoff', 1],
    ]);
    expect(memory.used).toBe(0);
    expect(memory.others).toBe(2000);
  });

  it('keeps the bytecode of a program, and gives the table of its verifier back at once', () => {
    const memory = play([['bpfload', 1]]);
    // 8 pages of bytecode; 4000 instructions of 64 bytes.
    expect(memory.requests).toEqual([8, 63, -63]);
    expect(
      play([
        ['bpfload', 1],
        ['bpfclose', 1],
      ]).requests,
    ).toEqual([8, 63, -63, -8]);
  });

  it('lets blocks pass through once for an instance', () => {
    const memory = play([
      ['fton', 1],
      ['fton', 1],
    ]);
    expect(memory.passed).toBe(40);
    expect(memory.used).toBe(100);
  });
});
