/**
 * A CPU as data: the geometry of its instruction TLBs and what misses cost, each figure with its source
 * and a grade. Profiles have no code; adding one is a file and a line in profiles/index.ts.
 */
import type {
  HeldAs,
  HeldSize,
  PagingCacheConfig,
  TlbConfig,
  WayRange,
} from '../contract/tlb-config.js';
import type { TlbIndex, TlbPolicy } from '../contract/tlb-config.js';

/**
 * How far a figure can be trusted. documented: vendor record or CPUID read for it (A, B of the
 * literature notes); measured: on the hardware; assumed: inference, custom or disputed (C, ?).
 */
export const FIGURE_GRADES = ['documented', 'measured', 'assumed'] as const;
export type FigureGrade = (typeof FIGURE_GRADES)[number];

export interface FigureSource {
  readonly grade: FigureGrade;
  /** Where it was read, or why it is assumed. */
  readonly source: string;
}

/** A figure with its unit in the field's name. */
export interface Figure<T> extends FigureSource {
  readonly value: T;
}

/** One TLB array. `entries` must be sets times ways. */
export interface TlbArrayProfile extends FigureSource {
  readonly sizes: readonly HeldSize[];
  readonly entries: number;
  /** 1 is fully associative. */
  readonly sets: number;
  readonly ways: number;
  readonly waysFor?: Readonly<Partial<Record<HeldSize, WayRange>>>;
  readonly policy?: Figure<TlbPolicy>;
  readonly index?: Figure<TlbIndex>;
}

/** What a page walk costs, in core cycles above a second-level hit. */
export type WalkCost =
  /** base + per entry read: warm when its cache line was read among the last 512, else cold. */
  | {
      readonly kind: 'loads';
      readonly baseCycles: number;
      readonly warmLoadCycles: number;
      readonly coldLoadCycles: number;
    }
  /** A measured mean. */
  | { readonly kind: 'mean'; readonly cycles: number };

export interface CpuProfile {
  /** Name everywhere: scenarios, commands, reports. */
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly vendor: 'intel' | 'amd' | 'arm';
  readonly l1: readonly TlbArrayProfile[];
  readonly l2: readonly TlbArrayProfile[];
  /** Sizes that a level holds as smaller pieces. */
  readonly l1As: Figure<HeldAs>;
  readonly l2As: Figure<HeldAs>;
  /** Aligned runs of four contiguous 4K pages are held as one 16K entry. */
  readonly coalesce: Figure<boolean>;
  readonly pagingCaches: Figure<PagingCacheConfig>;
  /** The second level holds data translations too. */
  readonly l2SharedWithData: Figure<boolean>;
  readonly walkers: Figure<number>;
  /** First-level miss that the second level serves. */
  readonly l2HitCycles: Figure<number>;
  readonly walkCost: Figure<WalkCost>;
}

/** The profile's hierarchy in the form that the TLB model takes. */
export function profileTlbConfig(profile: CpuProfile, levels: 4 | 5 = 4): TlbConfig {
  const arrays = (list: readonly TlbArrayProfile[]): TlbConfig['l1'] =>
    list.map(({ sizes, sets, ways, waysFor, policy, index }) => ({
      sizes,
      sets,
      ways,
      policy: policy?.value ?? 'lru',
      index: index?.value ?? 'linear',
      waysFor: waysFor ?? {},
    }));
  return {
    l1: arrays(profile.l1),
    l1As: profile.l1As.value,
    l2: arrays(profile.l2),
    l2As: profile.l2As.value,
    coalesce: profile.coalesce.value,
    pwc: profile.pagingCaches.value,
    levels,
  };
}

/** One figure of a profile under the name that reports print. */
export interface NamedFigure extends FigureSource {
  readonly name: string;
}

const arrayName = (level: string, array: TlbArrayProfile): string =>
  `${level} ${array.sizes.join('+')}`;

/** Every figure of the profile with its grade, in a fixed order. */
export function profileFigures(profile: CpuProfile): readonly NamedFigure[] {
  const figures: NamedFigure[] = [];
  const add = (name: string, { grade, source }: FigureSource): void => {
    figures.push({ name, grade, source });
  };
  const addArray = (level: string, array: TlbArrayProfile): void => {
    const name = arrayName(level, array);
    add(name, array);
    if (array.policy) add(`${name} policy`, array.policy);
    if (array.index) add(`${name} index`, array.index);
  };
  for (const array of profile.l1) addArray('L1', array);
  for (const array of profile.l2) addArray('L2', array);
  add('L1 pieces of large pages', profile.l1As);
  add('L2 pieces of large pages', profile.l2As);
  add('16K coalescing', profile.coalesce);
  add('paging-structure caches', profile.pagingCaches);
  add('L2 shared with data', profile.l2SharedWithData);
  add('page walkers', profile.walkers);
  add('L2 hit cycles', profile.l2HitCycles);
  add('page walk cycles', profile.walkCost);
  return figures;
}
