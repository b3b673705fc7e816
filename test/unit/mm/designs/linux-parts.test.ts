import { describe, expect, it } from 'vitest';
import { BpfPacks, packedProgramBytes } from '../../../../src/mm/designs/linux/bpf-packs.js';
import { ExecMemory } from '../../../../src/mm/designs/linux/exec-memory.js';
import { RoxCache } from '../../../../src/mm/designs/linux/rox-cache.js';
import { SlotCache } from '../../../../src/mm/designs/linux/slot-cache.js';
import { linuxDesigns } from '../../../../src/mm/designs/linux/index.js';
import { NaiveKernelMm } from '../../../support/naive-kernel-mm.js';

const RULES = { freesThroughRw: true, fallsBackToSize: true };

describe('pack arithmetic', () => {
  it.each([
    [40, 64],
    [41, 128],
    [63, 128],
    [201, 256],
    [267, 320],
    [318, 384],
    [1144, 1216],
    [13629, 13696],
    [2097128, 2097152],
    [2097129, 2097216],
  ])('%i bytes of code ask for %i', (code, size) => {
    expect(packedProgramBytes(code)).toBe(size);
  });
});

function makePacks(release: string, possibleNodes = 1) {
  const mm = new NaiveKernelMm(release, { possibleNodes });
  const memory = new ExecMemory(mm, new RoxCache(mm, RULES), new Set(), false);
  const packPages = 512 * possibleNodes;
  return {
    mm,
    packs: new BpfPacks(mm, memory, { packPages, pokesOnFree: true, cleanPacks: false }),
  };
}

describe('BPF packs', () => {
  it('fill the lowest gap of the oldest pack first', () => {
    const { packs } = makePacks('6.12');
    const runs = [640, 64, 128, 64].map((size) => packs.alloc(size));
    expect(runs.map((run) => run?.byte)).toEqual([0, 640, 704, 832]);
    const [, second, third] = runs;
    if (!second || !third) throw new Error('no run');
    packs.free(third);
    packs.free(second);
    expect(packs.alloc(192)?.byte).toBe(640);
    packs.verify();
  });

  it('make a second pack when no gap is large enough, and drop it with its last program', () => {
    const { mm, packs } = makePacks('6.12');
    packs.alloc(2097152 - 64);
    const second = packs.alloc(128);
    expect(second?.byte).toBe(0x201000);
    expect(packs.alloc(64)?.byte).toBe(2097152 - 64);
    if (!second) throw new Error('no run');
    packs.free(second);
    expect(packs.packCount).toBe(1);
    expect(mm.live).toHaveLength(1);
  });

  it('give a program that is larger than a pack pages of its own', () => {
    const { mm, packs } = makePacks('6.12');
    const run = packs.alloc(packedProgramBytes(2097129));
    expect(run?.own?.pages).toBe(0x201);
    expect(packs.packCount).toBe(0);
    if (!run) throw new Error('no run');
    packs.free(run);
    expect(mm.live).toEqual([]);
  });

  it('have 2 MiB for every possible node', () => {
    const { mm, packs } = makePacks('6.1', 2);
    packs.alloc(64);
    expect(mm.live[0]?.pages).toBe(1024);
    expect(packs.alloc(3000000)?.own).toBeUndefined();
  });

  it.each([
    ['the oldest pack with room where predictors are not flushed', false, 25 * 64],
    ['a dirty pack before a clean one where they are', true, 1026 * 4096 + 2097152 - 64],
  ])('take %s', (_title, cleanPacks, byte) => {
    const mm = new NaiveKernelMm('7.2');
    const memory = new ExecMemory(mm, new RoxCache(mm, RULES), new Set(), false);
    const packs = new BpfPacks(mm, memory, { packPages: 512, pokesOnFree: true, cleanPacks });
    const piece = memory.adopt(0, 512);
    if (!piece) throw new Error('no boot pack');
    packs.adopt(piece, 25);
    packs.alloc(2097152);
    packs.alloc(2097152 - 64);
    expect(packs.alloc(64)?.byte).toBe(byte);
  });
});

describe('the ROX cache', () => {
  it('hands out the lowest piece that fits, without guard pages', () => {
    const cache = new RoxCache(new NaiveKernelMm('7.2'), RULES);
    expect([5, 1, 18].map((pages) => cache.alloc(pages))).toEqual([0, 5, 6]);
    cache.free(5);
    expect(cache.alloc(2)).toBe(24);
    expect(cache.alloc(1)).toBe(5);
    cache.verify();
  });

  it('puts blocks 4 MiB apart and rounds text above 2 MiB up', () => {
    const mm = new NaiveKernelMm('7.2', { offsetPages: 1 });
    const cache = new RoxCache(mm, RULES);
    expect(cache.alloc(512)).toBe(512);
    expect(cache.alloc(1)).toBe(1536);
    expect(cache.alloc(600)).toBe(2560);
    expect(mm.live.map((area) => area.pages)).toEqual([512, 512, 1024]);
    expect(cache.alloc(400)).toBe(1537);
    expect(cache.alloc(400)).toBe(3160);
  });

  it('keeps a released block out of reach until the next purge', () => {
    const mm = new NaiveKernelMm('7.2');
    const cache = new RoxCache(mm, RULES);
    const first = cache.alloc(3);
    cache.free(first ?? -1);
    cache.clean();
    expect(cache.blockCount).toBe(0);
    expect(cache.alloc(3)).toBe(1024);
    cache.free(1024);
    cache.clean();
    mm.purgeLazyAreas();
    expect(cache.alloc(3)).toBe(0);
  });

  it('does not release a block that is only partly free', () => {
    const mm = new NaiveKernelMm('7.2');
    const cache = new RoxCache(mm, RULES);
    const large = cache.alloc(513);
    const tail = cache.alloc(511);
    expect([large, tail]).toEqual([0, 513]);
    cache.free(0);
    cache.clean();
    expect(cache.blockCount).toBe(1);
    cache.free(513);
    cache.clean();
    expect(cache.blockCount).toBe(0);
  });

  it('falls back to the size asked for when a 2M multiple cannot be had', () => {
    const withFallback = new NaiveKernelMm('6.17', { failures: [0] });
    expect(new RoxCache(withFallback, RULES).alloc(7)).toBe(0);
    expect(withFallback.live.map((area) => area.pages)).toEqual([7]);
    const without = new NaiveKernelMm('6.15', { failures: [0] });
    const rules = { freesThroughRw: false, fallsBackToSize: false };
    expect(new RoxCache(without, rules).alloc(7)).toBeUndefined();
  });
});

