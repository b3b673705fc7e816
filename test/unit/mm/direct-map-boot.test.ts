import { describe, expect, it } from 'vitest';
import { GIB, MIB } from '../../../src/base/units.js';
import { bootDirectMap, type BootOptions } from '../../../src/mm/direct-map-boot.js';
import { kernelImageOf, type KernelImage } from '../../../src/mm/direct-map-boot-image.js';
import { defaultRamRanges } from '../../../src/mm/ram-layout.js';

type Range = readonly [number, number];
const FIRST: Range = [0x1000, 0x9f000];
const ram = (...ranges: readonly Range[]): BootOptions['ram'] =>
  ranges.map(([start, end]) => ({ start, end }));
const B1 = ram(FIRST, [MIB, 3 * GIB], [4 * GIB, 25 * GIB]);

interface Vector {
  readonly options: BootOptions;
  /** n4k, n2M, n1G as counted. */
  readonly counted: readonly [number, number, number];
  /** 1G leaves that exist, where that differs from the count. */
  readonly leaves1G?: number;
}

const at1G = (...ranges: readonly Range[]): BootOptions => ({
  ram: ram(...ranges),
  largestPage: '1G',
});

const VECTORS: Readonly<Record<string, Vector>> = {
  'B1, 24 GiB guest': {
    options: { ram: B1, largestPage: '1G' },
    counted: [512, 511, 25],
    leaves1G: 23,
  },
  'B2, 2 GiB guest': { options: at1G(FIRST, [MIB, 0x7ffe0000]), counted: [992, 1022, 0] },
  'B3, exactly 2 GiB': {
    options: at1G(FIRST, [MIB, 2 * GIB]),
    counted: [512, 511, 3],
    leaves1G: 1,
  },
  'B4, 8 GiB guest': {
    options: at1G(FIRST, [MIB, 0xbffe0000], [4 * GIB, 9 * GIB]),
    counted: [992, 1022, 8],
    leaves1G: 6,
  },
  'B5, laptop': {
    options: at1G([0x1000, 0x9e000], [MIB, 0x7a1f0000], [4 * GIB, 0x47e800000]),
    counted: [1008, 1475, 13],
  },
  'B6, 16 GiB guest': {
    options: at1G(FIRST, [MIB, 3 * GIB], [4 * GIB, 17 * GIB]),
    counted: [512, 511, 17],
    leaves1G: 15,
  },
  'B7, without 1G pages': { options: { ram: B1, largestPage: '2M' }, counted: [512, 12287, 0] },
  'B8, debug_pagealloc': { options: { ram: B1, largestPage: '4K' }, counted: [6291456, 0, 0] },
  'B9, 128 GiB server': {
    options: at1G(FIRST, [MIB, 0x7ffff000], [4 * GIB, 0x207ff80000]),
    counted: [1407, 1533, 125],
  },
  'B10, topmost 2M block reserved': {
    options: {
      ram: B1,
      largestPage: '1G',
      reserved: [{ start: 25 * GIB - 2 * MIB, end: 25 * GIB }],
    },
    counted: [512, 511, 26],
    leaves1G: 23,
  },
  'B11, two nodes with a hole': {
    options: at1G(FIRST, [MIB, 2 * GIB], [4 * GIB, 10 * GIB], [12 * GIB, 20 * GIB]),
    counted: [512, 511, 17],
    leaves1G: 15,
  },
};

const PAGES_OF_LEVEL = [0, 1, 512, 262144];

/** Leaves that exist, by level. */
function census(options: BootOptions): readonly number[] {
  const counts = [0, 0, 0];
  for (const { startPfn, endPfn, level } of bootDirectMap(options).leaves) {
    counts[level - 1] =
      (counts[level - 1] ?? 0) + (endPfn - startPfn) / (PAGES_OF_LEVEL[level] ?? 0);
  }
  return counts;
}

