import { describe, expect, it } from 'vitest';
import { FreeAreaTree, NO_AREA } from '../../../src/mm/free-area-tree.js';

const RANGE = { windowStart: 0xffffffffc0080, windowEnd: 0xffffffffff000 };

interface VectorResult {
  readonly hash: string;
  /** Low 32 bits of each address. */
  readonly results: readonly string[];
}

/** The published request generator, in page units. */
function runVector(seed: number, operations: number, hugePercent: number, adjusted: boolean) {
  const tree = new FreeAreaTree(0, 2 ** 52);
  let x = seed;
  const next = (): number => {
    x = Number((BigInt(x) * 1664525n + 1013904223n) % 4294967296n);
    return Math.floor(x / 256);
  };
  const live: { start: number; size: number }[] = [];
  const results: string[] = [];
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < operations; i += 1) {
    const r = next() % 100;
    if (live.length > 0 && r < 45) {
      const j = next() % live.length;
      const area = live[j];
      const last = live.pop();
      if (!area || !last) throw new Error('the vector freed nothing');
      tree.free(area.start, area.start + area.size);
      if (j < live.length) live[j] = last;
      continue;
    }
    const huge = next() % 100 < hugePercent;
    const size = (huge ? 512 * (1 + (next() % 3)) : 1 + (next() % 64)) + 1;
    const align = huge ? 512 : 1;
    const start = tree.allocLowest({ size, align, ...RANGE }, adjusted ? size + align - 1 : size);
    const text = start === NO_AREA ? 'FAIL' : (BigInt(start) * 4096n).toString(16);
    results.push(text.slice(8));
    for (const char of `${text}\n`) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(char.charCodeAt(0))) * 0x100000001b3n);
    }
    if (start !== NO_AREA) live.push({ start, size });
  }
  tree.verify();
  return { results, hash: hash.toString(16).padStart(16, '0') } satisfies VectorResult;
}

describe('vmap search vectors', () => {
  it.each([
    ['T0', 1, 0, true, 1061, 'ad7a8ff16fcb70df'],
    ['T0 with the plain length', 1, 0, false, 1061, 'ad7a8ff16fcb70df'],
    ['T2', 7, 40, true, 1127, 'e2d187941ce50757'],
    ['T2 with the plain length', 7, 40, false, 1127, 'acfd13a59ea2cd09'],
  ])('reproduces %s', (_name, seed, huge, adjusted, allocations, hash) => {
    const vector = runVector(seed, 2000, huge, adjusted);
    expect(vector.results).toHaveLength(allocations);
    expect(vector.hash).toBe(hash);
  });

  it('gives the first and last addresses of T0', () => {
    const { results } = runVector(1, 2000, 0, true);
    expect(results.slice(0, 16).join(' ')).toBe(
      'c0080000 c0083000 c0086000 c00ae000 c00ae000 c00bd000 c0080000 c00ae000 ' +
        'c00c1000 c00d6000 c00ef000 c00d6000 c00d6000 c0116000 c00ae000 c0132000',
    );
    expect(results.slice(-3).join(' ')).toBe('c00a0000 c0ff0000 c1017000');
  });

  it('parts from lowest fit at allocation 311 of T2', () => {
    const adjusted = runVector(7, 2000, 40, true).results;
    const plain = runVector(7, 2000, 40, false).results;
    expect(adjusted.findIndex((address, i) => address !== plain[i])).toBe(311);
    expect([adjusted[311], plain[311]]).toEqual(['c0800000', 'c0400000']);
  });
});

/** One character per page: `.` free, `#` taken. */
function picture(tree: FreeAreaTree, pages: number): string {
  const cells = Array<string>(pages).fill('#');
  tree.forEach((start, end) => cells.fill('.', Math.max(0, start), Math.min(end, pages)));
  return cells.join('');
}

function fromPicture(cells: string): FreeAreaTree {
  const tree = new FreeAreaTree();
  for (const match of cells.matchAll(/\.+/g)) {
    tree.free(match.index, match.index + match[0].length);
  }
  tree.verify();
  return tree;
}

const search = (size: number, align = 1, windowStart = 0, windowEnd = 16) => ({
  size,
  align,
  windowStart,
  windowEnd,
});

describe('FreeAreaTree', () => {
  it.each([
    ['lowest takes the first hole', '#..#....#.......', 3, 1, 0, 16, '#..####.#.......'],
    ['lowest starts inside the window', '................', 3, 1, 5, 16, '.....###........'],
    ['lowest aligns', '.......#........', 2, 4, 1, 16, '....##.#........'],
  ])('%s', (_name, before, size, align, low, high, after) => {
    const tree = fromPicture(before);
    expect(tree.allocLowest(search(size, align, low, high), size)).not.toBe(NO_AREA);
    expect(picture(tree, before.length)).toBe(after);
  });

  it.each([
    ['highest takes the top of the last hole', '..#....#.....#..', 3, 1, 0, 16, '..#....#..####..'],
    ['highest respects the window', '................', 3, 1, 0, 9, '......###.......'],
    ['highest aligns down', '...............#', 2, 4, 0, 16, '............##.#'],
    ['highest passes holes that are too short', '....#..#.#', 3, 1, 0, 10, '.####..#.#'],
  ])('%s', (_name, before, size, align, low, high, after) => {
    const tree = fromPicture(before);
    expect(tree.allocHighest(search(size, align, low, high))).not.toBe(NO_AREA);
    expect(picture(tree, before.length)).toBe(after);
  });

  it('best fit takes the smallest hole, ties to the lowest', () => {
    const tree = fromPicture('.....#..#..#....');
    expect(tree.allocBest(search(2))).toBe(6);
    expect(tree.allocBest(search(2))).toBe(9);
    expect(tree.allocBest(search(3))).toBe(12);
    expect(tree.allocBest(search(6))).toBe(NO_AREA);
  });

  it('fails when the lowest match lies beyond the window', () => {
    const tree = fromPicture('.#.#............');
    expect(tree.allocLowest(search(3, 1, 0, 6), 3)).toBe(NO_AREA);
  });

  it('takes a fixed place only when all of it is free', () => {
    const tree = fromPicture('...#............');
    expect(tree.allocAt(2, 2)).toBe(false);
    expect(tree.allocAt(4, 12)).toBe(true);
    expect(picture(tree, 16)).toBe('...#############');
  });

  it('merges with both neighbours when freed between them', () => {
    const tree = fromPicture('...##...');
    tree.free(3, 5);
    expect(tree.areaCount).toBe(1);
    expect(picture(tree, 8)).toBe('........');
  });

  it('refuses a double free', () => {
    const tree = fromPicture('...##...');
    expect(() => tree.free(2, 4)).toThrow(/double free/);
    expect(() => tree.free(4, 6)).toThrow(/double free/);
  });

  it('counts holes and the largest hole inside a window', () => {
    const tree = fromPicture('..#.###...#.....');
    expect(tree.holesIn(0, 16)).toBe(4);
    expect(tree.holesIn(3, 11)).toBe(2);
    expect(tree.largestIn(0, 16)).toBe(5);
    expect(tree.largestIn(0, 13)).toBe(3);
    expect(tree.largestIn(8, 12)).toBe(2);
    expect(tree.freeIn(1, 12)).toBe(6);
  });
});
