/**
 * The simulated machine: vmap areas, their pages and mappings, the direct map, attribute changes,
 * pokes and flushes, put together as the kernel's vmalloc, vfree and set_memory_* put them together.
 * Invariants (verify): pages of areas, lazy areas and free areas make up the address space; every
 * mapped page belongs to one live area and no frame to two; counters are those of the page tables.
 */
import { assert } from '../base/assert.js';
import { LeafLevel, pagesFor, PTRS_PER_PMD_PAGES, roundUp } from '../base/units.js';
import { EffectKind } from '../contract/sim-event.js';
import {
  PAGE_KERNEL,
  PAGE_KERNEL_RO,
  PAGE_KERNEL_ROX,
  PTE_DIRTY,
  PTE_EXECUTABLE,
  PTE_GLOBAL,
  PTE_WRITABLE,
} from '../machine/pte.js';
import { BackingFrames } from './backing-frames.js';
import { BesideMemory } from './frame-allocator-beside.js';
import { ChangePageAttr } from './change-page-attr.js';
import { DirectMap } from './direct-map.js';
import type { FrameSource } from './frame-source.js';
import type { MmCounters, PageSupply, VmallocRequest, VmArea } from './kernel-mm.js';
import type { KernelRules } from './kernel-rules.js';
import type { SplitCause } from './leaf-change.js';
import { LiveArea, MachineTables, type KernelMachineParts } from './kernel-machine-parts.js';
import { verifyMachine } from './kernel-machine-verify.js';
import type { FlushListener, MachineMm } from './machine-view.js';
import { MmEffects } from './mm-effects.js';
import { Placements } from './placements.js';
import { forEachPoke } from './text-poke.js';
import { TextMap } from './text-map.js';
import { VmapAreaSet, type VmapSearch } from './vmap-area-set.js';

/** One search at a time, written over. */
type SearchUnderWay = { -readonly [Key in keyof VmapSearch]: VmapSearch[Key] };

export class KernelMachine implements MachineMm {
  readonly rules: KernelRules;
  readonly cpus: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly areaPages: number;
  readonly areaVpn: number;
  readonly loadOffsetPages: number;
  readonly kernelTail?: { readonly page: number; readonly pages: number };
  readonly placements: Placements;
  readonly counters: MmCounters;
  readonly pageSupply: PageSupply;
  readonly directMap: DirectMap;
  readonly text: TextMap;
  readonly areas: VmapAreaSet;
  readonly effects: MmEffects;
  readonly frames: FrameSource;
  readonly beside: BesideMemory;
  vmapAreaCount = 0;
  /** Live areas by first page. */
  readonly liveAreas: (LiveArea | undefined)[];
  private readonly backing: BackingFrames;
  private readonly attributes: ChangePageAttr;
  private readonly globalFlag: number;
  private readonly ramPages: number;
  private readonly search: SearchUnderWay = {
    pages: 0,
    alignPages: 1,
    windowStart: 0,
    windowEnd: 0,
    fit: 'lowest',
  };

