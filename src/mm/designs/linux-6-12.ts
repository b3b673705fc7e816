/**
 * Linux 6.8 to 6.14: execmem without the ROX cache; trampolines live in packs.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation66 } from './linux-6-6.js';

export const generation612: LinuxGeneration = {
  ...generation66,
  release: '6.12',
  summary: 'execmem, trampolines inside packs',
  idea: [
    'as 6.6, and BPF trampolines take chunks of a pack',
    'each trampoline is measured in a scratch page that splits and purges',
    'text becomes read-only and executable in one call',
    'all types of execmem have the same range and 4K pages',
    'freeing resets the direct map page by page and purges at once',
  ],
  roxInOneCall: true,
  bpfTrampoline: 'pack',
  trampolineScratch: 'executable',
  cleanPacks: true,
};

export const linux612 = linuxDesign(generation612);
