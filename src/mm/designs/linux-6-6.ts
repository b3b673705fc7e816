/**
 * Linux 6.4 to 6.7: seven regions a module, each an area of its own.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation61 } from './linux-6-1.js';

export const generation66: LinuxGeneration = {
  ...generation61,
  release: '6.6',
  summary: 'seven regions per module',
  idea: [
    'as 6.1, but a module has up to seven areas, one a region',
    'text and data of all modules interleave from the bottom',
    'init regions go after load and leave small holes',
    'BPF trampolines still have a page each',
    'read-only and executable are still set in two calls for modules',
  ],
  moduleAreas: 'regions',
};

export const linux66 = linuxDesign(generation66);
