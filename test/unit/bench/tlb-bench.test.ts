/** The benchmark of the TLB measures two programs that agree; it never judges a time. */
import { describe, expect, it } from 'vitest';
import { benchTlb } from '../../../src/bench/tlb-bench.js';

describe('the TLB benchmark', () => {
  it('divides the time between two readings of the clock by the references', () => {
    let reading = 0;
    // Every reading is 1000 ns after the one before: both programs take 1000 ns.
    const rows = benchTlb({ nowNs: () => (reading += 1000), references: 20_000, runs: 3 });
    expect(rows.map(({ stream }) => stream)).toEqual(['zipf', 'hot']);
    for (const { hierarchyNs, plainNs, ratio } of rows) {
      expect([hierarchyNs, plainNs, ratio]).toEqual([0.05, 0.05, 1]);
    }
  });

  it('runs the streams of the literature page: half of the Zipf stream hits, all of the hot one', () => {
    const [zipf, hot] = benchTlb({ nowNs: () => 0, references: 200_000, runs: 1 });
    expect(zipf?.l1HitShare).toBeCloseTo(0.47, 1);
    expect(hot?.l1HitShare).toBeGreaterThan(0.99);
    expect(zipf?.ratio).toBe(0);
  });
});
