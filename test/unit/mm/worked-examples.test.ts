/** Attribute changes, splits, flushes and page tables: worked examples E1 to E8 of the kernel pages. */
import { describe, expect, it } from 'vitest';
import { pteValue } from '../../../src/machine/pte.js';
import {
  exampleMachine,
  frameAt,
  run,
  type ExampleMachine,
} from '../../support/example-machine.js';

const state = (leaves: string, splits: string, pt: number, F: number, r = 0) => ({
  leaves,
  splits,
  pt,
  F,
  r,
});

/** Direct-map entry of a frame without its frame number. */
function directMapEntry({ mm }: ExampleMachine, frame: number): string {
  const level = mm.directMap.levelOf(frame);
  return `0x${pteValue(mm.directMap.flagsOf(frame), 0, level).toString(16)}`;
}

function vmalloc({ mm }: ExampleMachine, pages: number, huge = false, resetPerms = true) {
  const area = mm.vmalloc({
    sizeBytes: pages * 4096,
    alignPages: 1,
    allowHuge: huge,
    resetPerms,
  });
  if (!area) throw new Error('no area');
  return area;
}

describe('E1: a module in one area of 10 pages whose data lie in another 2M region', () => {
  it.each(['5.17', '6.1'])('%s splits the second region when the module is freed', (release) => {
    const machine = exampleMachine(release);
    const { mm } = machine;
    machine.frames.script = run(frameAt(5, 0, 506), 10);
    const area = vmalloc(machine, 10);
    const { page } = area;
    expect(machine.state()).toEqual(state('0 0 8', '0/0', 1, 0));
    mm.setMemoryRo(page, 3);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 3));
    mm.setMemoryRo(page + 3, 2);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 4));
    mm.setMemoryNx(page + 3, 2);
    mm.setMemoryNx(page + 5, 1);
    mm.setMemoryNx(page + 6, 4);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 4));
    mm.setMemoryX(page, 3);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 4, 1));
    mm.setMemoryRo(page + 5, 1);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 5, 1));
    mm.vfree(area);
    expect(machine.state()).toEqual(state('1024 510 7', '2/1', 4, 7, 1));
    expect([1, 2, 3].map((level) => mm.directMapKb(level))).toEqual([4096, 1044480, 7340032]);
    expect(machine.frames.outPages).toBe(0);
    mm.verify();
  });
});

it('E2: the same pages as four areas in 6.12 end in the same state with 10 full flushes', () => {
  const machine = exampleMachine('6.12');
  const { mm } = machine;
  machine.frames.script = run(frameAt(5, 0, 506), 10);
  const text = vmalloc(machine, 3);
  const rodata = vmalloc(machine, 2);
  const roAfterInit = vmalloc(machine, 1);
  const data = vmalloc(machine, 4);
  mm.setMemoryRo(rodata.page, 2);
  expect(machine.state().F).toBe(3);
  mm.setMemoryRox(text.page, 3);
  expect(machine.state().F).toBe(4);
  mm.setMemoryRo(roAfterInit.page, 1);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 5));
  for (const [area, flushes] of [
    [text, 6],
    [rodata, 7],
    [roAfterInit, 8],
    [data, 10],
  ] as const) {
    mm.vfree(area);
    expect(machine.state().F).toBe(flushes);
  }
  expect(machine.state()).toEqual(state('1024 510 7', '2/1', 4, 10));
  mm.verify();
});

const scattered = Array.from({ length: 16 }, (_, region) =>
  run(frameAt(2 + Math.floor(region / 4), 7 + 30 * region), 32),
).flat();

