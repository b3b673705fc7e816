/** The page table by tables of cases, and against a map from pages to frames by random changes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageTable } from '../../../src/machine/page-table.js';
import {
  PAGE_KERNEL,
  PAGE_KERNEL_RO,
  PTE_DIRTY,
  PTE_EXECUTABLE,
  PTE_PRESENT,
  PTE_WRITABLE,
  changedFlags,
} from '../../../src/machine/pte.js';

const MODULES = 0xffffffffc0000;
const PAGE_OFFSET = { 4: 0xffff888000000, 5: 0xff11000000000 } as const;

/** Table pages that are out, by frame. */
class CountedPages {
  out = 0;
  private next = 0;
  take(): number {
    this.out += 1;
    this.next += 1;
    return this.next;
  }
  give(frame: number): void {
    // Tables of whole GiBs come with the boot and are not counted here.
    if (frame >= 0) this.out -= 1;
  }
}

function newTable(levels: 4 | 5 = 4) {
  const pages = new CountedPages();
  return { pages, table: new PageTable(levels, pages) };
}

function at(table: PageTable, vpn: number) {
  table.walk(vpn);
  return { level: table.level, frame: table.frame, flags: table.flags, left: table.pagesLeft };
}

describe.each([4, 5] as const)('a table of %i levels', (levels) => {
  const base = PAGE_OFFSET[levels];

  it('takes one page a level down to the leaf', () => {
    for (const [level, tables] of [
      [3, levels - 2],
      [2, levels - 1],
      [1, levels],
    ] as const) {
      const { table, pages } = newTable(levels);
      if (level === 1) table.mapPages(base, 1, [5], 0, PAGE_KERNEL);
      else table.mapLarge(base, level, 0, PAGE_KERNEL);
      expect(table.tablePages).toBe(tables);
      // The root is there from the start.
      expect(pages.out).toBe(tables - 1);
      table.verify();
    }
  });

  it('translates through leaves of 1G, 2M and 4K', () => {
    const { table } = newTable(levels);
    table.mapLarge(base + 262144, 3, 262144, PAGE_KERNEL);
    table.mapLarge(base + 2048, 2, 7 * 512, PAGE_KERNEL_RO);
    table.mapPages(base + 1020, 8, [9, 8, 7, 6, 5, 4, 3, 2], 0, PAGE_KERNEL);
    expect(at(table, base + 262144 + 777)).toEqual({
      level: 3,
      frame: 262144 + 777,
      flags: PAGE_KERNEL,
      left: 262144 - 777,
    });
    expect(at(table, base + 2136)).toMatchObject({ level: 2, frame: 7 * 512 + 88, left: 424 });
    expect(at(table, base + 1023)).toMatchObject({ level: 1, frame: 6, left: 1 });
    expect(at(table, base + 1024)).toMatchObject({ level: 1, frame: 5, left: 512 });
    expect(at(table, base + 1028)).toMatchObject({ level: 0, frame: -1, flags: 0 });
    expect(at(table, base - 1)).toMatchObject({ level: 0, frame: -1 });
    table.verify();
  });

  it('splits 1G to 2M to 4K and collapses back, translations unchanged', () => {
    const { table, pages } = newTable(levels);
    table.mapLarge(base, 3, 0, PAGE_KERNEL);
    const tables = table.tablePages;
    table.walk(base + 5000);
    table.split();
    expect(at(table, base + 5000)).toMatchObject({ level: 2, frame: 5000, flags: PAGE_KERNEL });
    table.split();
    expect(at(table, base + 5000)).toMatchObject({ level: 1, frame: 5000, flags: PAGE_KERNEL });
    expect([1, 2, 3].map((level) => table.leafCount(level as 1 | 2 | 3))).toEqual([512, 511, 0]);
    expect(table.tablePages).toBe(tables + 2);
    expect(table.collapse1G(base, false)).toBe(false);
    expect(table.collapse2M(base + 5000 - (5000 % 512), false)).toBe(true);
    expect(table.collapse1G(base, false)).toBe(true);
    expect(at(table, base + 5000)).toMatchObject({ level: 3, frame: 5000, flags: PAGE_KERNEL });
    expect([table.tablePages, pages.out + 1]).toEqual([tables, tables]);
    table.verify();
  });
});

