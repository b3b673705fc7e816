/**
 * What differs between kernel releases in address search, attribute changes and freeing, as data.
 * Follows mm/vmalloc.c and arch/x86/mm/pat/set_memory.c of each release.
 */
import { createRegistry } from '../base/registry.js';

export interface KernelRules {
  /** Release name as the `kernel` key of a machine, e.g. `6.12`. */
  readonly release: string;
  /** vmap search length: the plain size (5.16, 5.17) or size + align - 1 above page alignment. */
  readonly vmapSearch: 'plain' | 'adjusted';
  /** Huge vmalloc: absent on x86, size divided by online nodes, or the size itself (6.13). */
  readonly hugeVmalloc: 'none' | 'divide' | 'ignore';
  /** Lazily freed areas wait and return by vmap node (6.9); before, by address and merged. */
  readonly lazyPerNode: boolean;
  /** A pageblock changes type only when half of it is free or alike (6.15; frame-allocator-zone). */
  readonly claimRule: 'use' | 'half';
  /** NX-only changes skip the alias walk (before 6.2); later the walk has an empty mask. */
  readonly nxSkipsAlias: boolean;
  /** Clearing RW or P clears Dirty too (6.6). */
  readonly roClearsDirty: boolean;
  /** set_memory_rox exists (6.2). */
  readonly hasRox: boolean;
  /** set_memory_rox collapses 2M windows of the primary range (6.15). */
  readonly collapseOnRox: boolean;
  /** vmalloc takes large physically contiguous chunks for 4K mappings (6.19). */
  readonly vmallocLargeOrders: boolean;
  /** Freed pages return as largest aligned runs instead of one by one (7.2). */
  readonly freeInRuns: boolean;
  /** A small-page retry keeps the 2M alignment of the huge attempt (6.15..6.17). */
  readonly populateRetryKeepsAlign: boolean;
}

const base: KernelRules = {
  release: '5.17',
  vmapSearch: 'plain',
  hugeVmalloc: 'none',
  lazyPerNode: false,
  claimRule: 'use',
  nxSkipsAlias: true,
  roClearsDirty: false,
  hasRox: false,
  collapseOnRox: false,
  vmallocLargeOrders: false,
  freeInRuns: false,
  populateRetryKeepsAlign: false,
};
const v518: KernelRules = {
  ...base,
  release: '5.18',
  vmapSearch: 'adjusted',
  hugeVmalloc: 'divide',
};
const v61: KernelRules = { ...v518, release: '6.1' };
const v66: KernelRules = {
  ...v61,
  release: '6.6',
  nxSkipsAlias: false,
  roClearsDirty: true,
  hasRox: true,
};
const v612: KernelRules = { ...v66, release: '6.12', lazyPerNode: true };
const v615: KernelRules = {
  ...v612,
  release: '6.15',
  hugeVmalloc: 'ignore',
  claimRule: 'half',
  collapseOnRox: true,
  populateRetryKeepsAlign: true,
};
const v617: KernelRules = { ...v615, release: '6.17' };
const v619: KernelRules = {
  ...v617,
  release: '6.19',
  vmallocLargeOrders: true,
  populateRetryKeepsAlign: false,
};
const v72: KernelRules = { ...v619, release: '7.2', freeInRuns: true };
const v73: KernelRules = { ...v72, release: '7.3' };

export const kernelRules = createRegistry(
  'kernel release',
  [base, v518, v61, v66, v612, v615, v617, v619, v72, v73],
  (rules) => rules.release,
);

/** Rule set of a machine that names none. */
export const NEWEST_KERNEL = '7.3';