describe('E3: a BPF pack of 512 pages', () => {
  const aligned = run(frameAt(4, 9), 512);
  const offset = run(frameAt(4, 9, 100), 512);
  it.each([
    ['aligned', '6.1', aligned, '512 511 7', '1/1', 4, 5],
    ['aligned', '6.12', aligned, '512 511 7', '1/1', 3, 4],
    ['aligned', '7.2', aligned, '512 511 7', '1/1', 3, 4],
    ['offset 100', '6.1', offset, '1024 510 7', '2/1', 5, 6],
    ['offset 100', '6.12', offset, '1024 510 7', '2/1', 4, 5],
    ['offset 100', '7.2', offset, '1024 510 7', '2/1', 4, 5],
    ['in 16 regions', '6.1', scattered, '8192 2032 4', '16/4', 22, 23],
    ['in 16 regions', '6.12', scattered, '8192 2032 4', '16/4', 21, 22],
    ['in 16 regions', '7.2', scattered, '8192 2032 4', '16/4', 21, 22],
  ])('%s frames in %s', (_name, release, script, leaves, splits, protectedF, freedF) => {
    // The pack does not start on a 2M line, so nothing collapses.
    const area = { areaPages: 258048, areaVpn: 0xffffffffc0000, loadOffsetPages: 1 };
    const machine = exampleMachine(release, { area });
    const { mm, frames } = machine;
    const protect = (page: number): void => {
      if (mm.rules.hasRox) mm.setMemoryRox(page, 512);
      else {
        mm.setMemoryRo(page, 512);
        mm.setMemoryX(page, 512);
      }
    };
    frames.script = [...script];
    const pack = vmalloc(machine, 512);
    protect(pack.page);
    const [level2, level3] = splits.split('/').map(Number);
    const pt = (level2 ?? 0) + (level3 ?? 0) + 2;
    expect(machine.state()).toEqual(state(leaves, splits, pt, protectedF));
    mm.vfree(pack);
    expect(machine.state()).toEqual(state(leaves, splits, pt, freedF));
    frames.script = [...script];
    protect(vmalloc(machine, 512).page);
    expect(machine.state()).toEqual(
      state(leaves, splits, pt, freedF + (release === '6.1' ? 2 : 1)),
    );
    mm.verify();
  });
});

it('E4: a block of the ROX cache comes back as 2M after every load, its alias does not', () => {
  const machine = exampleMachine('7.2');
  const { mm, frames } = machine;
  const block = frameAt(3, 100);
  frames.blocks = [block];
  const area = vmalloc(machine, 512, true, false);
  const { page } = area;
  expect(area.huge).toBe(true);
  expect(page % 512).toBe(0);
  expect(machine.state()).toEqual(state('0 0 8', '0/0', 0, 0));
  mm.setMemoryRox(page, 512);
  expect(machine.state()).toEqual(state('0 512 7', '0/1', 1, 2));
  expect(directMapEntry(machine, block)).toBe('0x80000000000001a1');
  mm.setMemoryNx(page, 5);
  expect(machine.state()).toEqual(state('0 512 7', '0/1', 2, 4));
  expect(mm.leafLevel(page + 9)).toBe(1);
  mm.setMemoryRw(page, 5);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 6));
  mm.setMemoryRox(page, 5);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 2, 8));
  expect(mm.leafLevel(page + 9)).toBe(2);
  mm.setMemoryNx(page + 5, 3);
  mm.setMemoryRw(page + 5, 3);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 3, 11));
  mm.setMemoryRox(page + 5, 3);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 2, 13));
  for (const [first, pages, flushes] of [
    [page, 5, 18],
    [page + 5, 3, 23],
  ] as const) {
    mm.setMemoryNx(first, pages);
    mm.setMemoryRw(first, pages);
    mm.setMemoryRox(first, pages);
    expect(machine.state()).toEqual(state('512 511 7', '1/1', 2, flushes));
    expect(mm.leafLevel(page)).toBe(2);
  }
  mm.setDirectMapValid(page, 512, true);
  mm.vfree(area);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 2, 23));
  expect(mm.leafLevel(page)).toBe(0);
  expect(directMapEntry(machine, block)).toBe('0x8000000000000123');
  expect(directMapEntry(machine, block + 511)).toBe('0x8000000000000123');
  expect(mm.lazyPages).toBe(513);
  mm.verify();
});

