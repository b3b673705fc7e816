/**
 * A MachineMm for tests of the engine over the naive KernelMm: effects through the sink with call
 * paths, flushes to the listener, gauges by looking at every page. No direct map: every fourth
 * attribute change splits a 2M leaf of it, so that there is something to count.
 */
import { assert } from '../../src/base/assert.js';
import { EffectKind } from '../../src/contract/sim-event.js';
import { PAGE_KERNEL, PAGE_KERNEL_RO } from '../../src/machine/pte.js';
import type { SplitCause } from '../../src/mm/leaf-change.js';
import type { VmallocRequest, VmArea } from '../../src/mm/kernel-mm.js';
import type { FlushListener, MachineMm, MachineMmOptions } from '../../src/mm/machine-view.js';
import { NaiveKernelMm } from './naive-kernel-mm.js';

const CHANGES_PER_SPLIT = 4;
const DIRECT_MAP_KB = 4 * 2 ** 20;

export class NaiveMachineMm extends NaiveKernelMm implements MachineMm {
  flushListener: FlushListener | undefined;
  mappingVersion = 0;
  /** Pages of each open ticket. */
  readonly besideTickets = new Map<number, number>();
  readonly beside = {
    take: (pages: number): number => {
      this.nextTicket += 1;
      this.besideTickets.set(this.nextTicket, pages);
      return this.nextTicket;
    },
    give: (ticket: number): void => {
      assert(this.besideTickets.delete(ticket), 'a ticket is given back once');
    },
  };
  /** Nodes that requests came from, one entry a change. */
  readonly nodesUsed: number[] = [];
  readonly freePages = 2 ** 20;
  readonly lazyPages = 0;
  private changes = 0;
  private nextTicket = 0;
  private paths: string[] = [];

  constructor(private readonly machineOptions: MachineMmOptions) {
    super(machineOptions.release);
  }

  splitCause(): SplitCause {
    return { page: 7, pages: 1, before: PAGE_KERNEL, after: PAGE_KERNEL_RO };
  }

  runOnNode(node: number): void {
    this.nodesUsed.push(node);
  }

  override enterPath(name?: string): number {
    this.paths.push(name ?? '');
    return this.paths.length - 1;
  }

  override leavePath(previous?: number): void {
    this.paths.length = previous ?? 0;
  }

  override note(kind?: EffectKind, page?: number, amount?: number): void {
    this.tell(kind ?? EffectKind.boundaryCollision, page ?? 0, amount ?? 0, []);
  }

  override vmalloc(request: VmallocRequest): VmArea | undefined {
    const area = super.vmalloc(request);
    if (area === undefined) return undefined;
    this.mappingVersion += 1;
    this.tell(EffectKind.vmapAreaAlloc, area.page, area.pages, ['vmalloc']);
    return area;
  }

  override vfree(area: VmArea): void {
    super.vfree(area);
    this.mappingVersion += 1;
    this.tell(EffectKind.vmapAreaFree, area.page, area.pages, ['vfree']);
    if (!area.resetPerms) return;
    this.tell(EffectKind.flushAll, 0, 0, ['vfree']);
    this.flushListener?.flushAll();
  }

  override setMemoryRo(page: number, pages: number): void {
    super.setMemoryRo(page, pages);
    this.changed(page, pages, 'set_memory_ro');
  }

  override setMemoryRw(page: number, pages: number): void {
    super.setMemoryRw(page, pages);
    this.changed(page, pages, 'set_memory_rw');
  }

  override setMemoryX(page: number, pages: number): void {
    super.setMemoryX(page, pages);
    this.changed(page, pages, 'set_memory_x');
  }

  override setMemoryNx(page: number, pages: number): void {
    super.setMemoryNx(page, pages);
    this.changed(page, pages, 'set_memory_nx');
  }

  override setMemoryRox(page: number, pages: number): void {
    super.setMemoryRox(page, pages);
    this.changed(page, pages, 'set_memory_rox');
  }

  override textPoke(byte: number, sizeBytes: number): void {
    super.textPoke(byte, sizeBytes);
    this.tell(EffectKind.textPoke, Math.floor(byte / 4096), sizeBytes, ['text_poke']);
    this.flushListener?.flushLocal();
  }

  directMapKb(level: number): number {
    const splits = Math.floor(this.changes / CHANGES_PER_SPLIT);
    if (level === 1) return splits * 2048;
    return level === 2 ? DIRECT_MAP_KB - splits * 2048 : 0;
  }

  get text4KLeaves(): number {
    return this.countPages((page) => this.isExecutable(page) && this.leafLevel(page) === 1);
  }

  get text2MLeaves(): number {
    return this.countPages((page) => this.isExecutable(page) && this.leafLevel(page) === 2) / 512;
  }

  get writableExecutablePages(): number {
    return this.countPages((page) => this.isExecutable(page) && this.isWritable(page));
  }

  get vmapAreaCount(): number {
    return this.live.length;
  }

  get executablePages(): number {
    return this.countPages((page) => this.isExecutable(page));
  }

  readonly holeCount = 0;
  readonly largestHolePages = 0;

  verify(): void {
    // Everything is derived from the pages.
  }

  private changed(page: number, pages: number, path: string): void {
    this.mappingVersion += 1;
    this.changes += 1;
    this.tell(EffectKind.changePageAttr, page, pages, [path]);
    this.tell(EffectKind.flushRange, page, pages, [path, 'cpa_flush']);
    this.flushListener?.flushRange(page, pages);
    if (this.changes % CHANGES_PER_SPLIT === 0) {
      this.tell(EffectKind.directMapSplit2M, 0, 1, [path, '__change_page_attr']);
    }
  }

  private tell(kind: EffectKind, page: number, amount: number, more: readonly string[]): void {
    this.machineOptions.sink(kind, page, amount, [...this.paths, ...more].join(' -> '));
  }

  private countPages(is: (page: number) => boolean): number {
    let count = 0;
    for (const area of this.live) {
      for (let page = area.page; page < area.page + area.pages; page += 1) if (is(page)) count += 1;
    }
    return count;
  }
}
