/**
 * What metrics read of a run in progress: plain numbers that the engine keeps incrementally, so that
 * a reading costs the same at the first and at the last event. The engine knows the source, metrics
 * know how to read it, neither knows the other.
 */
import type { MetricInfo } from './metric-table.js';
import type { EffectKind } from './sim-event.js';

export interface MetricSource {
  /** Effects of the kind so far. */
  effectCount(kind: EffectKind): number;
  /** Sum of the effects' amounts so far: pages or bytes as EffectKind says. */
  effectAmount(kind: EffectKind): number;
  /** Direct map mapped by leaves of a level (1 4K, 2 2M, 3 1G), bytes. */
  directMapBytes(level: number): number;
  /** Executable leaves of the module area. */
  readonly text4KLeaves: number;
  readonly text2MLeaves: number;
  /** Live bytes by kind of placement. */
  readonly liveTextBytes: number;
  /** Of the live text, what lies in the tail of kernel text instead of the module area. */
  readonly tailTextBytes: number;
  readonly liveDataBytes: number;
  readonly liveRodataBytes: number;
  readonly overlapBytes: number;
  readonly writableExecutableBytes: number;
  readonly vmapAreas: number;
  readonly vmapHoles: number;
  readonly largestHoleBytes: number;
  readonly lazyBytes: number;
  readonly freeMemoryBytes: number;
  /** Instruction fetch of the whole machine since the start; all 0 without an execute statement. */
  readonly instructions: number;
  readonly references: number;
  readonly stlbHits: number;
  readonly walks: number;
  readonly walks4K: number;
  readonly walks2M: number;
  readonly walkCycles: number;
  readonly staleFetches: number;
  /** Taken from pools that held too little, arrivals not made. */
  readonly poolUnderflows: number;
  readonly heldBack: number;
  /** Live objects that the workload made and the design served. */
  readonly liveObjects: number;
  /** Simulated time charged by `costs on`, ns. */
  readonly chargedNs: number;
  /** A gauge of the design itself; undefined when it has none of this name. */
  designGauge(name: string): number | undefined;
}

/** A value at an instant: gauge or counter. Undefined: this run has no such value. */
export interface ReadMetric {
  readonly info: MetricInfo;
  read(source: MetricSource): number | undefined;
}

/** A quotient of two running totals, over the time between two samples. */
export interface RatioMetric {
  readonly info: MetricInfo;
  numerator(source: MetricSource): number;
  denominator(source: MetricSource): number;
  /** Factor of the quotient, e.g. 1000 for "per 1000 instructions". */
  readonly scale: number;
}

export type MetricDefinition = ReadMetric | RatioMetric;

export const isRatio = (metric: MetricDefinition): metric is RatioMetric => 'numerator' in metric;
