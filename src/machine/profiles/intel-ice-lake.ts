/** Ice Lake and Ice Lake-SP (Sunny Cove). */
import type { CpuProfile, TlbArrayProfile } from '../cpu-profile.js';
import {
  ASSUMED_PAGING_CACHES,
  ASSUMED_WALK_COST,
  NO_COALESCING,
  NO_PIECES,
  UNDOCUMENTED_LRU,
} from './common-figures.js';

const MANUAL = 'Intel Optimization Manual, Ice Lake, from memory';

/** 128 sets of 16 ways: 4K anywhere, 2M in the lower half of the ways, 1G in the upper. */
export const SUNNY_COVE_STLB: TlbArrayProfile = {
  sizes: ['4K', '2M', '1G'],
  entries: 2048,
  sets: 128,
  ways: 16,
  waysFor: { '2M': [0, 8], '1G': [8, 16] },
  grade: 'documented',
  source: `${MANUAL}: 4K up to 2048, 2M up to 1024, 1G the other 1024`,
  policy: UNDOCUMENTED_LRU,
};

export const iceLake: CpuProfile = {
  name: 'icl',
  title: 'Intel Ice Lake, Ice Lake-SP',
  aliases: ['ice_lake_sp'],
  vendor: 'intel',
  l1: [
    {
      sizes: ['4K'],
      entries: 128,
      sets: 16,
      ways: 8,
      grade: 'documented',
      source: MANUAL,
      policy: UNDOCUMENTED_LRU,
    },
    {
      sizes: ['2M'],
      entries: 16,
      sets: 1,
      ways: 16,
      grade: 'documented',
      source: `${MANUAL}; whether per thread or in total is not known`,
      policy: UNDOCUMENTED_LRU,
    },
  ],
  l2: [SUNNY_COVE_STLB],
  l1As: {
    value: { '1G': '2M' },
    grade: 'assumed',
    source: 'no array for 1G is listed; a piece goes into the 2M array',
  },
  l2As: NO_PIECES,
  coalesce: NO_COALESCING,
  pagingCaches: ASSUMED_PAGING_CACHES,
  l2SharedWithData: { value: true, grade: 'documented', source: `${MANUAL}: unified second level` },
  walkers: {
    value: 2,
    grade: 'documented',
    source: 'intel/perfmon ICX: page walk utilisation divides by 2',
  },
  l2HitCycles: {
    value: 10,
    grade: 'assumed',
    source: 'not published; between 7 (data side, TMA) and 14 (Haswell, TMA)',
  },
  walkCost: ASSUMED_WALK_COST,
};
