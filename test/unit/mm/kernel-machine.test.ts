/** Rules of the machine one by one: flushes, huge mappings, own frames, repair, isolation, pokes. */
import { describe, expect, it } from 'vitest';
import { EffectKind } from '../../../src/contract/sim-event.js';
import { pteValue } from '../../../src/machine/pte.js';
import { forEachPoke } from '../../../src/mm/text-poke.js';
import {
  exampleMachine,
  frameAt,
  run,
  type ExampleMachine,
} from '../../support/example-machine.js';

function vmalloc({ mm }: ExampleMachine, pages: number, more = {}) {
  const area = mm.vmalloc({ sizeBytes: pages * 4096, alignPages: 1, ...more });
  if (!area) throw new Error('no area');
  return area;
}

function flushes({ mm }: ExampleMachine): string {
  const { fullFlushes, rangeFlushes, flushedPages, remoteFlushes } = mm.counters;
  expect(remoteFlushes).toBe(fullFlushes + rangeFlushes);
  return `${fullFlushes} full, ${rangeFlushes} range of ${flushedPages}`;
}

describe('the flush at the end of a change', () => {
  it.each([
    ['6.1', 'nx', 33, '0 full, 0 range of 0'],
    ['6.1', 'x', 33, '0 full, 1 range of 33'],
    ['6.1', 'x', 34, '1 full, 0 range of 0'],
    ['6.6', 'x', 1, '1 full, 0 range of 0'],
    ['6.12', 'x', 33, '1 full, 0 range of 0'],
    ['7.2', 'nx', 5, '0 full, 0 range of 0'],
    ['7.2', 'rw', 5, '0 full, 0 range of 0'],
    // Two splits flush too.
    ['6.1', 'ro', 1, '3 full, 0 range of 0'],
    ['7.3', 'ro', 40, '3 full, 0 range of 0'],
  ] as const)('in %s, %s of %i pages: %s', (release, what, pages, told) => {
    const machine = exampleMachine(release);
    machine.frames.script = run(frameAt(3, 8), pages);
    const { page } = vmalloc(machine, pages);
    if (what === 'nx') machine.mm.setMemoryNx(page, pages);
    else if (what === 'x') machine.mm.setMemoryX(page, pages);
    else if (what === 'rw') machine.mm.setMemoryRw(page, pages);
    else machine.mm.setMemoryRo(page, pages);
    expect(flushes(machine)).toBe(told);
  });

  it('is preceded by that of a purge, over the span of all lazy areas', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(frameAt(3, 8), 60);
    const [a, , c] = [vmalloc(machine, 10), vmalloc(machine, 9), vmalloc(machine, 10)];
    machine.mm.vfree(a);
    // 11 pages with the guard.
    machine.mm.setMemoryNx(c.page, 1);
    expect(flushes(machine)).toBe('0 full, 1 range of 11');
    const b = vmalloc(machine, 10);
    machine.mm.vfree(b);
    machine.mm.vfree(c);
    // From the start of the first to the end of the last: 32 pages, the live one in between counted.
    machine.mm.purgeLazyAreas();
    expect(flushes(machine)).toBe('0 full, 2 range of 43');
    machine.mm.purgeLazyAreas();
    expect(machine.mm.counters.purges).toBe(2);
  });

  it('reaches the listener', () => {
    const machine = exampleMachine('6.1');
    machine.frames.script = run(frameAt(3, 8), 2);
    const heard: string[] = [];
    machine.mm.flushListener = {
      flushAll: () => heard.push('all'),
      flushRange: (page, pages) => heard.push(`${page}+${pages}`),
      flushLocal: () => heard.push('local'),
    };
    const area = vmalloc(machine, 2, { resetPerms: true });
    machine.mm.setMemoryX(area.page, 2);
    machine.mm.textPoke(area.page * 4096 + 100, 4096);
    machine.mm.vfree(area);
    expect(heard).toEqual(['0+2', 'local', 'all', 'all', 'all']);
  });
});

