import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB, MIB } from '../../../src/base/units.js';
import type { FreeMemoryPlan } from '../../../src/contract/scenario-plan.js';
import { FrameAllocator } from '../../../src/mm/frame-allocator.js';
import { framesOfNodes } from '../../../src/mm/frame-allocator-layout.js';
import { defaultRamRanges, frameCount, framesOfRam } from '../../../src/mm/ram-layout.js';

interface Shape {
  readonly ramBytes?: number;
  readonly nodes?: number;
  readonly cpus?: number;
  readonly freeMemory?: FreeMemoryPlan;
  readonly seed?: number;
}

const FRESH: FreeMemoryPlan = { kind: 'fresh' };
const PAGE_CACHE: FreeMemoryPlan = { kind: 'page_cache' };
const scattered = (share: number): FreeMemoryPlan => ({ kind: 'scattered', share });

function allocator(shape: Shape = {}): FrameAllocator {
  const { ramBytes = 8 * GIB, nodes = 1, cpus = 2, freeMemory = FRESH, seed = 1 } = shape;
  const kernelTextBytes = 24 * MIB;
  return new FrameAllocator({
    machine: { ramBytes, nodes, cpus, freeMemory, kernelTextBytes },
    seed,
  });
}

function bulk(frames: FrameAllocator, count: number, node = -1): readonly number[] {
  const out = new Float64Array(count);
  return [...out.subarray(0, frames.allocBulk(node, count, out, 0))];
}

const regionsOf = (frames: readonly number[]): number =>
  new Set(frames.map((frame) => Math.floor(frame / 512))).size;

/** All blocks of an order that can be had. */
function exhaust(frames: FrameAllocator, order: number, mayReclaim = true): readonly number[] {
  const blocks: number[] = [];
  for (;;) {
    const frame = frames.allocBlock(-1, order, mayReclaim);
    if (frame < 0) return blocks;
    blocks.push(frame);
  }
}

describe('a fresh machine', () => {
  it('puts a pack of 512 pages into one to three regions above 4 GiB', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const pack = bulk(allocator({ seed }), 512);
      expect(pack).toHaveLength(512);
      expect(regionsOf(pack)).toBeLessThanOrEqual(3);
      expect(new Set(pack.map((frame) => Math.floor(frame / 262144)))).toEqual(new Set([4]));
    }
  });

  it('gives an immediate reload the same pages in reverse', () => {
    const frames = allocator();
    const first = bulk(frames, 10);
    for (const frame of first) frames.freeBlock(frame, 0);
    expect(bulk(frames, 10)).toEqual([...first].reverse());
  });

  it('never gives page 0, the legacy hole, the kernel image or the page structures', () => {
    const frames = allocator({ ramBytes: GIB });
    const seen = exhaust(frames, 0);
    const ramEnd = (GIB - 128 * 1024) / 4096;
    const structPages = Math.floor(ramEnd / 64) - 4;
    const imageStart = (16 * MIB) / 4096;
    const isAllowed = (frame: number): boolean =>
      (frame >= 1 && frame < 0x9f) ||
      (frame >= 256 && frame < imageStart) ||
      (frame >= imageStart + (24 * MIB) / 4096 && frame < ramEnd - structPages);
    expect(seen.filter((frame) => !isAllowed(frame))).toEqual([]);
    expect(seen.length).toBeGreaterThan(200_000);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('blocks of 2 MiB', () => {
  it('run out, and come back when one is freed', () => {
    const frames = allocator({ ramBytes: GIB });
    const blocks = exhaust(frames, 9);
    expect(blocks.length).toBeGreaterThan(350);
    expect(blocks.every((frame) => frame % 512 === 0)).toBe(true);
    expect(frames.freePages).toBeGreaterThan(0);
    expect(frames.allocBlock(-1, 0)).toBeGreaterThan(0);
    const block = blocks[100] ?? 0;
    for (let page = 0; page < 512; page += 1) frames.freeBlock(block + page, 0);
    expect(frames.allocBlock(-1, 9)).toBe(block);
    frames.verify();
  });

  it('are formed from pages that lie on the lists of other CPUs', () => {
    const frames = allocator({ ramBytes: GIB, cpus: 4 });
    const blocks = exhaust(frames, 9);
    frames.runOnCpu(3);
    const block = blocks[7] ?? 0;
    // Fewer than the lists keep: nothing returns to the zone by itself.
    for (let page = 0; page < 512; page += 8) frames.freeBlock(block + page, 3);
    frames.runOnCpu(0);
    expect(frames.allocBlock(-1, 9)).toBe(block);
  });

  it('leave no page behind: everything can be had page by page', () => {
    const frames = allocator({ ramBytes: 256 * MIB, cpus: 3 });
    const free = frames.freePages;
    const taken: number[] = [];
    for (let cpu = 0; ; cpu = (cpu + 1) % 3) {
      frames.runOnCpu(cpu);
      const frame = frames.allocBlock(-1, 0);
      if (frame < 0) break;
      taken.push(frame);
    }
    expect(new Set(taken).size).toBe(taken.length);
    expect(frames.freePages).toBe(free - taken.length);
    // Zone DMA is kept for those who need it.
    expect(frames.freePages).toBeLessThan(4096);
    for (const frame of taken) frames.freeBlock(frame, 0);
    frames.verify();
    expect(frames.freePages).toBe(free);
  });
});

describe('nodes', () => {
  const nodeRanges = framesOfNodes(framesOfRam(defaultRamRanges(16 * GIB)), 4);

  it('share memory evenly in order of address', () => {
    const sizes = nodeRanges.map(frameCount);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(
      frameCount(framesOfRam(defaultRamRanges(16 * GIB))),
    );
    for (const size of sizes) expect(Math.abs(size - (4 * GIB) / 4096)).toBeLessThan(2048);
  });

  it.each([0, 1, 2, 3])('give memory of node %i on request', (node) => {
    const frames = allocator({ ramBytes: 16 * GIB, nodes: 4, cpus: 8 });
    const block = frames.allocBlock(node, 9);
    expect(frames.nodeOf(block)).toBe(node);
    const inNode = (frame: number): boolean =>
      nodeRanges[node]?.some((r) => frame >= r.startPfn && frame < r.endPfn) === true;
    expect(bulk(frames, 512, node).every(inNode)).toBe(true);
  });

  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [7, 3],
  ])('are local to their CPUs: CPU %i to node %i', (cpu, node) => {
    const frames = allocator({ ramBytes: 16 * GIB, nodes: 4, cpus: 8 });
    frames.runOnCpu(cpu);
    expect(bulk(frames, 100).map((frame) => frames.nodeOf(frame))).toEqual(
      Array.from({ length: 100 }, () => node),
    );
  });

  it('help each other out when one is full, the next node first', () => {
    const frames = allocator({ ramBytes: 2 * GIB, nodes: 4, cpus: 4 });
    const nodes: number[] = [];
    for (;;) {
      const frame = frames.allocBlock(2, 9);
      if (frame < 0) break;
      nodes.push(frames.nodeOf(frame));
    }
    expect([...new Set(nodes)]).toEqual([2, 3, 0, 1]);
    // Node by node; only what was gathered from lists at the end may come from anywhere.
    const changes = nodes.filter((node, index) => index > 0 && node !== nodes[index - 1]);
    expect(changes.slice(0, 3)).toEqual([3, 0, 1]);
    expect(changes.length).toBeLessThan(6);
  });
});

