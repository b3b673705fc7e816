/** Crestmont: Sierra Forest and the E cores of Meteor Lake. */
import type { CpuProfile } from '../cpu-profile.js';
import {
  ASSUMED_PAGING_CACHES,
  ASSUMED_WALK_COST,
  CPUID_SOURCE,
  NO_COALESCING,
  NO_PIECES,
  UNDOCUMENTED_LRU,
} from './common-figures.js';

const LEAF_18H = `${CPUID_SOURCE}, leaf 18H of Meteor Lake E`;

export const crestmont: CpuProfile = {
  name: 'crestmont',
  title: 'Intel Crestmont: Sierra Forest, Meteor Lake E',
  aliases: [],
  vendor: 'intel',
  l1: [
    {
      sizes: ['4K'],
      entries: 64,
      sets: 1,
      ways: 64,
      grade: 'documented',
      source: LEAF_18H,
      policy: UNDOCUMENTED_LRU,
    },
  ],
  l2: [
    {
      sizes: ['4K', '2M'],
      entries: 3072,
      sets: 512,
      ways: 6,
      grade: 'documented',
      source: LEAF_18H,
      policy: UNDOCUMENTED_LRU,
    },
    {
      sizes: ['1G'],
      entries: 8,
      sets: 1,
      ways: 8,
      grade: 'documented',
      source: LEAF_18H,
      policy: UNDOCUMENTED_LRU,
    },
  ],
  l1As: {
    value: { '2M': '4K', '1G': '4K' },
    grade: 'assumed',
    source: 'CPUID names 4K only; large pages presumably as 4K pieces',
  },
  l2As: NO_PIECES,
  coalesce: NO_COALESCING,
  pagingCaches: ASSUMED_PAGING_CACHES,
  l2SharedWithData: { value: true, grade: 'documented', source: `${LEAF_18H}: unified` },
  walkers: { value: 2, grade: 'assumed', source: 'not published; 2 or 4' },
  l2HitCycles: { value: 10, grade: 'assumed', source: 'not published' },
  walkCost: ASSUMED_WALK_COST,
};
