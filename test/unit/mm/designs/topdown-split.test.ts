/** P3, the top-down split, step by step: small pictures of both sides of the boundary. */
import { describe, expect, it } from 'vitest';
import { EffectKind } from '../../../../src/contract/sim-event.js';
import type { OptionValue } from '../../../../src/contract/scenario-plan.js';
import { topdownSplit } from '../../../../src/mm/designs/topdown-split.js';
import { PlacementKind } from '../../../../src/mm/placements.js';
import { defaultOptions, DesignWorkload } from '../../../support/design-workload.js';
import { NaiveKernelMm, type NaiveMmOptions } from '../../../support/naive-kernel-mm.js';

const PAGE = 4096;
const BLOCK = 512;
const TEXT = 0;
const DATA = 1;
const RODATA = 2;

function start(options: Record<string, OptionValue> = {}, machine: NaiveMmOptions = {}) {
  const mm = new NaiveKernelMm('6.12', machine);
  const design = topdownSplit.create(mm, { ...defaultOptions(topdownSplit), ...options });
  let next = 1;
  const alloc = (kind: number, pages: number): number => {
    const id = next;
    next += 1;
    return design.allocRaw(id, kind, pages * PAGE) ? id : -1;
  };
  const gauge = (name: string): number => design.gauges?.[name]?.() ?? -1;
  return {
    mm,
    design,
    gauge,
    text: (pages: number) => alloc(TEXT, pages),
    data: (pages: number) => alloc(DATA, pages),
    rodata: (pages: number) => alloc(RODATA, pages),
    free: (id: number) => {
      design.freeRaw(id);
      design.verify();
    },
    pageOf: (id: number) => (mm.placements.extentsOf(id)[0]?.byte ?? -PAGE) / PAGE,
    boundary: () => gauge('x_end') / PAGE,
  };
}

/** The module area in characters, `pages` a character: T text, d data, r rodata, x backed, . free. */
function picture(mm: NaiveKernelMm, from: number, to: number, pages: number): string {
  const marks = new Map<number, string>();
  for (const { kind, byte, sizeBytes } of mm.placements.extents()) {
    const mark = kind === PlacementKind.text ? 'T' : kind === PlacementKind.data ? 'd' : 'r';
    for (let page = Math.floor(byte / PAGE); page * PAGE < byte + sizeBytes; page += 1) {
      marks.set(Math.floor(page / pages), mark);
    }
  }
  let strip = '';
  for (let cell = from / pages; cell < to / pages; cell += 1) {
    strip += marks.get(cell) ?? (mm.isExecutable(cell * pages) ? 'x' : '.');
  }
  return strip;
}

