/**
 * The machine of a recording at its first snapshot: direct map and frames of the initial areas from
 * the recorded page tables, free memory from the recorded block counts, load offset and area from
 * the recorded base. `placement` seeds what a boot leaves to chance: rests in free memory, amounts taken beside.
 */
import { at } from '../base/assert.js';
import { PrngStream } from '../base/prng.js';
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES } from '../base/units.js';
import { PTE_WRITABLE } from '../machine/pte.js';
import { BackingFrames } from '../mm/backing-frames.js';
import { KernelMachine } from '../mm/kernel-machine.js';
import { kernelRules } from '../mm/kernel-rules.js';
import { frameCount, type FrameRange } from '../mm/ram-layout.js';
import { isAtLeast } from '../recording/module-layout.js';
import {
  machineOfRecording,
  moduleAreaOffsetPages,
  moduleAreaStart,
} from '../recording/recorded-machine.js';
import type { Recording } from '../recording/recording.js';
import { AreaWatch } from './replay-area-watch.js';
import {
  Background,
  backgroundOf,
  type BackgroundAmounts,
  type BackgroundMemory,
} from './replay-background.js';
import { recordedDirectMap } from './replay-direct-map.js';
import { ReplayFrames, type ZoneShape } from './replay-frames.js';

const BLOCK_PAGES = 1024;
/** Bounds of what a recording may ask for. */
const NODES_MAX = 64;
const CPUS_MAX = 1024;
const FOUR_GIB_PAGES = 1048576;
/** Frames of a machine that does not tell its memory: 4 GiB. */
const DEFAULT_RAM_PAGES = 1048576;
/** Pages of the zone that a fresh boot uses: 64 MiB. */
const FRESH_BOOT_PAGES = 16384;
/** Claimed blocks with free rests that a boot leaves behind: 0..3. */
const CHAINS_MAX = 3;
/**
 * Blocks with a few free pages that the boot freed, since 6.7: per-CPU lists grow on demand from there
 * on and keep more of what was freed.
 */
const FRAGMENTS_LARGE_LISTS = 1;
/** One free piece of every order below this in such a block: 63 pages. */
const FRAGMENT_ORDERS = 6;
/** Runs of pages that the boot freed to the list of each CPU, 0..2, and their lengths, 1..6 pages. */
const LIST_RUNS_MAX = 2;
const LIST_RUN_PAGES_MAX = 6;

/** What a boot leaves in free memory. */
interface FreeRests {
  readonly chains: number;
  readonly fragments: number;
  /** Runs on the list of each CPU. */
  readonly listRuns: readonly number[];
}

export interface ReplayMachine {
  readonly mm: KernelMachine;
  readonly watch: AreaWatch;
  readonly background: Background<Float64Array>;
  readonly frames: ReplayFrames;
}

export function createReplayMachine(
  recording: Recording,
  release: string,
  placement: number,
): ReplayMachine {
  const chance = new PrngStream(placement, 'replay placement');
  const { guest } = recording.meta;
  const chains = chance.below(CHAINS_MAX + 1);
  const fragments = isAtLeast(release, 6, 7) ? FRAGMENTS_LARGE_LISTS : 0;
  const nodes = Math.min(NODES_MAX, guest.onlineNodes);
  const cpus = Math.min(CPUS_MAX, guest.onlineCpus);
  const ram = ramOf(recording);
  const listRuns = Array.from({ length: cpus }, () => chance.below(LIST_RUNS_MAX + 1));
  const zones = zonesOf({ recording, ram, nodes, rests: { chains, fragments, listRuns }, chance });
  const amounts = varied(backgroundOf(release), chance);
  const frames = new ReplayFrames(zones, cpus, chance);
  const rules = kernelRules.get(release);
  const machine = machineOfRecording(recording);
  const directMap = recordedDirectMap(recording, ram);
  const watch = new AreaWatch();
  const mm = new KernelMachine({
    rules,
    collapse: rules.collapseOnRox ? 'rox' : 'off',
    cpus,
    nodes,
    possibleNodes: Math.max(nodes, guest.possibleNodes),
    levels: guest.levels,
    pti: false,
    area: {
      areaPages: (machine.moduleAreaBytes ?? 0) / PAGE_SIZE_BYTES,
      areaVpn: Number(moduleAreaStart(recording) / BigInt(PAGE_SIZE_BYTES)),
      loadOffsetPages: moduleAreaOffsetPages(recording),
    },
    frames,
    ramPages: frameCount(ram),
    bootLeaves: directMap.leaves,
    // What others take (replay-background) was measured with page tables.
    tablePages: { take: () => -1, give: () => undefined },
    sink: watch.sink,
  });
  watch.watch(mm);
  for (const frame of directMap.readOnly) {
    mm.directMap.change(frame, PTRS_PER_PMD_PAGES, 0, PTE_WRITABLE);
  }
  const memory = backgroundMemory(new BackingFrames(frames, rules, mm.effects));
  return { mm, watch, frames, background: new Background(recording, memory, amounts) };
}

/** Memory that others take, in the way that vmalloc takes it; none when it runs out. */
function backgroundMemory(backing: BackingFrames): BackgroundMemory<Float64Array> {
  return {
    take: (pages) => {
      if (backing.takePages(pages, -1, false)) return backing.frames.slice(0, pages);
      backing.give(backing.taken);
      return new Float64Array(0);
    },
    give: (handle) => {
      backing.reserve(handle.length);
      backing.frames.set(handle);
      backing.give(handle.length);
    },
  };
}

