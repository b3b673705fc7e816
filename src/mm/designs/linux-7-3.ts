/**
 * Linux 7.3: BPF packs and large programs come from the ROX cache as well.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation72 } from './linux-7-2.js';

export const generation73: LinuxGeneration = {
  ...generation72,
  release: '7.3',
  summary: 'everything executable from 2M blocks',
  idea: [
    'all executable memory comes from 2M read-only executable blocks',
    'a BPF pack is a block; loading a program changes no page attribute',
    'trampolines are measured in module-data memory',
    'module data stays in 4K areas and fills the holes between blocks',
    'blocks are 4 MiB apart because of their guard page',
  ],
  cacheUsers: new Set(['module_text', 'kprobes', 'ftrace', 'bpf']),
  trampolineScratch: 'data',
};

export const linux73 = linuxDesign(generation73);
