/** A machine made from a plan: geometry, load offset, gauges, and kernel designs at work on it. */
import { describe, expect, it } from 'vitest';
import type { MachinePlan } from '../../../src/contract/scenario-plan.js';
import { EffectKind } from '../../../src/contract/sim-event.js';
import { bootDirectMap } from '../../../src/mm/direct-map-boot.js';
import { kernelImageOf } from '../../../src/mm/direct-map-boot-image.js';
import { linuxDesigns } from '../../../src/mm/designs/linux/index.js';
import { createMachineMm } from '../../../src/mm/machine-mm.js';
import { defaultRamRanges } from '../../../src/mm/ram-layout.js';
import { TEST_MACHINE } from '../../support/point-plan.js';

const M1 = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];
const M2 = [0x12000, 0x4000, 0x6000, 0, 0x1000, 0x5000, 0];

function machineFor(
  release: string,
  changes: Partial<MachinePlan> = {},
  seed = 1,
  collapse: 'rox' | 'any' = 'rox',
) {
  const counts = new Map<number, number>();
  const mm = createMachineMm({
    machine: { ...TEST_MACHINE, ...changes },
    release,
    collapse,
    seed,
    sink: (kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1),
  });
  return { mm, counts };
}

describe('geometry', () => {
  it.each([
    [1008, 258048, 0xffffffffc0000],
    [1520, 389120, 0xffffffffa0000],
  ])('of %i MiB ends at MODULES_END', (mib, areaPages, areaVpn) => {
    const { mm } = machineFor('6.12', { moduleAreaBytes: mib * 1048576 });
    expect(mm.areaPages).toBe(areaPages);
    expect(mm.areaVpn).toBe(areaVpn);
  });

  it('has a tail of kernel text below the area unless text ends on a 2M line', () => {
    const { mm } = machineFor('6.12', { kernelTextBytes: 18 * 1048576 + 4097 });
    const tail = mm.kernelTail;
    expect(tail?.pages).toBe(510);
    const first = tail?.page ?? 0;
    expect(first + mm.areaVpn).toBe(0xffffffff80000 + (34 * 1048576) / 4096 + 2);
    expect([first, first - 1, first + 509, first + 510].map((page) => mm.leafLevel(page))).toEqual([
      2, 0, 2, 0,
    ]);
    expect(mm.isExecutable(first) && !mm.isWritable(first)).toBe(true);
    const even = machineFor('6.12', { kernelTextBytes: 18 * 1048576 });
    expect(even.mm.kernelTail).toBeUndefined();
  });
});

describe('the direct map after boot', () => {
  it.each(['4K', '2M', '1G'] as const)('has leaves up to %s, and the counters of boot', (size) => {
    const ramBytes = 24 * 2 ** 30;
    const { mm } = machineFor('6.12', { directMap: size, ramBytes });
    const kernelImage = kernelImageOf(TEST_MACHINE.kernelTextBytes);
    const ram = defaultRamRanges(ramBytes);
    const boot = bootDirectMap({ ram, largestPage: size, kernelImage });
    expect([1, 2, 3].map((level) => mm.directMapKb(level))).toEqual(boot.kb);
    expect(mm.directMapKb(3) > 0).toBe(size === '1G');
    expect(mm.directMapKb(2) > 0).toBe(size !== '4K');
    mm.verify();
  });

  it('is not repaired beyond the leaves that boot could make', () => {
    for (const [size, most] of [
      ['4K', 1],
      ['2M', 2],
    ] as const) {
      const { mm } = machineFor('6.12', { directMap: size }, 1, 'any');
      const area = mm.vmalloc({ sizeBytes: 4096, alignPages: 1, resetPerms: true });
      if (!area) throw new Error('no area');
      mm.setMemoryRo(area.page, 1);
      mm.vfree(area);
      expect(mm.counters.level2Collapses).toBe(most - 1);
      expect(mm.counters.level3Collapses).toBe(0);
      mm.verify();
    }
  });
});

describe('load offset', () => {
  it('is none without KASLR, fixed when asked for, drawn once a seed otherwise', () => {
    expect(machineFor('6.12').mm.loadOffsetPages).toBe(0);
    const fixed = machineFor('6.12', { kaslr: { kind: 'pages', pages: 77 } });
    expect(fixed.mm.loadOffsetPages).toBe(77);
    expect(fixed.mm.vmalloc({ sizeBytes: 4096, alignPages: 1 })?.page).toBe(77);
    const seeded = [1, 2, 3, 4, 5].map(
      (seed) => machineFor('6.12', { kaslr: { kind: 'seeded' } }, seed).mm.loadOffsetPages,
    );
    expect(new Set(seeded).size).toBe(5);
    for (const pages of seeded) expect(pages >= 1 && pages <= 1024).toBe(true);
    const again = machineFor('6.12', { kaslr: { kind: 'seeded' } }, 3);
    expect(again.mm.loadOffsetPages).toBe(seeded[2]);
  });
});

describe('kernel designs on the machine', () => {
  it.each(linuxDesigns.map((design) => design.name))('%s gives back all it took', (name) => {
    const design = linuxDesigns.find((entry) => entry.name === name);
    if (!design?.kernel) throw new Error(`no design ${name}`);
    const { mm, counts } = machineFor(design.kernel);
    const freePages = mm.freePages;
    const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
    const instance = design.create(mm, options);
    for (let round = 0; round < 3; round += 1) {
      const base = round * 10;
      expect(instance.loadModule(base + 1, M1)).toBe(true);
      instance.finishModuleInit(base + 1);
      expect(instance.loadModule(base + 2, M2)).toBe(true);
      expect(instance.loadBpf(base + 3, 3000000)).toBe(true);
      expect(instance.loadBpf(base + 4, 63)).toBe(true);
      expect(instance.createTrampoline(base + 5, 0, 0)).toBe(true);
      instance.poke(base + 4);
      mm.verify();
      instance.freeModuleInit(base + 1);
      instance.unloadModule(base + 1);
      instance.freeBpf(base + 3);
      instance.unloadModule(base + 2);
      instance.freeTrampoline(base + 5);
      instance.freeBpf(base + 4);
      instance.runWorkers();
      instance.verify();
      mm.verify();
      expect(mm.vmapAreaCount).toBe(0);
      expect(mm.text4KLeaves + mm.text2MLeaves + mm.writableExecutablePages).toBe(0);
    }
    expect(mm.freePages).toBe(freePages - mm.counters.pageTablePages);
    expect(counts.get(EffectKind.directMapSplit2M) ?? 0).toBe(mm.counters.level2Splits);
    expect(counts.get(EffectKind.flushAll) ?? 0).toBe(mm.counters.fullFlushes);
    expect(counts.get(EffectKind.textSplit2M) ?? 0).toBe(mm.counters.textSplits);
    const tables =
      (counts.get(EffectKind.pageTableAlloc) ?? 0) - (counts.get(EffectKind.pageTableFree) ?? 0);
    expect(tables).toBe(mm.counters.pageTablePages);
    expect(mm.counters.level2Splits).toBeGreaterThan(0);
  });
});
