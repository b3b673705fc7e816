/**
 * Counts of one window of the fetch stream as it goes: the TLB's own counters and what repetitions that
 * need no simulation add to them, noted at the points of the flush curve.
 */
import { SizeClass } from '../contract/tlb-config.js';
import type { Tlb } from '../machine/tlb.js';
import { COLD_POINTS, MISS_CHANNELS, MissChannel } from './flush-curve.js';

/** What a window saw. */
export interface WindowCounts {
  readonly references: number;
  /** By MissChannel, over the whole window. */
  readonly totals: Float64Array;
  /** Cumulative at COLD_POINTS, by point and channel. */
  readonly cumulative: Float64Array;
}

/** Counts of a stream since its start, by MissChannel. */
export class StreamCounts {
  /** Counts that were not simulated. */
  private readonly added = new Float64Array(MISS_CHANNELS);
  walkCycles = 0;

  constructor(private readonly tlb: Tlb) {}

  /** Counts so far into `into`. */
  read(into: Float64Array): void {
    const { l1Misses, walks } = this.tlb;
    const { added } = this;
    const small = walks[SizeClass['4K']] ?? 0;
    const large = walks[SizeClass['2M']] ?? 0;
    const misses = (l1Misses[SizeClass['4K']] ?? 0) + (l1Misses[SizeClass['2M']] ?? 0);
    into[MissChannel.stlbHit] = misses - small - large + (added[MissChannel.stlbHit] ?? 0);
    into[MissChannel.walk4K] = small + (added[MissChannel.walk4K] ?? 0);
    into[MissChannel.walk2M] = large + (added[MissChannel.walk2M] ?? 0);
    into[MissChannel.walkCycles] = this.walkCycles + (added[MissChannel.walkCycles] ?? 0);
  }

  /** The counts from `before` to `after` happened `times` times more. */
  repeat(before: Float64Array, after: Float64Array, times: number): void {
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      const count = (after[channel] ?? 0) - (before[channel] ?? 0);
      this.added[channel] = (this.added[channel] ?? 0) + count * times;
    }
  }
}

export class WindowRecord {
  private references = 0;
  private point = 0;
  private readonly start = new Float64Array(MISS_CHANNELS);
  private readonly before = new Float64Array(MISS_CHANNELS);
  private readonly now = new Float64Array(MISS_CHANNELS);
  private readonly cumulative = new Float64Array(COLD_POINTS.length * MISS_CHANNELS);

  constructor(private readonly counts: StreamCounts) {
    counts.read(this.start);
  }

  /** Counts since the window began. */
  private read(into: Float64Array): void {
    this.counts.read(into);
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      into[channel] = (into[channel] ?? 0) - (this.start[channel] ?? 0);
    }
  }

  /** So many more references were made. */
  add(references: number): void {
    const from = this.references;
    this.references += references;
    this.read(this.now);
    let wanted = COLD_POINTS[this.point] ?? Infinity;
    while (this.references >= wanted) {
      this.note((wanted - from) / references);
      wanted = COLD_POINTS[this.point] ?? Infinity;
    }
    this.before.set(this.now);
  }

  /** The next point lies at this share of the way from the counts before to those now. */
  private note(share: number): void {
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      const low = this.before[channel] ?? 0;
      const value = low + ((this.now[channel] ?? 0) - low) * share;
      this.cumulative[this.point * MISS_CHANNELS + channel] = value;
    }
    this.point += 1;
  }

  finish(): WindowCounts {
    const totals = new Float64Array(MISS_CHANNELS);
    this.read(totals);
    const { references, cumulative } = this;
    // Points beyond the end of a short window go on at its mean rate.
    this.before.fill(0);
    this.now.set(totals);
    while (this.point < COLD_POINTS.length) this.note((COLD_POINTS[this.point] ?? 0) / references);
    return { references, totals, cumulative };
  }
}
