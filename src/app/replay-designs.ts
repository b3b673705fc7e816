/** Designs that a recording can be replayed through. */
import type { AllocatorDesign } from '../mm/allocator-design.js';
import { designOfKernel } from '../recording/recorded-machine.js';
import type { Recording } from '../recording/recording.js';
import { linuxDesigns } from '../mm/designs/linux/index.js';

export const findReplayDesign = (name: string): AllocatorDesign | undefined =>
  linuxDesigns.find((design) => design.name === name);

export const replayDesignNames = (): readonly string[] => linuxDesigns.map((design) => design.name);

/** Name of the design that stands for the kernel of a recording. */
export const recordedDesignName = (recording: Recording): string =>
  designOfKernel(recording.meta.release);