describe('a window of 4K entries', () => {
  const frames = Array.from({ length: 512 }, (_, i) => 1024 + i);
  const window = (changes: Partial<Record<number, number>> = {}) => {
    const { table } = newTable();
    const list = frames.map((frame, i) => changes[i] ?? frame);
    table.mapPages(MODULES, 512, list, 0, PAGE_KERNEL);
    return table;
  };
  const change = (table: PageTable, page: number, count: number, set: number, clear: number) => {
    table.walk(MODULES + page);
    return table.changeEntries(count, set, clear);
  };

  it('collapses when equal, present, consecutive and aligned', () => {
    const table = window();
    expect(table.collapse2M(MODULES, false)).toBe(true);
    expect(at(table, MODULES + 3)).toMatchObject({ level: 2, frame: 1027 });
    expect(table.leafCount(1)).toBe(0);
  });

  it.each([
    ['one entry is read-only', { page: 300, set: 0, clear: PTE_WRITABLE }],
    ['one entry is not dirty', { page: 511, set: 0, clear: PTE_DIRTY }],
    ['one entry is not present', { page: 0, set: 0, clear: PTE_PRESENT }],
  ])('does not collapse when %s', (_name, { page, set, clear }) => {
    const table = window();
    expect(change(table, page, 1, set, clear)).toBe(1);
    expect(table.collapse2M(MODULES, false)).toBe(false);
    table.verify();
  });

  it('does not collapse when all entries are not present', () => {
    const table = window();
    expect(change(table, 0, 512, 0, PTE_PRESENT)).toBe(512);
    expect(table.collapse2M(MODULES, false)).toBe(false);
  });

  it('does not collapse when one frame is out of order, or the first not aligned', () => {
    expect(window({ 17: 5 }).collapse2M(MODULES, false)).toBe(false);
    const { table } = newTable();
    table.mapPages(MODULES, 512, frames, 0, PAGE_KERNEL);
    expect(table.collapse2M(MODULES + 1, false)).toBe(false);
    const shifted = newTable().table;
    shifted.mapConsecutive(MODULES, 1, 1025, 512, PAGE_KERNEL);
    expect(shifted.collapse2M(MODULES, false)).toBe(false);
  });

  it('collapses over Dirty where that is ignored, and the leaf is dirty', () => {
    const table = window();
    change(table, 4, 100, 0, PTE_DIRTY);
    expect(table.collapse2M(MODULES, true)).toBe(true);
    expect(at(table, MODULES).flags).toBe(PAGE_KERNEL);
    table.verify();
  });

  it('keeps its table when its entries go, until a 2M leaf replaces it', () => {
    const { table, pages } = newTable();
    expect(table.mapPages(MODULES + 500, 20, frames, 0, PAGE_KERNEL)).toBe(2);
    const out = pages.out;
    table.unmap(MODULES + 500, 20);
    expect([pages.out, table.leafCount(1)]).toEqual([out, 0]);
    expect(table.mapPages(MODULES + 1, 3, frames, 0, PAGE_KERNEL)).toBe(0);
    table.unmap(MODULES + 1, 3);
    expect(table.mapLarge(MODULES, 2, 512, PAGE_KERNEL)).toBe(true);
    expect(pages.out).toBe(out - 1);
    table.unmap(MODULES, 512);
    expect(table.mapLarge(MODULES, 2, 512, PAGE_KERNEL)).toBe(false);
    table.verify();
  });

  it('refuses to map twice and to unmap part of a large leaf', () => {
    const table = window();
    expect(() => table.mapPages(MODULES + 9, 1, [1], 0, PAGE_KERNEL)).toThrow(/mapped already/);
    expect(() => table.mapLarge(MODULES, 2, 0, PAGE_KERNEL)).toThrow(/mapped already/);
    table.collapse2M(MODULES, false);
    expect(() => table.mapPages(MODULES + 9, 1, [1], 0, PAGE_KERNEL)).toThrow(/mapped already/);
    expect(() => table.unmap(MODULES, 511)).toThrow(/whole/);
    expect(() => table.mapLarge(MODULES + 1, 2, 0, PAGE_KERNEL)).toThrow(/aligned/);
  });

  it('changes scattered pages until one is not under a 4K leaf', () => {
    const { table } = newTable();
    table.mapConsecutive(MODULES, 1, 0, 1024, PAGE_KERNEL);
    table.mapLarge(MODULES + 1024, 2, 1024, PAGE_KERNEL);
    const pages = Float64Array.from([7, 600, 8, 1030, 9]);
    expect(table.changeScattered(MODULES, pages, 0, 5, 0, PTE_WRITABLE)).toBe(3);
    expect(table.countSmall(MODULES, pages, 0, 5)).toBe(3);
    expect(table.leafCount(1, PTE_WRITABLE)).toBe(1021);
    expect(at(table, MODULES + 600).flags & PTE_WRITABLE).toBe(0);
    table.verify();
  });
});