describe('the executable side', () => {
  it('begins on a 2M line above the load offset and grows in whole 2M steps', () => {
    const { text, boundary, pageOf, mm } = start({}, { offsetPages: 77 });
    expect(boundary()).toBe(BLOCK);
    expect(pageOf(text(1))).toBe(BLOCK);
    expect(boundary()).toBe(2 * BLOCK);
    expect(pageOf(text(511))).toBe(BLOCK + 1);
    expect(boundary()).toBe(2 * BLOCK);
    expect(pageOf(text(1))).toBe(2 * BLOCK);
    expect(boundary()).toBe(3 * BLOCK);
    expect(mm.leafLevel(BLOCK)).toBe(2);
    expect(mm.live.every((area) => area.guardPages === 0 && area.huge)).toBe(true);
  });

  it('takes the lowest gap, and grows by the whole size when none fits', () => {
    const { text, free, mm, boundary } = start();
    const a = text(128);
    const b = text(128);
    text(128);
    expect(picture(mm, 0, 1536, 64)).toBe('TTTTTTxx................');
    free(a);
    text(64);
    free(b);
    expect(picture(mm, 0, 1536, 64)).toBe('TxxxTTxx................');
    text(256);
    // 256 pages fit nowhere: another 2M, and the tail of the first one is used with it.
    expect(picture(mm, 0, 1536, 64)).toBe('TxxxTTTTTTxxxxxx........');
    expect(boundary()).toBe(1024);
  });

  it('gives the blocks at the boundary back, not those below a live text', () => {
    const { text, free, boundary, gauge } = start();
    const low = text(512);
    const middle = text(512);
    const high = text(512);
    expect(boundary()).toBe(3 * BLOCK);
    free(middle);
    expect([boundary(), gauge('text_free_blocks')]).toEqual([3 * BLOCK, 1]);
    free(high);
    expect([boundary(), gauge('text_free_blocks')]).toEqual([BLOCK, 0]);
    free(low);
    expect(boundary()).toBe(0);
  });

  it('keeps all blocks, or punches holes and fills them again, as options say', () => {
    const never = start({ shrink: 'never' });
    never.free(never.text(600));
    expect([never.boundary(), never.gauge('text_free_blocks')]).toEqual([2 * BLOCK, 2]);
    const any = start({ shrink: 'any' });
    const [, hole, top] = [any.text(512), any.text(512), any.text(512)];
    any.free(hole);
    expect(picture(any.mm, 0, 1536, 256)).toBe('TT..TT');
    expect(any.pageOf(any.text(100))).toBe(BLOCK);
    expect(any.boundary()).toBe(3 * BLOCK);
    any.free(top);
    expect(any.boundary()).toBe(2 * BLOCK);
  });

  it('counts the free tail first when growth says so', () => {
    for (const [growth, end] of [
      ['whole', 3],
      ['tail', 2],
    ] as const) {
      const { text, boundary } = start({ growth });
      text(100);
      text(600);
      expect(boundary()).toBe(end * BLOCK);
    }
  });

  it('searches best fit and next fit where asked', () => {
    const place = (search: string): number => {
      const { text, free, pageOf } = start({ search });
      const wide = text(20);
      text(1);
      const narrow = text(8);
      text(1);
      free(wide);
      free(narrow);
      return pageOf(text(8));
    };
    expect(['lowest', 'best', 'next'].map(place)).toEqual([0, 21, 30]);
  });

  it('rounds programs up to the granularity, or shares pages natively or in packs', () => {
    const slot = (options: Record<string, OptionValue>): readonly number[] => {
      const { design } = start(options);
      expect(design.loadBpf(1, 100) && design.loadBpf(2, 100)).toBe(true);
      const { startByte, endByte } = design.programSlot?.(2) ?? { startByte: -1, endByte: -1 };
      return [startByte, endByte];
    };
    expect(slot({})).toEqual([4096, 8192]);
    expect(slot({ granularity: 64 })).toEqual([128, 256]);
    expect(slot({ granularity: 1 })).toEqual([124, 248]);
    expect(slot({ subpage: 'native' })).toEqual([128, 256]);
    expect(slot({ subpage: 'pack' })).toEqual([128, 256]);
  });

  it('pokes in 4 KiB steps with a local flush each, and fills freed text with traps', () => {
    const { text, free, mm } = start();
    const id = text(3);
    expect([mm.counters.pokeBytes, mm.counters.localFlushes]).toEqual([3 * PAGE, 3]);
    free(id);
    expect([mm.counters.pokeBytes, mm.counters.localFlushes]).toEqual([6 * PAGE, 6]);
    const bare = start({ trap_fill: false });
    bare.free(bare.text(3));
    expect(bare.mm.counters.pokeBytes).toBe(3 * PAGE);
  });

  it('can begin in the tail of kernel text', () => {
    const { text, pageOf, boundary, mm } = start(
      { x_start: 'kernel_tail' },
      { kernelTailPages: 10 },
    );
    const tail = mm.kernelTail?.page ?? 0;
    expect(tail).toBeLessThan(0);
    expect(pageOf(text(6))).toBe(tail);
    expect(pageOf(text(6))).toBe(0);
    expect(pageOf(text(4))).toBe(tail + 6);
    expect(boundary()).toBe(BLOCK);
  });

  it('loses the part of the first block below the offset when it begins exactly there', () => {
    const { text, pageOf, boundary } = start({ x_start: 'exact' }, { offsetPages: 77 });
    expect(pageOf(text(1))).toBe(77);
    expect(boundary()).toBe(BLOCK);
    // 434 pages are left; the new block continues them.
    expect(pageOf(text(435))).toBe(78);
    expect(boundary()).toBe(2 * BLOCK);
  });
});