it('E5: a BPF pack from the cache of 7.3 never splits its 2M leaf', () => {
  const machine = exampleMachine('7.3');
  const { mm, frames } = machine;
  const block = frameAt(2, 50);
  frames.blocks = [block];
  const { page } = vmalloc(machine, 512, true, false);
  mm.setMemoryRox(page, 512);
  expect(machine.state()).toMatchObject({ leaves: '0 512 7', splits: '0/1', F: 2 });
  mm.setMemoryNx(page, 512);
  mm.setMemoryRw(page, 512);
  mm.setMemoryRox(page, 512);
  expect(machine.state()).toMatchObject({ leaves: '0 512 7', splits: '0/1', F: 5 });
  mm.setDirectMapValid(page, 512, true);
  expect(directMapEntry(machine, block)).toBe('0x80000000000001a3');
  mm.verify();
});

it.each([
  ['5.17', 0, 1],
  ['6.1', 0, 1],
  ['6.12', 1, 0],
  ['7.2', 1, 0],
])('E6: set_memory_x on one page in %s splits nothing', (release, F, r) => {
  const machine = exampleMachine(release);
  machine.frames.script = [frameAt(1, 3, 77)];
  machine.mm.setMemoryX(vmalloc(machine, 1).page, 1);
  expect(machine.state()).toEqual(state('0 0 8', '0/0', 1, F, r));
});

it.each([
  ['6.1', '0x8000000000000161', '0x8000000000000163', '0x8000000000000063'],
  ['6.12', '0x8000000000000121', '0x8000000000000123', '0x8000000000000023'],
])(
  'E7: read-only and back in %s splits once, and freeing takes Global from the alias',
  (release, afterRo, afterRw, afterFree) => {
    const machine = exampleMachine(release);
    const frame = frameAt(1, 3, 77);
    machine.frames.script = [frame];
    const area = vmalloc(machine, 1);
    machine.mm.setMemoryRo(area.page, 1);
    const split = machine.state().leaves;
    expect(split).toBe('512 511 7');
    expect(directMapEntry(machine, frame)).toBe(afterRo);
    expect(directMapEntry(machine, frame + 1)).toBe('0x8000000000000163');
    machine.mm.setMemoryRw(area.page, 1);
    expect(machine.state().leaves).toBe(split);
    expect(directMapEntry(machine, frame)).toBe(afterRw);
    machine.mm.vfree(area);
    expect(machine.state().leaves).toBe(split);
    expect(directMapEntry(machine, frame)).toBe(afterFree);
  },
);

it('E8: 512 pages on a 2M line over an aligned block collapse; the direct map stays split', () => {
  const machine = exampleMachine('7.2');
  machine.frames.script = run(frameAt(6, 1), 512);
  const { page } = vmalloc(machine, 512);
  expect(page).toBe(0);
  expect(machine.state()).toEqual(state('0 0 8', '0/0', 1, 0));
  machine.mm.setMemoryRox(page, 512);
  expect(machine.state()).toEqual(state('512 511 7', '1/1', 2, 4));
  expect(machine.mm.leafLevel(page)).toBe(2);
  machine.mm.verify();
});

describe('75 text pages over consecutive frames (kernel allocators 9.4)', () => {
  const leavesOfGib5 = ({ mm }: ExampleMachine) =>
    [1, 2].map((level) => mm.directMap.leafCount(level as 1 | 2));

  it('split one 1G and one 2M leaf in 6.12', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(0x1_4023_0000 / 4096, 75);
    machine.mm.setMemoryRox(vmalloc(machine, 75).page, 75);
    expect(machine.state().splits).toBe('1/1');
    expect(leavesOfGib5(machine)).toEqual([512, 511]);
  });

  it('split the same once in 7.2, and not again for the next module of the block', () => {
    const machine = exampleMachine('7.2');
    machine.frames.blocks = [0x1_4060_0000 / 4096];
    const { page } = vmalloc(machine, 512, true, false);
    machine.mm.setMemoryRox(page, 512);
    expect(machine.state().splits).toBe('0/1');
    for (const first of [page, page + 75]) {
      machine.mm.setMemoryNx(first, 75);
      machine.mm.setMemoryRw(first, 75);
      machine.mm.setMemoryRox(first, 75);
      expect(machine.state().splits).toBe('1/1');
      expect(machine.mm.leafLevel(page)).toBe(2);
      expect(leavesOfGib5(machine)).toEqual([512, 511]);
    }
  });
});