describe('boot of the direct map', () => {
  it.each(Object.entries(VECTORS))('counts leaves as the kernel does: %s', (_name, vector) => {
    const [n4k, n2M, n1G] = vector.counted;
    expect(bootDirectMap(vector.options).kb).toEqual([n4k * 4, n2M * 2048, n1G * 1048576]);
  });

  it.each(Object.entries(VECTORS))('installs every leaf once: %s', (_name, vector) => {
    const [n4k, n2M, n1G] = vector.counted;
    expect(census(vector.options)).toEqual([n4k, n2M, vector.leaves1G ?? n1G]);
  });

  it.each(Object.entries(VECTORS))(
    'leaves are ascending, aligned, disjoint: %s',
    (_name, vector) => {
      let end = 0;
      for (const leaf of bootDirectMap(vector.options).leaves) {
        const pages = PAGES_OF_LEVEL[leaf.level] ?? 0;
        expect(leaf.startPfn).toBeGreaterThanOrEqual(end);
        expect(leaf.startPfn % pages).toBe(0);
        expect(leaf.endPfn % pages).toBe(0);
        expect(leaf.endPfn).toBeGreaterThan(leaf.startPfn);
        end = leaf.endPfn;
      }
    },
  );

  it.each([
    ['B1', { ram: B1, largestPage: '1G' }, 3],
    ['B7', { ram: B1, largestPage: '2M' }, 26],
  ] as const)('uses the page-table pages of %s', (_name, options, pages) => {
    expect(bootDirectMap(options).tablePages).toBe(pages);
  });

  it('maps the low MiB with its holes by 4K leaves and knows what it mapped', () => {
    const map = bootDirectMap({ ram: B1, largestPage: '1G' });
    expect(map.leaves[0]).toEqual({ startPfn: 0, endPfn: 512, level: 1 });
    expect(map.mapped).toEqual([
      { startPfn: 0, endPfn: (3 * GIB) / 4096 },
      { startPfn: (4 * GIB) / 4096, endPfn: (25 * GIB) / 4096 },
    ]);
  });

  it('reads ranges of any order that overlap, touch or cover what is never RAM', () => {
    const messy = ram([4 * GIB, 25 * GIB], [0x0, 2 * GIB], [2 * GIB, 3 * GIB], [GIB, 2 * GIB]);
    const map = bootDirectMap({ ram: messy, largestPage: '1G' });
    expect(map.kb).toEqual([2048, 1046528, 26214400]);
  });

  it('gives the guests of the boot vectors their layout by default', () => {
    const kbOf = (gib: number) =>
      bootDirectMap({ ram: defaultRamRanges(gib * GIB), largestPage: '1G' }).kb;
    expect(kbOf(2)).toEqual([3968, 2093056, 0]);
    expect(kbOf(8)).toEqual([3968, 2093056, 8388608]);
  });

  it('boots a machine of 64 TiB', () => {
    const map = bootDirectMap({ ram: defaultRamRanges(65536 * GIB), largestPage: '1G' });
    const pages = map.leaves.reduce((sum, leaf) => sum + leaf.endPfn - leaf.startPfn, 0);
    // [0, 1 MiB) is mapped with its holes, 32 frames of tables are not.
    expect(pages).toBe((65536 * GIB) / 4096 - 32);
  });
});

/** Recorded image: interrupt table, SMP list and the end of init share a 2M page. */
const RECORDED: KernelImage = {
  textStart: 0x1000000,
  textEnd: 0x22090c8,
  rodataStart: 0x2400000,
  rodataEnd: 0x2e09000,
  dataStart: 0x3000000,
  initStart: 0x3783000,
  initEnd: 0x3b24000,
  smpLocksStart: 0x3b24000,
  interruptTable: 0x3b34000,
  imageEnd: 0x3e00000,
};

describe('the kernel image in the direct map', () => {
  it('books seven splits for the recorded image, four of them in the high map', () => {
    const map = bootDirectMap({ ram: B1, largestPage: '1G', kernelImage: RECORDED });
    expect(map.kb).toEqual([(512 + 7 * 512) * 4, (511 - 7) * 2048, 26214400]);
  });

  it('splits only the three aliases in the direct map itself', () => {
    const options = { ram: B1, largestPage: '1G', kernelImage: RECORDED } as const;
    expect(census(options)).toEqual([512 * 4, 508, 23]);
    const small = bootDirectMap(options).leaves.filter((leaf) => leaf.level === 1);
    expect(small.map((leaf) => leaf.startPfn * 4096)).toEqual([0, 0x2200000, 0x2e00000, 0x3a00000]);
  });

  it('loses the 1G leaf under an image above the first GiB', () => {
    const moved = Object.fromEntries(
      Object.entries<number>({ ...RECORDED }).map(([name, address]) => [name, address + GIB]),
    ) as unknown as KernelImage;
    const map = bootDirectMap({ ram: B1, largestPage: '1G', kernelImage: moved });
    expect(map.kb).toEqual([(512 + 7 * 512) * 4, (511 + 512 - 7) * 2048, 24 * 1048576]);
  });

  it('splits nothing where the direct map has no large leaves', () => {
    const map = bootDirectMap({ ram: B1, largestPage: '4K', kernelImage: RECORDED });
    expect(map.kb).toEqual([25165824, 0, 0]);
  });

  it('keeps the sections of a made-up image in order and apart', () => {
    const image = kernelImageOf(24 * MIB);
    const order = [
      image.textStart,
      image.textEnd,
      image.rodataEnd,
      image.dataStart,
      image.initStart,
      image.initEnd,
      image.interruptTable,
      image.imageEnd,
    ];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect([image.textStart, image.rodataStart, image.dataStart].map((a) => a % (2 * MIB))).toEqual(
      [0, 0, 0],
    );
  });
});
