/** What every listed design must do, whatever its idea: runs over the list and over every option. */
import { describe, expect, it } from 'vitest';
import type { AllocatorDesign, DesignOptions } from '../../../../src/mm/allocator-design.js';
import { designs } from '../../../../src/mm/designs/index.js';
import {
  defaultOptions,
  DesignWorkload,
  optionVariants,
} from '../../../support/design-workload.js';
import { NaiveKernelMm, type NaiveMmOptions } from '../../../support/naive-kernel-mm.js';

const MACHINE_RELEASE = '6.12';
const SEED = 7;

const releaseOf = (design: AllocatorDesign): string => design.kernel ?? MACHINE_RELEASE;

function start(
  design: AllocatorDesign,
  options: DesignOptions = defaultOptions(design),
  machine: NaiveMmOptions = {},
  seed = SEED,
) {
  const mm = new NaiveKernelMm(releaseOf(design), { offsetPages: 77, ...machine });
  return { mm, workload: new DesignWorkload(mm, design, options, seed) };
}

const livePages = (mm: NaiveKernelMm): number => mm.live.reduce((sum, area) => sum + area.pages, 0);

/** No page of a live area is writable and executable at once. */
function expectNoWritableText(mm: NaiveKernelMm): void {
  const bad = mm.live.flatMap(({ page, pages }) =>
    Array.from({ length: pages }, (_, index) => page + index).filter(
      (at) => mm.isWritable(at) && mm.isExecutable(at),
    ),
  );
  expect(bad).toEqual([]);
}

const all = designs.entries.map((design) => [design.name, design] as const);
const variants = designs.entries.flatMap((design) =>
  optionVariants(design).map(
    ([title, options]) => [`${design.name}: ${title}`, design, options] as const,
  ),
);

describe('the list of designs', () => {
  it('names each once, says what it is and explains every option', () => {
    expect(new Set(designs.names).size).toBe(designs.entries.length);
    for (const design of designs.entries) {
      expect(design.idea.length).toBeGreaterThanOrEqual(3);
      expect(design.summary.length).toBeLessThanOrEqual(72);
      const names = design.options.map((option) => option.name);
      expect(new Set(names).size).toBe(names.length);
      for (const option of design.options) expect(option.help.length).toBeGreaterThan(10);
    }
  });
});

describe('every design with every option', () => {
  it.each(variants)(
    '%s: text is executable, data is not, all comes back',
    (_title, design, options) => {
      const { mm, workload } = start(design, options);
      const left: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        workload.run(70);
        workload.check();
        if (design.writableExecutable.length === 0) expectNoWritableText(mm);
        workload.freeAll();
        workload.check();
        expect([...mm.placements.extents()]).toEqual([]);
        left.push(livePages(mm));
      }
      expect(workload.served).toBeGreaterThan(60);
      // One page of slots stays in each cache of probes; caches may keep blocks, but not ever more.
      expect(left[2]).toBeLessThanOrEqual(Math.max(left[0] ?? 0, left[1] ?? 0) + 1024);
    },
  );

  it.each(variants)('%s: works without order-9 memory', (_title, design, options) => {
    const { workload } = start(design, options, { order9Chunks: 3 });
    workload.run(60);
    workload.check();
    workload.freeAll();
    workload.check();
  });
});

describe('every design', () => {
  it.each(all)('%s does the same twice', (_name, design) => {
    const trace = (): string => {
      const { mm, workload } = start(design);
      workload.run(150);
      const extents = [...mm.placements.extents()].map(
        (e) => `${e.object}@${e.byte}+${e.sizeBytes}`,
      );
      return `${extents.join(' ')} ${JSON.stringify(mm.counters)}`;
    };
    expect(trace()).toBe(trace());
  });

  it.each(all)('%s serves the same request again after a free', (_name, design) => {
    const { mm, workload } = start(design);
    const sections = [30000, 5000, 7000, 100, 2000, 3000, 0];
    const places: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      expect(workload.instance.loadModule(1, sections)).toBe(true);
      expect(workload.instance.loadBpf(2, 500)).toBe(true);
      places.push(JSON.stringify([...mm.placements.extents()]));
      workload.instance.unloadModule(1);
      workload.instance.freeBpf(2);
      workload.instance.runWorkers();
      mm.purgeLazyAreas();
    }
    expect(new Set(places).size).toBe(1);
  });

  it.each(all)('%s releases all when any vmalloc fails', (_name, design) => {
    for (let failing = 0; failing < 24; failing += 1) {
      const { mm, workload } = start(design, undefined, {
        failures: [failing, failing + 1, failing + 2],
      });
      workload.run(25, 0.8);
      workload.check();
      if (design.writableExecutable.length === 0) expectNoWritableText(mm);
      workload.freeAll();
      workload.check();
      expect([...mm.placements.extents()]).toEqual([]);
    }
  });

  it.each(all)('%s takes nothing when memory is out from the start', (_name, design) => {
    const { mm, workload } = start(design, undefined, {
      failures: Array.from({ length: 400 }, (_, call) => call),
    });
    for (const kind of ['module', 'bpf', 'trampoline', 'kprobe', 'raw'] as const) {
      expect(workload.create(kind)).toBe(false);
      workload.instance.runWorkers();
    }
    expect(mm.live).toEqual([]);
    workload.check();
  });

  it.each(all)('%s stays inside the module area and above the load offset', (_name, design) => {
    const { mm, workload } = start(design, undefined, { offsetPages: 900 });
    workload.run(120);
    for (const area of mm.live) {
      expect(area.page).toBeGreaterThanOrEqual(900);
      expect(area.page + area.pages + area.guardPages).toBeLessThanOrEqual(mm.areaPages);
    }
  });
});
