/** Zen 2 to Zen 5: one fully associative first level for all sizes and a private L2 iTLB. */
import type { CpuProfile, Figure, TlbArrayProfile } from '../cpu-profile.js';
import type { HeldAs } from '../../contract/tlb-config.js';
import {
  ASSUMED_PAGING_CACHES,
  ASSUMED_WALK_COST,
  CPUID_SOURCE,
  NO_PIECES,
  UNDOCUMENTED_LRU,
} from './common-figures.js';

const LEAVES = `${CPUID_SOURCE}, leaves 8000_0005, 8000_0006 and 8000_0019`;

const L1: TlbArrayProfile = {
  sizes: ['4K', '16K', '2M', '1G'],
  entries: 64,
  sets: 1,
  ways: 64,
  grade: 'documented',
  source: `${LEAVES}: 64 entries of any size`,
  policy: UNDOCUMENTED_LRU,
};

const L2: TlbArrayProfile = {
  sizes: ['4K', '16K', '2M'],
  entries: 512,
  sets: 64,
  ways: 8,
  grade: 'documented',
  source: `${LEAVES}: 512 entries; 8 ways by AMD's guides, CPUID names 4 for 4K and 2 for 2M`,
  policy: UNDOCUMENTED_LRU,
};

const SMASHED_1G: Figure<HeldAs> = {
  value: { '1G': '2M' },
  grade: 'documented',
  source: `AMD guides: 1G smashed into 2M; ${LEAVES}: no entries for 1G`,
};

const COALESCING_SOURCE =
  'AMD guides: four aligned contiguous 4K pages become a 16K entry; event 85h umask 8';

export const zen3: CpuProfile = {
  name: 'zen3',
  title: 'AMD Zen 3: Milan',
  aliases: ['milan'],
  vendor: 'amd',
  l1: [L1],
  l2: [L2],
  l1As: NO_PIECES,
  l2As: SMASHED_1G,
  coalesce: { value: true, grade: 'documented', source: COALESCING_SOURCE },
  pagingCaches: {
    ...ASSUMED_PAGING_CACHES,
    source: 'PDEs are cached in the L2 dTLB, upper levels in a 64-entry cache; sizes as elsewhere',
  },
  l2SharedWithData: {
    value: false,
    grade: 'documented',
    source: `${LEAVES}: instruction and data side have their own second levels`,
  },
  walkers: { value: 6, grade: 'documented', source: 'AMD guide 56665, from memory' },
  l2HitCycles: { value: 8, grade: 'assumed', source: 'not published; 7 on the data side of Zen 4' },
  walkCost: ASSUMED_WALK_COST,
};

export const zen2: CpuProfile = {
  ...zen3,
  name: 'zen2',
  title: 'AMD Zen 2: Rome',
  aliases: [],
  l2: [
    {
      ...L2,
      grade: 'assumed',
      source: 'AMD guide 56305 and 7-cpu.com say 512; CPUID of Rome says 1024 (128 sets)',
    },
  ],
  walkers: { value: 2, grade: 'assumed', source: 'wikichip.org, Zen 2' },
};

export const zen4: CpuProfile = {
  ...zen3,
  name: 'zen4',
  title: 'AMD Zen 4: Genoa, Bergamo',
  aliases: ['genoa'],
  walkers: { value: 6, grade: 'documented', source: 'AMD guide 57647, from memory' },
};

export const zen5: CpuProfile = {
  ...zen3,
  name: 'zen5',
  title: 'AMD Zen 5: Turin',
  aliases: ['turin'],
  l2: [
    {
      ...L2,
      entries: 2048,
      sets: 256,
      ways: 8,
      source: `${LEAVES}: 64 x 32 with Fn8000_0021 EAX[14] set; 8 ways by AMD's guides`,
    },
  ],
  walkers: { value: 6, grade: 'assumed', source: 'not published; taken as on Zen 4' },
};
