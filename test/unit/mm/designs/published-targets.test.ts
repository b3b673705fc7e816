/** Published figures that a design alone can meet, on the simulated machine: proposals.md section 5. */
import { describe, expect, it } from 'vitest';
import type { OptionValue } from '../../../../src/contract/scenario-plan.js';
import { designs } from '../../../../src/mm/designs/index.js';
import { createMachineMm } from '../../../../src/mm/machine-mm.js';
import { defaultOptions, DesignWorkload } from '../../../support/design-workload.js';
import { SMALL_POINT } from '../../../support/small-plan.js';

const M1 = [0x5000, 0x3000, 0x2000, 0x1000, 0x1000, 0x3000, 0];
const SOCKEX1 = [40, 40, 168];

function start(name: string, options: Record<string, OptionValue> = {}, release = '6.12') {
  const design = designs.get(name);
  const mm = createMachineMm({
    machine: { ...SMALL_POINT.machine, ramBytes: 4294967296, kernel: release },
    release,
    collapse: design.collapse ?? 'off',
    seed: 1,
    sink: () => undefined,
  });
  return { mm, design, instance: design.create(mm, { ...defaultOptions(design), ...options }) };
}

/** Further splits after 512, 1024 and 2048 instances of sockex1 in a boot that has one program. */
function ladder(name: string): readonly number[] {
  const { mm, instance } = start(name);
  const splits: number[] = [];
  let object = 0;
  instance.loadBpf(object, 300);
  const boot = mm.counters.level2Splits;
  for (const wanted of [512, 1024, 2048]) {
    const stage: number[] = [];
    for (let count = 0; count < wanted * SOCKEX1.length; count += 1) {
      object += 1;
      expect(instance.loadBpf(object, SOCKEX1[count % SOCKEX1.length] ?? 40)).toBe(true);
      stage.push(object);
    }
    splits.push(mm.counters.level2Splits - boot);
    for (const live of stage) instance.freeBpf(live);
  }
  return splits;
}

describe('the sockex1 ladder', () => {
  it('splits more with every stage of module_alloc (T2)', () => {
    const [a = 0, b = 0, c = 0] = ladder('module_alloc');
    expect(a).toBeGreaterThan(0);
    expect(b).toBeGreaterThan(a);
    expect(c).toBeGreaterThan(b);
  });

  it.each(['bpf_prog_pack', 'vmalloc_exec', 'topdown_split', 'execmem_alloc', 'typed_blocks'])(
    '%s adds no split, up to 2048 instances (T5)',
    (name) => {
      expect(ladder(name)).toEqual([0, 0, 0]);
    },
  );
});

describe('flushes of a load (T9)', () => {
  /** Broadcasts to load one more program, then one more module up to the end of its init. */
  function flushes(name: string, options: Record<string, OptionValue> = {}): readonly number[] {
    const { mm, instance } = start(name, options);
    instance.loadModule(1, M1);
    instance.finishModuleInit(1);
    instance.loadBpf(2, 100);
    mm.purgeLazyAreas();
    const before = mm.counters.remoteFlushes;
    instance.loadBpf(3, 100);
    const between = mm.counters.remoteFlushes;
    instance.loadModule(4, M1);
    instance.finishModuleInit(4);
    return [between - before, mm.counters.remoteFlushes - between];
  }

  it('a program costs module_alloc two to four broadcasts, packs and regions none', () => {
    const [program = 0] = flushes('module_alloc');
    expect(program).toBeGreaterThanOrEqual(2);
    expect(program).toBeLessThanOrEqual(4);
    for (const name of ['bpf_prog_pack', 'vmalloc_exec', 'topdown_split', 'execmem_alloc']) {
      expect(flushes(name)[0]).toBe(0);
    }
  });

  it('perm_alloc: none for a program, one for a module', () => {
    expect(flushes('perm_alloc')).toEqual([0, 1]);
  });
});

describe('the direct map', () => {
  it('grouped_pages adds less than a twentieth of the 4K pages of module_alloc (T8)', () => {
    const added = (name: string): number => {
      const { mm, design } = start(name);
      // Kernel memory in use lies between the pages of modules, as on a machine that booted.
      const held: number[] = [];
      const taken = (): void => {
        for (let page = 0; page < 400; page += 1) held.push(mm.pageSupply?.allocBlock(-1, 0) ?? -1);
      };
      const boot = mm.directMapKb(1);
      const workload = new DesignWorkload(mm, design, defaultOptions(design), 2);
      for (let round = 0; round < 60; round += 1) {
        taken();
        workload.run(4, 0.8);
      }
      return mm.directMapKb(1) - boot;
    };
    const ratio = added('grouped_pages') / added('module_alloc');
    expect(ratio).toBeLessThan(0.05);
  });

  it('keeps 2M leaves under text that is protected as one 2M page', () => {
    for (const name of ['topdown_split', 'vmalloc_exec', 'execmem_alloc']) {
      const { mm, instance } = start(name);
      instance.loadBpf(1, 1500 * 4096);
      expect([name, mm.counters.level2Splits]).toEqual([name, 0]);
      expect(mm.text2MLeaves).toBeGreaterThanOrEqual(3);
      instance.freeBpf(1);
      expect([name, mm.counters.level2Splits]).toEqual([name, 0]);
    }
  });

  it('text in a region: removed, read-only or writable aliases split nothing', () => {
    for (const text_alias of ['ro', 'removed', 'rw']) {
      const { mm, instance } = start('topdown_split', { text_alias });
      instance.allocRaw(1, 0, 700 * 4096);
      instance.freeRaw(1);
      mm.verify();
      expect(mm.counters.level2Splits).toBe(0);
    }
  });

  it('a pack on 4K pages splits once, on 2M pages never until it is freed page by page', () => {
    const splits = (leaf: string): readonly number[] => {
      const { mm, instance } = start('bpf_prog_pack', { leaf });
      instance.loadBpf(1, 100);
      const loaded = mm.counters.level2Splits;
      instance.freeBpf(1);
      return [loaded, mm.counters.level2Splits];
    };
    expect([splits('4K'), splits('2M')]).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });
});
