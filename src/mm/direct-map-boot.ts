/**
 * The direct map as boot builds it: the leaves, and the DirectMap counters, which count a leaf as
 * often as a boot step maps it and book splits of the kernel image's high map too. Leaf sizes do not
 * depend on KASLR (the base moves by whole GiB) nor on NUMA nodes (not known yet). Follows
 * arch/x86/mm/init.c (init_mem_mapping, memory_map_top_down, split_mem_range,
 * adjust_range_page_size_mask), init_64.c (phys_pud_init and below), and for the image mark_rodata_ro
 * and free_init_pages; the same from 5.10 to 7.3. Model: top-down mapping only.
 */
import { assert } from '../base/assert.js';
import {
  KIB,
  MIB,
  PAGE_SIZE_BYTES,
  PTRS_PER_PMD_PAGES,
  roundDown,
  roundUp,
} from '../base/units.js';
import { BootLeaves } from './direct-map-boot-leaves.js';
import { imageSplits, type KernelImage } from './direct-map-boot-image.js';
import type { BootLeafRange } from './frame-source.js';
import { clipFrames, framesOfRam, type FrameRange, type RamRange } from './ram-layout.js';

export interface BootOptions {
  /** Usable ranges in bytes, any order (see defaultRamRanges). */
  readonly ram: readonly RamRange[];
  /** Largest leaf: 4K also with debug_pagealloc, 2M without 1G pages or with nogbpages. */
  readonly largestPage: '4K' | '2M' | '1G';
  /** Ranges in bytes that are reserved before RAM is mapped; default none. */
  readonly reserved?: readonly RamRange[];
  /** Absent: the attribute changes of the kernel image (which split leaves) are left out. */
  readonly kernelImage?: KernelImage;
}

export interface BootDirectMap {
  /** Half-open, ascending, levels 1..3; neighbours differ in level or do not touch. */
  readonly leaves: readonly BootLeafRange[];
  /** DirectMap4k, DirectMap2M and DirectMap1G as /proc/meminfo prints them, kB. */
  readonly kb: readonly [number, number, number];
  /** Frames whose mapping is known to the kernel (its mapped-pfn list), ascending, merged. */
  readonly mapped: readonly FrameRange[];
  /** Page-table pages below the top level: one PUD page per 512 GiB, PMD and PTE pages. */
  readonly tablePages: number;
}

const LOW_PAGES = MIB / PAGE_SIZE_BYTES;
const PUD_PAGES = 262144;
/** The next step is 256 times as long. */
const STEP_FACTOR = 256;
const [KB_4K, KB_2M, KB_1G] = [4, 2 * KIB, MIB];

export function bootDirectMap(options: BootOptions): BootDirectMap {
  const mapper = new BootMapper(framesOfRam(options.ram), options.largestPage);
  const reserved = (options.reserved ?? []).map(({ start, end }) => ({
    startPfn: Math.floor(start / PAGE_SIZE_BYTES),
    endPfn: Math.ceil(end / PAGE_SIZE_BYTES),
  }));
  mapper.mapTopDown(reserved);
  const { leaves } = mapper;
  if (options.kernelImage !== undefined) protectImage(leaves, options.kernelImage);
  const [n4k, n2M, n1G] = leaves.counts;
  return {
    leaves: leaves.ranges(),
    kb: [n4k * KB_4K, n2M * KB_2M, n1G * KB_1G],
    mapped: framesOfMapped(mapper.mapped),
    tablePages: leaves.tablePages,
  };
}

/** Splits of the boot-time attribute changes, in the order in which they happen. */
function protectImage(leaves: BootLeaves, image: KernelImage): void {
  const { highMap, directMap, coveredPfn } = imageSplits(image);
  for (const pfn of directMap) leaves.splitTo4K(pfn);
  for (let count = highMap.length; count > 0; count -= 1) leaves.bookSplit(2);
  for (let pfn = coveredPfn.startPfn; pfn < coveredPfn.endPfn; pfn = nextGib(pfn)) {
    leaves.splitTo2M(pfn);
  }
}

const nextGib = (pfn: number): number => roundDown(pfn, PUD_PAGES) + PUD_PAGES;

/** Merges touching ranges of any order. */
function framesOfMapped(ranges: readonly FrameRange[]): readonly FrameRange[] {
  const merged: { startPfn: number; endPfn: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.startPfn - b.startPfn)) {
    const last = merged[merged.length - 1];
    if (last === undefined || range.startPfn > last.endPfn) merged.push({ ...range });
    else last.endPfn = Math.max(last.endPfn, range.endPfn);
  }
  return merged;
}

