/**
 * Linux 6.19 to 7.1: as 6.17, backed by large contiguous chunks of memory.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation617 } from './linux-6-17.js';

export const generation619: LinuxGeneration = {
  ...generation617,
  release: '6.19',
  summary: 'as 6.17, contiguous backing for 4K areas',
  idea: [
    'addresses as 6.17',
    '4K areas are backed by the largest contiguous chunks that are free',
    'a pack sits in one 2M region of memory: one split instead of many',
    'a pack that happens to start on 2M collapses into one 2M entry',
    'the small-page retry of a block no longer keeps 2M alignment',
  ],
};

export const linux619 = linuxDesign(generation619);
