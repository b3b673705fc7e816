/**
 * The machine of a recording at its first snapshot: direct map and frames of the initial areas from
 * the recorded page tables, free memory from the recorded block counts, load offset and area from
 * the recorded base. `placement` seeds what a boot leaves to chance: rests in free memory, amounts taken beside.
 */
import { PrngStream } from '../base/prng.js';
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES } from '../base/units.js';
import { PTE_WRITABLE } from '../machine/pte.js';
import { BackingFrames } from '../mm/backing-frames.js';
import { KernelMachine } from '../mm/kernel-machine.js';
import { kernelRules } from '../mm/kernel-rules.js';
import { frameCount, type FrameRange } from '../mm/ram-layout.js';
import {
  machineOfRecording,
  moduleAreaOffsetPages,
  moduleAreaStart,
} from '../recording/recorded-machine.js';
import { isAtLeast } from '../recording/module-layout.js';
import type { Recording } from '../recording/recording.js';
import { AreaWatch } from './replay-area-watch.js';
import {
  Background,
  backgroundOf,
  type BackgroundAmounts,
  type BackgroundMemory,
} from './replay-background.js';
import { recordedDirectMap } from './replay-direct-map.js';
import { ReplayFrames, type FrameRules } from './replay-frames.js';
import { zonesAfterBoot } from './replay-free-memory.js';

/** Bounds of what a recording may ask for. */
const NODES_MAX = 64;
const CPUS_MAX = 1024;
/** Frames of a machine that does not tell its memory: 4 GiB. */
const DEFAULT_RAM_PAGES = 1048576;
/** A boot takes between 1 / 2^this and 2^this of the middle amounts. */
const AMOUNT_SPREAD = 1.3;

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
  const nodes = Math.min(NODES_MAX, guest.onlineNodes);
  const cpus = Math.min(CPUS_MAX, guest.onlineCpus);
  const ram = ramOf(recording);
  const taken = new Set(initialFrames(recording));
  const zones = zonesAfterBoot({ recording, release, ram, nodes, cpus, taken, chance });
  const amounts = varied(backgroundOf(release), chance);
  const frames = new ReplayFrames(zones, cpus, chance, frameRulesOf(release));
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
  const memory = backgroundMemory(new BackingFrames(frames, rules, mm.effects), frames);
  const background = new Background(
    { modules: recording.modules, ramPages: frameCount(ram) },
    memory,
    amounts,
  );
  return { mm, watch, frames, background };
}

const frameRulesOf = (release: string): FrameRules => ({ batchesGrow: isAtLeast(release, 6, 7) });

/** Blocks of 8 pages: larger objects of slabs, buffers. */
const PASSING_ORDER = 3;

/** Memory that others take, in the way that vmalloc takes it; none when it runs out. */
function backgroundMemory(
  backing: BackingFrames,
  frames: ReplayFrames,
): BackgroundMemory<Float64Array> {
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
    takeSingles: (pages) => {
      const handle = new Float64Array(pages);
      const had = frames.allocBulk(-1, pages, handle, 0);
      return had === pages ? handle : handle.slice(0, had);
    },
    giveSingles: (handle) => {
      for (const frame of handle) frames.freeBlock(frame, 0);
    },
    passBlocks: (blocks) => {
      const taken: number[] = [];
      for (let block = 0; block < blocks; block += 1) {
        const frame = frames.allocBlock(-1, PASSING_ORDER);
        if (frame >= 0) taken.push(frame);
      }
      frames.onNextCpu(() => {
        for (const frame of taken) frames.freeBlock(frame, PASSING_ORDER);
      });
    },
    giveOthers: (pages) => {
      frames.freeOthers(pages);
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

/** Around the middle amounts. */
function varied(amounts: BackgroundAmounts, chance: PrngStream): BackgroundAmounts {
  const factor = (): number => 2 ** ((chance.unit() * 2 - 1) * AMOUNT_SPREAD);
  const modulePages = amounts.modulePages * factor();
  const moduleFileShare = amounts.moduleFileShare * factor();
  const instances = factor();
  return {
    ...amounts,
    modulePages,
    moduleFileShare,
    instancePages: Math.round(amounts.instancePages * instances),
    instancePassingBlocks: Math.round(amounts.instancePassingBlocks * instances),
    probePages: Math.round(amounts.probePages * factor()),
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