  constructor(parts: KernelMachineParts) {
    const { rules, area, frames } = parts;
    this.rules = rules;
    this.cpus = parts.cpus;
    this.nodes = parts.nodes;
    this.possibleNodes = parts.possibleNodes;
    this.areaPages = area.areaPages;
    this.areaVpn = area.areaVpn;
    this.loadOffsetPages = area.loadOffsetPages;
    if (area.kernelTail) this.kernelTail = area.kernelTail;
    this.placements = new Placements(area.areaPages, area.kernelTail);
    this.frames = frames;
    this.beside = new BesideMemory(frames);
    this.ramPages = parts.ramPages;
    this.globalFlag = parts.pti ? 0 : PTE_GLOBAL;
    this.effects = new MmEffects(parts.sink);
    this.counters = this.effects.counters;
    const repairs = parts.collapse === 'any';
    const pages = new MachineTables(parts.tablePages, frames);
    this.directMap = new DirectMap(
      {
        levels: parts.levels,
        leaves: parts.bootLeaves,
        ...(parts.bootKb ? { kb: parts.bootKb } : {}),
        flags: this.flagsOf(PAGE_KERNEL),
        repairs,
        ...(parts.directMapLevelMax ? { levelMax: parts.directMapLevelMax } : {}),
        presentFlags: repairs ? this.globalFlag : 0,
        dirtyFlags: rules.roClearsDirty ? PTE_DIRTY : 0,
        pages,
      },
      this.effects,
    );
    const { areaVpn, areaPages } = this;
    this.text = new TextMap(
      { levels: parts.levels, areaVpn, areaPages, repairs, pages },
      this.effects,
    );
    pages.isBooted = true;
    this.areas = new VmapAreaSet(parts.cpus, rules.vmapSearch === 'adjusted', rules.lazyPerNode);
    this.liveAreas = new Array<LiveArea | undefined>(area.areaPages).fill(undefined);
    this.backing = new BackingFrames(frames, rules, this.effects);
    this.attributes = new ChangePageAttr({
      rules,
      collapse: parts.collapse,
      text: this.text,
      directMap: this.directMap,
      effects: this.effects,
      purge: () => this.purgeLazyAreas(),
    });
    this.pageSupply = {
      allocBlock: (node, order) => this.backing.allocBlock(node, order),
      freeBlock: (frame, order) => frames.freeBlock(frame, order),
      setValid: (frame, count, valid) => this.directMap.setValid(frame, count, valid),
      flushKernelRange: () => this.effects.flushAll(),
    };
  }

  vmalloc(request: VmallocRequest): VmArea | undefined {
    const pages = pagesFor(request.sizeBytes);
    if (pages === 0 || pages > this.ramPages) return undefined;
    const { effects } = this;
    const path = effects.paths.enter('vmalloc');
    const wantsHuge = this.mayBeHuge(request, pages);
    let area = wantsHuge ? this.tryAlloc(request, pages, true) : undefined;
    if (area === undefined && request.hugeOnly !== true) {
      area = this.tryAlloc(request, pages, false);
      if (area && wantsHuge) {
        this.counters.hugeFallbacks += 1;
        effects.tell(EffectKind.allocFallback, area.page, area.pages);
      }
    }
    effects.paths.leave(path);
    return area;
  }

  vfree(area: VmArea): void {
    assert(area instanceof LiveArea && area.live, () => `area at page ${area.page} is not live`);
    const { effects } = this;
    const path = effects.paths.enter('vfree');
    area.live = false;
    this.liveAreas[area.page] = undefined;
    this.vmapAreaCount -= 1;
    const count = area.ownsFrames ? area.pages : 0;
    if (area.ownsFrames) {
      this.backing.reserve(count);
      this.text.readFrames(area.page, count, this.backing.frames);
    }
    this.text.unmap(area.page, area.pages);
    effects.tell(EffectKind.vmapAreaFree, area.page, area.pages);
    this.release(area.page, area.pages + area.guardPages, count, area.resetPerms);
    effects.paths.leave(path);
  }

  setMemoryRo(page: number, pages: number): void {
    this.attributes.setRo(page, pages);
  }

  setMemoryRw(page: number, pages: number): void {
    this.attributes.setRw(page, pages);
  }

  setMemoryX(page: number, pages: number): void {
    this.attributes.setX(page, pages);
  }

  setMemoryNx(page: number, pages: number): void {
    this.attributes.setNx(page, pages);
  }

  setMemoryRox(page: number, pages: number): void {
    this.attributes.setRox(page, pages);
  }

  setDirectMapValid(page: number, pages: number, valid: boolean): void {
    for (let at = page; at < page + pages;) {
      const level = this.text.levelOf(at);
      assert(level !== LeafLevel.none, () => `page ${at} is not mapped`);
      const frame = this.text.frameOf(at);
      // Areas in 2M pages are handled a page of theirs at a time, others singly.
      const isWhole = this.isHugePage(at) && at + PTRS_PER_PMD_PAGES <= page + pages;
      const count = isWhole ? PTRS_PER_PMD_PAGES : 1;
      this.directMap.setValid(frame, count, valid);
      at += count;
    }
  }

  purgeLazyAreas(): void {
    if (this.areas.lazy.count > 0) this.purge(false);
  }

