/** The machine that recordings are replayed on: worked examples of the page-table rules. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { ReplayDirectMap } from '../../../src/app/replay-direct-map.js';
import { ReplayFrames } from '../../../src/app/replay-frames.js';
import { ReplayMm } from '../../../src/app/replay-mm.js';
import { kernelRules } from '../../../src/mm/kernel-rules.js';
import { linuxDesigns } from '../../../src/mm/designs/linux/index.js';
import { NaiveKernelMm } from '../../support/naive-kernel-mm.js';

const GIB = 262144;
const OFFSET_PAGES = 128;

/** Eight 1G leaves; memory is claimed from the sixth GiB upwards. */
function machine(release: string) {
  const directMap = new ReplayDirectMap();
  directMap.mark1G(0, 8 * GIB);
  const shape = { claimStart: 5 * GIB, claimEnd: 8 * GIB, freeBlocks: [] };
  const frames = new ReplayFrames([shape], 1, new PrngStream(1, 'test'));
  const rules = kernelRules.get(release);
  const mm = new ReplayMm(
    {
      rules,
      cpus: 1,
      nodes: 1,
      possibleNodes: 1,
      areaPages: 258048,
      areaVpn: 0xffffffffc0000,
      loadOffsetPages: OFFSET_PAGES,
    },
    frames,
    directMap,
  );
  return { mm, frames, directMap };
}

const splitsOf = ({ counters }: ReplayMm) => [counters.level2Splits, counters.level3Splits];

function area(mm: ReplayMm, pages: number, allowHuge = false) {
  const sizeBytes = pages * 4096;
  const got = mm.vmalloc({ sizeBytes, alignPages: 1, resetPerms: !allowHuge, allowHuge });
  if (!got) throw new Error('no area');
  return got;
}

describe('splits on a replayed machine', () => {
  it('E1: a module across two 2M leaves splits the second when it is freed', () => {
    const { mm, frames } = machine('6.1');
    frames.take(506, false);
    const module = area(mm, 10);
    expect(splitsOf(mm)).toEqual([0, 0]);
    mm.setMemoryRo(module.page, 3);
    mm.setMemoryRo(module.page + 3, 2);
    expect(splitsOf(mm)).toEqual([1, 1]);
    mm.setMemoryNx(module.page + 6, 4);
    mm.setMemoryX(module.page, 3);
    mm.setMemoryRo(module.page + 5, 1);
    expect(splitsOf(mm)).toEqual([1, 1]);
    mm.vfree(module);
    expect(splitsOf(mm)).toEqual([2, 1]);
  });

  it('E4: a ROX block costs one 1G split, and one 2M split when a part is made writable', () => {
    const { mm } = machine('7.2');
    const block = area(mm, 512, true);
    expect(mm.leafLevel(block.page)).toBe(2);
    mm.setMemoryRox(block.page, 512);
    expect(splitsOf(mm)).toEqual([0, 1]);
    mm.setMemoryNx(block.page, 5);
    expect([mm.leafLevel(block.page), ...splitsOf(mm)]).toEqual([1, 0, 1]);
    mm.setMemoryRw(block.page, 5);
    expect(splitsOf(mm)).toEqual([1, 1]);
    mm.setMemoryRox(block.page, 5);
    expect(mm.leafLevel(block.page)).toBe(2);
    mm.setDirectMapValid(block.page, 512, true);
    mm.vfree(block);
    expect(splitsOf(mm)).toEqual([1, 1]);
  });

  it('E5: freeing a whole block through a writable window splits nothing', () => {
    const { mm } = machine('7.3');
    const block = area(mm, 512, true);
    mm.setMemoryRox(block.page, 512);
    mm.setMemoryNx(block.page, 512);
    mm.setMemoryRw(block.page, 512);
    mm.setMemoryRox(block.page, 512);
    expect([mm.leafLevel(block.page), ...splitsOf(mm)]).toEqual([2, 0, 1]);
  });

  it('E6, E7: execute permission alone splits nothing, and writable again heals nothing', () => {
    const { mm } = machine('6.12');
    const page = area(mm, 1).page;
    mm.setMemoryX(page, 1);
    expect(splitsOf(mm)).toEqual([0, 0]);
    mm.setMemoryRo(page, 1);
    mm.setMemoryRw(page, 1);
    expect(splitsOf(mm)).toEqual([1, 1]);
  });

  it('E8: 512 pages over one aligned block collapse where their address is aligned too', () => {
    const { mm } = machine('7.2');
    area(mm, 512 - OFFSET_PAGES - 1);
    const pack = area(mm, 512);
    expect(pack.page).toBe(512);
    mm.setMemoryRox(pack.page, 512);
    expect([mm.leafLevel(pack.page), ...splitsOf(mm)]).toEqual([2, 1, 1]);
    const behind = area(mm, 512);
    mm.setMemoryRox(behind.page, 512);
    expect(mm.leafLevel(behind.page)).toBe(1);
  });

  it('counts a lower page table for every 2M that held a 4K entry until a 2M entry comes', () => {
    const { mm } = machine('7.2');
    const small = area(mm, 600);
    expect(mm.moduleTableCount()).toBe(2);
    mm.vfree(small);
    expect(mm.moduleTableCount()).toBe(2);
    area(mm, 512, true);
    expect(mm.moduleTableCount()).toBe(1);
  });

  it('takes frames as the release asks: single pages, or the largest chunks', () => {
    const { frames } = machine('6.19');
    const chunked = frames.take(75, true) ?? [];
    expect(chunked.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, i) => 5 * GIB + i));
    expect(new Set(chunked).size).toBe(75);
    const single = frames.take(3, false) ?? [];
    frames.give(single, false);
    expect(frames.take(3, false)).toEqual([...single].reverse());
  });

  it('gives frames back when the zone is exhausted', () => {
    const { frames } = machine('6.1');
    expect(frames.takeHuge(4 * GIB)).toBeUndefined();
    expect(frames.takeHuge(512)).toHaveLength(512);
  });
});