describe('slots of probes', () => {
  function makeSlots(slotBytes: number) {
    let next = 0;
    const freed: number[] = [];
    const cache = new SlotCache(slotBytes, {
      alloc: () => ({ page: next++, pages: 1 }),
      free: (piece) => freed.push(piece.page),
    });
    return { cache, freed };
  }

  const take = (cache: SlotCache) => {
    const slot = cache.alloc();
    if (!slot) throw new Error('no slot');
    return slot;
  };

  it('fit 273 instruction slots and 33 optprobe slots into a page', () => {
    for (const [bytes, perPage] of [
      [15, 273],
      [124, 33],
    ] as const) {
      const { cache } = makeSlots(bytes);
      for (let index = 0; index < perPage; index += 1) take(cache);
      expect(cache.pageCount).toBe(1);
      expect(take(cache).byte).toBe(4096);
      expect(cache.pageCount).toBe(2);
    }
  });

  it('stay used when dirty until one more than a page of garbage is there', () => {
    const { cache, freed } = makeSlots(124);
    const slots = Array.from({ length: 66 }, () => take(cache));
    for (const slot of slots.slice(0, 33)) cache.free(slot, true);
    cache.verify();
    expect(freed).toEqual([]);
    cache.free(slots[33] ?? take(cache), true);
    expect(freed).toEqual([0]);
    cache.verify();
  });

  it('are collected before a new page is made', () => {
    const { cache } = makeSlots(124);
    const slots = Array.from({ length: 33 }, () => take(cache));
    cache.free(slots[7] ?? take(cache), true);
    expect(take(cache).index).toBe(7);
    expect(cache.pageCount).toBe(1);
  });

  it('never give up the last page', () => {
    const { cache, freed } = makeSlots(15);
    cache.free(take(cache), false);
    expect(freed).toEqual([]);
    expect(cache.pageCount).toBe(1);
  });
});

describe('ITS thunk pages', () => {
  const SECTIONS = [5000, 100, 100, 0, 50, 50, 0];

  it.each([
    ['linux_6_1', 2, 1],
    ['linux_6_12', 5, 1],
    ['linux_7_2', 4, 0],
  ])('%s: a module has one of its own until it goes', (name, areas, thunkAreas) => {
    const design = linuxDesigns.find((entry) => entry.name === name);
    if (!design?.kernel) throw new Error(`no design ${name}`);
    const mm = new NaiveKernelMm(design.kernel);
    const defaults = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
    const instance = design.create(mm, { ...defaults, its: true });
    expect(instance.loadModule(1, SECTIONS)).toBe(true);
    expect(mm.live).toHaveLength(areas + thunkAreas);
    const text = [...mm.placements.extents()].filter((extent) => extent.kind === 0);
    expect(text.map((extent) => extent.sizeBytes).sort()).toEqual([4096, 50, 5000]);
    instance.unloadModule(1);
    instance.runWorkers();
    expect(mm.live).toEqual([]);
    expect([...mm.placements.extents()]).toEqual([]);
  });
});

describe('adopting the initial state', () => {
  it.each(linuxDesigns.map((design) => design.name))('%s takes over a pack in place', (name) => {
    const design = linuxDesigns.find((entry) => entry.name === name);
    if (!design?.kernel) throw new Error(`no design ${name}`);
    const mm = new NaiveKernelMm(design.kernel, { offsetPages: 17 });
    const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
    const instance = design.create(mm, options);
    const pack = { kind: 'pack', object: 0, page: 512, pages: 512, usedChunks: 25 } as const;
    expect(instance.adopt?.(pack)).toBe(true);
    expect(instance.adopt?.({ ...pack, object: 1 })).toBe(false);
    expect(
      instance.adopt?.({ kind: 'area', object: 2, page: 20, pages: 3, executable: true }),
    ).toBe(true);
    expect(mm.live.map((area) => area.page)).toEqual([20, 512]);
    if (name !== 'linux_5_17' && name !== 'linux_5_18') {
      instance.loadBpf(3, 100);
      expect(instance.programSlot?.(3)).toEqual({
        startByte: 512 * 4096 + 25 * 64,
        endByte: 512 * 4096 + 27 * 64,
      });
    }
    instance.verify();
  });
});
