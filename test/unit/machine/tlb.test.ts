/** The TLB against a naive model, against answers that need no simulation, and against its laws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tlb, type MappingClass } from '../../../src/machine/tlb.js';
import { readTlbConfig, SizeClass, type TlbConfig } from '../../../src/contract/tlb-config.js';
import { profileTlbConfig } from '../../../src/machine/cpu-profile.js';
import { cpuProfiles } from '../../../src/machine/profiles/index.js';
import { NaiveTlb, type MappingSize } from '../../support/naive-tlb.js';

const AREA = 0xffffffffc0000;
const SIZES: readonly MappingSize[] = ['4K', '2M', '1G'];
const CLASS: Readonly<Record<MappingSize, MappingClass>> = { '4K': 0, '2M': 2, '1G': 3 };

const config = (json: unknown): TlbConfig => readTlbConfig(json);

const array = (sets: number, ways: number, more: Record<string, unknown> = {}): unknown => ({
  sizes: ['4K', '2M'],
  sets,
  ways,
  ...more,
});

function fetchPages(tlb: Tlb, pages: readonly number[]): void {
  for (const page of pages) {
    tlb.fetch(
      tlb.translation({ page: AREA + page, mapping: 0, isGlobal: true, isCoalescible: false }),
    );
  }
}

const counts = (tlb: Tlb): { l1: number; stlb: number; walk: number } => {
  const misses = tlb.l1Misses[0] ?? 0;
  const walk = tlb.walks[0] ?? 0;
  return { l1: (tlb.fetches[0] ?? 0) - misses, stlb: misses - walk, walk };
};

const row = (count: number, step = 1): readonly number[] =>
  Array.from({ length: count }, (_, i) => i * step);

const rounds = (list: readonly number[], count: number): readonly number[] =>
  Array.from({ length: count }, () => list).flat();

const STLB = [array(128, 12)];

describe('answers that need no simulation', () => {
  it('128 pages in sequence on 16x8 LRU are walked for once and then hit', () => {
    const tlb = new Tlb(config({ l1: [array(16, 8)], l2: STLB }));
    fetchPages(tlb, rounds(row(128), 100));
    expect(counts(tlb)).toEqual({ l1: 128 * 99, stlb: 0, walk: 128 });
  });

  it('a 129th page makes nine pages of set 0 miss the first level in every round', () => {
    const tlb = new Tlb(config({ l1: [array(16, 8)], l2: STLB }));
    fetchPages(tlb, rounds(row(129), 100));
    expect(counts(tlb)).toEqual({ l1: 120 * 99, stlb: 9 * 99, walk: 129 });
  });

  it('nine pages of one set of eight ways never hit the first level', () => {
    const tlb = new Tlb(config({ l1: [array(16, 8)], l2: STLB }));
    fetchPages(tlb, rounds(row(9, 16), 50));
    expect(counts(tlb)).toEqual({ l1: 0, stlb: 9 * 49, walk: 9 });
  });

  it.each([
    ['12 linear ways', array(128, 12), 13 * 50],
    ['xor7', array(128, 12, { index: 'xor7' }), 13],
    ['16 ways', array(128, 16), 13],
  ])('thirteen pages of one second-level set: %s', (_name, second, walks) => {
    const tlb = new Tlb(config({ l1: [array(16, 8)], l2: [second] }));
    fetchPages(tlb, rounds(row(13, 128), 50));
    expect(counts(tlb).walk).toBe(walks);
  });

  it.each([48, 64])('128 pages in sequence never hit %i fully associative LRU entries', (ways) => {
    const tlb = new Tlb(config({ l1: [array(1, ways)], l2: [] }));
    fetchPages(tlb, rounds(row(128), 20));
    expect(counts(tlb).l1).toBe(0);
  });

  it('a cold 4K walk reads four entries, its neighbour one, and with five levels five', () => {
    const pwc = { pml4: 4, pdpt: 4, pd: 32 };
    const four = new Tlb(config({ l1: [array(16, 8)], pwc }));
    fetchPages(four, [0, 1]);
    expect(four.walkLoads).toBe(4 + 1);
    const five = new Tlb(config({ l1: [array(16, 8)], pwc, levels: 5 }));
    fetchPages(five, [0, 1]);
    expect(five.walkLoads).toBe(5 + 1);
  });
});

type Operation =
  | { kind: 'fetch'; page: number; size: MappingSize; isGlobal: boolean; isCoalescible: boolean }
  | { kind: 'A' | 'C'; space: number }
  | { kind: 'I'; page: number }
  | { kind: 'X' | 'G' };

const page = fc
  .tuple(fc.nat(3), fc.nat(2), fc.nat(30))
  .map(([huge, large, small]) => AREA + huge * 2 ** 18 + large * 512 + small);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant('fetch' as const),
      page,
      size: fc.constantFrom(...SIZES),
      isGlobal: fc.boolean(),
      isCoalescible: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('A' as const, 'C' as const), space: fc.nat(2) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('I' as const), page }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('X' as const, 'G' as const) }) },
);

const pwc = { pml4: 1, pdpt: 2, pd: 3 };
const GEOMETRIES: readonly (readonly [string, unknown])[] = [
  ['LRU', { l1: [array(2, 2)], l2: [array(4, 3)], pwc }],
  ['FIFO', { l1: [array(2, 3, { policy: 'fifo' })], l2: [array(4, 3, { policy: 'fifo' })], pwc }],
  ['PLRU', { l1: [array(2, 4, { policy: 'plru' })], l2: [array(1, 8, { policy: 'plru' })], pwc }],
  [
    'MRU3PLRU4 with xor7',
    { l1: [array(2, 2)], l2: [array(128, 12, { policy: 'mru3plru4', index: 'xor7' })], pwc },
  ],
  ['one set of MRU3PLRU4', { l1: [], l2: [array(1, 12, { policy: 'mru3plru4' })] }],
  [
    'way limits, pieces and coalescing',
    {
      l1: [{ sizes: ['4K', '16K', '2M'], sets: 2, ways: 3 }],
      l1_as: { '1G': '2M' },
      l2: [
        {
          sizes: ['4K', '16K', '2M', '1G'],
          sets: 4,
          ways: 4,
          ways_for: { '2M': [0, 2], '1G': [2, 4] },
        },
      ],
      coalesce: true,
      pwc,
      levels: 5,
    },
  ],
  [
    'large pages as 4K pieces',
    {
      l1: [{ sizes: ['4K'], sets: 1, ways: 6 }],
      l1_as: { '2M': '4K', '1G': '4K' },
      l2: [{ sizes: ['4K', '2M'], sets: 2, ways: 4 }],
      l2_as: { '1G': '2M' },
    },
  ],
  ['no first level', { l1: [], l2: [array(4, 2)], pwc }],
];

const mapped = (operation_: Operation): { page: number } => ({
  page: operation_.kind === 'fetch' || operation_.kind === 'I' ? operation_.page : 0,
});

function apply(tlb: Tlb, naive: NaiveTlb, next: Operation): void {
  switch (next.kind) {
    case 'fetch': {
      const { size, isGlobal, isCoalescible } = next;
      tlb.fetch(
        tlb.translation({ ...mapped(next), mapping: CLASS[size], isGlobal, isCoalescible }),
      );
      naive.fetch(next);
      return;
    }
    case 'A':
      tlb.switchSpace(next.space);
      naive.switchSpace(next.space);
      return;
    case 'C':
      tlb.switchSpaceAndDrop(next.space);
      naive.switchSpaceAndDrop(next.space);
      return;
    case 'I':
      tlb.invalidatePage(next.page);
      naive.invalidatePage(next.page);
      return;
    case 'X':
      tlb.dropSpace();
      naive.dropSpace();
      return;
    default:
      tlb.dropAll();
      naive.dropAll();
  }
}

const observed = (tlb: Tlb): unknown => ({
  sizes: SIZES.map((size) => {
    const fetch = tlb.fetches[CLASS[size]] ?? 0;
    const misses = tlb.l1Misses[CLASS[size]] ?? 0;
    const walks = tlb.walks[CLASS[size]] ?? 0;
    return [fetch, fetch - misses, misses - walks, walks];
  }),
  loads: tlb.walkLoads,
});

const expected = (naive: NaiveTlb): unknown => ({
  sizes: SIZES.map((size) => naive.counts.get(size) ?? [0, 0, 0, 0]),
  loads: naive.walkLoads,
});

describe('the TLB and the naive model', () => {
  it.each(GEOMETRIES)('count the same on any stream: %s', (_name, json) => {
    const geometry = config(json);
    fc.assert(
      fc.property(fc.array(operation, { minLength: 20, maxLength: 250 }), (operations) => {
        const tlb = new Tlb(geometry);
        const naive = new NaiveTlb(geometry);
        operations.forEach((next, i) => {
          apply(tlb, naive, next);
          // Forgetting what no level holds changes nothing.
          if (i % 50 === 49) tlb.forgetAbsent();
        });
        tlb.verify();
        expect(observed(tlb)).toEqual(expected(naive));
      }),
      { seed: 20, numRuns: 60 },
    );
  });

  it.each(cpuProfiles.names)('count the same on the profile %s', (name) => {
    const geometry = profileTlbConfig(cpuProfiles.get(name));
    const tlb = new Tlb(geometry);
    const naive = new NaiveTlb(geometry);
    let state = 12345;
    for (let i = 0; i < 3000; i += 1) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const number = (state >>> 8) % 3000;
      const size = SIZES[number % 7 === 0 ? 1 : number % 97 === 0 ? 2 : 0] ?? '4K';
      const fetch = { page: AREA + (size === '4K' ? number : number * 512), size } as const;
      apply(tlb, naive, {
        kind: 'fetch',
        ...fetch,
        isGlobal: true,
        isCoalescible: number % 3 === 0,
      });
    }
    expect(observed(tlb)).toEqual(expected(naive));
  });
});

const pageList = fc.array(fc.nat(60), { minLength: 1, maxLength: 400 });

const missesOf = (sets: number, ways: number, pages: readonly number[]): number => {
  const tlb = new Tlb(config({ l1: [array(sets, ways)] }));
  fetchPages(tlb, pages);
  return tlb.l1Misses[SizeClass['4K']] ?? 0;
};

describe('laws', () => {
  it('more ways at equal sets never miss more, nor do twice the sets (LRU, low bits)', () => {
    fc.assert(
      fc.property(pageList, fc.nat(5), fc.integer({ min: 0, max: 3 }), (pages, more, power) => {
        const ways = 1 + more;
        const misses = missesOf(2 ** power, ways, pages);
        expect(missesOf(2 ** power, ways + 1, pages)).toBeLessThanOrEqual(misses);
        expect(missesOf(2 ** (power + 1), ways, pages)).toBeLessThanOrEqual(misses);
      }),
      { seed: 21, numRuns: 100 },
    );
  });

  it('moving everything by whole gigabytes changes no count', () => {
    fc.assert(
      fc.property(pageList, fc.nat(7), (pages, gigabytes) => {
        const shifted = pages.map((number) => number - gigabytes * 2 ** 18);
        expect(missesOf(8, 2, shifted)).toBe(missesOf(8, 2, pages));
      }),
      { seed: 22, numRuns: 50 },
    );
  });

  it('FIFO may miss more with more ways (Belady), so the law is stated for LRU only', () => {
    const pages = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    const walks = [3, 4].map((ways) => {
      const tlb = new Tlb(config({ l1: [array(1, ways, { policy: 'fifo' })] }));
      fetchPages(tlb, pages);
      return tlb.walks[0];
    });
    expect(walks).toEqual([9, 10]);
  });
});