describe('call paths', () => {
  it('name the functions from the design down', () => {
    const machine = exampleMachine('6.1');
    machine.frames.script = run(frameAt(3, 8), 1);
    const area = vmalloc(machine, 1, { resetPerms: true });
    const path = machine.mm.enterPath('free_module');
    machine.mm.vfree(area);
    machine.mm.leavePath(path);
    machine.mm.note(EffectKind.boundaryCollision, 7, 1);
    const split = machine.log.filter((line) => line.startsWith('direct_map.split'));
    const from = 'free_module -> vfree -> set_direct_map_invalid_noflush -> __split_large_page';
    expect(split).toEqual([
      `direct_map.split_1g ${frameAt(3, 0)} 262144 ${from}`,
      `direct_map.split_2m ${frameAt(3, 8)} 512 ${from}`,
    ]);
    expect(machine.log).toContain('vmap.purge 0 2 free_module -> vfree -> vm_unmap_aliases');
    expect(machine.log.at(-1)).toBe('boundary.collision 7 1 ');
  });
});

describe('2M mappings', () => {
  it.each([
    ['5.17', 1, 1024, undefined, false],
    ['6.1', 1, 512, undefined, true],
    ['6.1', 2, 512, undefined, false],
    ['6.1', 2, 1024, undefined, true],
    ['6.1', 2, 512, 'ignore', true],
    ['7.2', 2, 512, undefined, true],
    ['7.2', 2, 512, 'divide', false],
    ['7.2', 1, 511, undefined, false],
  ] as const)(
    'in %s on %i nodes, %i pages, node rule %s: %s',
    (release, nodes, pages, rule, huge) => {
      const machine = exampleMachine(release, { nodes });
      machine.frames.blocks = [frameAt(1, 1), frameAt(2, 2)];
      machine.frames.script = run(frameAt(3, 0), 2000);
      const hugeNodeRule = rule === undefined ? {} : { hugeNodeRule: rule };
      const area = vmalloc(machine, pages, { allowHuge: true, ...hugeNodeRule });
      expect(area.huge).toBe(huge);
      expect(machine.mm.leafLevel(area.page)).toBe(huge ? 2 : 1);
      expect(machine.mm.counters.hugeFallbacks).toBe(0);
    },
  );

  it('fall back as a whole when one block is missing, and wait for a purge at the first place', () => {
    const machine = exampleMachine('7.2');
    machine.frames.blocks = [frameAt(1, 1)];
    machine.frames.script = run(frameAt(3, 0), 1024);
    const area = vmalloc(machine, 1000, { allowHuge: true });
    // The failed attempt took two windows and their guard page.
    expect([area.page, area.pages, area.huge]).toEqual([1025, 1000, false]);
    expect(machine.mm.counters).toMatchObject({
      order9Requests: 2,
      order9Failures: 1,
      hugeFallbacks: 1,
    });
    expect(machine.frames.returned).toEqual([[frameAt(1, 1), 9]]);
    expect(machine.mm.lazyPages).toBe(1025);
    machine.mm.verify();
  });

  it('or nothing, when 4K pages will not do', () => {
    const machine = exampleMachine('7.2');
    machine.frames.script = run(frameAt(3, 0), 512);
    const request = { sizeBytes: 512 * 4096, alignPages: 1, allowHuge: true, hugeOnly: true };
    expect(machine.mm.vmalloc(request)).toBeUndefined();
    expect([machine.mm.vmapAreaCount, machine.mm.counters.hugeFallbacks]).toEqual([0, 0]);
  });

  it('replace the empty table that an earlier area left, with a flush of one page', () => {
    const machine = exampleMachine('7.2');
    machine.frames.script = run(frameAt(3, 0), 3);
    machine.frames.blocks = [frameAt(1, 1)];
    const small = vmalloc(machine, 3, { resetPerms: true });
    machine.mm.vfree(small);
    const tables = machine.mm.counters.pageTablePages;
    const area = vmalloc(machine, 512, { allowHuge: true });
    expect([area.page, machine.mm.counters.pageTablePages]).toEqual([0, tables - 1]);
    expect(machine.mm.counters).toMatchObject({ rangeFlushes: 1, flushedPages: 1 });
  });

  it('two 2M areas lie 4 MiB apart', () => {
    const machine = exampleMachine('7.3');
    machine.frames.blocks = [frameAt(1, 1), frameAt(1, 2)];
    const pages = [0, 1].map(() => vmalloc(machine, 512, { allowHuge: true }).page);
    expect(pages).toEqual([0, 1024]);
    expect([machine.mm.holeCount, machine.mm.largestHolePages]).toEqual([1, 511]);
  });
});

