/**
 * Puts a simulated machine together from a machine plan: firmware's memory, the direct map as boot
 * leaves it, the page allocator with its state of free memory, the module area, the release's rules.
 */
import { LeafLevel } from '../base/units.js';
import { bootDirectMap } from './direct-map-boot.js';
import { kernelImageOf } from './direct-map-boot-image.js';
import { FrameAllocator } from './frame-allocator.js';
import { KernelMachine } from './kernel-machine.js';
import { kernelRules } from './kernel-rules.js';
import type { MachineMm, MachineMmOptions } from './machine-view.js';
import { moduleAreaOf } from './module-area.js';
import { defaultRamRanges, frameCount, framesOfRam } from './ram-layout.js';

const LARGEST_LEAF = {
  '4K': LeafLevel.pte4K,
  '2M': LeafLevel.pmd2M,
  '1G': LeafLevel.pud1G,
} as const;

export function createMachineMm(options: MachineMmOptions): MachineMm {
  const { machine, seed } = options;
  const rules = kernelRules.get(options.release);
  const ram = defaultRamRanges(machine.ramBytes);
  const kernelImage = kernelImageOf(machine.kernelTextBytes);
  const boot = bootDirectMap({ ram, largestPage: machine.directMap, kernelImage });
  return new KernelMachine({
    rules,
    collapse: options.collapse,
    cpus: machine.cpus,
    nodes: machine.nodes,
    possibleNodes: machine.possibleNodes,
    levels: machine.levels,
    pti: machine.pti,
    area: moduleAreaOf(machine, seed),
    frames: new FrameAllocator({ machine, seed, ram, kernelImage, claimRule: rules.claimRule }),
    ramPages: frameCount(framesOfRam(ram)),
    bootLeaves: boot.leaves,
    bootKb: boot.kb,
    directMapLevelMax: LARGEST_LEAF[machine.directMap],
    sink: options.sink,
  });
}
