/**
 * The direct map: all of RAM, writable and never executable, in the largest leaves that boot could
 * make. Splits are booked in the DirectMap counters and in vmstat as the kernel books them
 * (split_page_count): the counters start from what boot counted, which may be more than there are
 * leaves, and only move. Follows arch/x86/mm/pat/set_memory.c. Sparse: a 1G leaf is one entry.
 */
import { assert } from '../base/assert.js';
import {
  LEAF_PAGES,
  LeafLevel,
  PTRS_PER_PMD_PAGES,
  PTRS_PER_PUD_PAGES,
  roundDown,
} from '../base/units.js';
import { EffectKind } from '../contract/sim-event.js';
import { PageTable } from '../machine/page-table.js';
import type { TablePages } from '../machine/page-table-store.js';
import { PTE_GLOBAL, PTE_PRESENT, PTE_WRITABLE } from '../machine/pte.js';
import type { BootLeafRange } from './frame-source.js';
import { LeafChange, type SplitCause, type SplitOwner } from './leaf-change.js';
import type { MmEffects } from './mm-effects.js';

/** PAGE_OFFSET / 4096 without memory KASLR, which moves it by whole GiB: leaves stay as they are. */
const PAGE_OFFSET_VPN = { 4: 0xffff888000000, 5: 0xff11000000000 } as const;
/** kB of one leaf, by level. */
const LEAF_KB: readonly number[] = [0, 4, 2048, 1048576];
/** A leaf becomes this many of the next smaller kind. */
const LEAVES_PER_SPLIT = 512;

export interface DirectMapOptions {
  readonly levels: 4 | 5;
  readonly leaves: readonly BootLeafRange[];
  /** DirectMap4k, DirectMap2M, DirectMap1G after boot, kB; default: what the leaves add up to. */
  readonly kb?: readonly [number, number, number];
  /** Flags of every leaf after boot. */
  readonly flags: number;
  /** Merges tables whose entries agree again, after every change (proposals P12a). */
  readonly repairs: boolean;
  /** Largest leaf that a repair may make; default 1G. */
  readonly levelMax?: LeafLevel;
  /** Set with Present: Global where the kernel restores it. */
  readonly presentFlags: number;
  /** Flags that go with Writable: Dirty since 6.6. */
  readonly dirtyFlags: number;
  readonly pages: TablePages;
}

export class DirectMap implements SplitOwner {
  readonly table: PageTable;
  private readonly change_: LeafChange;
  private readonly baseVpn: number;
  /** Leaves by level as the kernel counts them (direct_pages_count). */
  private readonly counts = new Float64Array(4);
  /** Counted at boot beyond the leaves that there are. */
  private readonly excess = new Float64Array(4);
  private readonly bootTables: number;
  private readonly repairs: boolean;
  private readonly levelMax: LeafLevel;
  private readonly defaultSet: number;
  private readonly invalidClear: number;
  /** What restoreEach clears besides: the changes that invalidateEach left to it. */
  private readonly restoreClear: number;

  constructor(
    private readonly options: DirectMapOptions,
    private readonly effects: MmEffects,
  ) {
    this.table = new PageTable(options.levels, options.pages);
    this.change_ = new LeafChange(this.table, this);
    this.baseVpn = PAGE_OFFSET_VPN[options.levels];
    this.repairs = options.repairs;
    this.levelMax = options.levelMax ?? LeafLevel.pud1G;
    this.defaultSet = PTE_PRESENT | PTE_WRITABLE | options.presentFlags;
    this.invalidClear = PTE_PRESENT | PTE_WRITABLE | options.dirtyFlags;
    this.restoreClear = this.repairs ? 0 : this.invalidClear | PTE_GLOBAL;
    for (const range of options.leaves) this.mapAtBoot(range);
    for (const level of [1, 2, 3] as const) {
      const leaves = this.table.leafCount(level);
      const kb = options.kb?.[level - 1];
      this.counts[level] = kb === undefined ? leaves : kb / (LEAF_KB[level] ?? 1);
      this.excess[level] = this.countOf(level) - leaves;
    }
    this.bootTables = this.table.tablePages;
  }

  /** Memory by leaf size as /proc/meminfo prints it, kB. */
  kb(level: number): number {
    return this.countOf(level) * (LEAF_KB[level] ?? 0);
  }

  /** Leaves that there are, unlike what meminfo counts. */
  leafCount(level: LeafLevel): number {
    return this.table.leafCount(level);
  }

  /** Level of the leaf that maps a frame, and its flags (0: not mapped). */
  levelOf(frame: number): LeafLevel {
    return this.table.walk(this.baseVpn + frame);
  }

  flagsOf(frame: number): number {
    this.table.walk(this.baseVpn + frame);
    return this.table.flags;
  }

  /** Table pages beyond those of boot. */
  get addedTables(): number {
    return this.table.tablePages - this.bootTables;
  }

  /** Changes frames [frame, frame + pages) as one range. Frames that nothing maps are skipped. */
  change(frame: number, pages: number, set: number, clear: number): void {
    const vpn = this.baseVpn + frame;
    for (let done = 0; done < pages;) {
      const settled = this.change_.step(vpn + done, pages - done, set, clear);
      if (this.repairs) this.repair(vpn + done);
      done += settled;
    }
  }

