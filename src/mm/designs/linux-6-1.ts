/**
 * Linux 6.0 to 6.3: BPF packs of 2 MiB for every possible node, mapped with 4K pages.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation518 } from './linux-5-18.js';

export const generation61: LinuxGeneration = {
  ...generation518,
  release: '6.1',
  summary: 'BPF packs of 2 MiB on 4K pages, core and init areas',
  idea: [
    'every request takes the lowest hole that fits, guard page included',
    'BPF programs share packs of 2 MiB a possible node, still on 4K pages',
    'a module has a core and an init area; init memory goes after load',
    'trampolines and probe pages have areas of their own, read-only',
    'freeing resets the direct map page by page and purges at once',
  ],
  bpf: 'packs',
  bpfTrampoline: 'page',
};

export const linux61 = linuxDesign(generation61);
