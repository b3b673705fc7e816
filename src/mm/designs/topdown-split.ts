/**
 * P3, the top-down split (Peter Zijlstra, July 2022): text from the bottom of the module range, data
 * from its top. The boundary between them is one number on a 2M line; neither side crosses it. Text
 * lies in read-only executable 2M blocks, the lowest gap that fits, and the region grows by whole 2M
 * steps; its highest blocks go back when they are wholly free. Data takes the highest place that
 * fits, on 4K pages with a guard page each. Text is poked, never writable where it is mapped.
 *
 * Reading: proposals.md P3; every default marked [L] there is an option in topdown-options.ts.
 */
import { assert } from '../../base/assert.js';
import type { AllocatorDesign, DesignOptions } from '../allocator-design.js';
import type { KernelMm } from '../kernel-mm.js';
import { DataBlocks, DataInHoles } from './proposed/boundary-data.js';
import { DataTop } from './proposed/data-top.js';
import { FrameStack } from './proposed/frame-stash.js';
import { LUMPS, SEPARATE, TEXT_APART, type ModuleRules } from './proposed/module-parts.js';
import {
  choiceOption,
  numberOption,
  packOption,
  setOption,
  switchOption,
} from './proposed/options.js';
import { AreaData, AreaText } from './proposed/page-areas.js';
import { PackText } from './proposed/pack-text.js';
import {
  BLOCK_BYTES,
  BLOCK_PAGES,
  PAGE_BYTES,
  type DataSource,
  type DataUse,
} from './proposed/piece.js';
import { ProposedInstance, type ProposedUsers } from './proposed/proposed-instance.js';
import { RoutedData } from './proposed/routed-data.js';
import { StashAreas } from './proposed/stash-areas.js';
import { TextRegion, type TextRegionRules } from './proposed/text-region.js';
import { TextWriter, WRITE_PATHS } from './proposed/text-writer.js';
import * as choices from './proposed/topdown-options.js';

function regionRules(mm: KernelMm, options: DesignOptions): TextRegionRules {
  const fixed = choiceOption(options, 'boundary', choices.BOUNDARIES) === 'fixed';
  const nodes = choiceOption(options, 'nodes', choices.NODES) === 'per_step' ? mm.nodes : 1;
  const subpage = choiceOption(options, 'subpage', choices.SUBPAGES);
  return {
    search: choiceOption(options, 'search', choices.SEARCHES),
    start: choiceOption(options, 'x_start', choices.STARTS),
    granuleBytes: numberOption(options, 'granularity'),
    subpageBytes: subpage === 'native' ? 64 : undefined,
    stepBytes: Math.ceil(numberOption(options, 'extend') / BLOCK_BYTES) * BLOCK_BYTES * nodes,
    countsTail: choiceOption(options, 'growth', choices.GROWTHS) === 'tail',
    noOrder9: choiceOption(options, 'no_order9', choices.NO_ORDER9),
    hugeNodeRule: choiceOption(options, 'huge_node_rule', choices.NODE_RULES),
    textGuardBytes: switchOption(options, 'guard_page') ? PAGE_BYTES : 0,
    shrink: choiceOption(options, 'shrink', choices.SHRINKS),
    trapFill: switchOption(options, 'trap_fill'),
    alias: choiceOption(options, 'text_alias', choices.ALIASES),
    limitPage: fixed ? middlePage(mm) : mm.areaPages,
    gapPages: Math.ceil(numberOption(options, 'gap') / PAGE_BYTES),
  };
}

/** The 2M line in the middle of the module area. */
const middlePage = (mm: KernelMm): number =>
  Math.floor(mm.areaPages / 2 / BLOCK_PAGES) * BLOCK_PAGES;

const RODATA_USES: ReadonlySet<DataUse> = new Set<DataUse>([
  'rodata',
  'ro_after_init',
  'init_rodata',
]);

/** The two sides of the split, each knowing where the other ends. */
class SplitRange {
  readonly region: TextRegion;
  readonly writer: TextWriter;
  readonly top: DataTop;
  readonly data: DataSource;
  private readonly holes: DataInHoles | undefined;

  constructor(
    private readonly mm: KernelMm,
    options: DesignOptions,
  ) {
    const rules = regionRules(mm, options);
    const blocks = choiceOption(options, 'data_search', choices.DATA_SEARCHES);
    this.writer = new TextWriter(mm, choiceOption(options, 'write', WRITE_PATHS));
    this.region = new TextRegion(mm, this.writer, rules, () => this.top.lowestPage);
    this.top = new DataTop(
      mm,
      {
        fit: blocks === 'border' ? 'lowest' : 'highest',
        gapPages: rules.gapPages,
        alignPages: blocks === 'blocks' ? BLOCK_PAGES : 1,
        limitPage: rules.limitPage < mm.areaPages ? rules.limitPage + rules.gapPages : 0,
      },
      () => this.region.endPage,
    );
    const areas = blocks === 'blocks' ? new DataBlocks(mm, this.top) : new AreaData(mm, this.top);
    const grouped = choiceOption(options, 'rodata_backing', choices.RODATA_BACKINGS) === 'grouped';
    const above = grouped ? this.withGroupedRodata(areas) : areas;
    this.holes =
      choiceOption(options, 'collision', choices.COLLISIONS) === 'holes'
        ? new DataInHoles(mm, above, this.region)
        : undefined;
    this.data = this.holes ?? above;
  }