describe('address space', () => {
  it('gives the highest fit and respects windows', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(frameAt(3, 0), 20);
    const { areaPages } = machine.mm;
    expect(vmalloc(machine, 2, { fit: 'highest' }).page).toBe(areaPages - 3);
    expect(vmalloc(machine, 2, { fit: 'highest', guardPages: 0 }).page).toBe(areaPages - 5);
    expect(vmalloc(machine, 2, { windowStart: 100 }).page).toBe(100);
    const window = { windowStart: 100, windowEnd: 106 };
    expect(vmalloc(machine, 2, window).page).toBe(103);
    expect(machine.mm.vmalloc({ sizeBytes: 4096, alignPages: 1, ...window })).toBeUndefined();
  });

  it('purges when it is full, and then finds the place', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(frameAt(3, 0), 20);
    const window = { windowStart: 100, windowEnd: 104 };
    const area = vmalloc(machine, 3, window);
    machine.mm.vfree(area);
    expect(vmalloc(machine, 3, window).page).toBe(100);
    expect(machine.mm.counters.purges).toBe(1);
  });

  it('refuses what memory cannot hold and gives back what it had', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(frameAt(3, 0), 20);
    const request = { sizeBytes: 25 * 4096, alignPages: 1, resetPerms: true };
    expect(machine.mm.vmalloc(request)).toBeUndefined();
    expect(machine.frames.outPages).toBe(0);
    // The pages that were had went through the permission reset as any other area's.
    expect(machine.mm.counters).toMatchObject({ level2Splits: 1, purges: 1 });
    expect(machine.mm.vmalloc({ sizeBytes: 0, alignPages: 1 })).toBeUndefined();
    expect(machine.mm.vmalloc({ sizeBytes: 2 ** 45, alignPages: 1 })).toBeUndefined();
    machine.mm.verify();
  });

  it('refuses to free twice and to change what is not mapped', () => {
    const machine = exampleMachine('6.12');
    machine.frames.script = run(frameAt(3, 0), 20);
    const area = vmalloc(machine, 2);
    expect(() => machine.mm.setMemoryRo(area.page + 1, 2)).toThrow(/not mapped/);
    expect(() => machine.mm.setMemoryRo(area.page + 5, 1)).toThrow(/not mapped/);
    expect(() => machine.mm.textPoke((area.page + 2) * 4096 - 1, 2)).toThrow(/not mapped/);
    machine.mm.vfree(area);
    expect(() => machine.mm.vfree(area)).toThrow(/not live/);
  });
});

describe('frames of a caller', () => {
  it('are mapped as asked and stay its own', () => {
    const machine = exampleMachine('6.12');
    const frames = [frameAt(2, 3), frameAt(5, 9, 100)];
    const area = vmalloc(machine, 2, { frames, protection: 'rox', resetPerms: true });
    const { mm } = machine;
    expect([mm.isExecutable(area.page), mm.isWritable(area.page)]).toEqual([true, false]);
    expect([mm.text.frameOf(area.page + 1), mm.text4KLeaves]).toEqual([frameAt(5, 9, 100), 2]);
    expect(flushes(machine)).toBe('0 full, 0 range of 0');
    mm.vfree(area);
    expect(machine.state()).toMatchObject({ leaves: '0 0 8', splits: '0/0', r: 1, F: 0 });
    expect(machine.frames.returned).toEqual([]);
  });

  it('leave and enter the direct map as ranges', () => {
    const machine = exampleMachine('6.12');
    const supply = machine.mm.pageSupply;
    machine.frames.blocks = [frameAt(4, 7)];
    const block = supply.allocBlock(-1, 9);
    supply.setValid(block, 512, false);
    supply.flushKernelRange();
    expect(machine.state()).toMatchObject({ leaves: '0 512 7', splits: '0/1', F: 2 });
    expect(machine.mm.directMap.flagsOf(block) & 1).toBe(0);
    supply.setValid(block + 5, 1, true);
    expect(machine.state()).toMatchObject({ leaves: '512 511 7', splits: '1/1' });
    supply.freeBlock(block, 9);
    expect(machine.frames.outPages).toBe(0);
    expect(machine.mm.counters.order9Requests).toBe(1);
  });
});

