/** Golden Cove (Alder Lake P, Sapphire and Emerald Rapids), and Redwood Cove (Granite Rapids). */
import type { CpuProfile } from '../cpu-profile.js';
import {
  ASSUMED_PAGING_CACHES,
  ASSUMED_WALK_COST,
  CPUID_SOURCE,
  NO_COALESCING,
  NO_PIECES,
  UNDOCUMENTED_LRU,
} from './common-figures.js';
import { SUNNY_COVE_STLB } from './intel-ice-lake.js';

const LEAF_18H = `${CPUID_SOURCE}, leaf 18H of Sapphire, Emerald and Granite Rapids`;
const PERFMON_GNR = 'intel/perfmon graniterapids_retire_latency.json (6dadedf)';

export const goldenCove: CpuProfile = {
  name: 'glc',
  title: 'Intel Golden Cove: Alder Lake P, Sapphire Rapids, Emerald Rapids',
  aliases: ['golden_cove', 'sapphire_rapids', 'emerald_rapids'],
  vendor: 'intel',
  l1: [
    {
      sizes: ['4K'],
      entries: 256,
      sets: 32,
      ways: 8,
      grade: 'documented',
      source: LEAF_18H,
      policy: UNDOCUMENTED_LRU,
    },
    {
      sizes: ['2M'],
      entries: 32,
      sets: 4,
      ways: 8,
      grade: 'documented',
      source: LEAF_18H,
      policy: UNDOCUMENTED_LRU,
    },
  ],
  l2: [
    {
      ...SUNNY_COVE_STLB,
      source: `${LEAF_18H}: two banks of 1024, 4K+2M/4M and 4K+1G, taken as 128 sets of 16 ways`,
    },
  ],
  l1As: {
    value: { '1G': '2M' },
    grade: 'assumed',
    source: 'CPUID lists no array for 1G; a piece goes into the 2M array',
  },
  l2As: NO_PIECES,
  coalesce: NO_COALESCING,
  pagingCaches: ASSUMED_PAGING_CACHES,
  l2SharedWithData: { value: true, grade: 'documented', source: `${LEAF_18H}: unified` },
  walkers: {
    value: 4,
    grade: 'documented',
    source: 'intel/perfmon SPR, ADL: page walk utilisation divides by 4',
  },
  l2HitCycles: {
    value: 10,
    grade: 'assumed',
    source: 'not published; between 7 (data side, TMA) and 14 (Haswell, TMA)',
  },
  walkCost: ASSUMED_WALK_COST,
};

export const redwoodCove: CpuProfile = {
  ...goldenCove,
  name: 'gnr',
  title: 'Intel Redwood Cove: Granite Rapids',
  aliases: ['granite_rapids', 'redwood_cove'],
  l2HitCycles: {
    value: 42,
    grade: 'measured',
    source: `${PERFMON_GNR}: mean retire latency of an instruction that missed the iTLB`,
  },
  walkCost: {
    value: { kind: 'mean', cycles: 165 },
    grade: 'measured',
    source: `${PERFMON_GNR}: mean retire latency 207 with an STLB miss, less 42 of an iTLB miss`,
  },
};
