/** Every listed design on the simulated machine: pages, direct map and flags stay consistent. */
import { describe, expect, it } from 'vitest';
import type { MachinePlan } from '../../../../src/contract/scenario-plan.js';
import type { AllocatorDesign, DesignOptions } from '../../../../src/mm/allocator-design.js';
import { designs, proposedDesigns } from '../../../../src/mm/designs/index.js';
import { assert } from '../../../../src/base/assert.js';
import { KernelMachine } from '../../../../src/mm/kernel-machine.js';
import { createMachineMm } from '../../../../src/mm/machine-mm.js';
import type { MachineMm } from '../../../../src/mm/machine-view.js';
import {
  defaultOptions,
  DesignWorkload,
  optionVariants,
} from '../../../support/design-workload.js';
import { SMALL_POINT } from '../../../support/small-plan.js';

const MIB = 1048576;

function start(
  design: AllocatorDesign,
  options: DesignOptions = defaultOptions(design),
  machine: Partial<MachinePlan> = {},
) {
  const mm = createMachineMm({
    machine: {
      ...SMALL_POINT.machine,
      ramBytes: 512 * MIB,
      directMap: '2M',
      kernelTextBytes: 23 * MIB,
      kaslr: { kind: 'pages', pages: 77 },
      ...machine,
    },
    release: design.kernel ?? machine.kernel ?? '6.12',
    collapse: design.collapse ?? 'off',
    seed: 5,
    sink: () => undefined,
  });
  return { mm, workload: new DesignWorkload(mm, design, options, 11) };
}

const directMapTotal = (mm: MachineMm): number =>
  mm.directMapKb(1) + mm.directMapKb(2) + mm.directMapKb(3);

/** Live areas by page with pages and guard. */
function areasOf(mm: MachineMm) {
  assert(mm instanceof KernelMachine, 'the machine is the real one');
  return mm.liveAreas.filter((area) => area !== undefined);
}

/** No 2M page is left; only single pages and small blocks. */
function takeEveryBlock(mm: MachineMm): void {
  const taken: number[] = [];
  for (;;) {
    const frame = mm.pageSupply?.allocBlock(-1, 9) ?? -1;
    if (frame < 0) break;
    taken.push(frame);
  }
  // Every second page comes back: there is memory, but not a pair of pages in one piece.
  for (const frame of taken) {
    for (let page = 0; page < 512; page += 2) mm.pageSupply?.freeBlock(frame + page, 0);
  }
}

const all = designs.entries.map((design) => [design.name, design] as const);
const variants = proposedDesigns.flatMap((design) =>
  optionVariants(design).map(
    ([title, options]) => [`${design.name}: ${title}`, design, options] as const,
  ),
);

describe('on the machine', () => {
  it.each(variants)('%s: pages and direct map add up', (_title, design, options) => {
    const { mm, workload } = start(design, options);
    const total = directMapTotal(mm);
    workload.run(45);
    workload.check();
    mm.verify();
    expect(mm.writableExecutablePages).toBe(0);
    expect(directMapTotal(mm)).toBe(total);
    workload.freeAll();
    workload.check();
    mm.verify();
    expect(workload.served).toBeGreaterThan(15);
  });

  it.each(all)('%s: gives memory back, once and again', (_name, design) => {
    const { mm, workload } = start(design);
    const free: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      workload.run(60);
      workload.freeAll();
      mm.purgeLazyAreas();
      free.push(mm.freePages + mm.counters.pageTablePages);
    }
    mm.verify();
    // Caches of pages may still grow to what a round needs at once.
    expect(Math.abs((free[2] ?? 0) - (free[1] ?? 0))).toBeLessThanOrEqual(1024);
  });

  it.each(all)('%s: lives with memory that has no order-9 page left', (_name, design) => {
    const { mm, workload } = start(design, undefined, { ramBytes: 256 * MIB });
    takeEveryBlock(mm);
    workload.run(60);
    workload.check();
    mm.verify();
    expect(mm.text2MLeaves).toBe(0);
    expect(workload.served).toBeGreaterThan(20);
    workload.freeAll();
    mm.verify();
  });

  it.each(all)('%s: counts the same in two runs', (_name, design) => {
    const trace = (): string => {
      const { mm, workload } = start(design);
      workload.run(80);
      return JSON.stringify([mm.counters, [...mm.placements.extents()]]);
    };
    expect(trace()).toBe(trace());
  });

  it.each(all)('%s: areas keep their distance inside the module area', (_name, design) => {
    const { mm, workload } = start(design);
    workload.run(80);
    let end = mm.loadOffsetPages;
    for (const area of areasOf(mm)) {
      expect(area.page).toBeGreaterThanOrEqual(end);
      end = area.page + area.pages + area.guardPages;
    }
    expect(end).toBeLessThanOrEqual(mm.areaPages);
  });
});
