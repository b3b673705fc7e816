/**
 * P10, grouped pages for vmalloc (Rick Edgecombe, April 2021): module_alloc as it is, but its pages
 * come from a cache cut out of 2M pages, so that the splits of their aliases cluster in few 2M leaves
 * of the direct map. Addresses, callers and permissions are those of P0.
 */
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { FrameStack } from './proposed/frame-stash.js';
import { LUMPS } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { numberOption } from './proposed/options.js';
import { AreaData, AreaText } from './proposed/page-areas.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { StashAreas } from './proposed/stash-areas.js';
import { IDLE_PAGES_OPTION } from './perm-alloc.js';

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const stack = new FrameStack(mm, {
    unmaps: false,
    perNode: true,
    idlePagesMax: numberOption(options, 'idle_pages_max'),
  });
  const areas = new StashAreas(mm, stack, { guardPages: 1, onFree: 'reset' });
  const text = new AreaText(mm, areas);
  return new ProposedInstance(mm, {
    ...everybodyOn(text),
    data: new AreaData(mm, areas),
    modules: { layout: LUMPS, repeatsCalls: true },
    verify: () => {
      stack.verify();
    },
    gauges: { stash_idle_pages: () => stack.idlePages },
  });
}

export const groupedPages: AllocatorDesign = {
  name: 'grouped_pages',
  origin: 'P10',
  summary: 'module_alloc on pages cut out of few 2M pages',
  idea: [
    'every request is an area of whole 4K pages as with module_alloc, written, then protected',
    'its pages come from a cache for each node, cut out of 2M pages, last freed first',
    'so splits of the direct map cluster: a 2M leaf is split once for 512 pages',
    'a node is asked in turn; without an order-9 page a single page is taken',
    'idle pages go back one by one when the shrinker runs',
  ],
  options: [IDLE_PAGES_OPTION],
  collapse: 'off',
  writableExecutable: [],
  create,
};
