/** Which effects a metric counts, and where they come from, by design. */
import { topCauses } from '../../src/analysis/top-causes.js';
import type { TopCause } from '../../src/analysis/top-causes.js';
import { designLetter, orderedDesigns } from '../../src/analysis/run-index.js';
import { experimentPhases } from '../../src/analysis/headline.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';

/** Effects whose sum a metric is or that move it. */
const METRIC_EFFECTS: Readonly<Record<string, readonly string[]>> = {
  DirectMap4k: ['direct_map.split_2m', 'direct_map.collapse_2m'],
  DirectMap2M: ['direct_map.split_2m', 'direct_map.collapse_2m', 'direct_map.split_1g'],
  DirectMap1G: ['direct_map.split_1g', 'direct_map.collapse_1g'],
  direct_map_level2_splits: ['direct_map.split_2m'],
  direct_map_level3_splits: ['direct_map.split_1g'],
  direct_map_level2_collapses: ['direct_map.collapse_2m'],
  direct_map_level3_collapses: ['direct_map.collapse_1g'],
  'itlb.walks_per_kinst': ['itlb_misses.walk_completed'],
  'itlb_misses.walk_completed': ['itlb_misses.walk_completed'],
  'itlb_misses.walk_active': ['itlb_misses.walk_completed'],
  'tlb.remote_flush': ['tlb.flush_all', 'tlb.flush_range'],
  'tlb.local_flush': ['tlb.flush_local'],
  'text.pte_4k': ['vmap.alloc', 'vmap.free', 'text.split_2m'],
  'text.pmd_2m': ['order9.alloc', 'text.split_2m', 'text.collapse_2m'],
  'text.reserved_bytes': ['vmap.alloc', 'vmap.free', 'vmap.purge'],
  'text.waste_bytes': ['vmap.alloc', 'vmap.free'],
  'text.waste_pct': ['vmap.alloc', 'vmap.free'],
  'text.splits': ['text.split_2m'],
  'text.collapses': ['text.collapse_2m'],
  'text.pokes': ['text.poke'],
  'text.poke_bytes': ['text.poke'],
  'tlb.flush_pages': ['tlb.flush_range'],
  'cpa.calls': ['cpa.call'],
  'vmap.areas': ['vmap.alloc', 'vmap.free'],
  'vmap.holes': ['vmap.alloc', 'vmap.free'],
  'vmap.largest_hole': ['vmap.alloc', 'vmap.free'],
  'vmap.lazy_bytes': ['vmap.free', 'vmap.purge'],
  'vmap.purges': ['vmap.purge'],
  'order9.requests': ['order9.alloc', 'order9.failed'],
  'pgtable.bytes': ['pgtable.alloc', 'pgtable.free'],
  'boundary.collisions': ['boundary.collision'],
};

/** Effects behind a metric; those of the same name where the table has none. */
export const effectsOf = (metric: string): readonly string[] => METRIC_EFFECTS[metric] ?? [metric];

export interface DesignCauses {
  readonly letter: string;
  readonly design: string;
  readonly effects: readonly {
    readonly effect: string;
    /** Mean over runs. */
    readonly perRun: number;
    readonly causes: readonly TopCause[];
  }[];
}

const CAUSES_MAX = 6;

/** Causes of a metric in the phase at a time, design by design, largest first. */
export function metricCauses(
  result: ExperimentResult,
  request: { readonly metric: string; readonly phase: string; readonly point: number },
): readonly DesignCauses[] {
  const { metric, phase, point } = request;
  return orderedDesigns(result).map((design, place) => ({
    letter: designLetter(place),
    design,
    effects: effectsOf(metric).flatMap((effect) => {
      const { perRun, causes } = topCauses(result, {
        design,
        point,
        effect,
        phase,
        countMax: CAUSES_MAX,
      });
      return perRun > 0 ? [{ effect, perRun, causes }] : [];
    }),
  }));
}

/** Name of the phase at a time; empty outside all phases. */
export const phaseAt = (result: ExperimentResult, timeNs: number): string =>
  experimentPhases(result).find(({ startNs, endNs }) => timeNs >= startNs && timeNs <= endNs)
    ?.name ?? '';
