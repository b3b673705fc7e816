/** Three modules, one BPF program, one ftrace trampoline: kernel allocators, worked example 9.1. */
import { describe, expect, it } from 'vitest';
import { linuxDesigns } from '../../../../src/mm/designs/linux/index.js';
import type { DesignInstance } from '../../../../src/mm/allocator-design.js';
import { NaiveKernelMm } from '../../../support/naive-kernel-mm.js';

const OFFSET_PAGES = 128;
const M1 = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];
const M2 = [0x12000, 0x4000, 0x6000, 0, 0x1000, 0x5000, 0];
const M3 = [0x2000, 0x2000, 0x1000, 0, 0, 0x2000, 0];

/** Low 32 bits after 0xffffffff, as the example prints them. */
const short = (page: number): string => (0xc0000000 + page * 4096).toString(16);

function start(name: string, offsetPages = OFFSET_PAGES) {
  const design = linuxDesigns.find((entry) => entry.name === name);
  if (!design?.kernel) throw new Error(`no design ${name}`);
  const mm = new NaiveKernelMm(design.kernel, { offsetPages });
  const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
  return { mm, design: design.create(mm, options) };
}

function loadAndFreeInit(design: DesignInstance, object: number, sections: readonly number[]) {
  expect(design.loadModule(object, sections)).toBe(true);
  const regions = design.moduleRegions?.(object) ?? [];
  design.finishModuleInit(object);
  design.freeModuleInit(object);
  design.runWorkers();
  return Object.fromEntries(regions.map(({ name, page }) => [name, short(page)]));
}

function runExample(name: string) {
  const { mm, design } = start(name);
  const m1 = loadAndFreeInit(design, 1, M1);
  const m2 = loadAndFreeInit(design, 2, M2);
  const m3 = loadAndFreeInit(design, 3, M3);
  design.unloadModule(1);
  design.runWorkers();
  expect(design.loadBpf(4, 100)).toBe(true);
  expect(design.createTrampoline(5, 0, 0)).toBe(true);
  const program = short((design.programSlot?.(4)?.startByte ?? 0) / 4096);
  const trampoline = short((mm.placements.extentsOf(5)[0]?.byte ?? 0) / 4096);
  design.verify();
  return { mm, design, m1, m2, m3, program, trampoline };
}

describe('worked example of the kernel designs', () => {
  it('6.1 places core and init areas, then a pack and the trampoline at the bottom', () => {
    const { mm, m1, m2, m3, program, trampoline } = runExample('linux_6_1');
    expect(m1).toEqual({ core: 'c0080000', init: 'c008c000' });
    expect(m2).toEqual({ core: 'c008c000', init: 'c00a9000' });
    expect(m3).toEqual({ core: 'c00a9000', init: 'c00af000' });
    expect(program).toBe('c00af000');
    expect(trampoline).toBe('c0080000');
    expect(mm.live.map((area) => area.pages * 4096)).toEqual([0x1000, 0x1c000, 0x5000, 0x200000]);
  });

  it.each(['linux_6_6', 'linux_6_12'])('%s places seven regions a module in order', (name) => {
    const { m1, m2, m3, program, trampoline } = runExample(name);
    expect(m1).toEqual({
      text: 'c0080000',
      data: 'c0086000',
      rodata: 'c008a000',
      ro_after_init: 'c008d000',
      init_text: 'c008f000',
      init_data: 'c0091000',
    });
    expect(m2).toEqual({
      text: 'c008f000',
      data: 'c00a2000',
      rodata: 'c00a7000',
      init_text: 'c00ae000',
      init_data: 'c00b0000',
    });
    expect(m3).toEqual({
      text: 'c00ae000',
      data: 'c00b1000',
      rodata: 'c00b4000',
      init_data: 'c00b6000',
    });
    expect(program).toBe('c00b6000');
    expect(trampoline).toBe('c0080000');
  });

  const CACHED = {
    m1: {
      text: 'c0200000',
      data: 'c0080000',
      rodata: 'c0084000',
      ro_after_init: 'c0087000',
      init_text: 'c0205000',
      init_data: 'c0089000',
    },
    m2: {
      text: 'c0205000',
      data: 'c0089000',
      rodata: 'c008e000',
      init_text: 'c0217000',
      init_data: 'c0095000',
    },
    m3: { text: 'c0217000', data: 'c0095000', rodata: 'c0098000', init_data: 'c009a000' },
  };

  it.each(['linux_6_17', 'linux_6_19', 'linux_7_2'])(
    '%s takes text and the trampoline from the cache and keeps the pack outside',
    (name) => {
      const { m1, m2, m3, program, trampoline } = runExample(name);
      expect({ m1, m2, m3 }).toEqual(CACHED);
      expect(program).toBe('c0401000');
      expect(trampoline).toBe('c0200000');
    },
  );

  it('6.15 still gives the trampoline an area of its own', () => {
    const { m1, m2, m3, program, trampoline } = runExample('linux_6_15');
    expect({ m1, m2, m3 }).toEqual(CACHED);
    expect(program).toBe('c0401000');
    expect(trampoline).toBe('c0080000');
  });

  it('7.3 makes the pack a second block, 4 MiB above the first', () => {
    const { m1, m2, m3, program, trampoline, design } = runExample('linux_7_3');
    expect({ m1, m2, m3 }).toEqual(CACHED);
    expect(program).toBe('c0600000');
    expect(trampoline).toBe('c0200000');
    expect(design.gauges?.['rox_blocks']?.()).toBe(2);
  });

  it('5.17 and 5.18 give a program a page of its own or a pack of one page', () => {
    for (const name of ['linux_5_17', 'linux_5_18']) {
      const { mm, program, trampoline } = runExample(name);
      expect(program).toBe('c0080000');
      expect(trampoline).toBe('c0082000');
      expect(mm.live.map((area) => area.pages)).toEqual([1, 1, 0x1c, 5]);
    }
  });
});

