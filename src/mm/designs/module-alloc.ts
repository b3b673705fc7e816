/**
 * P0, the state before 2022: module_alloc() for everybody. One area of whole pages each, lowest fit,
 * a guard page behind it, 4K mappings; a module is a core lump and an init lump; a program has pages
 * of its own; written first, then read-only, then executable. Never a 2M leaf, never a shared page.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { LUMPS } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { choiceOption, switchOption } from './proposed/options.js';
import { AreaData, AreaText, PlainAreaPool, type PageAreaRules } from './proposed/page-areas.js';
import { ProposedInstance, type ProposedUsers } from './proposed/proposed-instance.js';

export const PAGE_AREA_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'guard_page',
    kind: 'switch',
    default: true,
    help: 'an unmapped page after every area of module_alloc',
  },
  {
    name: 'lazy_free',
    kind: 'switch',
    default: false,
    help:
      'off: a free resets permissions and purges at once; on: it undoes NX and RO call by call ' +
      'and leaves the addresses to the next purge',
  },
];

const BACKINGS = ['scattered', 'order9'] as const;

export const pageAreaRules = (options: DesignOptions): PageAreaRules => ({
  guardPages: switchOption(options, 'guard_page') ? 1 : 0,
  lazyFree: switchOption(options, 'lazy_free'),
});

/** Everybody served by module_alloc; other designs move users away from here. */
export function moduleAllocUsers(mm: KernelMm, options: DesignOptions): ProposedUsers {
  const backing =
    options['backing_pages'] === undefined
      ? 'scattered'
      : choiceOption(options, 'backing_pages', BACKINGS);
  const pool = new PlainAreaPool(mm, pageAreaRules(options), {
    backing: backing === 'order9' ? 'order9' : 'kernel',
  });
  const text = new AreaText(mm, pool);
  return {
    ...everybodyOn(text),
    data: new AreaData(mm, pool),
    modules: { layout: LUMPS, repeatsCalls: true },
  };
}

export const moduleAlloc: AllocatorDesign = {
  name: 'module_alloc',
  origin: 'P0',
  summary: 'an area of 4K pages for every user',
  idea: [
    'every request is an area of whole pages, the lowest that fits, with a guard page behind it',
    'a module is two lumps: core with text, rodata, data, and init that goes after init',
    'a BPF program, a trampoline, a page of probe slots has an area of its own',
    'memory is written first, then read-only, then executable; each step splits its aliases',
    'never a 2M leaf, never two users in one page',
  ],
  options: [
    ...PAGE_AREA_OPTIONS,
    {
      name: 'backing_pages',
      kind: 'choice',
      values: BACKINGS,
      default: 'scattered',
      help: 'scattered: single pages as the page allocator has them; order9: cut from 2M pages',
    },
  ],
  collapse: 'off',
  writableExecutable: [],
  create: (mm, options) => new ProposedInstance(mm, moduleAllocUsers(mm, options)),
};
