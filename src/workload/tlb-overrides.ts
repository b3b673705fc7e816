/**
 * The hierarchy of a machine: its own, or that of its CPU profile, with the structures that the
 * scenario's `tlb` block changes. Naming one size of an array that holds all sizes gives that size an array of its own;
 * `stlb` is the second level of any vendor.
 */
import type { MachinePlan, TlbOverridePlan } from '../contract/scenario-plan.js';
import { profileTlbConfig, type CpuProfile } from '../machine/cpu-profile.js';
import {
  checkTlbLevel,
  TlbConfigError,
  type HeldSize,
  type TlbArrayConfig,
  type TlbConfig,
  type WayRange,
} from '../contract/tlb-config.js';

const isPowerOfTwo = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

/** Way limits of another number of ways, in proportion. */
function scaleWays(array: TlbArrayConfig, ways: number): TlbArrayConfig['waysFor'] {
  const scaled: Partial<Record<HeldSize, WayRange>> = {};
  for (const size of array.sizes) {
    const range = array.waysFor[size];
    if (range === undefined) continue;
    const low = Math.floor((range[0] * ways) / array.ways);
    scaled[size] = [low, Math.max(low + 1, Math.floor((range[1] * ways) / array.ways))];
  }
  return scaled;
}

/** The array with another number of entries. Throws TlbConfigError when no such array exists. */
function resize(array: TlbArrayConfig, override: TlbOverridePlan): TlbArrayConfig {
  const { structure, entries } = override;
  const ways = override.ways ?? (array.sets === 1 ? entries : array.ways);
  const sets = entries / ways;
  if (!isPowerOfTwo(sets)) {
    throw new TlbConfigError(
      `tlb ${structure}: ${entries} entries in ${ways} ways make ${Number(sets.toFixed(2))} sets, ` +
        'not a power of two',
    );
  }
  const isTree = array.policy === 'plru' || array.policy === 'mru3plru4';
  const keepsTree = array.policy === 'plru' ? isPowerOfTwo(ways) : ways === array.ways;
  return {
    sizes: array.sizes,
    sets,
    ways,
    policy: isTree && !keepsTree ? 'lru' : array.policy,
    index: array.index === 'xor7' && sets !== array.sets ? 'linear' : array.index,
    waysFor: scaleWays(array, ways),
  };
}

/** Gives `size` (and for 4K its coalesced form) an array of its own in `level`. */
function overrideSize(
  level: readonly TlbArrayConfig[],
  size: '4K' | '2M',
  override: TlbOverridePlan,
): readonly TlbArrayConfig[] {
  const own: readonly HeldSize[] = size === '4K' ? ['4K', '16K'] : ['2M'];
  const home = level.find((array) => array.sizes.includes(size));
  const moved = home?.sizes.filter((held) => own.includes(held)) ?? [size];
  const entries = override.ways ?? override.entries;
  const source: TlbArrayConfig = home ?? {
    sizes: moved,
    sets: 1,
    ways: entries,
    policy: 'lru',
    index: 'linear',
    waysFor: {},
  };
  const waysFor: Partial<Record<HeldSize, WayRange>> = {};
  for (const held of moved) {
    const range = source.waysFor[held];
    if (range !== undefined) waysFor[held] = range;
  }
  const resized = resize({ ...source, sizes: moved, waysFor }, override);
  const rest = level.flatMap((array) => {
    const sizes = array.sizes.filter((held) => !moved.includes(held));
    return sizes.length === 0 ? [] : [{ ...array, sizes }];
  });
  return [resized, ...rest];
}

function overrideStlb(
  level: readonly TlbArrayConfig[],
  override: TlbOverridePlan,
): readonly TlbArrayConfig[] {
  return level.map((array) => (array.sizes.includes('4K') ? resize(array, override) : array));
}

/** The hierarchy of the machine. Throws TlbConfigError when an override makes no array. */
export function machineTlbConfig(
  profile: CpuProfile,
  machine: Pick<MachinePlan, 'tlb' | 'tlbModel' | 'levels'>,
): TlbConfig {
  const { levels, tlbModel } = machine;
  const config =
    tlbModel === undefined ? profileTlbConfig(profile, levels) : { ...tlbModel, levels };
  let { l1, l2, l1As } = config;
  for (const override of machine.tlb) {
    if (override.structure === 'stlb') l2 = overrideStlb(l2, override);
    if (override.structure === 'itlb_l1_4k') l1 = overrideSize(l1, '4K', override);
    if (override.structure === 'itlb_l1_2m') {
      l1 = overrideSize(l1, '2M', override);
      // An array of its own ends holding 2M as pieces.
      const { '2M': _pieces, ...others } = l1As;
      l1As = others;
    }
  }
  checkTlbLevel(l1, 'tlb l1');
  checkTlbLevel(l2, 'tlb l2');
  return { ...config, l1, l2, l1As };
}
