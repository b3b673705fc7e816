/**
 * Ranks 1..n by Zipf's law: rank k has weight k^-skew. Sums of weights are kept once per skew for all n,
 * so a population that grows and shrinks costs nothing; a rank is found by bisection.
 */
import { pow } from '../base/math.js';

export class ZipfRanks {
  /** sums[k] is the weight of ranks 1..k. */
  private sums = new Float64Array(64);
  private known = 0;

  constructor(readonly skew: number) {}

  /** Weight of all of `count` ranks, in units of the first. */
  total(count: number): number {
    this.extend(count);
    return this.sums[count] ?? 0;
  }

  /** Share of rank index `index` (from 0) among `count`. */
  share(index: number, count: number): number {
    this.extend(count);
    return ((this.sums[index + 1] ?? 0) - (this.sums[index] ?? 0)) / (this.sums[count] ?? 1);
  }

  /** Rank index (from 0) at the quantile `u` in [0, 1) of `count` ranks, count at least 1. */
  indexAt(u: number, count: number): number {
    this.extend(count);
    const { sums } = this;
    const wanted = u * (sums[count] ?? 0);
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle + 1] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private extend(count: number): void {
    if (count <= this.known) return;
    if (count >= this.sums.length) {
      const { sums } = this;
      this.sums = new Float64Array(Math.max(count + 1, sums.length * 2));
      this.sums.set(sums);
    }
    for (let rank = this.known + 1; rank <= count; rank += 1) {
      this.sums[rank] = (this.sums[rank - 1] ?? 0) + pow(rank, -this.skew);
    }
    this.known = count;
  }
}
