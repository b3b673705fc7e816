/** Every profile: sourced figures, sound geometry, names. */
import { describe, expect, it } from 'vitest';
import {
  FIGURE_GRADES,
  profileFigures,
  profileTlbConfig,
} from '../../../src/machine/cpu-profile.js';
import { readTlbConfig, tlbConfigToJson } from '../../../src/contract/tlb-config.js';
import {
  cpuProfileNames,
  cpuProfiles,
  findCpuProfile,
} from '../../../src/machine/profiles/index.js';

describe.each(cpuProfiles.entries.map((profile) => [profile.name, profile] as const))(
  'CPU profile %s',
  (_name, profile) => {
    it('gives a source and a grade for every figure', () => {
      for (const { name, grade, source } of profileFigures(profile)) {
        expect(FIGURE_GRADES, name).toContain(grade);
        expect(source.length, name).toBeGreaterThan(10);
      }
    });

    it('has arrays whose entries are sets times ways, sets a power of two', () => {
      for (const { entries, sets, ways } of [...profile.l1, ...profile.l2]) {
        expect(entries).toBe(sets * ways);
        expect(Number.isInteger(Math.log2(sets))).toBe(true);
      }
    });

    it('prints as a configuration file that reads back as the same hierarchy', () => {
      const config = profileTlbConfig(profile);
      const text = JSON.stringify(tlbConfigToJson(config));
      expect(readTlbConfig(JSON.parse(text))).toEqual(config);
    });

    it('serves every mapping size in the first level', () => {
      const held = profile.l1.flatMap(({ sizes }) => sizes);
      for (const size of ['4K', '2M', '1G'] as const) {
        expect(held).toContain(profile.l1As.value[size] ?? size);
      }
    });
  },
);

describe('CPU profile names', () => {
  it('are those of the literature page', () => {
    expect(cpuProfiles.names).toEqual(
      'skl skl_measured icl glc gnr crestmont zen2 zen3 zen4 zen5 n1 v1 n2 v2'.split(' '),
    );
  });

  it.each([
    ['skl', 'skylake_sp cascade_lake_sp generic'],
    ['icl', 'ice_lake_sp'],
    ['glc', 'golden_cove sapphire_rapids emerald_rapids'],
    ['gnr', 'granite_rapids redwood_cove'],
    ['zen3', 'milan'],
    ['zen4', 'genoa'],
    ['zen5', 'turin'],
  ])('%s is also called %s', (name, aliases) => {
    for (const alias of aliases.split(' ')) expect(findCpuProfile(alias)?.name).toBe(name);
    expect(findCpuProfile(name)?.aliases).toEqual(aliases.split(' '));
  });

  it('lead nowhere when unknown', () => {
    expect(findCpuProfile('486')).toBeUndefined();
    expect(new Set(cpuProfileNames).size).toBe(cpuProfileNames.length);
  });
});
