/**
 * Linux 6.15 and 6.16: module text from the ROX cache.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation612 } from './linux-6-12.js';

export const generation615: LinuxGeneration = {
  ...generation612,
  release: '6.15',
  summary: 'module text from 2M blocks of the ROX cache',
  idea: [
    'module text comes from 2M read-only executable blocks, page by page',
    'a block splits while a module loads and collapses again afterwards',
    'data regions stay areas of their own and fill the holes between blocks',
    'ftrace, kprobes and BPF still have 4K areas',
    'a block that is wholly free goes back and stays lazy until a purge',
  ],
  cacheUsers: new Set(['module_text']),
  cleanPacks: false,
};

export const linux615 = linuxDesign(generation615);
