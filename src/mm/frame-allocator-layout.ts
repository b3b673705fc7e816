/**
 * How RAM becomes nodes and zones: nodes share RAM in order of address; zones end at 16 MiB, 4 GiB
 * and the end of memory. A request looks at its node's zones from the highest down, then at the
 * other nodes. What boot took is not part of a zone: the kernel image, the page structures (64 bytes
 * a page, at the top of each node), and the first kernel memory at the bottom. Follows
 * free_area_init, build_zonelists and setup_per_zone_lowmem_reserve of mm/page_alloc.c.
 */
import { MIB, PAGE_SIZE_BYTES, roundDown } from '../base/units.js';
import { PrngStream } from '../base/prng.js';
import type { FreeMemoryPlan } from '../contract/scenario-plan.js';
import { MIGRATE_UNMOVABLE, SECTION_PAGES } from './frame-allocator-blocks.js';
import { BuddyZone, type ClaimRule } from './frame-allocator-zone.js';
import { prepareZone } from './free-memory.js';
import { clipFrames, cutFrames, frameCount, type FrameRange } from './ram-layout.js';

export interface MemoryLayoutOptions {
  /** RAM of the machine, ascending. */
  readonly frames: readonly FrameRange[];
  readonly nodes: number;
  readonly freeMemory: FreeMemoryPlan;
  /** Frames of the kernel image. */
  readonly image: FrameRange;
  readonly seed: number;
  readonly claimRule: ClaimRule;
}

export interface NodeZone {
  readonly node: number;
  readonly zone: BuddyZone;
  /** Free pages that requests for normal memory leave here. */
  readonly reservePages: number;
}

/** Ends of the zones DMA, DMA32, Normal in frames. */
const ZONE_ENDS: readonly number[] = [4096, 1048576, Infinity];
const ZONE_NAMES = ['DMA', 'DMA32', 'Normal'] as const;
const LOWMEM_RESERVE_RATIO = 256;
const PAGE_STRUCT_BYTES = 64;
/** Kernel memory of boot on a node: 64 MiB, no more than a sixteenth of it. */
const BOOT_PAGES = (64 * MIB) / PAGE_SIZE_BYTES;
const BOOT_SHARE = 16;
/** Largest order of the small blocks in the section that boot used in part. */
const BOOT_ORDER_MAX = 3;
/** One small block of boot in so many is free again. */
const BOOT_FREED_IN = 10;

/** RAM of each node; nodes differ by less than a section. */
export function framesOfNodes(
  frames: readonly FrameRange[],
  nodes: number,
): readonly (readonly FrameRange[])[] {
  const total = frameCount(frames);
  const borders: number[] = [];
  for (let node = 0; node <= nodes; node += 1) {
    borders.push(node === nodes ? Infinity : frameNumber(frames, (total * node) / nodes));
  }
  return Array.from({ length: nodes }, (_, node) =>
    clipFrames(frames, borders[node] ?? 0, borders[node + 1] ?? Infinity),
  );
}

/** Frame behind the first `count` frames, at the border of a section. */
function frameNumber(frames: readonly FrameRange[], count: number): number {
  let left = count;
  for (const { startPfn, endPfn } of frames) {
    if (left < endPfn - startPfn) return roundDown(startPfn + left, SECTION_PAGES);
    left -= endPfn - startPfn;
  }
  return Infinity;
}

/** Zones of all nodes with their free memory, nodes ascending, each from the highest zone down. */
export function layOutMemory(options: MemoryLayoutOptions): readonly NodeZone[] {
  return framesOfNodes(options.frames, options.nodes).flatMap((ranges, node) =>
    zonesOfNode(options, node, ranges),
  );
}

function zonesOfNode(
  options: MemoryLayoutOptions,
  node: number,
  ranges: readonly FrameRange[],
): readonly NodeZone[] {
  const zones: NodeZone[] = [];
  let higherPages = 0;
  const left = withoutBoot(ranges, options.image);
  for (let index = ZONE_ENDS.length - 1; index >= 0; index -= 1) {
    const zoneRanges = clipFrames(left, ZONE_ENDS[index - 1] ?? 0, ZONE_ENDS[index] ?? 0);
    if (zoneRanges.length === 0) continue;
    const zone = new BuddyZone({ ranges: zoneRanges, claimRule: options.claimRule });
    const isPreferred = zones.length === 0;
    const bootPages = isPreferred ? Math.min(BOOT_PAGES, frameCount(left) / BOOT_SHARE) : 0;
    const name = `node ${String(node)} zone ${ZONE_NAMES[index] ?? ''}`;
    const plan: FreeMemoryPlan = index === 0 ? { kind: 'fresh' } : options.freeMemory;
    const free = bootPages === 0 ? zoneRanges : takeBottom(zoneRanges, bootPages);
    prepareZone({ zone, ranges: free, plan, seed: options.seed, name });
    if (bootPages > 0 && plan.kind === 'fresh')
      carveBootRests(zone, new PrngStream(options.seed, `${name} boot`));
    const reservePages = Math.floor(higherPages / LOWMEM_RESERVE_RATIO);
    zones.push({ node, zone, reservePages });
    higherPages += zone.managedPages;
  }
  return zones;
}

/** Without the kernel image and, at the top, the node's page structures. */
function withoutBoot(ranges: readonly FrameRange[], image: FrameRange): readonly FrameRange[] {
  const bytes = frameCount(ranges) * PAGE_STRUCT_BYTES;
  const structPages = Math.ceil(bytes / PAGE_SIZE_BYTES);
  let left = cutFrames(ranges, image.startPfn, image.endPfn);
  let pages = structPages;
  while (pages > 0 && left.length > 0) {
    const last = left[left.length - 1];
    if (last === undefined) break;
    const taken = Math.min(pages, last.endPfn - last.startPfn);
    left = cutFrames(left, last.endPfn - taken, last.endPfn);
    pages -= taken;
  }
  return left;
}

/** Without at least `pages` frames at the bottom, to the border of a section. */
function takeBottom(ranges: readonly FrameRange[], pages: number): readonly FrameRange[] {
  let left = pages;
  for (const { startPfn, endPfn } of ranges) {
    if (left < endPfn - startPfn) {
      const border = Math.ceil((startPfn + left) / SECTION_PAGES) * SECTION_PAGES;
      return cutFrames(ranges, 0, Math.min(border, endPfn));
    }
    left -= endPfn - startPfn;
  }
  return [];
}

/**
 * The section that boot used last is in use in part: small blocks up to a random fill, a few of them
 * free again.
 */
function carveBootRests(zone: BuddyZone, chance: PrngStream): void {
  const target = chance.below(SECTION_PAGES);
  const blocks: (readonly [number, number])[] = [];
  for (let pages = 0; pages < target;) {
    const order = chance.below(BOOT_ORDER_MAX + 1);
    const frame = zone.alloc(order, MIGRATE_UNMOVABLE);
    if (frame < 0) break;
    blocks.push([frame, order]);
    pages += 2 ** order;
  }
  for (const [frame, order] of blocks) {
    if (chance.below(BOOT_FREED_IN) === 0) zone.free(frame, order);
  }
}