  textPoke(byte: number, sizeBytes: number, stepBytes?: number): void {
    if (sizeBytes <= 0) return;
    const { effects, counters } = this;
    this.assertMapped(byte, sizeBytes);
    const path = effects.paths.enter('text_poke');
    counters.pokeCalls += 1;
    counters.pokeBytes += sizeBytes;
    effects.tell(EffectKind.textPoke, Math.floor(byte / 4096), sizeBytes);
    forEachPoke(byte, sizeBytes, stepBytes, (start) => {
      effects.flushLocal(Math.floor(start / 4096));
    });
    effects.paths.leave(path);
  }

  runOnNode(node: number): void {
    this.frames.runOnNode?.(node);
  }

  enterPath(name: string): number {
    return this.effects.paths.enter(name);
  }

  leavePath(previous: number): void {
    this.effects.paths.leave(previous);
  }

  note(kind: EffectKind, page: number, amount: number): void {
    this.effects.tell(kind, page, amount);
  }

  leafLevel(page: number): number {
    if (page < 0) return this.isKernelTail(page) ? LeafLevel.pmd2M : LeafLevel.none;
    return this.text.levelOf(page);
  }

  isExecutable(page: number): boolean {
    if (page < 0) return this.isKernelTail(page);
    return (this.text.flagsOf(page) & PTE_EXECUTABLE) !== 0;
  }

  isWritable(page: number): boolean {
    return page >= 0 && (this.text.flagsOf(page) & PTE_WRITABLE) !== 0;
  }

  splitCause(where: 'direct map' | 'module area'): SplitCause {
    return where === 'direct map' ? this.directMap.splitCause : this.text.splitCause;
  }

  get flushListener(): FlushListener | undefined {
    return this.effects.listener;
  }

  set flushListener(listener: FlushListener | undefined) {
    this.effects.listener = listener;
  }

  directMapKb(level: number): number {
    return this.directMap.kb(level);
  }

  get text4KLeaves(): number {
    return this.text.executable4KLeaves;
  }

  get text2MLeaves(): number {
    return this.text.executable2MLeaves;
  }

  get writableExecutablePages(): number {
    return this.text.writableExecutablePages;
  }

  get executablePages(): number {
    return this.text4KLeaves + this.text2MLeaves * PTRS_PER_PMD_PAGES;
  }

  get holeCount(): number {
    return this.areas.holeCount;
  }

  get largestHolePages(): number {
    return this.areas.largestHolePages;
  }

  get lazyPages(): number {
    return this.areas.lazy.pages;
  }

  get freePages(): number {
    return this.frames.freePages;
  }

  get mappingVersion(): number {
    return this.text.version;
  }

  verify(): void {
    verifyMachine(this);
  }

  private flagsOf(flags: number): number {
    return this.globalFlag === 0 ? flags & ~PTE_GLOBAL : flags;
  }

  private mayBeHuge(request: VmallocRequest, pages: number): boolean {
    const rule = request.hugeNodeRule ?? this.rules.hugeVmalloc;
    if (request.allowHuge !== true || rule === 'none' || request.frames) return false;
    return (rule === 'divide' ? pages / this.nodes : pages) >= PTRS_PER_PMD_PAGES;
  }

  private tryAlloc(request: VmallocRequest, asked: number, huge: boolean): VmArea | undefined {
    const pages = huge ? roundUp(asked, PTRS_PER_PMD_PAGES) : asked;
    const guardPages = request.guardPages ?? 1;
    const align = huge ? Math.max(PTRS_PER_PMD_PAGES, request.alignPages) : request.alignPages;
    const page = this.findPlace(request, pages + guardPages, align);
    if (page === undefined) return undefined;
    const resetPerms = request.resetPerms ?? false;
    const own = request.frames;
    const { backing } = this;
    if (own) {
      assert(own.length === pages, () => `${own.length} frames for ${pages} pages`);
    } else {
      const node = request.node ?? -1;
      const had = huge
        ? backing.takeHuge(pages, node)
        : backing.takePages(pages, node, request.backing === 'order9');
      if (!had) {
        // The kernel frees the half-made area as any other: its addresses wait for a purge.
        this.release(page, pages + guardPages, backing.taken, resetPerms);
        return undefined;
      }
    }
    this.map(page, pages, own ?? backing.frames, huge, request.protection);
    const area = new LiveArea(page, pages, guardPages, huge, resetPerms, own === undefined);
    this.liveAreas[page] = area;
    this.vmapAreaCount += 1;
    this.effects.tell(EffectKind.vmapAreaAlloc, page, pages);
    return area;
  }

