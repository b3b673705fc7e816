/** Neoverse N1, V1, N2, V2: 48 fully associative entries and a unified second level. */
import type { CpuProfile, TlbArrayProfile } from '../cpu-profile.js';
import { ASSUMED_WALK_COST, NO_COALESCING, NO_PIECES, UNDOCUMENTED_LRU } from './common-figures.js';

const A76_TRM = 'Arm Cortex-A76 TRM A5.2 (same design)';
const UNSURE = 'Neoverse TRM, memory management, from memory; sources disagree';

const L1: TlbArrayProfile = {
  sizes: ['4K', '2M'],
  entries: 48,
  sets: 1,
  ways: 48,
  grade: 'documented',
  source: `${A76_TRM}: 48 entries for 4K, 16K, 64K, 2M and 32M`,
  policy: UNDOCUMENTED_LRU,
};

const L2_1280: TlbArrayProfile = {
  sizes: ['4K', '2M', '1G'],
  entries: 1280,
  sets: 256,
  ways: 5,
  grade: 'documented',
  source: `${A76_TRM}: 1280 entries, 5 ways, all sizes to 1G`,
  policy: UNDOCUMENTED_LRU,
};

const L2_2048: TlbArrayProfile = {
  ...L2_1280,
  entries: 2048,
  sets: 256,
  ways: 8,
  grade: 'assumed',
  source: UNSURE,
};

export const neoverseN1: CpuProfile = {
  name: 'n1',
  title: 'Arm Neoverse N1',
  aliases: [],
  vendor: 'arm',
  l1: [L1],
  l2: [L2_1280],
  l1As: {
    value: { '1G': '2M' },
    grade: 'documented',
    source: `${A76_TRM}: the first level does not list 1G; held as smaller pieces`,
  },
  l2As: NO_PIECES,
  coalesce: NO_COALESCING,
  pagingCaches: {
    value: { pml4: 4, pdpt: 4, pd: 32 },
    grade: 'assumed',
    source: `${A76_TRM}: intermediates share the L2 TLB; taken as separate small lists`,
  },
  l2SharedWithData: { value: true, grade: 'documented', source: `${A76_TRM}: unified` },
  walkers: { value: 4, grade: 'documented', source: `${A76_TRM}: four parallel walks` },
  l2HitCycles: {
    value: 3,
    grade: 'documented',
    source: `${A76_TRM}: usually 3 cycles, longer when another page size matches`,
  },
  walkCost: ASSUMED_WALK_COST,
};

const L1_UNSURE: TlbArrayProfile = { ...L1, source: 'Neoverse TRM, from memory' };
const UNSURE_PIECES = {
  value: { '1G': '2M' },
  grade: 'assumed',
  source: 'as Neoverse N1',
} as const;
const UNSURE_WALKERS = { value: 4, grade: 'assumed', source: 'as Neoverse N1' } as const;

export const neoverseV1: CpuProfile = {
  ...neoverseN1,
  name: 'v1',
  title: 'Arm Neoverse V1',
  l1: [L1_UNSURE],
  l2: [L2_2048],
  l1As: UNSURE_PIECES,
  walkers: UNSURE_WALKERS,
  l2HitCycles: { value: 6, grade: 'assumed', source: 'not published; 5 to 8' },
};

export const neoverseN2: CpuProfile = {
  ...neoverseN1,
  name: 'n2',
  title: 'Arm Neoverse N2',
  l1: [L1_UNSURE],
  l2: [{ ...L2_1280, grade: 'assumed', source: UNSURE }],
  l1As: UNSURE_PIECES,
  walkers: UNSURE_WALKERS,
  l2HitCycles: { value: 6, grade: 'assumed', source: 'not published; 5 to 8' },
};

export const neoverseV2: CpuProfile = {
  ...neoverseV1,
  name: 'v2',
  title: 'Arm Neoverse V2',
  l2HitCycles: { value: 7, grade: 'assumed', source: 'not published; 6 to 8' },
};
