/**
 * P2 and P4, vmalloc_exec (Song Liu, 2022). v1: the pack method under vmalloc for every user; text
 * up to 2M a possible node shares packs on 2M leaves, anything larger has an area. RFC v2: a second
 * tree of free areas that are backed and executable already, grown by 2M a node, with the tail of
 * kernel text in it. Module data stays in module_alloc lumps. Text is poked; never writable in place.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { moduleAllocUsers, PAGE_AREA_OPTIONS } from './module-alloc.js';
import { ExecTree } from './proposed/exec-tree.js';
import { TEXT_APART } from './proposed/module-parts.js';
import {
  choiceOption,
  numberOption,
  packOption,
  setOption,
  switchOption,
} from './proposed/options.js';
import { PackAreas } from './proposed/pack-areas.js';
import { PackText } from './proposed/pack-text.js';
import type { TextSource } from './proposed/piece.js';
import { ProposedInstance, type ProposedUsers } from './proposed/proposed-instance.js';
import { TextWriter, WRITE_HELP, WRITE_PATHS } from './proposed/text-writer.js';

const VERSIONS = ['v1', 'rfc'] as const;
const USERS = ['bpf', 'modules', 'ftrace', 'kprobes'] as const;
const LEAVES = ['2M', '4K'] as const;
const NODE_RULES = ['divide', 'ignore'] as const;
const FREES = ['one', 'all'] as const;
/** Users that the versions were posted for. */
const USERS_OF_VERSION = { v1: USERS, rfc: ['bpf', 'modules'] } as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'version',
    kind: 'choice',
    values: VERSIONS,
    default: 'v1',
    help: 'v1: packs under vmalloc (July 2022, P2); rfc: tree of free text (August and October, P4)',
  },
  {
    name: 'users',
    kind: 'set',
    values: USERS,
    default: [],
    help: 'who is served; none given: all of them in v1, bpf and modules in rfc',
  },
  {
    name: 'pack',
    kind: 'pack',
    default: 'per_node(2M)',
    help: 'size of a pack and threshold to an area of its own (v1), step of growth (rfc)',
  },
  {
    name: 'chunk',
    kind: 'size',
    min: 16,
    max: 4096,
    default: 64,
    help: 'unit in which text shares memory; module text of rfc is page aligned',
  },
  {
    name: 'leaf',
    kind: 'choice',
    values: LEAVES,
    default: '2M',
    help: 'mapping of packs (v1); 2M where vmalloc has order-9 pages, else 4K',
  },
  {
    name: 'huge_node_rule',
    kind: 'choice',
    values: NODE_RULES,
    default: 'divide',
    help: 'size divided by the online nodes must reach 2M for a 2M leaf (2022), or the size (2024)',
  },
  { name: 'write', kind: 'choice', values: WRITE_PATHS, default: 'poke', help: WRITE_HELP },
  {
    name: 'trap_fill',
    kind: 'switch',
    default: true,
    help: 'write the trap fill over freed text (v1; rfc always does)',
  },
  {
    name: 'share_kernel_tail',
    kind: 'switch',
    default: true,
    help: 'rfc: begin in the unused rest of the last 2M page of kernel text',
  },
  {
    name: 'strips',
    kind: 'switch',
    default: false,
    help: 'rfc: one unused page at each end of every backing object as a guard',
  },
  {
    name: 'free_objects',
    kind: 'choice',
    values: FREES,
    default: 'one',
    help: 'rfc: backing objects that go back on one free: at most one as posted, or all that can',
  },
];

interface ServedText {
  readonly text: TextSource;
  readonly gauges: Readonly<Record<string, () => number>>;
}

function packs(mm: KernelMm, options: DesignOptions, writer: TextWriter): ServedText {
  const pages = new PackAreas(mm, {
    leaf: choiceOption(options, 'leaf', LEAVES),
    backing: 'order9',
    hugeNodeRule: choiceOption(options, 'huge_node_rule', NODE_RULES),
    onFree: 'restore',
  });
  const text = new PackText(pages, writer, {
    packBytes: packOption(options, 'pack', mm),
    chunkBytes: numberOption(options, 'chunk'),
    trapFill: switchOption(options, 'trap_fill'),
    dirtyFirst: false,
  });
  return { text, gauges: { exec_packs: () => text.packCount } };
}

function tree(mm: KernelMm, options: DesignOptions, writer: TextWriter): ServedText {
  const packBytes = packOption(options, 'pack', mm);
  const text = new ExecTree(mm, writer, {
    stepBytes: Math.ceil(packBytes / 2097152) * 2097152,
    hugeNodeRule: choiceOption(options, 'huge_node_rule', NODE_RULES),
    freeAll: choiceOption(options, 'free_objects', FREES) === 'all',
    shareKernelTail: switchOption(options, 'share_kernel_tail'),
    strips: switchOption(options, 'strips'),
    chunkBytes: numberOption(options, 'chunk'),
  });
  return {
    text,
    gauges: {
      exec_objects: () => text.objectCount,
      text_free_bytes: () => text.freeBytes,
      text_gaps: () => text.gapCount,
    },
  };
}

/** Moves the chosen users of module_alloc to a text source. */
export function moveUsers(
  rest: ProposedUsers,
  text: TextSource,
  moved: ReadonlySet<string>,
): ProposedUsers {
  const modules = moved.has('modules');
  const bpf = moved.has('bpf');
  return {
    ...rest,
    ...(modules ? { moduleText: text, initText: text, raw: text } : {}),
    ...(modules ? { modules: { ...rest.modules, layout: TEXT_APART } } : {}),
    ...(bpf ? { bpf: text, bpfTrampolines: text } : {}),
    ...(moved.has('ftrace') ? { ftrace: text } : {}),
    ...(moved.has('kprobes') ? { kprobes: text } : {}),
  };
}

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const version = choiceOption(options, 'version', VERSIONS);
  const given = setOption(options, 'users');
  const moved = given.size > 0 ? given : new Set<string>(USERS_OF_VERSION[version]);
  const writer = new TextWriter(mm, choiceOption(options, 'write', WRITE_PATHS));
  const { text, gauges } =
    version === 'v1' ? packs(mm, options, writer) : tree(mm, options, writer);
  return new ProposedInstance(mm, {
    ...moveUsers(moduleAllocUsers(mm, options), text, moved),
    gauges: { ...gauges, unformed_bytes: () => writer.unformedBytes },
  });
}

export const vmallocExec: AllocatorDesign = {
  name: 'vmalloc_exec',
  origin: 'P2, P4',
  summary: 'shared packs of read-only executable 2M pages for every user',
  idea: [
    'text of every user shares packs of 2M in chunks of 64 bytes, on 2M leaves',
    'a pack is made read-only and executable once, text is poked in',
    'what is larger than a pack has an area of its own; an empty pack is freed at once',
    'module data stays in the lumps of module_alloc, text of modules leaves them',
    'rfc: a tree of free text instead of packs, lowest fit, grown in 2M steps',
  ],
  options: [...OPTIONS, ...PAGE_AREA_OPTIONS],
  collapse: 'off',
  writableExecutable: [],
  create,
};
