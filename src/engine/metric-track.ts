/**
 * One metric over one run: the statistics of the phase under way and the series of the whole run,
 * kept while values come in. A value holds until the next one; a ratio holds for the time since the
 * one before, and its mean is the quotient of the totals.
 *
 * Bounds: a series keeps SERIES_MAX samples and a phase QUANTILE_MAX values. When one is full, every
 * other is dropped and from then on every second (fourth, ...) is taken. First, last, min, max, mean
 * and integral are exact all the same.
 */
import type { PhaseStatistics, SeriesResult } from '../contract/run-result.js';

export const SERIES_MAX = 4096;
export const QUANTILE_MAX = 8192;
const NS_PER_SECOND = 1e9;

/** Values in order, thinned when they become too many. The last one is always kept aside. */
class ThinnedValues {
  readonly values: number[] = [];
  private stride = 1;
  private seen = 0;

  constructor(private readonly max: number) {}

  /** True when the value was taken. */
  add(value: number): boolean {
    const taken = this.seen % this.stride === 0;
    this.seen += 1;
    if (!taken) return false;
    this.values.push(value);
    return true;
  }

  /** Drops every other value; true when that was needed. */
  thin(): boolean {
    if (this.values.length < this.max) return false;
    halve(this.values);
    this.stride *= 2;
    return true;
  }

  clear(): void {
    this.values.length = 0;
    this.stride = 1;
    this.seen = 0;
  }
}

function halve(values: number[]): void {
  let kept = 0;
  for (let i = 0; i < values.length; i += 2) {
    values[kept] = values[i] ?? 0;
    kept += 1;
  }
  values.length = kept;
}

/** Samples of a run for charts. */
export class SeriesRecorder {
  private readonly times = new ThinnedValues(SERIES_MAX);
  private readonly values: number[] = [];
  private lastNs = -1;
  private lastValue = 0;
  /** The last sample is not among the kept ones. */
  private isLastAside = false;

  /** A second sample of the same instant replaces the first. */
  add(timeNs: number, value: number): void {
    this.lastValue = value;
    if (timeNs === this.lastNs) {
      if (!this.isLastAside) this.values[this.values.length - 1] = value;
      return;
    }
    this.lastNs = timeNs;
    this.isLastAside = !this.times.add(timeNs);
    if (this.isLastAside) return;
    this.values.push(value);
    if (!this.times.thin()) return;
    halve(this.values);
    this.isLastAside = this.times.values[this.times.values.length - 1] !== timeNs;
  }

  result(metric: string): SeriesResult {
    const timesNs = [...this.times.values];
    const values = [...this.values];
    if (this.isLastAside) {
      timesNs.push(this.lastNs);
      values.push(this.lastValue);
    }
    return { metric, timesNs, values };
  }
}

/** Statistics of one phase. */
export class PhaseTrack {
  count = 0;
  first = 0;
  last = 0;
  min = 0;
  max = 0;
  /** Value times nanoseconds up to the last sample. */
  private area = 0;
  private startNs = 0;
  private lastNs = 0;
  private readonly forQuantiles = new ThinnedValues(QUANTILE_MAX);

  constructor(private readonly holdsBackwards: boolean) {}

  start(timeNs: number): void {
    this.count = 0;
    this.area = 0;
    this.startNs = timeNs;
    this.lastNs = timeNs;
    this.forQuantiles.clear();
  }

  add(timeNs: number, value: number): void {
    if (this.count === 0) {
      this.first = value;
      this.min = value;
      this.max = value;
    } else {
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
    }
    const held = this.holdsBackwards || this.count === 0 ? value : this.last;
    this.area += held * (timeNs - this.lastNs);
    this.count += 1;
    this.last = value;
    this.lastNs = timeNs;
    this.forQuantiles.add(value);
    this.forQuantiles.thin();
  }

  /** Value times nanoseconds up to `timeNs`, the last value held. */
  areaAt(timeNs: number): number {
    return this.area + this.last * (timeNs - this.lastNs);
  }

  /** Nanoseconds since the start of the phase. */
  elapsedNs(timeNs: number): number {
    return timeNs - this.startNs;
  }

  quantile(share: number): number {
    return quantileOfSorted(sortedCopy(this.forQuantiles.values), share);
  }

  /** Undefined without a sample. `mean` replaces the time-weighted one. */
  statistics(endNs: number, mean: number | undefined): PhaseStatistics | undefined {
    if (this.count === 0) return undefined;
    const { first, last, min, max } = this;
    const elapsedNs = endNs - this.startNs;
    const timeMean = elapsedNs > 0 ? this.areaAt(endNs) / elapsedNs : last;
    const used = mean ?? Math.min(max, Math.max(min, timeMean));
    const sorted = sortedCopy(this.forQuantiles.values);
    return {
      first,
      last,
      min,
      max,
      mean: used,
      p50: quantileOfSorted(sorted, 0.5),
      p90: quantileOfSorted(sorted, 0.9),
      p99: quantileOfSorted(sorted, 0.99),
      delta: last - first,
      integral: (used * elapsedNs) / NS_PER_SECOND,
    };
  }
}

const sortedCopy = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Linear between the closest ranks, position (n - 1) x share (Hyndman and Fan's type 7). */
function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const lower = Math.floor(position);
  const left = sorted[lower] ?? 0;
  const right = sorted[Math.min(lower + 1, sorted.length - 1)] ?? left;
  return left === right ? left : left + (right - left) * (position - lower);
}
