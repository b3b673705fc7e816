/**
 * Linux 7.2: as 6.19, freed pages return in runs; packs may be chosen by predictor state.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation619 } from './linux-6-19.js';

export const generation72: LinuxGeneration = {
  ...generation619,
  release: '7.2',
  summary: 'as 6.19, frees in runs',
  idea: [
    'addresses as 6.17 to 6.19',
    'module text, kprobes and ftrace share 2M blocks',
    'BPF packs are areas of 2 MiB a possible node on 4K pages',
    'contiguous backing keeps direct-map splits per pack at one',
    'freed pages return to the page allocator as aligned runs',
  ],
  cleanPacks: true,
};

export const linux72 = linuxDesign(generation72);
