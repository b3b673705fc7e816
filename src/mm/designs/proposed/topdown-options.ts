/** Choices behind the default reading of the top-down split, proposals.md P3. */
import type { OptionSpec } from '../../../contract/catalog.js';
import { WRITE_HELP, WRITE_PATHS } from './text-writer.js';

export const BOUNDARIES = ['moving', 'fixed'] as const;
export const STARTS = ['aligned', 'exact', 'kernel_tail'] as const;
export const SEARCHES = ['lowest', 'best', 'next'] as const;
export const SUBPAGES = ['pages', 'pack', 'native'] as const;
export const GROWTHS = ['whole', 'tail'] as const;
export const NO_ORDER9 = ['pages', 'fail'] as const;
export const COLLISIONS = ['fail', 'holes'] as const;
export const SHRINKS = ['top', 'never', 'any'] as const;
export const DATA_SEARCHES = ['pages', 'blocks', 'border'] as const;
export const DATA_KINDS = ['separate', 'lump'] as const;
export const RODATA_BACKINGS = ['pages', 'grouped'] as const;
export const ALIASES = ['ro', 'removed', 'rw'] as const;
export const NODES = ['one', 'per_step'] as const;
export const INIT_TEXTS = ['same', 'separate'] as const;
export const NODE_RULES = ['ignore', 'divide'] as const;
export const USERS = ['modules', 'bpf', 'ftrace', 'kprobes'] as const;

const MIB = 1048576;

const BOUNDARY_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'boundary',
    kind: 'choice',
    values: BOUNDARIES,
    default: 'moving',
    help: 'moving: text grows until it meets data; fixed: each side keeps half of the module area',
  },
  {
    name: 'extend',
    kind: 'size',
    min: 2 * MIB,
    max: 64 * MIB,
    default: 2 * MIB,
    help: 'the text region grows by multiples of this, rounded up to 2M; one order-9 page per 2M',
  },
  {
    name: 'growth',
    kind: 'choice',
    values: GROWTHS,
    default: 'whole',
    help: 'whole: by the size asked for, rounded up; tail: the free end of the region counts first',
  },
  {
    name: 'gap',
    kind: 'size',
    min: 0,
    max: 64 * MIB,
    default: 4096,
    help: 'unmapped pages between text and data, so that running across the boundary traps',
  },
  {
    name: 'guard_page',
    kind: 'switch',
    default: false,
    help: 'a page of traps behind each text (off keeps one contiguous text region)',
  },
  {
    name: 'collision',
    kind: 'choice',
    values: COLLISIONS,
    default: 'fail',
    help: 'fail: out of memory, counted; holes: data may take free pages of text (breaks the rule)',
  },
  {
    name: 'shrink',
    kind: 'choice',
    values: SHRINKS,
    default: 'top',
    help: 'top: free 2M blocks at the boundary go back; never; any: every free block, leaving holes',
  },
  {
    name: 'x_start',
    kind: 'choice',
    values: STARTS,
    default: 'aligned',
    help:
      'aligned: load offset rounded up to 2M; exact: the first block is partly lost; ' +
      'kernel_tail: begin in the rest of the last 2M page of kernel text (Q3)',
  },
];

const TEXT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'search',
    kind: 'choice',
    values: SEARCHES,
    default: 'lowest',
    help: 'which free gap of the text region serves: lowest address, smallest that fits, next fit',
  },
  {
    name: 'granularity',
    kind: 'size',
    min: 1,
    max: 4096,
    default: 4096,
    help: 'unit of text; 4K as the vmap tree has it, 64B and 1B were asked about (Q2)',
  },
  {
    name: 'subpage',
    kind: 'choice',
    values: SUBPAGES,
    default: 'pages',
    help: 'BPF and ftrace: units of the region; packs of 64B chunks on top; 64B from the region',
  },
  {
    name: 'pack',
    kind: 'pack',
    default: '2M',
    help: 'subpage pack: size of a pack inside the text region',
  },
  {
    name: 'no_order9',
    kind: 'choice',
    values: NO_ORDER9,
    default: 'pages',
    help: 'pages: a step without an order-9 page uses 512 single pages, counted; fail: no memory',
  },
  {
    name: 'trap_fill',
    kind: 'switch',
    default: true,
    help: 'freed text is filled with traps',
  },
  {
    name: 'text_alias',
    kind: 'choice',
    values: ALIASES,
    default: 'ro',
    help: 'direct map of text: read-only as one 2M operation, removed, or left writable',
  },
  { name: 'write', kind: 'choice', values: WRITE_PATHS, default: 'poke', help: WRITE_HELP },
  {
    name: 'init_text',
    kind: 'choice',
    values: INIT_TEXTS,
    default: 'same',
    help: 'same: init text lies among text, its hole is reused; separate: 2M blocks of its own',
  },
  {
    name: 'nodes',
    kind: 'choice',
    values: NODES,
    default: 'one',
    help: 'one region grown 2M at a time, or 2M x nodes per step',
  },
  {
    name: 'huge_node_rule',
    kind: 'choice',
    values: NODE_RULES,
    default: 'ignore',
    help: 'ignore: 2M is enough for a 2M leaf; divide: 2M divided by the nodes must be (2022)',
  },
  {
    name: 'users',
    kind: 'set',
    values: USERS,
    default: USERS,
    help: 'who is migrated; the others take 4K areas on the data side, protected after writing',
  },
];

const DATA_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'data_search',
    kind: 'choice',
    values: DATA_SEARCHES,
    default: 'pages',
    help: 'pages: highest place that fits; blocks: 2M per kind from the top; border: lowest place',
  },
  {
    name: 'data_kinds',
    kind: 'choice',
    values: DATA_KINDS,
    default: 'separate',
    help: 'data, rodata and ro_after_init of a module as areas each, or one lump of all non-text',
  },
  {
    name: 'rodata_backing',
    kind: 'choice',
    values: RODATA_BACKINGS,
    default: 'pages',
    help: 'pages of rodata: as the page allocator has them, or cut from few 2M pages (P10)',
  },
];

export const TOPDOWN_OPTIONS: readonly OptionSpec[] = [
  ...BOUNDARY_OPTIONS,
  ...TEXT_OPTIONS,
  ...DATA_OPTIONS,
];
