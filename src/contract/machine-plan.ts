/** The machine that a scenario runs on: size, processor, direct map, state of free memory, page-table rules. */
import type { TlbConfig } from './tlb-config.js';

export type FreeMemoryPlan =
  | { readonly kind: 'fresh' | 'page_cache' }
  /** Share 0..1 of pageblocks whose free pages are scattered. */
  | { readonly kind: 'scattered'; readonly share: number };

export interface TlbOverridePlan {
  readonly structure: 'itlb_l1_4k' | 'itlb_l1_2m' | 'stlb';
  readonly entries: number;
  /** Absent: the profile's ways. */
  readonly ways?: number;
}

export interface MachinePlan {
  readonly ramBytes: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly cpus: number;
  /** Name as the scenario writes it; aliases are resolved by the profile index. */
  readonly cpu: string;
  readonly tlb: readonly TlbOverridePlan[];
  /** A whole hierarchy instead of the profile's; `levels` of the machine counts. */
  readonly tlbModel?: TlbConfig;
  /** Largest page the direct map boots with. */
  readonly directMap: '4K' | '2M' | '1G';
  readonly collapse: 'design' | 'off' | 'rox' | 'any';
  readonly freeMemory: FreeMemoryPlan;
  readonly kernelTextBytes: number;
  readonly moduleAreaBytes: number;
  /** Release whose page-table rules proposed designs run on, e.g. `6.12`. */
  readonly kernel: string;
  readonly levels: 4 | 5;
  readonly kaslr:
    { readonly kind: 'off' | 'seeded' } | { readonly kind: 'pages'; readonly pages: number };
  readonly pti: boolean;
  readonly initFreeDelayNs: number;
  readonly costs: boolean;
}
