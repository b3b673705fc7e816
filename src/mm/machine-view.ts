/**
 * What the engine and the metrics see of a simulated machine beyond the primitives of KernelMm: gauges
 * that are kept incrementally, and a hook for what a flush drops from instruction TLBs. Nothing here
 * changes the machine.
 */
import type { MachinePlan } from '../contract/scenario-plan.js';
import type { EffectSink, KernelMm } from './kernel-mm.js';
import type { SplitCause } from './leaf-change.js';

export interface MachineMmOptions {
  readonly machine: MachinePlan;
  /** Release whose rules apply: the design's own, else the machine's. */
  readonly release: string;
  readonly collapse: 'off' | 'rox' | 'any';
  /** Seed of the run: KASLR offset when seeded, states of free memory. */
  readonly seed: number;
  readonly sink: EffectSink;
}

/** Called after a flush; pages are indexes of the module area. */
export interface FlushListener {
  /** Every CPU drops everything. */
  flushAll(): void;
  /** Every CPU drops these pages. */
  flushRange(page: number, pages: number): void;
  /** The poking CPU drops its private mapping. */
  flushLocal(): void;
}

/** Unmovable kernel memory that others take beside executable memory, page by page. */
export interface BesideSource {
  /** Takes up to `pages` pages of the local node; a ticket for `give`, -1 when there is no memory. */
  take(pages: number): number;
  /** Gives back what a ticket holds. */
  give(ticket: number): void;
}

export interface MachineMm extends KernelMm {
  readonly beside: BesideSource;
  /** The following requests come from a CPU of this node (0..nodes-1): its memory is the local one. */
  runOnNode(node: number): void;
  /** Set once by the engine, before the first request. */
  flushListener: FlushListener | undefined;
  /** Direct-map memory mapped by leaves of a level (1 4K, 2 2M, 3 1G), kB as /proc/meminfo. */
  directMapKb(level: number): number;
  /** Executable leaves in the module area now. */
  readonly text4KLeaves: number;
  readonly text2MLeaves: number;
  /** Pages that are writable and executable now. */
  readonly writableExecutablePages: number;
  /** Live vmap areas in the module area, lazy ones excluded. */
  readonly vmapAreaCount: number;
  /** Executable pages of the module area now. */
  readonly executablePages: number;
  /** Free stretches between the lowest and the highest area (lazy counts as used), and the largest. */
  readonly holeCount: number;
  readonly largestHolePages: number;
  readonly lazyPages: number;
  /** Free physical pages of all nodes. */
  readonly freePages: number;
  /** Why the last leaf of the direct map, or else of the module area, was split. */
  splitCause(where: 'direct map' | 'module area'): SplitCause;
  /** Rises with every change of a mapping in the module area, for caches of leaf sizes. */
  readonly mappingVersion: number;
  /** Asserts conservation of pages, tree shape, leaf counts; expensive. */
  verify(): void;
}
