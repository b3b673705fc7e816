/**
 * Time of the TLB hierarchy per reference, beside a plain reference loop on the same stream in the same
 * run: Zipf s = 1 over 4096 4K pages through 16x8 and 128x12 LRU, and 64 hot pages that always hit. The
 * caller passes the clock in; counts of both programs must agree or the figures mean nothing.
 */
import { assert } from '../base/assert.js';
import { PrngStream } from '../base/prng.js';
import { readTlbConfig, SizeClass } from '../contract/tlb-config.js';
import { Tlb } from '../machine/tlb.js';
import { ZipfRanks } from '../workload/zipf.js';

export interface TlbBenchOptions {
  /** Now, in nanoseconds; CPU time of the thread if there is such a clock. */
  readonly nowNs: () => number;
  /** References of one run. */
  readonly references?: number;
  /** Runs; medians are reported. */
  readonly runs?: number;
}

export interface TlbBenchRow {
  readonly stream: 'zipf' | 'hot';
  /** Median ns per reference of the hierarchy and of the plain loop. */
  readonly hierarchyNs: number;
  readonly plainNs: number;
  /** hierarchyNs / plainNs; below 1 the hierarchy is faster. */
  readonly ratio: number;
  /** Shares of references, 0..1. */
  readonly l1HitShare: number;
  readonly walkShare: number;
}

const PAGES = 4096;
const HOT_PAGES = 64;
const AREA_PAGE = 0xffffffffc0000;
const L1 = { sets: 16, ways: 8 };
const L2 = { sets: 128, ways: 12 };
const DEFAULT_REFERENCES = 2_000_000;
const DEFAULT_RUNS = 5;

/** Pages of the Zipf stream: ranks spread over the pages at random. */
function zipfStream(references: number): Int32Array {
  const draws = new PrngStream(1, 'bench/tlb');
  const pageOf = Int32Array.from({ length: PAGES }, (_, i) => i);
  for (let i = PAGES - 1; i > 0; i -= 1) {
    const j = draws.below(i + 1);
    const swapped = pageOf[i] ?? 0;
    pageOf[i] = pageOf[j] ?? 0;
    pageOf[j] = swapped;
  }
  const ranks = new ZipfRanks(1);
  const stream = new Int32Array(references);
  for (let i = 0; i < references; i += 1) {
    stream[i] = pageOf[ranks.indexAt(draws.unit(), PAGES)] ?? 0;
  }
  return stream;
}

/** The plain loop: tags and time stamps, linear search of the set. Returns misses and walks. */
export function plainTlbLoop(stream: Int32Array): { l1Misses: number; walks: number } {
  const tags1 = new Int32Array(L1.sets * L1.ways).fill(-1);
  const tags2 = new Int32Array(L2.sets * L2.ways).fill(-1);
  const stamps1 = new Int32Array(tags1.length);
  const stamps2 = new Int32Array(tags2.length);
  let l1Misses = 0;
  let walks = 0;
  for (let i = 0; i < stream.length; i += 1) {
    const page = stream[i] ?? 0;
    const base1 = (page % L1.sets) * L1.ways;
    const way1 = wayOf(tags1, base1, L1.ways, page);
    if (way1 >= 0) {
      stamps1[way1] = i + 1;
      continue;
    }
    l1Misses += 1;
    const base2 = (page % L2.sets) * L2.ways;
    let way2 = wayOf(tags2, base2, L2.ways, page);
    if (way2 < 0) {
      walks += 1;
      way2 = oldest(stamps2, base2, L2.ways);
      tags2[way2] = page;
    }
    stamps2[way2] = i + 1;
    const victim = oldest(stamps1, base1, L1.ways);
    tags1[victim] = page;
    stamps1[victim] = i + 1;
  }
  return { l1Misses, walks };
}

function wayOf(tags: Int32Array, base: number, ways: number, page: number): number {
  for (let way = base; way < base + ways; way += 1) if (tags[way] === page) return way;
  return -1;
}

function oldest(stamps: Int32Array, base: number, ways: number): number {
  let best = base;
  for (let way = base + 1; way < base + ways; way += 1) {
    if ((stamps[way] ?? 0) < (stamps[best] ?? 0)) best = way;
  }
  return best;
}

/** A hierarchy and its translations of all pages, made before the clock runs. */
function createHierarchy(): { readonly tlb: Tlb; readonly known: Int32Array } {
  const sizes = ['4K', '2M'];
  const tlb = new Tlb(readTlbConfig({ l1: [{ sizes, ...L1 }], l2: [{ sizes, ...L2 }] }));
  const mapping = SizeClass['4K'];
  const known = Int32Array.from({ length: PAGES }, (_, page) =>
    tlb.translation({ page: AREA_PAGE + page, mapping, isGlobal: true, isCoalescible: false }),
  );
  return { tlb, known };
}

function hierarchyLoop(
  { tlb, known }: { readonly tlb: Tlb; readonly known: Int32Array },
  stream: Int32Array,
): { l1Misses: number; walks: number } {
  const mapping = SizeClass['4K'];
  for (let i = 0; i < stream.length; i += 1) tlb.fetch(known[stream[i] ?? 0] ?? 0);
  return { l1Misses: tlb.l1Misses[mapping] ?? 0, walks: tlb.walks[mapping] ?? 0 };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function measure(name: TlbBenchRow['stream'], stream: Int32Array, o: TlbBenchOptions): TlbBenchRow {
  const hierarchy: number[] = [];
  const plain: number[] = [];
  let seen = { l1Misses: 0, walks: 0 };
  for (let run = 0; run < (o.runs ?? DEFAULT_RUNS); run += 1) {
    const made = createHierarchy();
    const start = o.nowNs();
    seen = hierarchyLoop(made, stream);
    const middle = o.nowNs();
    const wanted = plainTlbLoop(stream);
    const end = o.nowNs();
    assert(
      seen.l1Misses === wanted.l1Misses && seen.walks === wanted.walks,
      () => `hierarchy ${JSON.stringify(seen)} and plain loop ${JSON.stringify(wanted)} agree`,
    );
    hierarchy.push((middle - start) / stream.length);
    plain.push((end - middle) / stream.length);
  }
  const hierarchyNs = median(hierarchy);
  const plainNs = median(plain);
  return {
    stream: name,
    hierarchyNs,
    plainNs,
    ratio: plainNs > 0 ? hierarchyNs / plainNs : 0,
    l1HitShare: 1 - seen.l1Misses / stream.length,
    walkShare: seen.walks / stream.length,
  };
}

/** One row per stream. */
export function benchTlb(options: TlbBenchOptions): readonly TlbBenchRow[] {
  const references = options.references ?? DEFAULT_REFERENCES;
  const hot = Int32Array.from({ length: references }, (_, i) => (i * 7) % HOT_PAGES);
  return [measure('zipf', zipfStream(references), options), measure('hot', hot, options)];
}