describe('text mappings of the kernel designs', () => {
  it('collapse to 2M after a load where the cache serves module text', () => {
    const { mm, design } = start('linux_7_2');
    loadAndFreeInit(design, 1, M1);
    expect(mm.leafLevel(0x200)).toBe(2);
    expect(mm.isExecutable(0x200)).toBe(true);
    expect(mm.isWritable(0x200)).toBe(false);
  });

  it('stay on 4K pages before', () => {
    const { mm, design } = start('linux_6_12');
    loadAndFreeInit(design, 1, M1);
    expect(mm.leafLevel(OFFSET_PAGES)).toBe(1);
    expect(mm.isExecutable(OFFSET_PAGES)).toBe(true);
    expect(mm.isWritable(OFFSET_PAGES)).toBe(false);
    expect(mm.isExecutable(OFFSET_PAGES + 6)).toBe(false);
  });

  it('leave a 5.18 trampoline writable and executable, and declare it', () => {
    const { mm, design } = start('linux_5_18');
    expect(design.createTrampoline(1, 1, 0)).toBe(true);
    expect(mm.isWritable(OFFSET_PAGES) && mm.isExecutable(OFFSET_PAGES)).toBe(true);
    const declared = linuxDesigns.filter((entry) => entry.writableExecutable.length > 0);
    expect(declared.map((entry) => entry.name)).toEqual(['linux_5_17', 'linux_5_18']);
  });
});

describe('every kernel design', () => {
  it.each(linuxDesigns.map((design) => design.name))('%s gives back all it took', (name) => {
    const { mm, design } = start(name);
    for (let round = 0; round < 3; round += 1) {
      const base = round * 10;
      expect(design.loadModule(base + 1, M1)).toBe(true);
      expect(design.loadModule(base + 2, M2)).toBe(true);
      expect(design.loadBpf(base + 3, 3000000)).toBe(true);
      expect(design.loadBpf(base + 4, 63)).toBe(true);
      expect(design.createTrampoline(base + 5, 0, 0)).toBe(true);
      expect(design.createTrampoline(base + 6, 1, 300)).toBe(true);
      expect(design.allocRaw(base + 7, 0, 5000)).toBe(true);
      design.unloadModule(base + 1);
      design.freeBpf(base + 3);
      design.freeModuleInit(base + 2);
      design.unloadModule(base + 2);
      design.freeTrampoline(base + 5);
      design.freeTrampoline(base + 6);
      design.freeBpf(base + 4);
      design.freeRaw(base + 7);
      design.runWorkers();
      design.verify();
      expect(mm.live).toEqual([]);
      expect([...mm.placements.extents()]).toEqual([]);
    }
  });

  it.each(linuxDesigns.map((design) => design.name))(
    '%s takes nothing when any of its allocations fails',
    (name) => {
      const design = linuxDesigns.find((entry) => entry.name === name);
      if (!design?.kernel) throw new Error(`no design ${name}`);
      const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
      for (let failing = 0; failing < 7; failing += 1) {
        const failures = [failing, failing + 1];
        const mm = new NaiveKernelMm(design.kernel, { failures });
        const instance = design.create(mm, options);
        const loaded = instance.loadModule(1, M1);
        if (loaded) instance.unloadModule(1);
        instance.runWorkers();
        instance.verify();
        expect(mm.live).toEqual([]);
        if (failing === 0) expect(loaded).toBe(false);
      }
    },
  );
});