/** Frames of memory, ascending; 4 GiB when a recording does not tell. */
function ramOf(recording: Recording): readonly FrameRange[] {
  const ranges = recording.meta.guest.ram.map((range) => ({
    startPfn: Math.ceil(range.start / PAGE_SIZE_BYTES),
    endPfn: Math.floor(range.end / PAGE_SIZE_BYTES),
  }));
  return ranges.length > 0 ? ranges : [{ startPfn: 0, endPfn: DEFAULT_RAM_PAGES }];
}

/** Between half and twice the default. */
function varied(amounts: BackgroundAmounts, chance: PrngStream): BackgroundAmounts {
  const vary = (pages: number): number => Math.round(pages * 2 ** (chance.unit() * 2 - 1));
  return {
    modulePages: vary(amounts.modulePages),
    instancePages: vary(amounts.instancePages),
    probePages: vary(amounts.probePages),
  };
}

/** Frames of the areas that stand at the start, in address order; empty when not recorded. */
export function initialFrames(recording: Recording): readonly number[] {
  const frames: number[] = [];
  for (const leaf of recording.initialLeaves) {
    if (leaf.region !== 'modules') continue;
    const pages = Number(leaf.end - leaf.start) / PAGE_SIZE_BYTES;
    for (let page = 0; page < pages; page += 1) frames.push(leaf.physical / PAGE_SIZE_BYTES + page);
  }
  return frames;
}

interface ZoneParts {
  readonly recording: Recording;
  readonly ram: readonly FrameRange[];
  readonly nodes: number;
  readonly rests: FreeRests;
  readonly chance: PrngStream;
}

/** The zone that kernel memory comes from: above 4 GiB where there is any, split over nodes. */
function zonesOf({ recording, ram, nodes, rests, chance }: ZoneParts): readonly ZoneShape[] {
  const taken = new Set(initialFrames(recording));
  const last = at(ram, ram.length - 1);
  const normal = last.endPfn > FOUR_GIB_PAGES;
  const zone = normal ? 'Normal' : 'DMA32';
  const share = Math.floor((last.endPfn - last.startPfn) / nodes / BLOCK_PAGES) * BLOCK_PAGES;
  return Array.from({ length: nodes }, (_, node): ZoneShape => {
    const start = Math.ceil(last.startPfn / BLOCK_PAGES) * BLOCK_PAGES + node * share;
    const counts =
      recording.snapshots[0]?.freeBlocks?.find((row) => row.node === node && row.zone === zone)
        ?.counts ?? [];
    // Not recorded: a fresh boot has used little of the zone.
    const boot = counts.length === 0 ? share - FRESH_BOOT_PAGES : 0;
    const free = boot + counts.reduce((sum, blocks, order) => sum + blocks * 2 ** order, 0);
    const used = Math.max(BLOCK_PAGES * (rests.chains + rests.fragments + 1), share - free);
    const claimStart = Math.min(start + Math.ceil(used / BLOCK_PAGES) * BLOCK_PAGES, last.endPfn);
    const claimEnd = node === nodes - 1 ? last.endPfn : start + share;
    const usedEnd = claimStart - BLOCK_PAGES * (rests.chains + rests.fragments);
    const lists = rests.listRuns.map((runs) =>
      freedRuns({ start, end: usedEnd, runs, chance, taken }),
    );
    return { claimStart, claimEnd, freeBlocks: restsOf(counts, claimStart, rests), lists };
  });
}

/**
 * Free rests of the blocks claimed last: a claimed block that was carved leaves one free piece an
 * order. They lie in the blocks in front of the first whole one, fragments in front of those.
 */
function restsOf(
  counts: readonly number[],
  claimStart: number,
  { chains, fragments }: FreeRests,
): readonly (readonly [number, number])[] {
  const rests: (readonly [number, number])[] = [];
  for (let chain = 0; chain < chains; chain += 1) {
    const block = claimStart - (chain + 1) * BLOCK_PAGES;
    for (let order = 0; order < 10; order += 1) {
      if ((counts[order] ?? 0) > chain) rests.push([block + 2 ** order, order]);
    }
  }
  for (let fragment = 0; fragment < fragments; fragment += 1) {
    const block = claimStart - (chains + fragment + 1) * BLOCK_PAGES;
    for (let order = 0; order < FRAGMENT_ORDERS; order += 1)
      rests.push([block + 2 ** order, order]);
  }
  return rests;
}

/** Runs of free pages somewhere in memory that the boot used; pages in `taken` are left out. */
function freedRuns(parts: {
  readonly start: number;
  readonly end: number;
  readonly runs: number;
  readonly chance: PrngStream;
  readonly taken: Set<number>;
}): readonly number[] {
  const { start, end, runs, chance, taken } = parts;
  const list: number[] = [];
  for (let run = 0; run < runs && end > start; run += 1) {
    const length = 1 + chance.below(LIST_RUN_PAGES_MAX);
    const first = start + chance.below(end - start);
    for (let page = first; page < Math.min(first + length, end); page += 1) {
      if (taken.has(page)) continue;
      taken.add(page);
      list.push(page);
    }
  }
  return list;
}
