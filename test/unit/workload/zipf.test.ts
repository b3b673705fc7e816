/** Zipf ranks, against sums written out, and the published cross-check of the TLB. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { readTlbConfig } from '../../../src/contract/tlb-config.js';
import { Tlb } from '../../../src/machine/tlb.js';
import { ZipfRanks } from '../../../src/workload/zipf.js';

describe('Zipf ranks', () => {
  it('have shares that fall as a power and add up to 1 for every count', () => {
    const ranks = new ZipfRanks(1.5);
    for (const count of [1, 2, 100, 37]) {
      const shares = Array.from({ length: count }, (_, i) => ranks.share(i, count));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      if (count > 1) expect((shares[0] ?? 0) / (shares[1] ?? 1)).toBeCloseTo(2 ** 1.5, 9);
    }
  });

  it('are found at the quantiles where their share begins and ends', () => {
    const ranks = new ZipfRanks(1);
    let start = 0;
    for (let i = 0; i < 10; i += 1) {
      const end = start + ranks.share(i, 10);
      expect(ranks.indexAt(start + 1e-9, 10)).toBe(i);
      expect(ranks.indexAt(end - 1e-9, 10)).toBe(i);
      start = end;
    }
    expect(ranks.indexAt(0.999999, 1)).toBe(0);
  });

  // Independent draws over 4096 pages; exact simulation gives 35.2, 39.0, 47.1 and 83.7 percent.
  it.each([
    ['48 fully associative', { l1: [{ sizes: ['4K'], sets: 1, ways: 48 }] }, 35.2, undefined],
    ['64 fully associative', { l1: [{ sizes: ['4K'], sets: 1, ways: 64 }] }, 39.0, undefined],
    [
      '16x8 over 128x12',
      {
        l1: [{ sizes: ['4K'], sets: 16, ways: 8 }],
        l2: [{ sizes: ['4K'], sets: 128, ways: 12 }],
      },
      47.1,
      83.7,
    ],
  ])('hit as often as the independent-reference model says: %s', (_name, json, first, both) => {
    const tlb = new Tlb(readTlbConfig(json));
    const draws = new PrngStream(7, 'che');
    const ranks = new ZipfRanks(1);
    const order = Array.from({ length: 4096 }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = draws.below(i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    const fetch = (): void => {
      const page = 0xffffffffc0000 + (order[ranks.indexAt(draws.unit(), 4096)] ?? 0);
      tlb.fetch(tlb.translation({ page, mapping: 0, isGlobal: true, isCoalescible: false }));
    };
    for (let i = 0; i < 100_000; i += 1) fetch();
    const [misses = 0, walks = 0] = [tlb.l1Misses[0], tlb.walks[0]];
    for (let i = 0; i < 300_000; i += 1) fetch();
    const share = (end: number, start: number): number => 100 * (1 - (end - start) / 300_000);
    expect(Math.abs(share(tlb.l1Misses[0] ?? 0, misses) - first)).toBeLessThan(1);
    if (both !== undefined) {
      expect(Math.abs(share(tlb.walks[0] ?? 0, walks) - both)).toBeLessThan(1);
    }
  });
});
