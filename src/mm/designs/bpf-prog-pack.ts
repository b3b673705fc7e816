/**
 * P1, bpf_prog_pack (Song Liu, 2022, in 5.18): BPF programs share packs in chunks of 64 bytes. A pack
 * is trap-filled and made read-only and executable once; programs arrive by poke into the first run
 * of chunks of the first pack that has one. Everybody else stays with module_alloc. A pack is freed
 * with its last program; a program larger than a pack has pages of its own.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { moduleAllocUsers, PAGE_AREA_OPTIONS } from './module-alloc.js';
import { choiceOption, numberOption, packOption, switchOption } from './proposed/options.js';
import { PackAreas } from './proposed/pack-areas.js';
import { PackText } from './proposed/pack-text.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { TextWriter } from './proposed/text-writer.js';

const LEAVES = ['4K', '2M'] as const;
const BACKINGS = ['order9', 'scattered'] as const;
const ORDERS = ['list', 'dirty_first'] as const;
const NODE_RULES = ['divide', 'ignore'] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'pack',
    kind: 'pack',
    default: 'per_node(2M)',
    help: 'size of a pack: 4K as in effect in mid 2022, 2M of February, per_node(2M) since 6.0',
  },
  {
    name: 'leaf',
    kind: 'choice',
    values: LEAVES,
    default: '4K',
    help: 'mapping of a pack: 512 pages per 2M as in 5.18 to 7.2, or 2M pages where vmalloc has them',
  },
  {
    name: 'backing',
    kind: 'choice',
    values: BACKINGS,
    default: 'order9',
    help: 'pages behind 4K leaves: cut from 2M pages where there are any, or single pages',
  },
  {
    name: 'chunk',
    kind: 'size',
    min: 16,
    max: 4096,
    default: 64,
    help: 'unit in which programs share a pack',
  },
  {
    name: 'pack_order',
    kind: 'choice',
    values: ORDERS,
    default: 'list',
    help: 'list: oldest pack first; dirty_first: packs in which something was freed (July 2026)',
  },
  {
    name: 'trap_fill',
    kind: 'switch',
    default: true,
    help: 'write the trap fill over freed programs (since May 2022)',
  },
  {
    name: 'huge_node_rule',
    kind: 'choice',
    values: NODE_RULES,
    default: 'divide',
    help: 'leaf 2M: size divided by the online nodes must reach 2M (2022), or the size itself (2024)',
  },
];

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const pages = new PackAreas(mm, {
    leaf: choiceOption(options, 'leaf', LEAVES),
    backing: choiceOption(options, 'backing', BACKINGS),
    hugeNodeRule: choiceOption(options, 'huge_node_rule', NODE_RULES),
    onFree: 'reset',
  });
  const writer = new TextWriter(mm, 'poke');
  const packs = new PackText(pages, writer, {
    packBytes: packOption(options, 'pack', mm),
    chunkBytes: numberOption(options, 'chunk'),
    trapFill: switchOption(options, 'trap_fill'),
    dirtyFirst: choiceOption(options, 'pack_order', ORDERS) === 'dirty_first',
  });
  return new ProposedInstance(mm, {
    ...moduleAllocUsers(mm, options),
    bpf: packs,
    gauges: { bpf_packs: () => packs.packCount, unformed_bytes: () => writer.unformedBytes },
  });
}

export const bpfProgPack: AllocatorDesign = {
  name: 'bpf_prog_pack',
  origin: 'P1',
  summary: 'BPF programs share packs of 2M in chunks of 64 bytes',
  idea: [
    'a BPF program takes the first run of 64-byte chunks in the oldest pack that has one',
    'a pack is trap-filled and made read-only and executable once, programs are poked in',
    'its aliases are split when it is protected, never by a program',
    'an empty pack is freed at once; a program larger than a pack has pages of its own',
    'modules, ftrace, kprobes and BPF trampolines stay with module_alloc',
  ],
  options: [...OPTIONS, ...PAGE_AREA_OPTIONS],
  collapse: 'off',
  writableExecutable: [],
  create,
};
