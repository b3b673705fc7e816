/**
 * What a boot leaves in free memory, as far as kernel memory goes, of one zone a node: the block that
 * was claimed last and is carved from its low end, whole blocks above it, and the per-CPU lists.
 * Block counts come from the recorded `/proc/buddyinfo`, which does not tell kernel memory from the
 * other migrate types and leaves the per-CPU lists out: both are drawn from `chance`.
 */
import { at } from '../base/assert.js';
import type { PrngStream } from '../base/prng.js';
import { PTRS_PER_PMD_PAGES } from '../base/units.js';
import type { FrameRange } from '../mm/ram-layout.js';
import { isAtLeast } from '../recording/module-layout.js';
import type { Recording } from '../recording/recording.js';
import type { ZoneShape } from './replay-frames.js';

const BLOCK_PAGES = 1024;
/** Each has a block in carving: unmovable, movable, reclaimable. */
const MIGRATE_TYPES = 3;
const FOUR_GIB_PAGES = 1048576;
/** Pages of the zone that a fresh boot uses: 64 MiB. */
const FRESH_BOOT_PAGES = 16384;
/** 2M regions below the claimed block that hold what the boot allocated last. */
const BOOT_REGIONS = 5;
/** Pages that a per-CPU list takes at once; up to all of them may be left of the last batch. */
const BATCH_PAGES = 63;
/** Runs of pages that the boot freed to the list of each CPU. */
interface FreedRuns {
  readonly runs: number;
  /** Length of one: 1 to this many pages. */
  readonly pagesMax: number;
  /** Share of runs that lie in the block claimed last; the others lie in a boot region. */
  readonly inClaimedBlock: number;
  /** 2M regions that the others lie in. */
  readonly regions: number;
}

/**
 * What the first areas of recordings stand on: before 6.7 stretches of up to 200 pages, mostly of one
 * region; later some short runs in three regions of the boot.
 */
const freedRunsOf = (release: string): FreedRuns =>
  isAtLeast(release, 6, 7)
    ? { runs: 4, pagesMax: 12, inClaimedBlock: 0.1, regions: 3 }
    : { runs: 1, pagesMax: 200, inClaimedBlock: 0.4, regions: BOOT_REGIONS };

export interface FreeMemoryParts {
  readonly recording: Recording;
  readonly release: string;
  readonly ram: readonly FrameRange[];
  readonly nodes: number;
  readonly cpus: number;
  /** Frames in use at the start. */
  readonly taken: ReadonlySet<number>;
  readonly chance: PrngStream;
}

/** The zone that kernel memory comes from: above 4 GiB where there is any, split over nodes. */
export function zonesAfterBoot(parts: FreeMemoryParts): readonly ZoneShape[] {
  const { recording, ram, nodes } = parts;
  const last = at(ram, ram.length - 1);
  const zone = last.endPfn > FOUR_GIB_PAGES ? 'Normal' : 'DMA32';
  const share = Math.floor((last.endPfn - last.startPfn) / nodes / BLOCK_PAGES) * BLOCK_PAGES;
  return Array.from({ length: nodes }, (_, node): ZoneShape => {
    const start = Math.ceil(last.startPfn / BLOCK_PAGES) * BLOCK_PAGES + node * share;
    const counts =
      recording.snapshots[0]?.freeBlocks?.find((row) => row.node === node && row.zone === zone)
        ?.counts ?? [];
    // Not recorded: a fresh boot has used little of the zone.
    const boot = counts.length === 0 ? share - FRESH_BOOT_PAGES : 0;
    const free = boot + counts.reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
    const bootPages = BLOCK_PAGES + BOOT_REGIONS * PTRS_PER_PMD_PAGES;
    const used = Math.max(bootPages, share - free);
    const claimStart = Math.min(start + Math.ceil(used / BLOCK_PAGES) * BLOCK_PAGES, last.endPfn);
    const claimEnd = node === nodes - 1 ? last.endPfn : start + share;
    return { claimStart, claimEnd, ...restsOf(parts, counts, claimStart) };
  });
}

type Rests = Pick<ZoneShape, 'freeBlocks' | 'lists'>;

function restsOf(parts: FreeMemoryParts, counts: readonly number[], claimStart: number): Rests {
  const { chance, release, cpus } = parts;
  const block = claimStart - BLOCK_PAGES;
  const bootStart = block - BOOT_REGIONS * PTRS_PER_PMD_PAGES;
  const freeBlocks = carved(counts, block, chance);
  const carveEnd = freeBlocks[0]?.[0] ?? claimStart;
  const used = new Set(parts.taken);
  const { runs, pagesMax, inClaimedBlock, regions } = freedRunsOf(release);
  const lists = Array.from({ length: cpus }, (_, cpu) => {
    const list: number[] = [];
    const add = (first: number, pages: number): void => {
      // The last one is taken first.
      for (let page = first + pages - 1; page >= first; page -= 1) {
        if (used.has(page) || page < bootStart || page >= carveEnd) continue;
        used.add(page);
        list.push(page);
      }
    };
    const rest = chance.below(BATCH_PAGES + 1);
    add(carveEnd - BATCH_PAGES * cpu - rest, rest);
    for (let run = 0; run < runs; run += 1) {
      const pages = 1 + chance.below(pagesMax);
      const below = chance.unit() < inClaimedBlock ? 0 : 1 + chance.below(regions);
      add(block - below * PTRS_PER_PMD_PAGES + chance.below(PTRS_PER_PMD_PAGES - pages), pages);
    }
    return list;
  });
  return { freeBlocks, lists };
}

/**
 * Free pieces of a block that is carved from its low end, lowest first: at most one an order, the
 * larger ones above. Of the pieces counted each belongs to one of the migrate types.
 */
function carved(
  counts: readonly number[],
  block: number,
  chance: PrngStream,
): readonly (readonly [number, number])[] {
  const pieces: (readonly [number, number])[] = [];
  let end = block + BLOCK_PAGES;
  for (let order = 9; order >= 0; order -= 1) {
    const counted = counts.length === 0 && order === 9 ? MIGRATE_TYPES : (counts[order] ?? 0);
    if (chance.below(MIGRATE_TYPES) >= counted) continue;
    end -= 2 ** order;
    pieces.unshift([end, order]);
  }
  return pieces;
}