describe('the replayed machine and the naive one', () => {
  it.each(linuxDesigns.map((design) => design.name))('place alike under %s', (name) => {
    const design = linuxDesigns.find((entry) => entry.name === name);
    if (!design?.kernel) throw new Error(name);
    const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
    const { mm } = machine(design.kernel);
    const naive = new NaiveKernelMm(design.kernel, { offsetPages: OFFSET_PAGES });
    const [one, two] = [design.create(mm, options), design.create(naive, options)];
    const chance = new PrngStream(7, name);
    const live: { object: number; kind: number }[] = [];
    for (let object = 0; object < 300; object += 1) {
      const kind = chance.below(4);
      const sections = Array.from({ length: 7 }, () => chance.below(60000));
      const bytes = 1 + chance.below(20000);
      const optimized = chance.below(2) === 1;
      for (const instance of [one, two]) {
        if (kind === 0) {
          instance.loadModule(object, sections);
          instance.finishModuleInit(object);
          instance.freeModuleInit(object);
        } else if (kind === 1) instance.loadBpf(object, bytes);
        else if (kind === 2) instance.createTrampoline(object, object % 2, 0);
        else instance.registerKprobe(object, 0, optimized);
        instance.runWorkers();
      }
      live.push({ object, kind });
      if (live.length <= 40) continue;
      const [gone] = live.splice(chance.below(live.length), 1);
      if (!gone) continue;
      for (const instance of [one, two]) {
        if (gone.kind === 0) instance.unloadModule(gone.object);
        else if (gone.kind === 1) instance.freeBpf(gone.object);
        else if (gone.kind === 2) instance.freeTrampoline(gone.object);
        else instance.unregisterKprobe(gone.object);
        instance.runWorkers();
      }
    }
    const pages = [...mm.live.keys()].sort((a, b) => a - b);
    expect(pages).toEqual(naive.live.map((entry) => entry.page));
    expect(pages.length).toBeGreaterThan(3);
    one.verify();
    two.verify();
  });
});
