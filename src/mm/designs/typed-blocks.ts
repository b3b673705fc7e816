/**
 * P6, typed blocks (Thomas Gleixner, December 2022; the type-aware allocator of Song Liu, 2023): 2M
 * blocks of one type each, text, data, or rodata with ro_after_init. Text blocks are read-only and
 * executable from the start and poked; data blocks are writable 2M; rodata blocks are on 4K pages,
 * set read-only page by page, the one split that is accepted. Text and data never share a 2M page.
 */
import type { OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { SEPARATE } from './proposed/module-parts.js';
import { everybodyOn } from './proposed/one-text-source.js';
import { choiceOption, numberOption, setOption, switchOption } from './proposed/options.js';
import { AreaData, AreaText, PlainAreaPool } from './proposed/page-areas.js';
import { RoutedData } from './proposed/routed-data.js';
import {
  BLOCK_PAGES,
  PAGE_BYTES,
  type DataSource,
  type DataUse,
  type TextSource,
} from './proposed/piece.js';
import { ProposedInstance } from './proposed/proposed-instance.js';
import { TextWriter, WRITE_HELP, WRITE_PATHS } from './proposed/text-writer.js';
import { BlockData, BlockText, BlockType } from './proposed/typed-blocks.js';

const TYPES = ['text', 'data', 'rodata'] as const;
const TYPE_COUNTS = ['three', 'seven'] as const;
const LEAVES = ['2M', '4K'] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: 'blocks',
    kind: 'set',
    values: TYPES,
    default: TYPES,
    help: 'types with blocks; without rodata it shares data blocks, other types keep 4K areas',
  },
  {
    name: 'types',
    kind: 'choice',
    values: TYPE_COUNTS,
    default: 'three',
    help: 'three: rodata and ro_after_init share, init lies with the rest; seven: blocks for each',
  },
  {
    name: 'init_block',
    kind: 'switch',
    default: false,
    help: 'blocks of their own for init text; off: small users reuse its holes among text',
  },
  {
    name: 'fixed',
    kind: 'switch',
    default: false,
    help: 'each type has a fixed part of the module area instead of blocks anywhere',
  },
  {
    name: 'text_percent',
    kind: 'count',
    min: 10,
    max: 90,
    default: 50,
    help: 'fixed: share of the module area for text; the other types have equal shares of the rest',
  },
  {
    name: 'data_leaf',
    kind: 'choice',
    values: LEAVES,
    default: '2M',
    help: 'mapping of data blocks',
  },
  {
    name: 'chunk',
    kind: 'size',
    min: 16,
    max: 4096,
    default: 64,
    help: 'unit in which text and data share a block; rodata takes whole pages',
  },
  {
    name: 'keep_empty',
    kind: 'count',
    min: 0,
    max: 64,
    default: 0,
    help: 'empty blocks that each type keeps',
  },
  { name: 'write', kind: 'choice', values: WRITE_PATHS, default: 'poke', help: WRITE_HELP },
];

type TypeName = 'text' | 'data' | 'rodata';

/** Makes block types and remembers them, each in its window. */
class BlockTypes {
  readonly all: BlockType[] = [];
  private readonly present: readonly string[];

  constructor(
    private readonly mm: KernelMm,
    private readonly options: DesignOptions,
  ) {
    const chosen = setOption(options, 'blocks');
    this.present = TYPES.filter((type) => chosen.has(type));
  }

  has(name: TypeName): boolean {
    return this.present.includes(name);
  }

  make(name: TypeName): BlockType {
    const dataLeaf = choiceOption(this.options, 'data_leaf', LEAVES);
    const [windowStart, windowEnd] = this.windowOf(name);
    const type = new BlockType(this.mm, {
      executable: name === 'text',
      leaf: name === 'text' ? '2M' : name === 'data' ? dataLeaf : '4K',
      granuleBytes: name === 'rodata' ? PAGE_BYTES : numberOption(this.options, 'chunk'),
      windowStart,
      windowEnd,
      keepEmpty: numberOption(this.options, 'keep_empty'),
    });
    this.all.push(type);
    return type;
  }

  /** The whole area, or the type's part: text below, the others above it in equal parts. */
  private windowOf(name: TypeName): readonly [start: number, end: number] {
    const { mm } = this;
    const first = Math.ceil(mm.loadOffsetPages / BLOCK_PAGES);
    const blocks = Math.floor(mm.areaPages / BLOCK_PAGES) - first;
    if (!switchOption(this.options, 'fixed')) return [first * BLOCK_PAGES, mm.areaPages];
    const share = numberOption(this.options, 'text_percent') / 100;
    const text = Math.max(1, Math.floor(blocks * share));
    const others = this.present.filter((type) => type !== 'text');
    const each = Math.floor((blocks - text) / Math.max(1, others.length));
    const start = name === 'text' ? first : first + text + others.indexOf(name) * each;
    return [start * BLOCK_PAGES, (start + (name === 'text' ? text : each)) * BLOCK_PAGES];
  }
}

function dataSource(mm: KernelMm, types: BlockTypes, seven: boolean): DataSource {
  const areas = new AreaData(mm, new PlainAreaPool(mm));
  const plain = types.has('data') ? types.make('data') : undefined;
  const initData = seven && plain ? types.make('data') : plain;
  const rodata = types.has('rodata') ? types.make('rodata') : plain;
  const own = (): BlockType | undefined =>
    seven && types.has('rodata') ? types.make('rodata') : rodata;
  const typeOfUse: Readonly<Record<DataUse, BlockType | undefined>> = {
    lump: undefined,
    data: plain,
    init_data: initData,
    rodata,
    ro_after_init: own(),
    init_rodata: own(),
  };
  return new RoutedData(new BlockData(mm, typeOfUse), areas, (use) => typeOfUse[use] !== undefined);
}

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const types = new BlockTypes(mm, options);
  const seven = choiceOption(options, 'types', TYPE_COUNTS) === 'seven';
  const writer = new TextWriter(mm, choiceOption(options, 'write', WRITE_PATHS));
  const makeText = (): TextSource =>
    types.has('text')
      ? new BlockText(types.make('text'), writer)
      : new AreaText(mm, new PlainAreaPool(mm));
  const text = makeText();
  const separateInit = seven || switchOption(options, 'init_block');
  return new ProposedInstance(mm, {
    ...everybodyOn(text),
    initText: separateInit ? makeText() : text,
    data: dataSource(mm, types, seven),
    modules: { layout: SEPARATE, repeatsCalls: false },
    gauges: {
      typed_blocks: () => types.all.reduce((sum, type) => sum + type.blockCount, 0),
      unformed_bytes: () => writer.unformedBytes,
    },
  });
}

export const typedBlocks: AllocatorDesign = {
  name: 'typed_blocks',
  origin: 'P6',
  summary: '2M blocks of one type each: text, data, rodata',
  idea: [
    'a piece takes the lowest fit inside the blocks of its type, in chunks of 64 bytes',
    'none fits: a 2M block of the type at the lowest free 2M slot of the module area',
    'text blocks are read-only and executable from the start, data blocks writable, both 2M',
    'rodata blocks are on 4K pages and set read-only page by page',
    'an empty block goes back; text and data never share a 2M page',
  ],
  options: OPTIONS,
  collapse: 'off',
  writableExecutable: [],
  create,
};