/** A consecutive part of one mapping request and the leaf sizes it may use. */
interface Piece extends FrameRange {
  readonly use2M: boolean;
  readonly use1G: boolean;
}

class BootMapper {
  readonly leaves = new BootLeaves();
  readonly mapped: FrameRange[] = [];
  private readonly allow2M: boolean;
  private readonly allow1G: boolean;

  constructor(
    private readonly ram: readonly FrameRange[],
    largestPage: BootOptions['largestPage'],
  ) {
    this.allow2M = largestPage !== '4K';
    this.allow1G = largestPage === '1G';
  }

  mapTopDown(reserved: readonly FrameRange[]): void {
    const max = this.ram[this.ram.length - 1]?.endPfn ?? 0;
    this.mapRange(0, LOW_PAGES);
    const realEnd = this.topBlockEnd(reserved);
    let step = PTRS_PER_PMD_PAGES;
    let done = 0;
    let last = realEnd;
    while (last > LOW_PAGES) {
      const start = last > step ? Math.max(LOW_PAGES, roundDown(last - 1, step)) : LOW_PAGES;
      done += this.mapRam(start, last);
      last = start;
      if (done >= step) step *= STEP_FACTOR;
    }
    if (realEnd < max) this.mapRam(realEnd, max);
  }

  /** End of the highest aligned 2M block of unreserved RAM above 1 MiB; 1 MiB when there is none. */
  private topBlockEnd(reserved: readonly FrameRange[]): number {
    for (let i = this.ram.length - 1; i >= 0; i -= 1) {
      const range = this.ram[i];
      if (range === undefined) continue;
      let end = roundDown(range.endPfn, PTRS_PER_PMD_PAGES);
      for (;;) {
        const start = end - PTRS_PER_PMD_PAGES;
        if (start < Math.max(range.startPfn, LOW_PAGES)) break;
        const block = reserved.find((taken) => taken.startPfn < end && taken.endPfn > start);
        if (block === undefined) return end;
        end = roundDown(Math.min(block.startPfn, end - 1), PTRS_PER_PMD_PAGES);
      }
    }
    return LOW_PAGES;
  }

  /** Maps the RAM in [start, end); how many pages that were. */
  private mapRam(start: number, end: number): number {
    let pages = 0;
    for (const range of clipFrames(this.ram, start, end)) {
      this.mapRange(range.startPfn, range.endPfn);
      pages += range.endPfn - range.startPfn;
    }
    return pages;
  }

  private mapRange(start: number, end: number): void {
    this.mapped.push({ startPfn: start, endPfn: end });
    for (const piece of merged(this.cut(start, end).map((part) => this.widened(part)))) {
      this.leaves.install(piece.startPfn, piece.endPfn, piece.use2M, piece.use1G);
    }
  }

  /** split_mem_range: 4K head, 2M head, 1G body, 2M tail, 4K tail. */
  private cut(start: number, end: number): readonly Piece[] {
    const end2M = roundDown(end, PTRS_PER_PMD_PAGES);
    const pieces: Piece[] = [];
    let from = start;
    const add = (to: number, use2M: boolean, use1G: boolean): void => {
      if (to <= from) return;
      pieces.push({
        startPfn: from,
        endPfn: to,
        use2M: use2M && this.allow2M,
        use1G: use1G && this.allow1G,
      });
      from = to;
    };
    add(Math.min(roundUp(from, PTRS_PER_PMD_PAGES), end), false, false);
    add(Math.min(roundUp(from, PUD_PAGES), end2M), true, false);
    add(roundDown(end, PUD_PAGES), true, true);
    add(end2M, true, false);
    add(end, false, false);
    return pieces;
  }

  /** adjust_range_page_size_mask: larger leaves where the RAM around the piece fills them. */
  private widened(piece: Piece): Piece {
    const fills = (pages: number): boolean =>
      this.isRam(roundDown(piece.startPfn, pages), roundUp(piece.endPfn, pages));
    return {
      ...piece,
      use2M: piece.use2M || (this.allow2M && fills(PTRS_PER_PMD_PAGES)),
      use1G: piece.use1G || (this.allow1G && fills(PUD_PAGES)),
    };
  }

  private isRam(start: number, end: number): boolean {
    return this.ram.some((range) => range.startPfn <= start && range.endPfn >= end);
  }
}

/** Joins neighbours that may use the same leaves. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result[result.length - 1];
    if (last?.use2M === piece.use2M && last.use1G === piece.use1G) {
      assert(last.endPfn === piece.startPfn, 'pieces of one mapping are consecutive');
      result[result.length - 1] = { ...piece, startPfn: last.startPfn };
    } else result.push(piece);
  }
  return result;
}
