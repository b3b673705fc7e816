/**
 * P8, the execmem ROX cache (Mike Rapoport, 2024 to 2026). a: modules only, formed in a copy and
 * poked, cached pages not in the direct map. b: written in place through a writable window, a split
 * 2M mapping is restored by the collapse. c: kprobes and ftrace too, freed text refilled through the
 * window, the size alone when a block cannot be had. d: BPF packs as well. Module data stays outside.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { rangeUsers } from './execmem-ranges.js';
import {
  choiceOption,
  numberOption,
  packOption,
  setOption,
  switchOption,
} from './proposed/options.js';
import { PackAreas } from './proposed/pack-areas.js';
import { PackText } from './proposed/pack-text.js';
import { BLOCK_BYTES } from './proposed/piece.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { RoxText } from './proposed/rox-text.js';
import { TextWriter, type WritePath } from './proposed/text-writer.js';

const VERSIONS = ['c', 'a', 'b', 'd'] as const;
type Version = (typeof VERSIONS)[number];
const KINDS = ['modules', 'ftrace', 'kprobes', 'bpf'] as const;
const KINDS_OF_VERSION: Readonly<Record<Version, readonly string[]>> = {
  a: ['modules'],
  b: ['modules'],
  c: ['modules', 'ftrace', 'kprobes'],
  d: KINDS,
};
const ALIASES = ['by_version', 'keep', 'remove'] as const;
const WRITES = ['by_version', 'window', 'shadow', 'poke'] as const;
const SEARCHES = ['lowest', 'best'] as const;
const NODE_RULES = ['ignore', 'divide'] as const;
const MIB = 1048576;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'version',
    kind: 'choice',
    values: VERSIONS,
    default: 'c',
    help: 'a: 2024 to 6.13; b: rework for 6.15; c: kprobes and ftrace (6.17); d: BPF packs (2026)',
  },
  {
    name: 'cache',
    kind: 'size',
    min: 2 * MIB,
    max: 64 * MIB,
    default: 2 * MIB,
    help: 'blocks are a multiple of this, rounded up to 2M',
  },
  {
    name: 'kinds',
    kind: 'set',
    values: KINDS,
    default: [],
    help: 'who takes memory from the cache; none given: as the version (a, b modules; c; d all)',
  },
  {
    name: 'alias',
    kind: 'choice',
    values: ALIASES,
    default: 'by_version',
    help: 'direct map of cached pages: removed in version a, kept read-only later',
  },
  {
    name: 'write',
    kind: 'choice',
    values: WRITES,
    default: 'by_version',
    help: 'a: form a copy and poke it once (W3); later: writable window of the piece (W4)',
  },
  {
    name: 'cleaner',
    kind: 'switch',
    default: true,
    help: 'off: blocks that are wholly free stay in the cache',
  },
  {
    name: 'search',
    kind: 'choice',
    values: SEARCHES,
    default: 'lowest',
    help: 'which free stretch serves: lowest address that fits, or the smallest that fits',
  },
  {
    name: 'huge_node_rule',
    kind: 'choice',
    values: NODE_RULES,
    default: 'ignore',
    help: 'ignore: 2M is enough for a 2M leaf (2024); divide: 2M divided by the nodes must be',
  },
  {
    name: 'pack',
    kind: 'pack',
    default: 'per_node(2M)',
    help: 'size of a BPF pack, inside the cache in version d, else an area on 4K pages',
  },
];

function writePath(options: DesignOptions, version: Version): WritePath {
  const given = choiceOption(options, 'write', WRITES);
  if (given !== 'by_version') return given;
  return version === 'a' ? 'shadow' : 'window';
}

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const version = choiceOption(options, 'version', VERSIONS);
  const given = setOption(options, 'kinds');
  const kinds = given.size > 0 ? given : new Set(KINDS_OF_VERSION[version]);
  const alias = choiceOption(options, 'alias', ALIASES);
  const writer = new TextWriter(mm, writePath(options, version));
  const cache = new RoxText(mm, writer, {
    blockBytes: Math.ceil(numberOption(options, 'cache') / BLOCK_BYTES) * BLOCK_BYTES,
    search: choiceOption(options, 'search', SEARCHES),
    removesAlias: alias === 'by_version' ? version === 'a' : alias === 'remove',
    cleans: switchOption(options, 'cleaner'),
    fallsBackToSize: version === 'c' || version === 'd',
    hugeNodeRule: choiceOption(options, 'huge_node_rule', NODE_RULES),
  });
  const packs = bpfPacks(mm, options, kinds.has('bpf') ? cache : undefined);
  const modules = kinds.has('modules');
  return new ProposedInstance(mm, {
    ...rangeUsers(mm),
    ...(modules ? { moduleText: cache, initText: cache, raw: cache } : {}),
    ...(kinds.has('ftrace') ? { ftrace: cache } : {}),
    ...(kinds.has('kprobes') ? { kprobes: cache } : {}),
    bpf: packs,
    bpfTrampolines: packs,
    runWorkers: () => {
      cache.clean();
    },
    gauges: {
      rox_blocks: () => cache.blockCount,
      bpf_packs: () => packs.packCount,
      text_free_bytes: () => cache.freeBytes,
      fallback_blocks: () => cache.fallbacks,
    },
  });
}

/** Packs of the kernel of the time: areas on 4K pages, or blocks of the cache; programs are poked. */
function bpfPacks(mm: KernelMm, options: DesignOptions, cache: RoxText | undefined): PackText {
  const areas = new PackAreas(mm, {
    leaf: '4K',
    backing: 'scattered',
    hugeNodeRule: 'ignore',
    onFree: 'reset',
  });
  return new PackText(cache?.packPages ?? areas, new TextWriter(mm, 'poke'), {
    packBytes: packOption(options, 'pack', mm),
    chunkBytes: 64,
    trapFill: true,
    dirtyFirst: false,
  });
}

export const execmemRox: AllocatorDesign = {
  name: 'execmem_rox',
  origin: 'P8',
  summary: 'a cache of read-only executable 2M blocks, handed out in pages',
  idea: [
    'text takes the lowest free pages of 2M blocks that are read-only and executable',
    'its part of a block is writable while it is formed, which splits the 2M mapping',
    'read-only and executable again, the mapping collapses to 2M; the direct map does not',
    'a block that is wholly free goes back when the cleaner runs',
    'module data has areas of 4K pages and fills the holes between blocks',
  ],
  options: OPTIONS,
  collapse: 'rox',
  writableExecutable: [],
  create,
};