  private map(
    page: number,
    pages: number,
    frames: ArrayLike<number>,
    huge: boolean,
    protection: VmallocRequest['protection'],
  ): void {
    let flags = PAGE_KERNEL;
    if (protection === 'ro') flags = PAGE_KERNEL_RO;
    else if (protection === 'rox') flags = PAGE_KERNEL_ROX;
    if (huge) this.text.mapHuge(page, pages, frames, this.flagsOf(flags));
    else this.text.mapPages(page, pages, frames, this.flagsOf(flags));
  }

  /** First page index of a free place, lazy areas purged if it takes that. */
  private findPlace(
    request: VmallocRequest,
    pages: number,
    alignPages: number,
  ): number | undefined {
    const { search, areas } = this;
    search.pages = pages;
    search.alignPages = alignPages;
    search.windowStart = this.areaVpn + (request.windowStart ?? this.loadOffsetPages);
    search.windowEnd = this.areaVpn + (request.windowEnd ?? this.areaPages);
    search.fit = request.fit ?? 'lowest';
    let start = areas.alloc(search);
    if (start < 0 && areas.lazy.count > 0) {
      this.purgeLazyAreas();
      start = areas.alloc(search);
    }
    return start < 0 ? undefined : start - this.areaVpn;
  }

  /**
   * The end of vfree: addresses become lazy, with `resetPerms` every alias goes and comes back around
   * a purge, then backing.frames[0..frameCount) go back. vm_reset_perms of mm/vmalloc.c.
   */
  private release(page: number, pages: number, frameCount: number, resetPerms: boolean): void {
    const { areas, directMap, backing } = this;
    const isPurgeDue = areas.freeLazily(this.areaVpn + page, pages);
    if (resetPerms) {
      directMap.invalidateEach(backing.frames, frameCount);
      this.purge(frameCount > 0);
      directMap.restoreEach(backing.frames, frameCount);
    } else if (isPurgeDue) {
      this.purge(false);
    }
    if (frameCount > 0) backing.give(frameCount);
  }

  /** One flush over the addresses of all lazy areas; over the direct map too where it changed. */
  private purge(directMapToo: boolean): void {
    const { areas, effects } = this;
    const path = effects.paths.enter('vm_unmap_aliases');
    const { lazy } = areas;
    const first = lazy.lowest - this.areaVpn;
    const span = lazy.highest - lazy.lowest;
    effects.counters.purges += 1;
    effects.tell(EffectKind.purge, first, lazy.pages);
    areas.purge();
    if (directMapToo) effects.flushAll();
    else effects.flushKernelRange(first, span);
    effects.paths.leave(path);
  }

  /** True for a page of an area that was mapped by 2M leaves at its creation. */
  private isHugePage(page: number): boolean {
    if (page % PTRS_PER_PMD_PAGES !== 0) return false;
    for (let at = page; at >= 0; at -= PTRS_PER_PMD_PAGES) {
      const area = this.liveAreas[at];
      if (area) return area.huge && page < area.page + area.pages;
    }
    return false;
  }

  private isKernelTail(page: number): boolean {
    const { kernelTail } = this;
    return (
      kernelTail !== undefined &&
      page >= kernelTail.page &&
      page < kernelTail.page + kernelTail.pages
    );
  }

  private assertMapped(byte: number, sizeBytes: number): void {
    const last = Math.floor((byte + sizeBytes - 1) / 4096);
    for (let page = Math.floor(byte / 4096); page <= last; page += 1) {
      assert(this.leafLevel(page) !== LeafLevel.none, () => `poke of page ${page}: not mapped`);
    }
  }
}
