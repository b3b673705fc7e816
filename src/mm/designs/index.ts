/** All designs that a scenario may compare: released kernels, oldest first, then proposals. */
import { createRegistry } from '../../base/registry.js';
import type { AllocatorDesign } from '../allocator-design.js';
import { bpfProgPack } from './bpf-prog-pack.js';
import { execmemAlloc } from './execmem-alloc.js';
import { execmemRanges } from './execmem-ranges.js';
import { execmemRox } from './execmem-rox.js';
import { groupedPages } from './grouped-pages.js';
import { linuxDesigns } from './linux/index.js';
import { moduleAlloc } from './module-alloc.js';
import { permAlloc } from './perm-alloc.js';
import { topdownSplit } from './topdown-split.js';
import { typedBlocks } from './typed-blocks.js';
import { unmappedPages } from './unmapped-pages.js';
import { vmallocExec } from './vmalloc-exec.js';

export const proposedDesigns: readonly AllocatorDesign[] = [
  moduleAlloc,
  bpfProgPack,
  vmallocExec,
  topdownSplit,
  execmemAlloc,
  typedBlocks,
  execmemRanges,
  execmemRox,
  permAlloc,
  groupedPages,
  unmappedPages,
];

export const designs = createRegistry<AllocatorDesign>(
  'design',
  [...linuxDesigns, ...proposedDesigns],
  (design) => design.name,
);
