/** `tlb { ... }` of a machine: what each override makes of the profile's arrays. */
import { describe, expect, it } from 'vitest';
import type { TlbOverridePlan } from '../../../src/contract/scenario-plan.js';
import { cpuProfiles } from '../../../src/machine/profiles/index.js';
import { readTlbConfig, type TlbConfig } from '../../../src/contract/tlb-config.js';
import { machineTlbConfig } from '../../../src/workload/tlb-overrides.js';

const made = (cpu: string, ...tlb: readonly TlbOverridePlan[]): TlbConfig =>
  machineTlbConfig(cpuProfiles.get(cpu), { tlb, levels: 4 });

const picture = (level: TlbConfig['l1']): readonly string[] =>
  level.map(({ sizes, sets, ways }) => `${sizes.join('+')} ${sets}x${ways}`);

describe('TLB overrides', () => {
  it.each<[string, TlbOverridePlan, readonly string[], readonly string[]]>([
    [
      'skl',
      { structure: 'itlb_l1_4k', entries: 64, ways: 8 },
      ['4K 8x8', '2M 1x8'],
      ['4K+2M 128x12', '1G 4x4'],
    ],
    [
      'skl',
      { structure: 'itlb_l1_2m', entries: 32 },
      ['2M 1x32', '4K 16x8'],
      ['4K+2M 128x12', '1G 4x4'],
    ],
    [
      'skl',
      { structure: 'stlb', entries: 3072 },
      ['4K 16x8', '2M 1x8'],
      ['4K+2M 256x12', '1G 4x4'],
    ],
    [
      'zen3',
      { structure: 'itlb_l1_4k', entries: 32 },
      ['4K+16K 1x32', '2M+1G 1x64'],
      ['4K+16K+2M 64x8'],
    ],
    [
      'n1',
      { structure: 'itlb_l1_2m', entries: 16, ways: 4 },
      ['2M 4x4', '4K 1x48'],
      ['4K+2M+1G 256x5'],
    ],
  ])('%s with %o', (cpu, override, l1, l2) => {
    const config = made(cpu, override);
    expect(picture(config.l1)).toEqual(l1);
    expect(picture(config.l2)).toEqual(l2);
  });

  it('change a hierarchy of the machine like that of its profile', () => {
    const tlbModel = readTlbConfig({
      l1: [{ sizes: ['4K', '2M', '1G'], sets: 2, ways: 4, policy: 'plru' }],
      l2: [{ sizes: ['4K'], sets: 128, ways: 12, policy: 'mru3plru4', index: 'xor7' }],
      l1_as: {},
      pwc: { pd: 8 },
    });
    const config = machineTlbConfig(cpuProfiles.get('skl'), {
      tlb: [{ structure: 'itlb_l1_2m', entries: 16 }],
      tlbModel,
      levels: 5,
    });
    expect(picture(config.l1)).toEqual(['2M 4x4', '4K+1G 2x4']);
    expect(config.l2).toEqual(tlbModel.l2);
    expect(config).toMatchObject({ levels: 5, coalesce: false, pwc: { pml4: 0, pdpt: 0, pd: 8 } });
  });

  it('way limits shrink in proportion', () => {
    const { l2 } = made('icl', { structure: 'stlb', entries: 1024, ways: 8 });
    expect(l2[0]?.waysFor).toEqual({ '2M': [0, 4], '1G': [4, 8] });
  });

  it('measured policies stay where the geometry allows them and are LRU elsewhere', () => {
    const [stlb] = made('skl_measured', { structure: 'stlb', entries: 1024, ways: 8 }).l2;
    expect(stlb).toMatchObject({ sets: 128, policy: 'lru', index: 'xor7' });
    const [l1] = made('skl_measured', { structure: 'itlb_l1_4k', entries: 256 }).l1;
    expect(l1).toMatchObject({ sets: 32, policy: 'plru' });
  });

  it('2M in an array of its own is no longer held as pieces', () => {
    expect(made('crestmont', { structure: 'itlb_l1_2m', entries: 8 }).l1As).toEqual({ '1G': '4K' });
  });

  it('entries that make no sets are refused with the arithmetic', () => {
    expect(() => made('skl', { structure: 'stlb', entries: 1000 })).toThrow(
      'tlb stlb: 1000 entries in 12 ways make 83.33 sets, not a power of two',
    );
  });
});
