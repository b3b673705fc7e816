/**
 * The address space of the module area and a naive list of it, driven side by side by random requests:
 * same places, same holes, same lazily freed pages, purges due at the same moment. XLAB_OPS sets how many
 * requests each combination gets (a long run: 1000000).
 */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../src/base/prng.js';
import { VmapAreaSet, type VmapSearch } from '../../src/mm/vmap-area-set.js';
import { NaiveVmap, type NaiveStretch } from '../support/naive-vmap.js';

const OPERATIONS = Number(process.env['XLAB_OPS'] ?? 10_000);
const TIMEOUT_MS = 60_000 + OPERATIONS;
const VERIFY_EVERY = 997;
const LIVE_MAX = 160;
const AREA_START = 0xffffffffc0080;
const AREA_END = AREA_START + 65_536;

interface Combination {
  readonly cpus: number;
  /** Searches above page alignment look for size + align - 1 (from 5.18 on). */
  readonly adjusted: boolean;
  readonly lazyPerNode: boolean;
}

class SideBySide {
  private readonly real: VmapAreaSet;
  private readonly naive: NaiveVmap;
  private readonly random: PrngStream;
  private readonly live: NaiveStretch[] = [];
  private readonly log: string[] = [];
  purges = 0;
  failures = 0;

  constructor(private readonly combination: Combination) {
    const { cpus, adjusted, lazyPerNode } = combination;
    this.real = new VmapAreaSet(cpus, adjusted, lazyPerNode);
    this.naive = new NaiveVmap(cpus);
    this.random = new PrngStream(20220713, `vmap areas ${JSON.stringify(combination)}`);
  }

  step(): void {
    const choice = this.random.below(100);
    if (this.live.length === 0 || (choice < 52 && this.live.length < LIVE_MAX)) this.alloc();
    else if (choice < 98) this.free();
    else this.purge();
  }

  compare(): void {
    const { real, naive } = this;
    const found = [real.holeCount, real.largestHolePages, real.lazy.pages];
    const wanted = [naive.holes.length, Math.max(0, ...naive.holes), naive.lazyPages];
    if (found.join() !== wanted.join()) this.fail(found.join(), wanted.join());
  }

  verify(): void {
    this.real.verify();
  }

  /** Sizes of programs and of modules, alignments up to 2M, the window sometimes cut or filled exactly. */
  private request(): VmapSearch {
    const { random } = this;
    const isLarge = random.below(10) === 0;
    const pages = isLarge ? 400 + random.below(1300) : 1 + random.below(40);
    const alignPages = random.below(3) === 0 ? 2 ** random.below(10) : 1;
    const fit = random.below(4) === 0 ? 'highest' : 'lowest';
    const cut = AREA_START + random.below(AREA_END - AREA_START - pages);
    const window = random.below(8);
    const windowStart = window < 2 ? cut : AREA_START;
    const windowEnd = window === 0 ? cut + pages : window === 2 ? cut + pages : AREA_END;
    return { pages, alignPages, windowStart, windowEnd, fit };
  }

  private alloc(): void {
    const search = this.request();
    this.note(JSON.stringify(search));
    const start = this.real.alloc(search);
    this.judge(search, start);
    if (start < 0) {
      this.failures += 1;
      return;
    }
    const end = start + search.pages;
    if (!this.naive.isFree(start, end)) this.fail(`${String(start)} is taken`, 'a free place');
    this.naive.take(start, end);
    this.live.push({ start, end });
  }

  private judge(search: VmapSearch, start: number): void {
    const { pages, alignPages, windowStart, windowEnd, fit } = search;
    const isExact = windowEnd - windowStart === pages;
    const looksForMore = this.combination.adjusted && alignPages > 1 && !isExact;
    if (fit === 'highest' || !looksForMore) {
      const wanted = fit === 'highest' ? this.naive.highest(search) : this.naive.lowest(search);
      if (start !== wanted) this.fail(String(start), String(wanted));
      return;
    }
    // The tree may show a shorter hole that fits by chance on the way; never a place above the certain.
    const { lowest, certain } = this.naive.lowestRange(search);
    const isRight =
      start < 0
        ? certain + pages > windowEnd
        : start >= lowest && start <= certain && start % alignPages === 0;
    if (!isRight) this.fail(String(start), `${String(lowest)}..${String(certain)}`);
  }

  private free(): void {
    const [area] = this.live.splice(this.random.below(this.live.length), 1);
    if (area === undefined) return;
    const { start, end } = area;
    this.note(`free ${String(start)}`);
    const due = this.real.freeLazily(start, end - start);
    if (due !== this.naive.freeLazily(start, end)) this.fail(String(due), String(!due));
    if (due) this.purge();
  }

  private purge(): void {
    this.note('purge');
    this.real.purge();
    this.naive.purge();
    this.purges += 1;
  }

  private note(text: string): void {
    this.log.push(text);
    if (this.log.length > 12) this.log.shift();
  }

  private fail(found: string, wanted: string): never {
    throw new Error(`${found}, wanted ${wanted}\n${this.log.join('\n')}`);
  }
}

describe('the vmap areas and a naive list agree', () => {
  it.each<Combination>([
    { cpus: 1, adjusted: false, lazyPerNode: false },
    { cpus: 2, adjusted: true, lazyPerNode: false },
    { cpus: 4, adjusted: false, lazyPerNode: true },
    { cpus: 64, adjusted: true, lazyPerNode: true },
  ])(
    'on every one of many random requests, %o',
    (combination) => {
      const both = new SideBySide(combination);
      for (let i = 0; i < OPERATIONS; i += 1) {
        both.step();
        both.compare();
        if (i % VERIFY_EVERY === 0) both.verify();
      }
      both.verify();
      expect(both.purges).toBeGreaterThan(OPERATIONS / 200);
      expect(both.failures).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