  /** Changes frames[first..first + count) one by one, each as a range of its own. */
  changeEach(frames: Float64Array, first: number, count: number, set: number, clear: number): void {
    const { table, baseVpn } = this;
    if (this.repairs) {
      for (let i = first; i < first + count; i += 1)
        this.change(frames[i] as number, 1, set, clear);
      return;
    }
    for (let done = 0; done < count;) {
      const left = count - done;
      done += table.changeScattered(baseVpn, frames, first + done, left, set, clear);
      if (done === count) return;
      this.change(frames[first + done] as number, 1, set, clear);
      done += 1;
    }
  }

  /**
   * set_direct_map_invalid_noflush on every frame, to be followed by restoreEach on the same frames.
   * What lies under 4K leaves already is left to restoreEach: nobody looks in between.
   */
  invalidateEach(frames: Float64Array, count: number): void {
    const { table, baseVpn, invalidClear } = this;
    const path = this.effects.paths.enter('set_direct_map_invalid_noflush');
    if (this.repairs) this.changeEach(frames, 0, count, 0, invalidClear);
    for (let done = this.repairs ? count : 0; done < count; done += 1) {
      done += table.countSmall(baseVpn, frames, done, count - done);
      if (done < count) this.change(frames[done] as number, 1, 0, invalidClear);
    }
    this.effects.paths.leave(path);
  }

  /** set_direct_map_default_noflush on every frame. What was not present has lost Global. */
  restoreEach(frames: Float64Array, count: number): void {
    const path = this.effects.paths.enter('set_direct_map_default_noflush');
    this.changeEach(frames, 0, count, this.defaultSet, this.restoreClear);
    this.effects.paths.leave(path);
  }

  /** set_direct_map_valid_noflush on one range of frames. */
  setValid(frame: number, pages: number, valid: boolean): void {
    const path = this.effects.paths.enter('set_direct_map_valid_noflush');
    if (valid) this.change(frame, pages, this.defaultSet, 0);
    else this.change(frame, pages, 0, this.invalidClear);
    this.effects.paths.leave(path);
  }

  onSplit(level: LeafLevel, vpn: number): void {
    const { effects } = this;
    const first = roundDown(vpn, LEAF_PAGES[level] ?? 1) - this.baseVpn;
    const path = effects.paths.enter('__split_large_page');
    effects.tableAllocated(first);
    effects.flushAll();
    const isBooked = this.book(level, -1);
    if (isBooked && level === LeafLevel.pmd2M) {
      effects.counters.level2Splits += 1;
      effects.tell(EffectKind.directMapSplit2M, first, PTRS_PER_PMD_PAGES);
    } else if (isBooked) {
      effects.counters.level3Splits += 1;
      effects.tell(EffectKind.directMapSplit1G, first, PTRS_PER_PUD_PAGES);
    }
    effects.paths.leave(path);
  }

  /** Why the last split was made, in frames. */
  get splitCause(): SplitCause {
    return this.change_.splitCause(this.baseVpn);
  }

  /** Asserts that the counters are the leaves plus what boot counted twice. */
  verify(): void {
    this.table.verify();
    for (const level of [1, 2, 3] as const) {
      const [counted, excess] = [this.countOf(level), this.excess[level] ?? 0];
      const leaves = this.table.leafCount(level);
      assert(
        counted === leaves + excess,
        () => `${counted} leaves of level ${level} booked, ${leaves} and ${excess} of boot found`,
      );
    }
    this.table.forEachLeaf((vpn, _level, frame) => {
      assert(vpn - this.baseVpn === frame, () => `frame ${frame} is mapped at its place`);
    });
  }

  /**
   * Counts one leaf of `level` more (1) or less (-1), and 512 of the next smaller the other way.
   * False where the kernel counts nothing, because by its count there is no such leaf.
   */
  private book(level: LeafLevel, by: number): boolean {
    const isBooked = by > 0 || this.countOf(level) > 0;
    const moved = isBooked ? this.counts : this.excess;
    const sign = isBooked ? by : -by;
    moved[level] = (moved[level] ?? 0) + sign;
    moved[level - 1] = (moved[level - 1] ?? 0) - sign * LEAVES_PER_SPLIT;
    return isBooked;
  }

  private countOf(level: number): number {
    return this.counts[level] ?? 0;
  }

  private repair(vpn: number): void {
    const { table, effects } = this;
    const region = roundDown(vpn, PTRS_PER_PMD_PAGES);
    if (this.levelMax < LeafLevel.pmd2M || !table.collapse2M(region, true)) return;
    const path = effects.paths.enter('merge_splitted_mapping');
    this.book(LeafLevel.pmd2M, 1);
    effects.counters.level2Collapses += 1;
    effects.tell(EffectKind.directMapCollapse2M, region - this.baseVpn, PTRS_PER_PMD_PAGES);
    effects.tableFreed(region - this.baseVpn);
    const gib = roundDown(vpn, PTRS_PER_PUD_PAGES);
    if (this.levelMax === LeafLevel.pud1G && table.collapse1G(gib, true)) {
      this.book(LeafLevel.pud1G, 1);
      effects.counters.level3Collapses += 1;
      effects.tell(EffectKind.directMapCollapse1G, gib - this.baseVpn, PTRS_PER_PUD_PAGES);
      effects.tableFreed(gib - this.baseVpn);
    }
    effects.flushAll();
    effects.paths.leave(path);
  }

  private mapAtBoot({ startPfn, endPfn, level }: BootLeafRange): void {
    const { flags } = this.options;
    const size = [LeafLevel.none, LeafLevel.pte4K, LeafLevel.pmd2M, LeafLevel.pud1G][level];
    assert(size !== undefined && size > 0, () => `leaves of level ${level} at boot`);
    this.table.mapConsecutive(this.baseVpn + startPfn, size, startPfn, endPfn - startPfn, flags);
  }
}
