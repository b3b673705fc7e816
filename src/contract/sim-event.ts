/**
 * Effects: everything that happened to page tables, frames, address space and TLBs, each with the
 * request and the call path behind it. Every counter that a chart can show is a sum of effects.
 */

export const EffectKind = {
  /** A 2M leaf of the direct map became 512 x 4K. `page` is the first pfn. */
  directMapSplit2M: 0,
  /** A 1G leaf of the direct map became 512 x 2M. */
  directMapSplit1G: 1,
  /** 512 x 4K of the direct map became one 2M leaf. */
  directMapCollapse2M: 2,
  directMapCollapse1G: 3,
  /** A 2M leaf of the module area became 512 x 4K. `page` is the page index from the area's start. */
  textSplit2M: 4,
  textCollapse2M: 5,
  /** Broadcast that drops everything on every CPU. */
  flushAll: 6,
  /** Broadcast of `amount` per-page invalidations. */
  flushRange: 7,
  /** One CPU's private flush after a poke. */
  flushLocal: 8,
  /** A set_memory_* call; `amount` pages. */
  changePageAttr: 9,
  /** Bytes written through a temporary mapping. */
  textPoke: 10,
  vmapAreaAlloc: 11,
  vmapAreaFree: 12,
  /** Lazy areas returned to the free tree; `amount` pages. */
  purge: 13,
  /** A request the design could not serve. */
  allocFailed: 14,
  /** 2M backing was wanted and 4K pages were used. */
  allocFallback: 15,
  order9Alloc: 16,
  order9Failed: 17,
  pageTableAlloc: 18,
  pageTableFree: 19,
  /** Text grew into the data side or the other way round (P3). */
  boundaryCollision: 20,
} as const;
export type EffectKind = (typeof EffectKind)[keyof typeof EffectKind];

export const EFFECT_KIND_NAMES: readonly string[] = [
  'direct_map.split_2m',
  'direct_map.split_1g',
  'direct_map.collapse_2m',
  'direct_map.collapse_1g',
  'text.split_2m',
  'text.collapse_2m',
  'tlb.flush_all',
  'tlb.flush_range',
  'tlb.flush_local',
  'cpa.call',
  'text.poke',
  'vmap.alloc',
  'vmap.free',
  'vmap.purge',
  'alloc.failed',
  'alloc.fallback',
  'order9.alloc',
  'order9.failed',
  'pgtable.alloc',
  'pgtable.free',
  'boundary.collision',
];

/** One aggregated cause: how much of an effect came from one site by one call path in one phase. */
export interface CauseRow {
  readonly effect: string;
  readonly phase: string;
  readonly line: number;
  readonly label: string;
  /** `free_module -> vfree -> set_direct_map_invalid_noflush`. */
  readonly path: string;
  readonly count: number;
  /** Sum of the effects' amounts (pages or bytes). */
  readonly amount: number;
}
