/** Figures that profiles share word for word: what nobody documents and every simulator assumes. */
import type { Figure, WalkCost } from '../cpu-profile.js';
import type { HeldAs, PagingCacheConfig, TlbIndex, TlbPolicy } from '../../contract/tlb-config.js';

export const CPUID_SOURCE = 'CPUID dumps of InstLatx64 (087af2c)';

export const ASSUMED_PAGING_CACHES: Figure<PagingCacheConfig> = {
  value: { pml4: 4, pdpt: 4, pd: 32 },
  grade: 'assumed',
  source: 'undocumented; usual in simulators (ChampSim PSCL2 4x8, PSCL3 2x4, PSCL4 1x4)',
};

/** Agrees with 26 cycles above an STLB hit for cached tables and 200 for cold ones. */
export const ASSUMED_WALK_COST: Figure<WalkCost> = {
  value: { kind: 'loads', baseCycles: 5, warmLoadCycles: 14, coldLoadCycles: 50 },
  grade: 'assumed',
  source: '5 + 14 per load from a recent line, 50 otherwise; TLBkit measured 25.8 on Skylake, hot',
};

export const NO_PIECES: Figure<HeldAs> = {
  value: {},
  grade: 'documented',
  source: 'every mapping size has entries of its own',
};

export const NO_COALESCING: Figure<boolean> = {
  value: false,
  grade: 'assumed',
  source: 'not described for this core',
};

export const MEASURED_PLRU: Figure<TlbPolicy> = {
  value: 'plru',
  grade: 'measured',
  source: 'TLB;DR (vusec/tlbdr d93516d), sample output and Kaby Lake preset',
};

export const MEASURED_MRU3PLRU4: Figure<TlbPolicy> = { ...MEASURED_PLRU, value: 'mru3plru4' };

export const MEASURED_XOR7: Figure<TlbIndex> = { ...MEASURED_PLRU, value: 'xor7' };

export const assumedLru = (why: string): Figure<TlbPolicy> => ({
  value: 'lru',
  grade: 'assumed',
  source: why,
});

export const UNDOCUMENTED_LRU: Figure<TlbPolicy> = assumedLru(
  'replacement is undocumented; LRU by custom',
);
