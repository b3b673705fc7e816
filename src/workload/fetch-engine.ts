/**
 * Instruction fetch of the whole machine: execute statements as reference streams over kernel text,
 * user text and the live text of pools, through one instruction-TLB hierarchy per simulated CPU group.
 * The engine tells it what appears, goes and is flushed; it tells counters under their perf names.
 */
import type { ExecutePlan, MachinePlan } from '../contract/scenario-plan.js';
import type { FetchWatch } from './fetch-watch.js';

/** How pages of the module area are mapped now. */
export interface TextView {
  /** Unsigned VPN of page index 0. */
  readonly areaVpn: number;
  /** 0 none, 1 4K, 2 2M. */
  leafLevel(page: number): number;
  isExecutable(page: number): boolean;
  readonly mappingVersion: number;
}

export interface FetchEngineOptions {
  readonly machine: MachinePlan;
  readonly seed: number;
  readonly view: TextView;
  /** For views of the hierarchies; absent in runs. */
  readonly watch?: FetchWatch;
}

/** Monotonic since the start of the run, scaled to the whole machine. */
export interface FetchCounters {
  readonly instructions: number;
  readonly references: number;
  /** First-level misses that the second level served. */
  readonly stlbHit: number;
  readonly walkCompleted: number;
  readonly walkCompleted4K: number;
  readonly walkCompleted2M4M: number;
  /** Cycles in walks: itlb_misses.walk_active. */
  readonly walkActiveCycles: number;
  /** Fetches from addresses whose text is gone or replaced without a flush (invariant, stays 0). */
  readonly staleFetches: number;
}

/** Of a run that executes nothing. */
export const NO_FETCHES: FetchCounters = {
  instructions: 0,
  references: 0,
  stlbHit: 0,
  walkCompleted: 0,
  walkCompleted4K: 0,
  walkCompleted2M4M: 0,
  walkActiveCycles: 0,
  staleFetches: 0,
};

export interface FetchEngine {
  readonly counters: FetchCounters;
  /** Execute statement `index` runs from now until `end`. */
  start(index: number, plan: ExecutePlan, timeNs: number): void;
  end(index: number, timeNs: number): void;
  /** Text of `object` (pool -1: none) now lives at these bytes from page index 0 of the area. */
  textPlaced(object: number, pool: number, byte: number, sizeBytes: number): void;
  textGone(object: number): void;
  flushAll(): void;
  flushRange(page: number, pages: number): void;
  flushLocal(): void;
  /** Simulates all fetches up to `timeNs`. Called before every sample and before mappings change. */
  advanceTo(timeNs: number): void;
}
