/** Designs that a recording can be replayed through. */
import type { AllocatorDesign } from '../mm/allocator-design.js';
import { linuxDesigns } from '../mm/designs/linux/index.js';

export const findReplayDesign = (name: string): AllocatorDesign | undefined =>
  linuxDesigns.find((design) => design.name === name);

export const replayDesignNames = (): readonly string[] => linuxDesigns.map((design) => design.name);