describe('whole GiBs mapped at once', () => {
  const GIB = 262144;
  const base = PAGE_OFFSET[4];
  const state = (table: PageTable, pages: readonly number[]) =>
    pages.map((page) => {
      const { level, frame, flags } = at(table, base + page);
      return `${level} ${frame} ${flags}`;
    });

  it.each([1, 2] as const)('with leaves of level %i are as leaf by leaf', (level) => {
    const [once, singly] = [newTable(), newTable()];
    once.table.mapConsecutive(base, level, 0, 2 * GIB + 1024, PAGE_KERNEL);
    const step = level === 1 ? 256 : 512;
    for (let page = 0; page < 2 * GIB + 1024; page += step) {
      singly.table.mapConsecutive(base + page, level, page, step, PAGE_KERNEL);
    }
    const pages = [0, 511, 512, 5000, 5119, 5120, GIB - 1, GIB, GIB + 77, 2 * GIB + 1023];
    const same = () => {
      expect(state(once.table, pages)).toEqual(state(singly.table, pages));
      expect(once.table.tablePages).toBe(singly.table.tablePages);
      for (const size of [1, 2, 3] as const) {
        expect(once.table.leafCount(size)).toBe(singly.table.leafCount(size));
      }
    };
    same();
    for (const { table } of [once, singly]) {
      table.walk(base + 5000);
      if (level === 2) table.split();
      table.walk(base + 5000);
      expect(table.changeEntries(3, 0, PTE_WRITABLE)).toBe(3);
      table.walk(base + GIB);
      if (level === 2) table.setLargeFlags(PAGE_KERNEL_RO);
      else table.changeScattered(base, Float64Array.from([GIB + 77, GIB + 78]), 0, 2, 0, 2);
    }
    same();
    for (const { table } of [once, singly]) {
      expect(table.collapse1G(base, false)).toBe(false);
      table.walk(base + 5000);
      table.changeEntries(3, PTE_WRITABLE, 0);
      expect(table.collapse2M(base + 4608, false)).toBe(true);
      expect(table.collapse1G(base, false)).toBe(level === 2);
      table.unmap(base + GIB, 1024);
    }
    same();
    once.table.verify();
  });

  it('make a 1G leaf again when nothing in them changed', () => {
    const { table, pages } = newTable();
    table.mapConsecutive(base, 2, 0, GIB, PAGE_KERNEL);
    const out = pages.out;
    expect(table.collapse1G(base + 7, false)).toBe(true);
    expect(pages.out).toBe(out - 1);
    expect(at(table, base + 12345)).toMatchObject({ level: 3, frame: 12345 });
    table.verify();
  });

  it('cover whole spans', () => {
    const { table } = newTable();
    expect(() => table.mapConsecutive(base, 2, 0, 700, PAGE_KERNEL)).toThrow(/whole spans/);
  });
});

describe('random changes', () => {
  const PAGES = 4 * 512;
  type Step = readonly [kind: number, page: number, count: number, value: number];
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.nat(6),
    fc.nat(PAGES - 1),
    fc.integer({ min: 1, max: 700 }),
    fc.nat(200),
  );

  it('agree with a map from pages to frames and flags', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const { table, pages } = newTable();
        const model = new Map<number, readonly [frame: number, flags: number]>();
        const isFree = (page: number, count: number) =>
          Array.from({ length: count }, (_, i) => page + i).every((p) => !model.has(p));
        for (const [kind, page, wanted, value] of steps) {
          const count = Math.min(wanted, PAGES - page);
          const window = page - (page % 512);
          if (kind === 0 && isFree(page, count)) {
            const frames = Array.from({ length: count }, (_, i) => (value % 2 ? i : i * 7) + value);
            table.mapPages(MODULES + page, count, frames, 0, PAGE_KERNEL);
            frames.forEach((frame, i) => model.set(page + i, [frame, PAGE_KERNEL]));
          } else if (kind === 1 && isFree(window, 512)) {
            table.mapLarge(MODULES + window, 2, value * 512, PAGE_KERNEL_RO);
            for (let i = 0; i < 512; i += 1) {
              model.set(window + i, [value * 512 + i, PAGE_KERNEL_RO]);
            }
          } else if (kind === 2) {
            table.walk(MODULES + page);
            if (table.level === 2) table.split();
          } else if (kind === 3) {
            table.walk(MODULES + page);
            const set = value % 2 ? PTE_EXECUTABLE : PTE_WRITABLE;
            const clear = value % 3 ? PTE_WRITABLE : 0;
            if (table.level !== 1) continue;
            const run = Math.min(count, table.pagesLeft);
            table.changeEntries(run, set, clear);
            for (let i = page; i < page + run; i += 1) {
              const old = model.get(i);
              if (old) model.set(i, [old[0], changedFlags(old[1], set, clear)]);
            }
          } else if (kind === 4) {
            table.walk(MODULES + window);
            const first = table.level === 2 ? window : page;
            const length = table.level === 2 ? 512 : Math.min(count, window + 512 - page);
            table.unmap(MODULES + first, length);
            for (let i = first; i < first + length; i += 1) model.delete(i);
          } else if (kind === 5) table.collapse2M(MODULES + window, false);
          else table.verify();
        }
        const different: string[] = [];
        for (let page = 0; page < PAGES; page += 1) {
          const [frame, flags] = model.get(page) ?? [-1, 0];
          table.walk(MODULES + page);
          if (table.frame !== frame || table.flags !== flags) {
            different.push(`page ${page}: frame ${table.frame}, wanted ${frame}`);
          }
        }
        expect(different).toEqual([]);
        table.verify();
        expect(pages.out).toBe(table.tablePages - 1);
      }),
      { seed: 20261, numRuns: 60 },
    );
  });
});