describe('repair (collapse any)', () => {
  it('gives back the leaves of the direct map when an area is gone', () => {
    const machine = exampleMachine('6.12', { collapse: 'any' });
    machine.frames.script = run(frameAt(5, 0, 506), 10);
    const { mm } = machine;
    const area = vmalloc(machine, 10, { resetPerms: true });
    mm.setMemoryRo(area.page, 3);
    expect(machine.state()).toMatchObject({ leaves: '512 511 7', splits: '1/1' });
    mm.vfree(area);
    expect(machine.state()).toMatchObject({ leaves: '0 0 8', splits: '2/1', pt: 1 });
    expect(mm.counters).toMatchObject({ level2Collapses: 2, level3Collapses: 1 });
    expect([1, 2, 3].map((level) => mm.directMapKb(level))).toEqual([0, 0, 8 * 1048576]);
    mm.verify();
  });

  it('merges 4K text over an aligned block once all of it agrees', () => {
    const machine = exampleMachine('6.12', { collapse: 'any' });
    machine.frames.script = run(frameAt(6, 1), 512);
    const { page } = vmalloc(machine, 512);
    machine.mm.setMemoryRox(page, 256);
    expect(machine.mm.leafLevel(page)).toBe(1);
    machine.mm.setMemoryRox(page + 256, 256);
    expect(machine.mm.leafLevel(page)).toBe(2);
    // The alias agrees again too: 512 read-only pages make a read-only leaf.
    expect(machine.state()).toMatchObject({ leaves: '0 512 7' });
    machine.mm.verify();
  });
});

it('page-table isolation keeps kernel mappings from being global', () => {
  const machine = exampleMachine('6.12', { pti: true });
  machine.frames.script = [frameAt(3, 3)];
  const { page } = vmalloc(machine, 1);
  machine.mm.setMemoryRo(page, 1);
  const value = (flags: number) => `0x${pteValue(flags, 0, 1).toString(16)}`;
  expect(value(machine.mm.text.flagsOf(page))).toBe('0x8000000000000021');
  expect(value(machine.mm.directMap.flagsOf(frameAt(3, 3, 1)))).toBe('0x8000000000000063');
});

it('the DirectMap counters go on from what boot counted', () => {
  const bootKb = [2048, 1046528, 10 * 1048576] as const;
  const machine = exampleMachine('6.12', { bootKb });
  machine.frames.script = [frameAt(3, 3)];
  machine.mm.setMemoryRo(vmalloc(machine, 1).page, 1);
  expect([1, 2, 3].map((level) => machine.mm.directMapKb(level))).toEqual([
    2048 + 2048,
    1046528 + 1048576 - 2048,
    9 * 1048576,
  ]);
  machine.mm.verify();
});

describe('text pokes', () => {
  const steps = (byte: number, sizeBytes: number, step?: number): number[] => {
    const starts: number[] = [];
    forEachPoke(byte, sizeBytes, step, (start) => starts.push(start));
    return starts;
  };

  it.each([
    [0, 1, 1],
    [0, 8192, 1],
    [0, 8193, 2],
    [4095, 4097, 1],
    [4095, 4098, 2],
    [64, 20000, 3],
    [0, 2097152, 256],
  ])('at offset %i of %i bytes take %i steps', (offset, sizeBytes, count) => {
    expect(steps(4096 * 77 + offset, sizeBytes)).toHaveLength(count);
  });

  it('take the steps that a design asks for', () => {
    expect(steps(100, 9000, 4096)).toEqual([100, 4096, 8192]);
    expect(steps(130, 200, 64)).toEqual([130, 192, 256, 320]);
    expect(steps(4096, 2097152, 2097152)).toEqual([4096]);
  });

  it('cost one local flush a step and change no mapping', () => {
    const machine = exampleMachine('7.2');
    machine.frames.script = run(frameAt(3, 0), 6);
    const { page } = vmalloc(machine, 6);
    const version = machine.mm.mappingVersion;
    machine.mm.textPoke(page * 4096 + 64, 20000);
    expect(machine.mm.counters).toMatchObject({ pokeCalls: 1, pokeBytes: 20000, localFlushes: 3 });
    expect(machine.mm.mappingVersion).toBe(version);
    expect(machine.state()).toMatchObject({ leaves: '0 0 8', F: 0, r: 0 });
  });
});
