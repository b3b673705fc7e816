/** Proposed designs beside the top-down split: what proposals.md says of each, address by address. */
import { describe, expect, it } from 'vitest';
import type { OptionValue } from '../../../../src/contract/scenario-plan.js';
import { designs } from '../../../../src/mm/designs/index.js';
import { defaultOptions } from '../../../support/design-workload.js';
import { NaiveKernelMm, type NaiveMmOptions } from '../../../support/naive-kernel-mm.js';

const PAGE = 4096;
const BLOCK = 512;
const M1 = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];
/** Code bytes of the three programs of the sockex1 sample. */
const SOCKEX1 = [40, 40, 168];

function start(
  name: string,
  options: Record<string, OptionValue> = {},
  machine: NaiveMmOptions & { readonly release?: string } = {},
) {
  const design = designs.get(name);
  const mm = new NaiveKernelMm(machine.release ?? '6.12', machine);
  const instance = design.create(mm, { ...defaultOptions(design), ...options });
  return {
    mm,
    instance,
    gauge: (gauge: string): number => instance.gauges?.[gauge]?.() ?? -1,
    slot: (object: number): readonly [number, number] => {
      const found = instance.programSlot?.(object);
      return [found?.startByte ?? -1, found?.endByte ?? -1];
    },
    areas: () => mm.live.map((area) => [area.page, area.pages] as const),
  };
}

