/**
 * P9, permissioned vmalloc (Rick Edgecombe, November 2020): memory is mapped with its final permission
 * from the start, on single pages of one stack that are not in the direct map; an empty stack takes a
 * 2M page and unmaps it in one go. Content is formed in a staging buffer and poked. Freed pages stay
 * on the stack, unmapped. Never a writable text page, never a split by a load once the stack is full.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { FrameStack } from './proposed/frame-stash.js';
import { SEPARATE } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { numberOption, switchOption } from './proposed/options.js';
import { PermData, PermMemory, PermText } from './proposed/perm-memory.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { StashAreas } from './proposed/stash-areas.js';

/** Pages of a stash: 4 GiB. */
const STASH_PAGES_MAX = 1048576;

export const IDLE_PAGES_OPTION: OptionSpec = {
  name: 'idle_pages_max',
  kind: 'count',
  min: 0,
  max: STASH_PAGES_MAX,
  default: 0,
  help: 'idle pages beyond which the shrinker returns some; 0: it never runs',
};

const OPTIONS: readonly OptionSpec[] = [
  IDLE_PAGES_OPTION,
  {
    name: 'per_node',
    kind: 'switch',
    default: false,
    help: 'a stack of pages for each node, asked in turn; off: one stack',
  },
];

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const stack = new FrameStack(mm, {
    unmaps: true,
    perNode: switchOption(options, 'per_node'),
    idlePagesMax: numberOption(options, 'idle_pages_max'),
  });
  const memory = new PermMemory(mm, new StashAreas(mm, stack, { guardPages: 1, onFree: 'none' }));
  const text = new PermText(memory);
  return new ProposedInstance(mm, {
    ...everybodyOn(text),
    data: new PermData(memory),
    modules: { layout: SEPARATE, repeatsCalls: false },
    verify: () => {
      stack.verify();
    },
    gauges: { stash_idle_pages: () => stack.idlePages },
  });
}

export const permAlloc: AllocatorDesign = {
  name: 'perm_alloc',
  origin: 'P9',
  summary: 'final permission from the start, pages outside the direct map',
  idea: [
    'every request is an area of 4K pages, the lowest that fits, mapped with its final permission',
    'its pages come from one stack, last in, first out; they are not in the direct map',
    'an empty stack takes a 2M page, unmaps all of it and flushes once',
    'content is formed in a staging buffer and poked 4 KiB at a time',
    'freed pages stay on the stack until a shrinker maps and returns them one by one',
  ],
  options: OPTIONS,
  collapse: 'off',
  writableExecutable: [],
  create,
};