describe('the data side', () => {
  it('takes the highest place that fits, with a guard page behind each area', () => {
    const { data, rodata, free, pageOf, mm } = start();
    const top = mm.areaPages;
    const [a, b, c] = [data(4), rodata(2), data(1)];
    expect([a, b, c].map(pageOf)).toEqual([top - 5, top - 8, top - 10]);
    free(b);
    expect(pageOf(data(1))).toBe(top - 7);
    expect(pageOf(data(3))).toBe(top - 14);
    expect(mm.isWritable(pageOf(a))).toBe(true);
    expect(mm.isExecutable(pageOf(a))).toBe(false);
  });

  it('sets rodata read-only after it is written', () => {
    const { rodata, pageOf, mm } = start();
    expect(mm.isWritable(pageOf(rodata(1)))).toBe(false);
  });

  it('can take pages of rodata from a cache cut out of 2M pages', () => {
    const { data, rodata, pageOf, free, mm } = start({ rodata_backing: 'grouped' });
    data(3);
    expect(mm.pageSupply.taken.size).toBe(0);
    const id = rodata(2);
    expect([mm.pageSupply.taken.size, pageOf(id)]).toEqual([512, mm.areaPages - 7]);
    free(id);
    rodata(500);
    expect(mm.pageSupply.taken.size).toBe(512);
  });

  it('knows its lowest area when that one goes', () => {
    const { data, free, gauge, mm } = start();
    const high = data(1);
    const low = data(1);
    expect(gauge('data_start')).toBe((mm.areaPages - 4) * PAGE);
    free(low);
    expect(gauge('data_start')).toBe((mm.areaPages - 2) * PAGE);
    free(high);
    expect(gauge('data_start')).toBe(mm.areaPages * PAGE);
  });

  it('can keep each kind in 2M blocks, or start from the border', () => {
    const blocks = start({ data_search: 'blocks' });
    const top = blocks.mm.areaPages;
    const placed = [blocks.data(4), blocks.rodata(2), blocks.data(1), blocks.rodata(1)];
    // 512 pages and a guard page do not fit into the highest 2M.
    expect(placed.map(blocks.pageOf)).toEqual([top - 1024, top - 2048, top - 1020, top - 2046]);
    const border = start({ data_search: 'border' });
    expect(border.pageOf(border.data(3))).toBe(1);
  });
});

describe('the boundary', () => {
  /** A machine whose data side begins `pages` above the start of the module area. */
  function crowded(pages: number, options: Record<string, OptionValue> = {}) {
    const lab = start(options);
    const data = lab.data(lab.mm.areaPages - pages - 1);
    expect(lab.pageOf(data)).toBe(pages);
    return { ...lab, block: data };
  }

  it('is not crossed by text: the step that would reach data fails and is counted', () => {
    const { text, boundary, gauge, mm, design } = crowded(BLOCK + 1);
    expect(text(1)).toBeGreaterThan(0);
    expect(boundary()).toBe(BLOCK);
    expect(text(512)).toBe(-1);
    expect(gauge('collisions')).toBe(1);
    expect(mm.notes).toEqual([[EffectKind.boundaryCollision, BLOCK, 512]]);
    expect(text(511)).toBeGreaterThan(0);
    design.verify();
  });

  it('keeps its gap: a 2M step that would leave no page between fails', () => {
    const tight = crowded(BLOCK);
    expect(tight.text(1)).toBe(-1);
    expect(tight.gauge('collisions')).toBe(1);
    const touching = crowded(BLOCK, { gap: 0 });
    expect(touching.text(1)).toBeGreaterThan(0);
    const wide = crowded(2 * BLOCK - 1, { gap: BLOCK * PAGE });
    expect(wide.text(1)).toBe(-1);
  });

  it('is not crossed by data: no room above it is a collision, no memory is none', () => {
    const { data, text, gauge, boundary, pageOf, mm } = crowded(2 * BLOCK);
    text(600);
    expect(boundary()).toBe(0);
    text(10);
    expect(boundary()).toBe(BLOCK);
    expect(pageOf(data(510))).toBe(BLOCK + 1);
    const before = gauge('collisions');
    expect(data(1)).toBe(-1);
    expect(gauge('collisions')).toBe(before + 1);
    const poor = new NaiveKernelMm('6.12', { failures: [0] });
    const design = topdownSplit.create(poor, defaultOptions(topdownSplit));
    expect(design.allocRaw(1, DATA, 100)).toBe(false);
    expect(design.gauges?.['collisions']?.()).toBe(0);
    expect(mm.notes.length).toBe(before + 1);
  });

  it('lets data into holes of text only as the experiment', () => {
    const { data, text, free, pageOf, mm } = crowded(BLOCK + 1, { collision: 'holes' });
    text(10);
    const id = data(3);
    expect(pageOf(id)).toBe(10);
    expect([mm.isWritable(10), mm.isExecutable(10), mm.leafLevel(10)]).toEqual([true, false, 1]);
    expect(mm.counters.textSplits).toBe(1);
    free(id);
    expect([mm.isWritable(10), mm.isExecutable(10)]).toEqual([false, true]);
    expect(data(600)).toBe(-1);
  });

  it('can be fixed in the middle', () => {
    const { text, data, gauge, boundary, pageOf, mm } = start({ boundary: 'fixed' });
    expect(pageOf(data(mm.areaPages - 252 * BLOCK - 2))).toBe(252 * BLOCK + 1);
    expect(text(252 * BLOCK)).toBeGreaterThan(0);
    expect(boundary()).toBe(252 * BLOCK);
    expect(text(1)).toBe(-1);
    expect(data(1)).toBe(-1);
    expect(gauge('collisions')).toBe(2);
  });

  it('separates X and !X: no 2M page ever holds both', () => {
    for (const options of [{}, { subpage: 'pack' }, { shrink: 'any' }, { data_search: 'border' }]) {
      const mm = new NaiveKernelMm('6.12', { offsetPages: 300 });
      const all = { ...defaultOptions(topdownSplit), ...options };
      const workload = new DesignWorkload(mm, topdownSplit, all, 3);
      for (let round = 0; round < 12; round += 1) {
        workload.run(20, round % 3 === 2 ? 0.2 : 0.7);
        const kinds = new Map<number, boolean>();
        for (const { byte, sizeBytes, kind } of mm.placements.extents()) {
          const executable = kind === PlacementKind.text;
          const last = Math.floor((byte + sizeBytes - 1) / (BLOCK * PAGE));
          for (let slot = Math.floor(byte / (BLOCK * PAGE)); slot <= last; slot += 1) {
            // Right above the boundary data may begin in the block that text does not own.
            expect(kinds.get(slot) ?? executable).toBe(executable);
            kinds.set(slot, executable);
          }
          const end = workload.instance.gauges?.['x_end']?.() ?? 0;
          expect(executable ? byte + sizeBytes <= end : byte >= end + PAGE).toBe(true);
        }
      }
    }
  });
});