  /** Pages that become read-only come from a cache cut out of 2M pages (P10). */
  private withGroupedRodata(rest: DataSource): DataSource {
    const { mm } = this;
    const stack = new FrameStack(mm, { unmaps: false, perNode: true, idlePagesMax: 0 });
    const rules = { guardPages: 1, onFree: 'reset' } as const;
    const grouped = new AreaData(mm, new StashAreas(mm, stack, rules, this.top));
    return new RoutedData(grouped, rest, (use) => RODATA_USES.has(use));
  }

  verify(): void {
    this.top.verify();
    const { startPage, endPage } = this.region;
    if (this.holes && this.holes.pieceCount > 0) return;
    for (let page = startPage; page < endPage; page += BLOCK_PAGES) {
      const mapped = this.mm.leafLevel(page) > 0;
      assert(!mapped || this.mm.isExecutable(page), () => `text page ${page} is not executable`);
      assert(!this.mm.isWritable(page), () => `text page ${page} is writable`);
    }
  }
}

function create(mm: KernelMm, options: DesignOptions): ProposedInstance {
  const split = new SplitRange(mm, options);
  const { region, top, writer } = split;
  return new ProposedInstance(mm, {
    ...usersOf(mm, options, split),
    verify: () => {
      split.verify();
    },
    gauges: {
      x_end: () => region.endPage * PAGE_BYTES,
      data_start: () => top.lowestPage * PAGE_BYTES,
      text_free_bytes: () => region.freeBytes,
      text_gaps: () => region.gapCount,
      text_largest_gap: () => region.largestGapBytes,
      text_free_blocks: () => region.freeBlockCount,
      collisions: () => region.collisions + top.collisions,
      fallback_blocks: () => region.fallbacks,
      unformed_bytes: () => writer.unformedBytes,
    },
  });
}

/** Users that were not moved get areas on the data side, written first and protected after. */
function usersOf(mm: KernelMm, options: DesignOptions, split: SplitRange): ProposedUsers {
  const moved = setOption(options, 'users');
  const { region, writer, data } = split;
  const areas = new AreaText(mm, split.top);
  const small = smallText(options, mm, region, writer);
  const moduleText = moved.has('modules') ? region : areas;
  const separateInit = choiceOption(options, 'init_text', choices.INIT_TEXTS) === 'separate';
  return {
    moduleText,
    initText: moved.has('modules') && separateInit ? initPool(region, writer) : moduleText,
    bpf: moved.has('bpf') ? small : areas,
    bpfTrampolines: moved.has('bpf') ? small : areas,
    ftrace: moved.has('ftrace') ? small : areas,
    kprobes: moved.has('kprobes') ? region : areas,
    raw: region,
    data,
    modules: moduleRules(options, moved.has('modules')),
  };
}

function moduleRules(options: DesignOptions, moved: boolean): ModuleRules {
  if (!moved) return { layout: LUMPS, repeatsCalls: true };
  const lump = choiceOption(options, 'data_kinds', choices.DATA_KINDS) === 'lump';
  return { layout: lump ? TEXT_APART : SEPARATE, repeatsCalls: false };
}

/** BPF and ftrace: the region itself, or packs on top of it. */
function smallText(
  options: DesignOptions,
  mm: KernelMm,
  region: TextRegion,
  writer: TextWriter,
): TextRegion | PackText {
  if (choiceOption(options, 'subpage', choices.SUBPAGES) !== 'pack') return region;
  const pages = regionPages(region, PAGE_BYTES);
  return new PackText(pages, writer, {
    packBytes: packOption(options, 'pack', mm),
    chunkBytes: 64,
    trapFill: switchOption(options, 'trap_fill'),
    dirtyFirst: false,
  });
}

/** Init text in 2M blocks of its own inside the region, page by page. */
const initPool = (region: TextRegion, writer: TextWriter): PackText =>
  new PackText(regionPages(region, BLOCK_BYTES), writer, {
    packBytes: BLOCK_BYTES,
    chunkBytes: PAGE_BYTES,
    trapFill: true,
    dirtyFirst: false,
  });

const regionPages = (region: TextRegion, alignBytes: number) => ({
  alloc: (sizeBytes: number) => region.takeWhole(sizeBytes, alignBytes),
  free: (piece: { readonly byte: number; readonly sizeBytes: number }) => {
    region.giveWhole(piece);
  },
});

export const topdownSplit: AllocatorDesign = {
  name: 'topdown_split',
  origin: 'P3',
  summary: 'text grows from the bottom in 2M steps, data comes from the top',
  idea: [
    'text takes the lowest gap in one region of read-only executable 2M pages',
    'no gap fits: the region grows by whole 2M steps, each step one order-9 page',
    'data takes the highest place that fits, on 4K pages, with a guard page each',
    'the boundary is a 2M line; a side that would cross it fails and is counted',
    'free blocks at the boundary go back; text and data never share a 2M page',
  ],
  options: choices.TOPDOWN_OPTIONS,
  collapse: 'off',
  writableExecutable: [],
  create,
};
