/**
 * P5, execmem_alloc (Song Liu, November 2022): BPF programs from a tree of free text over backing
 * objects of 2M a node, aligned, without guard pages. Lowest fit at 64 bytes; the object is made
 * read-only and executable once, programs are filled in by poke. A free that uncovers an aligned 2M
 * returns one backing object. Begins in the tail of kernel text. Everybody else keeps module_alloc.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import { BLOCK_BYTES } from './proposed/piece.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { moduleAllocUsers, PAGE_AREA_OPTIONS } from './module-alloc.js';
import { ExecTree } from './proposed/exec-tree.js';
import { choiceOption, numberOption, setOption, switchOption } from './proposed/options.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { TextWriter, WRITE_HELP, WRITE_PATHS } from './proposed/text-writer.js';
import { moveUsers } from './vmalloc-exec.js';

const USERS = ['bpf', 'modules', 'ftrace', 'kprobes'] as const;
const FREES = ['one', 'all'] as const;
const NODE_RULES = ['divide', 'ignore'] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'share_kernel_tail',
    kind: 'switch',
    default: true,
    help: 'begin in the unused rest of the last 2M page of kernel text (patches 5 and 6)',
  },
  {
    name: 'free_objects',
    kind: 'choice',
    values: FREES,
    default: 'one',
    help: 'backing objects that go back on one free: at most one as posted, or all that can',
  },
  {
    name: 'chunk',
    kind: 'size',
    min: 16,
    max: 4096,
    default: 64,
    help: 'size and alignment unit of BPF text; module text is page aligned',
  },
  {
    name: 'users',
    kind: 'set',
    values: USERS,
    default: ['bpf'],
    help: 'who is served; the series was posted for BPF, with modules to follow',
  },
  {
    name: 'huge_node_rule',
    kind: 'choice',
    values: NODE_RULES,
    default: 'divide',
    help: 'size divided by the online nodes must reach 2M for a 2M leaf (2022), or the size (2024)',
  },
  { name: 'write', kind: 'choice', values: WRITE_PATHS, default: 'poke', help: WRITE_HELP },
];

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const writer = new TextWriter(mm, choiceOption(options, 'write', WRITE_PATHS));
  const text = new ExecTree(mm, writer, {
    stepBytes: BLOCK_BYTES * mm.nodes,
    hugeNodeRule: choiceOption(options, 'huge_node_rule', NODE_RULES),
    freeAll: choiceOption(options, 'free_objects', FREES) === 'all',
    shareKernelTail: switchOption(options, 'share_kernel_tail'),
    strips: false,
    chunkBytes: numberOption(options, 'chunk'),
  });
  return new ProposedInstance(mm, {
    ...moveUsers(moduleAllocUsers(mm, options), text, setOption(options, 'users')),
    gauges: {
      exec_objects: () => text.objectCount,
      text_free_bytes: () => text.freeBytes,
      text_gaps: () => text.gapCount,
      unformed_bytes: () => writer.unformedBytes,
    },
  });
}

export const execmemAlloc: AllocatorDesign = {
  name: 'execmem_alloc',
  origin: 'P5',
  summary: 'BPF text from a tree of free stretches over 2M objects',
  idea: [
    'a program takes the lowest free stretch of backed, executable memory, aligned to 64 bytes',
    'none fits: a backing object of 2M a node, read-only and executable once, no guard page',
    'free stretches merge across objects; the tail of kernel text is one of them',
    'a free that uncovers an aligned 2M gives one backing object back',
    'modules, ftrace and kprobes stay with module_alloc unless they are moved',
  ],
  options: [...OPTIONS, ...PAGE_AREA_OPTIONS],
  collapse: 'off',
  writableExecutable: [],
  create,
};