describe('without order-9 memory', () => {
  it('a step uses 512 single pages and is counted', () => {
    const { text, gauge, mm } = start({}, { order9Chunks: 1 });
    text(512);
    expect(text(512)).toBeGreaterThan(0);
    expect([mm.leafLevel(0), mm.leafLevel(512)]).toEqual([2, 1]);
    expect(gauge('fallback_blocks')).toBe(1);
    expect(mm.isExecutable(512)).toBe(true);
  });

  it('a step of several 2M releases what it had when one cannot be made', () => {
    const { text, boundary, mm } = start({ no_order9: 'fail' }, { order9Chunks: 2 });
    expect(text(1025)).toBe(-1);
    expect(boundary()).toBe(0);
    expect(mm.live).toEqual([]);
    expect(mm.pageSupply.order9Chunks).toBe(2);
    expect(text(1024)).toBeGreaterThan(0);
  });
});

describe('modules and other users', () => {
  const SECTIONS = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];

  it('puts text and init text together below, five kinds of data from the top', () => {
    const { design, mm } = start();
    expect(design.loadModule(1, SECTIONS)).toBe(true);
    const top = mm.areaPages;
    const pages = mm.placements.extentsOf(1).map((extent) => extent.byte / PAGE);
    expect(pages).toEqual([0, top - 4, top - 7, top - 9, 5, top - 13]);
    design.finishModuleInit(1);
    expect(mm.isWritable(top - 9)).toBe(false);
    design.freeModuleInit(1);
    expect(design.loadBpf(2, 100)).toBe(true);
    expect(design.programSlot?.(2)?.startByte).toBe(5 * PAGE);
    design.verify();
  });

  it('keeps data of a module in one lump, or init text in blocks of its own, when asked', () => {
    const lump = start({ data_kinds: 'lump' });
    lump.design.loadModule(1, SECTIONS);
    expect(lump.mm.live.filter((area) => area.page > 2 * BLOCK)).toHaveLength(2);
    const init = start({ init_text: 'separate' });
    init.design.loadModule(1, SECTIONS);
    expect(init.mm.placements.extentsOf(1).map((e) => e.byte / PAGE)).toContain(BLOCK);
    init.design.freeModuleInit(1);
    expect(init.boundary()).toBe(BLOCK);
  });

  it('serves users that were not migrated on the data side, protected after writing', () => {
    const { design, mm, boundary } = start({ users: ['modules'] });
    expect(design.loadBpf(1, 100)).toBe(true);
    const page = (design.programSlot?.(1)?.startByte ?? 0) / PAGE;
    expect(page).toBe(mm.areaPages - 2);
    expect([mm.isExecutable(page), mm.isWritable(page), mm.leafLevel(page)]).toEqual([
      true,
      false,
      1,
    ]);
    expect(boundary()).toBe(0);
    expect(mm.counters.pokeCalls).toBe(0);
  });

  it('cannot put 4.1 MiB into the hole of 4 MiB (the counter-example of Song Liu)', () => {
    const { text, free, pageOf, boundary, gauge } = start();
    const old = text(1024);
    expect(pageOf(text(1))).toBe(1024);
    free(old);
    expect(gauge('text_free_blocks')).toBe(2);
    expect(pageOf(text(1050))).toBe(1025);
    expect(boundary()).toBe(6 * BLOCK);
    expect(gauge('text_gaps')).toBe(2);
  });
});
