/**
 * What one CPU misses after a full flush: cumulative counts over references since the flush, and the
 * rate once the TLB is warm. Both are averages over sampled windows; older windows lose weight as the
 * text that they saw changes. A stretch between two flushes of n references then misses exactly what
 * the curve says for n, so every flush counts without being simulated by itself.
 */

/** Counted per window. */
export const MissChannel = { stlbHit: 0, walk4K: 1, walk2M: 2, walkCycles: 3 } as const;
export const MISS_CHANNELS = 4;

/** References since the flush at which the curve has points: 64 x 2^(i/2), to 92,681. */
export const COLD_POINTS: readonly number[] = Array.from({ length: 22 }, (_, i) =>
  Math.round(64 * 2 ** Math.floor(i / 2) * (i % 2 === 0 ? 1 : 1.4142135623730951)),
);

/** Weight of the windows before at most: 16 make the noise a quarter of one window's. */
const WEIGHT_MAX = 16;

export class FlushCurve {
  /** counts[point * MISS_CHANNELS + channel] */
  private readonly cold = new Float64Array(COLD_POINTS.length * MISS_CHANNELS);
  private readonly warmRate = new Float64Array(MISS_CHANNELS);
  private coldWeight = 0;
  private warmWeight = 0;

  /** Windows that the warm rates stand for. */
  get confidence(): number {
    return this.warmWeight;
  }

  /** The text changed by this share, 0..1: what was seen before counts that much less. */
  forget(share: number): void {
    this.coldWeight *= 1 - share;
    this.warmWeight *= 1 - share;
  }

  /** Cumulative counts at COLD_POINTS of a window that began with a flush. */
  addCold(counts: Float64Array): void {
    this.coldWeight = mix(this.cold, counts, this.coldWeight);
  }

  /** Counts per reference of a window that began warm. */
  addWarm(rates: Float64Array): void {
    this.warmWeight = mix(this.warmRate, rates, this.warmWeight);
  }

  /** Misses of a channel per reference when warm. */
  warm(channel: number): number {
    return this.warmRate[channel] ?? 0;
  }

  /** Expected count of a channel in the first `references` after a flush. */
  total(channel: number, references: number): number {
    const last = COLD_POINTS.length - 1;
    const end = COLD_POINTS[last] ?? 0;
    if (references >= end) {
      return this.countAt(last, channel) + (references - end) * this.warm(channel);
    }
    let low = -1;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((COLD_POINTS[middle] ?? 0) <= references) low = middle;
      else high = middle;
    }
    const from = low < 0 ? 0 : (COLD_POINTS[low] ?? 0);
    const fromCount = low < 0 ? 0 : this.countAt(low, channel);
    const width = (COLD_POINTS[high] ?? 0) - from;
    const rise = this.countAt(high, channel) - fromCount;
    return fromCount + (rise * (references - from)) / width;
  }

  private countAt(point: number, channel: number): number {
    return this.cold[point * MISS_CHANNELS + channel] ?? 0;
  }
}

/** Averages `fresh` into `known`, which stands for `weight` windows; returns the new weight. */
function mix(known: Float64Array, fresh: Float64Array, weight: number): number {
  const kept = Math.min(weight, WEIGHT_MAX - 1);
  for (let i = 0; i < known.length; i += 1) {
    known[i] = ((known[i] ?? 0) * kept + (fresh[i] ?? 0)) / (kept + 1);
  }
  return kept + 1;
}