describe('module_alloc (P0)', () => {
  it('has a core and an init lump, pages for every program, guard pages between', () => {
    const { instance, areas, mm } = start('module_alloc', {}, { offsetPages: 128 });
    instance.loadModule(1, M1);
    instance.loadBpf(2, 100);
    expect(areas()).toEqual([
      [128, 11],
      [140, 4],
      [145, 1],
    ]);
    expect([128, 132, 133, 136].map((page) => mm.isExecutable(page))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    // rodata is read-only, ro_after_init still writable, data writable.
    expect([133, 135, 136].map((page) => mm.isWritable(page))).toEqual([false, true, true]);
    instance.finishModuleInit(1);
    expect(mm.isWritable(135)).toBe(false);
    instance.freeModuleInit(1);
    expect(areas()).toHaveLength(2);
  });

  it('changes the protection of 3 pages for each instance of sockex1', () => {
    const { instance, areas } = start('module_alloc');
    SOCKEX1.forEach((bytes, object) => instance.loadBpf(object, bytes));
    expect(areas().map(([, pages]) => pages)).toEqual([1, 1, 1]);
  });

  it('leaves out guard pages, and purges lazily, when asked', () => {
    const bare = start('module_alloc', { guard_page: false });
    bare.instance.loadBpf(1, 100);
    bare.instance.loadBpf(2, 100);
    expect(bare.areas().map(([page]) => page)).toEqual([0, 1]);
    const lazy = start('module_alloc', { lazy_free: true });
    lazy.instance.loadBpf(1, 100);
    lazy.instance.loadBpf(2, 100);
    lazy.instance.freeBpf(1);
    const eager = start('module_alloc');
    eager.instance.loadBpf(1, 100);
    eager.instance.loadBpf(2, 100);
    eager.instance.freeBpf(1);
    for (const { mm } of [lazy, eager]) expect(mm.live).toHaveLength(1);
    const place = ({ mm }: typeof lazy): number =>
      mm.vmalloc({ sizeBytes: PAGE, alignPages: 1 })?.page ?? -1;
    expect([place(lazy), place(eager)]).toEqual([4, 0]);
  });
});

describe('bpf_prog_pack (P1)', () => {
  it('gives sockex1 64, 64 and 192 bytes', () => {
    const { instance, slot } = start('bpf_prog_pack');
    SOCKEX1.forEach((bytes, object) => instance.loadBpf(object, bytes));
    expect([0, 1, 2].map(slot)).toEqual([
      [0, 64],
      [64, 128],
      [128, 320],
    ]);
  });

  it('holds 6553 instances of sockex1 in one pack of 2 MiB, then makes a second', () => {
    const { instance, gauge } = start('bpf_prog_pack');
    let object = 0;
    while (gauge('bpf_packs') < 2) {
      for (const bytes of SOCKEX1) {
        instance.loadBpf(object, bytes);
        object += 1;
      }
    }
    expect(Math.floor((object - 1) / 3)).toBe(6553);
  });

  it('uses the first run of chunks of the oldest pack, and drops an empty pack', () => {
    const { instance, slot, gauge } = start('bpf_prog_pack', { pack: '4K' });
    for (let object = 0; object < 9; object += 1) instance.loadBpf(object, 488);
    expect(gauge('bpf_packs')).toBe(2);
    expect(slot(8)[0]).toBe(2 * PAGE);
    instance.freeBpf(3);
    instance.freeBpf(5);
    instance.loadBpf(20, 300);
    expect(slot(20)[0]).toBe(3 * 512);
    instance.loadBpf(21, 488);
    expect(slot(21)[0]).toBe(5 * 512);
    instance.freeBpf(8);
    expect(gauge('bpf_packs')).toBe(1);
  });

  it('prefers packs in which something was freed, when asked', () => {
    const { instance, slot } = start('bpf_prog_pack', { pack: '4K', pack_order: 'dirty_first' });
    instance.loadBpf(1, 2024);
    instance.loadBpf(2, 4072);
    expect(slot(2)[0]).toBe(2 * PAGE);
    instance.freeBpf(2);
    instance.loadBpf(3, 4072);
    instance.loadBpf(4, 1000);
    instance.freeBpf(4);
    instance.loadBpf(5, 3000);
    instance.loadBpf(6, 500);
    instance.freeBpf(6);
    instance.loadBpf(7, 500);
    expect(slot(7)[0]).toBe(2048);
  });

  it('maps packs by 2M leaves where nodes allow it: 2M a node is enough, 2M for two is not', () => {
    const leaf = (pack: string, nodes: number): number => {
      const { instance, mm } = start('bpf_prog_pack', { leaf: '2M', pack }, { nodes });
      instance.loadBpf(1, 100);
      return mm.leafLevel(mm.live[0]?.page ?? 0);
    };
    expect([leaf('2M', 1), leaf('2M', 2), leaf('per_node(2M)', 2)]).toEqual([2, 1, 2]);
  });

  it('gives a program larger than a pack its own pages', () => {
    const { instance, gauge, areas } = start('bpf_prog_pack', { pack: '2M' });
    instance.loadBpf(1, 3000000);
    expect([gauge('bpf_packs'), areas()]).toEqual([0, [[0, 733]]]);
  });
});

describe('vmalloc_exec (P2, P4)', () => {
  it('v1 puts text of all users into one pack on a 2M leaf, module data into lumps', () => {
    const { instance, mm, gauge } = start('vmalloc_exec');
    instance.loadModule(1, M1);
    instance.loadBpf(2, 100);
    instance.createTrampoline(3, 0, 0);
    expect(gauge('exec_packs')).toBe(1);
    expect(mm.leafLevel(0)).toBe(2);
    const text = [...mm.placements.extents()].filter((extent) => extent.kind === 0);
    expect(text.every((extent) => extent.byte < BLOCK * PAGE)).toBe(true);
    expect(mm.live.map((area) => area.pages)).toEqual([512, 6, 3]);
  });

  it('v1 gives text above the threshold an area, mapped by 2M leaves', () => {
    const { instance, areas, gauge } = start('vmalloc_exec', { pack: '2M' });
    instance.allocRaw(1, 0, 2 * 1048576 + 1);
    expect([gauge('exec_packs'), areas()]).toEqual([0, [[0, 1024]]]);
  });

  it('rfc moves BPF and module text only, and fills the tail of kernel text first', () => {
    const { instance, mm, slot, gauge } = start(
      'vmalloc_exec',
      { version: 'rfc' },
      { kernelTailPages: 3 },
    );
    const tail = (mm.kernelTail?.page ?? 0) * PAGE;
    instance.loadBpf(1, 100);
    expect(slot(1)).toEqual([tail, tail + 128]);
    instance.createTrampoline(2, 0, 0);
    expect(mm.placements.extentsOf(2)[0]?.byte).toBe(0);
    instance.loadModule(3, M1);
    expect(gauge('exec_objects')).toBe(1);
  });

  it('rfc leaves a page at each end of an object when it has strips', () => {
    const options = { version: 'rfc', strips: true, share_kernel_tail: false };
    const { instance, slot, gauge } = start('vmalloc_exec', options);
    instance.loadBpf(1, 100);
    expect(slot(1)[0]).toBe(PAGE);
    expect(gauge('text_free_bytes')).toBe(510 * PAGE - 128);
  });
});

describe('execmem_alloc (P5)', () => {
  const load = (lab: ReturnType<typeof start>, sizes: readonly number[]): void => {
    sizes.forEach((pages, object) => lab.instance.allocRaw(object, 0, pages * PAGE));
  };
  const users = { users: ['bpf', 'modules'] };

  it('merges free text across objects: a piece may lie in two', () => {
    const lab = start('execmem_alloc', users);
    load(lab, [500, 500]);
    expect(lab.areas()).toEqual([
      [0, 512],
      [512, 512],
    ]);
    expect(lab.mm.placements.extentsOf(1)[0]?.byte).toBe(500 * PAGE);
  });

  it('returns one object when a free uncovers it, though more could go', () => {
    for (const [free_objects, left] of [
      ['one', 2],
      ['all', 1],
    ] as const) {
      const lab = start('execmem_alloc', { ...users, free_objects });
      load(lab, [300, 300, 300, 300]);
      // The third object begins at page 1024; the last piece lies in the second and the third.
      lab.instance.freeRaw(1);
      lab.instance.freeRaw(2);
      expect(lab.gauge('exec_objects')).toBe(3);
      lab.instance.freeRaw(3);
      expect(lab.gauge('exec_objects')).toBe(left);
    }
  });

  it('aligns programs to 64 bytes and module text to pages', () => {
    const lab = start('execmem_alloc', users);
    lab.instance.loadBpf(1, 100);
    lab.instance.loadModule(2, M1);
    lab.instance.loadBpf(3, 10);
    expect([lab.slot(1), lab.slot(3)]).toEqual([
      [0, 128],
      [128, 192],
    ]);
    expect(lab.mm.placements.extentsOf(2)[0]?.byte).toBe(PAGE);
  });
});

describe('typed_blocks (P6)', () => {
  it('takes one block for each of three types, packed below a page', () => {
    const { instance, mm } = start('typed_blocks');
    instance.loadModule(1, M1);
    instance.loadBpf(2, 100);
    // Text, data, rodata in the order of their first use.
    expect(mm.live.map((area) => area.page)).toEqual([0, BLOCK, 2 * BLOCK]);
    expect([0, BLOCK, 2 * BLOCK].map((page) => mm.leafLevel(page))).toEqual([2, 2, 1]);
    const bytes = mm.placements.extentsOf(1).map((extent) => extent.byte / PAGE);
    expect(bytes).toEqual([0, 512, 1024, 1026, 5, 515]);
    expect(mm.placements.extentsOf(2)[0]?.byte).toBe(6 * PAGE);
    expect(mm.counters.textSplits).toBe(0);
  });

  it('gives init text of a module to small users when it is free', () => {
    const { instance, mm } = start('typed_blocks');
    instance.loadModule(1, M1);
    instance.loadModule(2, M1);
    instance.freeModuleInit(1);
    instance.loadBpf(3, 100);
    expect(mm.placements.extentsOf(3)[0]?.byte).toBe(5 * PAGE);
  });

  it('keeps types in fixed parts of the module area when asked', () => {
    const { instance, mm } = start('typed_blocks', { fixed: true, blocks: ['text', 'data'] });
    instance.loadModule(1, M1);
    // 504 slots of 2M: half for text; rodata shares the data blocks, in whole pages.
    expect(mm.live.map((area) => area.page)).toEqual([0, 252 * BLOCK]);
    expect(mm.counters.textSplits).toBe(1);
  });

  it('returns an empty block, or keeps as many as it is told to', () => {
    for (const [keep_empty, left] of [
      [0, 0],
      [1, 3],
    ] as const) {
      const { instance, areas } = start('typed_blocks', { keep_empty });
      instance.loadModule(1, M1);
      instance.unloadModule(1);
      expect(areas()).toHaveLength(left);
    }
  });

  it('has seven kinds of blocks when asked', () => {
    const { instance, areas } = start('typed_blocks', { types: 'seven' });
    instance.loadModule(1, [...M1.slice(0, 6), 10]);
    expect(areas()).toHaveLength(7);
  });
});

describe('execmem_rox (P8)', () => {
  it('lays blocks 4 MiB apart because of their guard page (T12)', () => {
    const { instance, areas } = start('execmem_rox');
    for (const object of [1, 2, 3]) instance.allocRaw(object, 0, BLOCK * PAGE);
    expect(areas().map(([page]) => page)).toEqual([0, 2 * BLOCK, 4 * BLOCK]);
  });

  it('keeps data outside, in the hole behind the first block', () => {
    const { instance, mm } = start('execmem_rox');
    instance.loadModule(1, M1);
    const pages = mm.placements.extentsOf(1).map((extent) => extent.byte / PAGE);
    expect(pages).toEqual([0, 513, 517, 520, 5, 522]);
  });

  it.each([
    ['a', 'modules', 0, 1],
    ['b', 'modules', 1, 1],
    ['c', 'modules, ftrace, kprobes', 1, 1],
    ['d', 'all', 1, 2],
  ])('version %s serves %s', (version, _kinds, splits, blocks) => {
    const { instance, mm, gauge } = start('execmem_rox', { version }, { release: '7.3' });
    instance.loadModule(1, M1);
    // Both windows are open at once: one split, one collapse.
    expect([mm.counters.textSplits, mm.counters.textCollapses]).toEqual([splits, splits]);
    instance.loadBpf(2, 100);
    expect(gauge('rox_blocks')).toBe(blocks);
    instance.createTrampoline(3, 0, 0);
    const inCache = version === 'c' || version === 'd';
    expect((mm.placements.extentsOf(3)[0]?.byte ?? 0) / PAGE).toBe(inCache ? 6 : 1039);
  });

  it('takes the size alone when a block cannot be had, from version c on', () => {
    const served = (version: string): readonly (readonly [number, number])[] => {
      const { instance, areas } = start('execmem_rox', { version }, { failures: [0] });
      instance.allocRaw(1, 0, 3 * PAGE);
      return areas();
    };
    expect([served('b'), served('c')]).toEqual([[], [[0, 3]]]);
  });

  it('gives wholly free blocks back when the cleaner runs', () => {
    for (const [cleaner, left] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const { instance, gauge } = start('execmem_rox', { cleaner });
      instance.allocRaw(1, 0, PAGE);
      instance.freeRaw(1);
      instance.runWorkers();
      expect(gauge('rox_blocks')).toBe(left);
    }
  });
});

describe('pages of a design', () => {
  it('perm_alloc: one 2M page leaves the direct map at once and serves 512 pages', () => {
    const { instance, mm, gauge } = start('perm_alloc');
    instance.loadModule(1, M1);
    expect([mm.pageSupply.flushes, mm.pageSupply.unmapped.size]).toEqual([1, 512]);
    expect(gauge('stash_idle_pages')).toBe(512 - 15);
    for (let object = 2; object < 300; object += 1) instance.loadBpf(object, 100);
    expect(mm.pageSupply.flushes).toBe(1);
    instance.unloadModule(1);
    expect(mm.pageSupply.unmapped.size).toBe(512);
  });

  it('perm_alloc: text and rodata are never writable; rodata is poked, data written', () => {
    const { instance, mm } = start('perm_alloc');
    instance.loadModule(1, M1);
    expect(mm.counters.pokeBytes).toBe(0x5000 + 0x2000 + 0x1000);
    expect(mm.live.map(({ page }) => mm.isWritable(page))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('grouped_pages: cuts 2M pages for nodes in turn, and single pages when there are none', () => {
    const lab = start('grouped_pages', {}, { nodes: 2, order9Chunks: 2 });
    lab.instance.allocRaw(1, 1, 700 * PAGE);
    expect(lab.mm.pageSupply.taken.size).toBe(1024);
    lab.instance.allocRaw(2, 1, 400 * PAGE);
    expect(lab.mm.pageSupply.taken.size).toBe(1024 + 76);
    expect(lab.gauge('stash_idle_pages')).toBe(0);
    lab.instance.freeRaw(1);
    expect(lab.gauge('stash_idle_pages')).toBe(700);
  });

  it('the shrinker maps pages again before they go back', () => {
    const { instance, mm, gauge } = start('perm_alloc', { idle_pages_max: 100 });
    instance.allocRaw(1, 1, 300 * PAGE);
    instance.freeRaw(1);
    expect(gauge('stash_idle_pages')).toBe(100);
    expect([mm.pageSupply.taken.size, mm.pageSupply.unmapped.size]).toEqual([100, 100]);
  });

  it('unmapped_pages: a free merges buddies, so that a 2M page can go back whole', () => {
    const { instance, mm, gauge } = start('unmapped_pages', { idle_pages_max: 1 });
    instance.allocRaw(1, 1, 30 * PAGE);
    expect(mm.pageSupply.unmapped.size).toBe(512);
    instance.freeRaw(1);
    expect([gauge('stash_idle_pages'), mm.pageSupply.taken.size]).toEqual([0, 0]);
  });

  it('unmapped_pages of 2022: only pages in use are unmapped', () => {
    const { instance, mm } = start('unmapped_pages', { form: '2022' });
    instance.allocRaw(1, 1, 30 * PAGE);
    expect(mm.pageSupply.unmapped.size).toBe(30);
    instance.freeRaw(1);
    expect(mm.pageSupply.unmapped.size).toBe(0);
  });
});
