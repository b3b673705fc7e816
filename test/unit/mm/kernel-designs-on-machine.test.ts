/** Kernel designs on the simulated machine: worked example 9.1 to the address, churn beside the naive one. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import type { AllocatorDesign, DesignInstance } from '../../../src/mm/allocator-design.js';
import { linuxDesigns } from '../../../src/mm/designs/linux/index.js';
import type { KernelMm } from '../../../src/mm/kernel-mm.js';
import { createMachineMm } from '../../../src/mm/machine-mm.js';
import { NaiveKernelMm } from '../../support/naive-kernel-mm.js';
import { TEST_MACHINE } from '../../support/point-plan.js';

const M1 = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];
const M2 = [0x12000, 0x4000, 0x6000, 0, 0x1000, 0x5000, 0];
const M3 = [0x2000, 0x2000, 0x1000, 0, 0, 0x2000, 0];

function designOf(name: string): AllocatorDesign {
  const design = linuxDesigns.find((entry) => entry.name === name);
  if (!design) throw new Error(`no design ${name}`);
  return design;
}

function instanceOf(design: AllocatorDesign, mm: KernelMm): DesignInstance {
  const options = Object.fromEntries(design.options.map((o) => [o.name, o.default]));
  return design.create(mm, options);
}

const realMachine = (design: AllocatorDesign, offsetPages: number) =>
  createMachineMm({
    machine: { ...TEST_MACHINE, kaslr: { kind: 'pages', pages: offsetPages } },
    release: design.kernel ?? '',
    collapse: design.collapse ?? 'off',
    seed: 1,
    sink: () => undefined,
  });

const short = (page: number): string => (0xc0000000 + page * 4096).toString(16);

/** Sequence of the example; `name start` of every region, then program and trampoline. */
function runExample(name: string): string {
  const design = designOf(name);
  const mm = realMachine(design, 128);
  const instance = instanceOf(design, mm);
  const told: string[] = [];
  [M1, M2, M3].forEach((sections, index) => {
    const object = index + 1;
    expect(instance.loadModule(object, sections)).toBe(true);
    const regions = instance.moduleRegions?.(object) ?? [];
    told.push(...regions.map((region) => `M${object}.${region.name} ${short(region.page)}`));
    instance.finishModuleInit(object);
    instance.freeModuleInit(object);
    instance.runWorkers();
  });
  instance.unloadModule(1);
  instance.runWorkers();
  expect(instance.loadBpf(4, 100)).toBe(true);
  expect(instance.createTrampoline(5, 0, 0)).toBe(true);
  told.push(`bpf ${short((instance.programSlot?.(4)?.startByte ?? 0) / 4096)}`);
  told.push(`ftrace ${short((mm.placements.extentsOf(5)[0]?.byte ?? 0) / 4096)}`);
  mm.verify();
  instance.verify();
  return told.join('\n');
}

const CORE_AND_INIT = `M1.core c0080000
M1.init c008c000
M2.core c008c000
M2.init c00a9000
M3.core c00a9000
M3.init c00af000
bpf c00af000
ftrace c0080000`;

const SEVEN_REGIONS = `M1.text c0080000
M1.data c0086000
M1.rodata c008a000
M1.ro_after_init c008d000
M1.init_text c008f000
M1.init_data c0091000
M2.text c008f000
M2.data c00a2000
M2.rodata c00a7000
M2.init_text c00ae000
M2.init_data c00b0000
M3.text c00ae000
M3.data c00b1000
M3.rodata c00b4000
M3.init_data c00b6000
bpf c00b6000
ftrace c0080000`;

const cached = (bpf: string): string => `M1.text c0200000
M1.data c0080000
M1.rodata c0084000
M1.ro_after_init c0087000
M1.init_text c0205000
M1.init_data c0089000
M2.text c0205000
M2.data c0089000
M2.rodata c008e000
M2.init_text c0217000
M2.init_data c0095000
M3.text c0217000
M3.data c0095000
M3.rodata c0098000
M3.init_data c009a000
bpf ${bpf}
ftrace c0200000`;

it.each([
  ['linux_6_1', CORE_AND_INIT],
  ['linux_6_6', SEVEN_REGIONS],
  ['linux_6_12', SEVEN_REGIONS],
  ['linux_6_17', cached('c0401000')],
  ['linux_6_19', cached('c0401000')],
  ['linux_7_2', cached('c0401000')],
  ['linux_7_3', cached('c0600000')],
])('%s puts the worked example where the kernel does', (name, places) => {
  expect(runExample(name)).toBe(places);
});

/** Loads and unloads at random; where everything lies after each request. */
function churn(instance: DesignInstance, mm: KernelMm, requests: number): readonly string[] {
  const random = new PrngStream(11, 'churn');
  const live: { object: number; kind: number }[] = [];
  const told: string[] = [];
  for (let object = 1; object <= requests; object += 1) {
    if (live.length > 25 || (live.length > 0 && random.below(100) < 42)) {
      const [gone] = live.splice(random.below(live.length), 1);
      if (gone?.kind === 0) instance.unloadModule(gone.object);
      else if (gone?.kind === 1) instance.freeBpf(gone.object);
      else if (gone) instance.freeTrampoline(gone.object);
    } else {
      const kind = random.below(3);
      const pages = (most: number): number => random.below(most) * 4096 + random.below(4096);
      if (kind === 0) {
        instance.loadModule(object, [pages(30), pages(20), pages(9), pages(3), pages(4), 0, 0]);
        instance.finishModuleInit(object);
        instance.freeModuleInit(object);
      } else if (kind === 1) instance.loadBpf(object, 100 + random.below(30000));
      else instance.createTrampoline(object, random.below(2), 0);
      live.push({ object, kind });
    }
    instance.runWorkers();
    const pages = live.flatMap((entry) => mm.placements.extentsOf(entry.object));
    told.push(
      pages
        .map(({ byte }) => {
          const page = Math.floor(byte / 4096);
          const flags = `${mm.isExecutable(page) ? 'x' : ''}${mm.isWritable(page) ? 'w' : ''}`;
          return `${byte}${flags}${mm.leafLevel(page)}`;
        })
        .join(' '),
    );
  }
  return told;
}

describe('churn beside the naive machine', () => {
  it.each(['linux_5_17', 'linux_5_18', 'linux_6_1', 'linux_6_6', 'linux_6_12'])(
    '%s gets the same places and protections',
    (name) => {
      const design = designOf(name);
      const real = realMachine(design, 5);
      const naive = new NaiveKernelMm(design.kernel ?? '', { offsetPages: 5 });
      const found = churn(instanceOf(design, real), real, 250);
      expect(found).toEqual(churn(instanceOf(design, naive), naive, 250));
      real.verify();
    },
  );
});