describe('sizes of machines', () => {
  it('reach 64 TiB, with frames above 2^32', () => {
    const frames = allocator({ ramBytes: 65536 * GIB, nodes: 8, cpus: 8 });
    const block = frames.allocBlock(7, 9);
    expect(block).toBeGreaterThan(2 ** 32);
    frames.freeBlock(block, 9);
    expect(bulk(frames, 512, 7).every((frame) => frame > 2 ** 32)).toBe(true);
    frames.verify();
  });

  it('go down to a machine that its kernel fills', () => {
    const frames = allocator({ ramBytes: 64 * MIB, nodes: 64, freeMemory: PAGE_CACHE });
    expect(bulk(frames, 100_000).length).toBeLessThan(16384);
    expect(frames.allocBlock(-1, 9)).toBe(-1);
    frames.verify();
  });
});

interface Step {
  readonly kind: 'block' | 'bulk' | 'free' | 'cpu';
  readonly amount: number;
  readonly pick: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom<Step['kind'][]>('block', 'bulk', 'bulk', 'free', 'free', 'cpu'),
    amount: fc.nat(120),
    pick: fc.nat(1_000_000),
  }),
  { maxLength: 150, size: 'max' },
);

/** One handed-out block. */
type Block = readonly [frame: number, order: number];

describe('any sequence of requests', () => {
  it.each<readonly [string, Shape]>([
    ['fresh', { ramBytes: 128 * MIB }],
    ['page cache', { ramBytes: 256 * MIB, freeMemory: PAGE_CACHE }],
    ['scattered', { ramBytes: 512 * MIB, freeMemory: scattered(0.9) }],
    ['page cache on two nodes', { ramBytes: 512 * MIB, nodes: 2, freeMemory: PAGE_CACHE }],
    ['above 4 GiB', { ramBytes: 4 * GIB, freeMemory: scattered(1) }],
  ])('hands out every page once and loses none: %s', (_name, shape) => {
    const property = fc.property(steps, fc.nat(1000), (sequence, seed) => {
      const frames = allocator({ ...shape, seed });
      const all = frames.freePages + frames.cachedPages;
      const owned = new Set<number>();
      const live: Block[] = [];
      const own = (frame: number, order: number): void => {
        for (let page = frame; page < frame + 2 ** order; page += 1) {
          expect(owned.has(page)).toBe(false);
          owned.add(page);
        }
        live.push([frame, order]);
      };
      for (const { kind, amount, pick } of sequence) {
        if (kind === 'cpu') frames.runOnCpu(pick % 2);
        else if (kind === 'block') {
          const order = pick % 11;
          const frame = frames.allocBlock(-1, order, amount % 2 === 0);
          if (frame >= 0) own(frame, order);
        } else if (kind === 'bulk') for (const frame of bulk(frames, amount)) own(frame, 0);
        else if (live.length > 0) {
          const [block] = live.splice(pick % live.length, 1);
          if (block === undefined) continue;
          for (let page = 0; page < 2 ** block[1]; page += 1) owned.delete(block[0] + page);
          frames.freeBlock(...block);
        }
        expect(frames.freePages + frames.cachedPages + owned.size).toBe(all);
      }
      frames.verify();
    });
    fc.assert(property, { seed: 515, numRuns: 5 });
  });

  it('gives the same frames for the same seed', () => {
    const run = (seed: number): readonly number[] => {
      const frames = allocator({ freeMemory: scattered(0.5), seed });
      return [...bulk(frames, 700), frames.allocBlock(-1, 9), ...bulk(frames, 700)];
    };
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });
});
