/** T6, T11 and T12: leaves, sizes and addresses of executable memory. */
import { PAGE_SIZE_BYTES, PMD_SIZE_BYTES } from '../../base/units.js';
import {
  designsLike,
  finalOf,
  medianOf,
  runsOf,
  short,
  within,
  type Anchor,
  type AnchorInput,
} from './anchor.js';
import { createdPrograms, shareBelow } from './created-programs.js';

const FLEET_TEXT_PAGES = 140;
const FLEET_RAM_BYTES = 68_719_476_736;
const FLEET_WASTE_KIB = 1488;
const FLEET_WASTE_PERCENT = 0.0023;

interface LeafCounts {
  readonly small: number;
  readonly large: number;
  readonly reservedBytes: number;
}

function leavesOf(input: AnchorInput, point: number, design: string): LeafCounts | undefined {
  const runs = runsOf(input, point, design);
  const small = medianOf(runs, (run) => finalOf(run, 'text.pte_4k'));
  const large = medianOf(runs, (run) => finalOf(run, 'text.pmd_2m'));
  const reservedBytes = medianOf(runs, (run) => finalOf(run, 'text.reserved_bytes'));
  if (small === undefined || large === undefined || reservedBytes === undefined) return undefined;
  return { small, large, reservedBytes };
}

/** T6: exact. Applies where one design maps 140 pages of text and another uses a 2M leaf. */
const oneLeaf: Anchor = {
  id: 'T6',
  claim: '140 text pages become one leaf, 1.5 MB of 64 GB wasted (Song Liu, 14 Nov 2022)',
  evaluate: (input) => {
    const found = input.plan.points.flatMap((point, index) => {
      if (point.machine.ramBytes !== FLEET_RAM_BYTES) return [];
      const leaves = point.designs.flatMap(({ name }) => leavesOf(input, index, name) ?? []);
      const paged = leaves.some(({ small, large }) => small === FLEET_TEXT_PAGES && large === 0);
      const packed = leaves
        .filter(({ large }) => large > 0)
        .sort((a, b) => a.small + a.large - b.small - b.large)[0];
      return paged && packed !== undefined ? [packed] : [];
    })[0];
    if (found === undefined) return undefined;
    const saving = FLEET_TEXT_PAGES - found.small - found.large;
    const wasteKib = (found.reservedBytes - FLEET_TEXT_PAGES * PAGE_SIZE_BYTES) / 1024;
    const percent = ((wasteKib * 1024) / FLEET_RAM_BYTES) * 100;
    return {
      wanted: 'saving 139 leaves, waste 1488 kB, 0.0023% of memory',
      found: `saving ${short(saving)} leaves, waste ${short(wasteKib)} kB, ${percent.toFixed(4)}%`,
      met:
        saving === FLEET_TEXT_PAGES - 1 &&
        wasteKib === FLEET_WASTE_KIB &&
        within(percent, FLEET_WASTE_PERCENT, 0.05),
    };
  },
};

/** T11: applies to program sizes given by quantiles or by a recorded list. */
const programSizes: Anchor = {
  id: 'T11',
  claim: 'half of the BPF programs below 500 bytes, three quarters below 2 kB (Song Liu, 2022)',
  evaluate: ({ plan }) => {
    const shares = plan.points.flatMap((point) =>
      createdPrograms(point).distributions.flatMap((distribution) => {
        const small = shareBelow(distribution, 500);
        const medium = shareBelow(distribution, 2048);
        return small === undefined || medium === undefined ? [] : [{ small, medium }];
      }),
    );
    if (shares.length === 0) return undefined;
    const small = Math.min(...shares.map((entry) => entry.small));
    const medium = Math.min(...shares.map((entry) => entry.medium));
    return {
      wanted: 'at least 50% below 500 B and 75% below 2 KiB',
      found: `${short(small * 100)}% below 500 B and ${short(medium * 100)}% below 2 KiB`,
      met: small >= 0.5 && medium >= 0.75,
    };
  },
};

/**
 * T12: a 2 MiB area with its guard page leaves the next 2M boundary unusable. Applies where areas only
 * came and the module area holds nothing but 2M text, so that one area stands behind another.
 */
const roxStride: Anchor = {
  id: 'T12',
  claim: '2 MiB ROX areas with a guard page stand 4 MiB apart',
  evaluate: (input) => {
    const strides = input.plan.points.flatMap((point, index) =>
      designsLike(point, ['execmem_rox'])
        .filter(({ options }) => (options.cache ?? PMD_SIZE_BYTES) === PMD_SIZE_BYTES)
        .flatMap(({ name }) =>
          runsOf(input, index, name)
            .filter((run) => !run.causes.some(({ effect }) => effect === 'vmap.free'))
            .flatMap((run) => run.phases.flatMap((phase) => largeAreaStrides(phase.strip))),
        ),
    );
    if (strides.length === 0) return undefined;
    const exact = strides.filter((stride) => stride === 2).length;
    return {
      wanted: '4 MiB from each area to the next',
      found: `4 MiB in ${String(exact)} of ${String(strides.length)}`,
      met: exact === strides.length,
    };
  },
};

/**
 * Distances in 2 MiB slots from the last slot of an area to the first of the next one, in a strip of
 * areas of 2M leaves; none when anything else lies between. Areas have a guard page, so slots side by
 * side are one area.
 */
export function largeAreaStrides(strip: string): readonly number[] {
  if (!/^[H.]*$/.test(strip)) return [];
  const gaps = strip.match(/H\.+(?=H)/g) ?? [];
  return gaps.map((gap) => gap.length);
}

export const TEXT_ANCHORS: readonly Anchor[] = [oneLeaf, programSizes, roxStride];
