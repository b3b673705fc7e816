/**
 * Linux 6.17 and 6.18: kprobes and ftrace join module text in the ROX cache.
 */
import { linuxDesign } from './linux/linux-design.js';
import type { LinuxGeneration } from './linux/generation.js';
import { generation615 } from './linux-6-15.js';

export const generation617: LinuxGeneration = {
  ...generation615,
  release: '6.17',
  summary: 'ROX cache for modules, kprobes and ftrace',
  idea: [
    'as 6.15, and kprobe pages and ftrace trampolines share the 2M blocks',
    'freed pieces are refilled with traps through a writable window',
    'without an order-9 page the cache takes just the pages asked for',
    'BPF packs stay outside on 4K pages',
    'a block that is wholly free goes back and stays lazy until a purge',
  ],
  cacheUsers: new Set(['module_text', 'kprobes', 'ftrace']),
  cacheFreesThroughRw: true,
  cacheFallsBackToSize: true,
};

export const linux617 = linuxDesign(generation617);
