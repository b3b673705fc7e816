/**
 * Linux 5.17: module_alloc() for everything, an area of at least one page for every BPF program.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';

export const generation517: LinuxGeneration = {
  release: '5.17',
  summary: 'one area per user, 4K pages, no packs',
  idea: [
    'every request takes the lowest hole that fits, guard page included',
    'a module has a core and an init area; init memory goes after load',
    'each BPF program, trampoline and probe page has an area of its own',
    'everything is mapped with 4K pages; read-only text splits the direct map',
    'freeing resets the direct map page by page and purges at once',
  ],
  moduleAreas: 'core_init',
  roxInOneCall: false,
  cacheUsers: new Set(),
  cacheFreesThroughRw: false,
  cacheFallsBackToSize: false,
  bpf: 'areas',
  bpfPokesOnFree: false,
  bpfTrampoline: 'writable_page',
  trampolineScratch: 'none',
  cleanPacks: false,
};

export const linux517 = linuxDesign(generation517);
