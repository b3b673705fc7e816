/**
 * P11, unmapped allocations (Mike Rapoport, 2022 and 2023): module_alloc on pages that are not in the
 * direct map, from a small buddy allocator beside the main one. Protecting such a page has no alias
 * to split. 2023: a refill unmaps a whole 2M page; 2022: a pageblock gets 4K entries, pages are
 * unmapped when they are handed out and mapped when they come back.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { LUMPS } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { choiceOption, numberOption } from './proposed/options.js';
import { AreaData, AreaText } from './proposed/page-areas.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { StashAreas } from './proposed/stash-areas.js';
import { UnmappedBuddy } from './proposed/unmapped-buddy.js';
import { IDLE_PAGES_OPTION } from './perm-alloc.js';

const FORMS = ['2023', '2022'] as const;

const FORM_OPTION: OptionSpec = {
  name: 'form',
  kind: 'choice',
  values: FORMS,
  default: '2023',
  help: '2023: own buddy allocator, refilled with unmapped 2M pages; 2022: pages unmapped singly',
};

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const buddy = new UnmappedBuddy(mm, {
    form: choiceOption(options, 'form', FORMS),
    idlePagesMax: numberOption(options, 'idle_pages_max'),
  });
  const areas = new StashAreas(mm, buddy, { guardPages: 1, onFree: 'none' });
  const text = new AreaText(mm, areas);
  return new ProposedInstance(mm, {
    ...everybodyOn(text),
    data: new AreaData(mm, areas),
    modules: { layout: LUMPS, repeatsCalls: true },
    verify: () => {
      buddy.verify();
    },
    gauges: { stash_idle_pages: () => buddy.idlePages },
  });
}

export const unmappedPages: AllocatorDesign = {
  name: 'unmapped_pages',
  origin: 'P11',
  summary: 'module_alloc on pages outside the direct map',
  idea: [
    'every request is an area of whole 4K pages as with module_alloc, written, then protected',
    'its pages come from a small buddy allocator and are not in the direct map',
    'a refill takes a 2M page and unmaps all of it, else the largest block to be had',
    'protecting and freeing split nothing: there is no alias',
    'idle blocks are mapped again and go back when the shrinker runs',
  ],
  options: [FORM_OPTION, IDLE_PAGES_OPTION],
  collapse: 'off',
  writableExecutable: [],
  create,
};
