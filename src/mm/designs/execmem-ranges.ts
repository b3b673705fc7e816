/**
 * P7, execmem ranges (Mike Rapoport, 2023 to 2024, merged for 6.10): one record per kind of user with
 * range, alignment and protection; on x86 all have the same range. Text and data of a module are
 * allocations of their own, up to seven. Placement and mapping are those of module_alloc: whole 4K
 * pages, lowest fit, a guard page each; no packing, no 2M leaf.
 */
import type { AllocatorDesign } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { SEPARATE } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { AreaData, AreaText, PlainAreaPool } from './proposed/page-areas.js';
import { ProposedInstance, type ProposedUsers } from './proposed/proposed-instance.js';

/** Everybody in areas of whole pages, modules in up to seven. */
export function rangeUsers(mm: KernelMm): ProposedUsers {
  const pool = new PlainAreaPool(mm);
  const text = new AreaText(mm, pool, 'rox');
  return {
    ...everybodyOn(text),
    data: new AreaData(mm, pool),
    modules: { layout: SEPARATE, repeatsCalls: true },
  };
}

export const execmemRanges: AllocatorDesign = {
  name: 'execmem_ranges',
  origin: 'P7',
  summary: 'one range for all kinds of users, modules in up to seven areas',
  idea: [
    'a record per kind of user says where and how; on x86 all say the same range',
    'every request is an area of whole 4K pages, the lowest that fits, with a guard page',
    'text and data of a module are separate areas, up to seven',
    'text is written first, then read-only and executable in one call',
    'no packing, never a 2M leaf',
  ],
  options: [],
  collapse: 'off',
  writableExecutable: [],
  create: (mm) => new ProposedInstance(mm, rangeUsers(mm)),
};
