/**
 * Linux 5.18 and 5.19: BPF packs, of one page in practice since module_alloc() maps no huge pages.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation517 } from './linux-5-17.js';

export const generation518: LinuxGeneration = {
  ...generation517,
  release: '5.18',
  summary: 'BPF packs of one 4K page',
  idea: [
    'as 5.17, but BPF programs share packs in chunks of 64 bytes',
    'a pack is one page: module_alloc() never returned huge pages',
    'larger programs get pages of their own',
    'a pack goes with its last program',
    '2M alignment searches with size + align - 1',
  ],
  bpf: 'page_packs',
  bpfPokesOnFree: true,
};

export const linux518 = linuxDesign(generation518);
