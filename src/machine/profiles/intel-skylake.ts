/** Skylake, Skylake-SP, Cascade Lake-SP; and the same geometry with the policies that TLB;DR measured. */
import type { CpuProfile, TlbArrayProfile } from '../cpu-profile.js';
import {
  ASSUMED_PAGING_CACHES,
  ASSUMED_WALK_COST,
  assumedLru,
  MEASURED_MRU3PLRU4,
  MEASURED_PLRU,
  MEASURED_XOR7,
  NO_COALESCING,
  NO_PIECES,
} from './common-figures.js';

const LRU_BY_DEFAULT = assumedLru(
  'LRU for comparison with other cores; skl_measured has the measured tree policies',
);

const L1_4K: TlbArrayProfile = {
  sizes: ['4K'],
  entries: 128,
  sets: 16,
  ways: 8,
  grade: 'measured',
  source: 'TLB;DR; Intel Optimization Manual 248966-045, Table 2-15',
  policy: LRU_BY_DEFAULT,
};

const L1_2M: TlbArrayProfile = {
  sizes: ['2M'],
  entries: 8,
  sets: 1,
  ways: 8,
  grade: 'documented',
  source: 'Intel Optimization Manual 248966-045, Table 2-15: 8 per thread; CPUID leaf 2 byte 76h',
  policy: LRU_BY_DEFAULT,
};

const STLB: TlbArrayProfile = {
  sizes: ['4K', '2M'],
  entries: 1536,
  sets: 128,
  ways: 12,
  grade: 'measured',
  source: 'TLB;DR: 128 sets of 12 ways',
  policy: LRU_BY_DEFAULT,
};

const STLB_1G: TlbArrayProfile = {
  sizes: ['1G'],
  entries: 16,
  sets: 4,
  ways: 4,
  grade: 'documented',
  source: 'Intel Optimization Manual, from memory',
  policy: LRU_BY_DEFAULT,
};

export const skylake: CpuProfile = {
  name: 'skl',
  title: 'Intel Skylake, Skylake-SP, Cascade Lake-SP',
  aliases: ['skylake_sp', 'cascade_lake_sp', 'generic'],
  vendor: 'intel',
  l1: [L1_4K, L1_2M],
  l2: [STLB, STLB_1G],
  l1As: {
    value: { '1G': '2M' },
    grade: 'assumed',
    source: 'no array for 1G is listed; a piece goes into the 2M array',
  },
  l2As: NO_PIECES,
  coalesce: NO_COALESCING,
  pagingCaches: ASSUMED_PAGING_CACHES,
  l2SharedWithData: {
    value: true,
    grade: 'documented',
    source: 'Intel Optimization Manual: unified second level',
  },
  walkers: {
    value: 2,
    grade: 'documented',
    source: 'intel/perfmon SKX: page walk utilisation divides by 2',
  },
  l2HitCycles: {
    value: 12,
    grade: 'assumed',
    source: 'not published; 14 on Haswell, 12 on Sandy Bridge in Intel TMA metrics',
  },
  walkCost: ASSUMED_WALK_COST,
};

export const skylakeMeasured: CpuProfile = {
  ...skylake,
  name: 'skl_measured',
  title: 'Intel Skylake with replacement and index as measured by TLB;DR',
  aliases: [],
  l1: [{ ...L1_4K, policy: MEASURED_PLRU }, L1_2M],
  l2: [{ ...STLB, policy: MEASURED_MRU3PLRU4, index: MEASURED_XOR7 }, STLB_1G],
};
