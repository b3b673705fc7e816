/**
 * What the machine does to the outside: effects with their call path, the counters that sum them,
 * TLB flushes and who listens to them. Flushes follow arch/x86/mm/tlb.c: above the ceiling of 33
 * pages a range flush drops everything.
 */
import { EffectKind } from '../contract/sim-event.js';
import { CallPaths } from './call-paths.js';
import type { EffectSink, MmCounters } from './kernel-mm.js';
import type { FlushListener } from './machine-view.js';

/** tlb_single_page_flush_ceiling: this many pages are still invalidated one by one. */
const FLUSH_CEILING_PAGES = 33;

export class MmEffects {
  readonly counters: MmCounters = zeroCounters();
  readonly paths = new CallPaths();
  listener: FlushListener | undefined;

  constructor(private readonly sink: EffectSink) {}

  /** Tells an effect of the current path; page and amount as EffectKind says. */
  tell(kind: EffectKind, page: number, amount: number): void {
    this.sink(kind, page, amount, this.paths.text);
  }

  /** Broadcast that drops everything on every CPU. */
  flushAll(): void {
    this.counters.remoteFlushes += 1;
    this.counters.fullFlushes += 1;
    this.listener?.flushAll();
    this.tell(EffectKind.flushAll, 0, 0);
  }

  /** flush_tlb_kernel_range over pages of the module area. */
  flushKernelRange(page: number, pages: number): void {
    if (pages > FLUSH_CEILING_PAGES) {
      this.flushAll();
      return;
    }
    this.counters.remoteFlushes += 1;
    this.counters.rangeFlushes += 1;
    this.counters.flushedPages += pages;
    this.listener?.flushRange(page, pages);
    this.tell(EffectKind.flushRange, page, pages);
  }

  /** One CPU drops its private mapping of a page that it wrote. */
  flushLocal(page: number): void {
    this.counters.localFlushes += 1;
    this.listener?.flushLocal();
    this.tell(EffectKind.flushLocal, page, 1);
  }

  tableAllocated(page: number): void {
    this.counters.pageTablePages += 1;
    this.tell(EffectKind.pageTableAlloc, page, 1);
  }

  tableFreed(page: number): void {
    this.counters.pageTablePages -= 1;
    this.tell(EffectKind.pageTableFree, page, 1);
  }
}

const zeroCounters = (): MmCounters => ({
  level2Splits: 0,
  level3Splits: 0,
  level2Collapses: 0,
  level3Collapses: 0,
  textSplits: 0,
  textCollapses: 0,
  cpaCalls: 0,
  remoteFlushes: 0,
  fullFlushes: 0,
  rangeFlushes: 0,
  flushedPages: 0,
  localFlushes: 0,
  pokeCalls: 0,
  pokeBytes: 0,
  purges: 0,
  order9Requests: 0,
  order9Failures: 0,
  hugeFallbacks: 0,
  pageTablePages: 0,
});
