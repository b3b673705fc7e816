/**
 * The TLB rules written down as plainly as possible: lists of entries, time stamps, linear searches.
 * Reference for the real one; see the rule numbers of the TLB model.
 */
import {
  SIZE_CLASS_SHIFT,
  SizeClass,
  type HeldAs,
  type HeldSize,
  type TlbArrayConfig,
  type TlbConfig,
} from '../../src/contract/tlb-config.js';

export type MappingSize = '4K' | '2M' | '1G';

interface NaiveEntry {
  readonly size: HeldSize;
  readonly number: number;
  /** Address space, -1 global. */
  readonly owner: number;
  readonly mapping: HeldSize;
  stamp: number;
}

export interface NaiveFetch {
  readonly page: number;
  readonly size: MappingSize;
  readonly isGlobal: boolean;
  readonly isCoalescible: boolean;
}

const pages = (size: HeldSize): number => 2 ** (SIZE_CLASS_SHIFT[SizeClass[size]] ?? 0);

class NaiveArray {
  readonly sets: (NaiveEntry | undefined)[][];
  /** plru and mru3plru4: bits of each set by tree and node; group used last. */
  private readonly bits: Map<string, number>[];
  private readonly lastGroup: number[];

  constructor(readonly config: TlbArrayConfig) {
    this.sets = Array.from({ length: config.sets }, () =>
      Array.from({ length: config.ways }, () => undefined),
    );
    this.bits = this.sets.map(() => new Map<string, number>());
    this.lastGroup = this.sets.map(() => 2);
  }

  private setOf(number: number): number {
    if (this.config.index === 'linear') return number % this.config.sets;
    return (number % 128) ^ (Math.floor(number / 128) % 128);
  }

  private access(set: number, way: number): void {
    const { policy, ways } = this.config;
    const group = policy === 'mru3plru4' ? Math.floor(way / 4) : 0;
    const leaves = policy === 'mru3plru4' ? 4 : ways;
    if (policy === 'mru3plru4') this.lastGroup[set] = group;
    let low = group * 4 * (policy === 'mru3plru4' ? 1 : 0);
    let width = leaves;
    let path = `${group}:`;
    while (width > 1) {
      width /= 2;
      const isRight = way >= low + width;
      this.bits[set]?.set(path, isRight ? 0 : 1);
      if (isRight) low += width;
      path += isRight ? 'r' : 'l';
    }
  }

  private treeVictim(set: number, group: number, first: number, leaves: number): number {
    let low = first;
    let width = leaves;
    let path = `${group}:`;
    while (width > 1) {
      width /= 2;
      const isRight = (this.bits[set]?.get(path) ?? 0) === 1;
      if (isRight) low += width;
      path += isRight ? 'r' : 'l';
    }
    return low;
  }

  lookup(entry: { size: HeldSize; number: number }, space: number, clock: number): boolean {
    const set = this.setOf(entry.number);
    const ways = this.sets[set] ?? [];
    const way = ways.findIndex(
      (held) =>
        held?.size === entry.size &&
        held.number === entry.number &&
        (held.owner === -1 || held.owner === space),
    );
    if (way < 0) return false;
    const held = ways[way];
    if (held && this.config.policy !== 'fifo') held.stamp = clock;
    this.access(set, way);
    return true;
  }

  fill(entry: NaiveEntry): void {
    const set = this.setOf(entry.number);
    const ways = this.sets[set] ?? [];
    const [low, high] = this.config.waysFor[entry.size] ?? [0, this.config.ways];
    let way = -1;
    for (let i = low; i < high && way < 0; i += 1) if (ways[i] === undefined) way = i;
    if (way < 0) way = this.victim(set, low, high);
    ways[way] = entry;
    this.access(set, way);
  }

  private victim(set: number, low: number, high: number): number {
    if (this.config.policy === 'plru') return this.treeVictim(set, 0, 0, this.config.ways);
    if (this.config.policy === 'mru3plru4') {
      const group = ((this.lastGroup[set] ?? 0) + 1) % 3;
      return this.treeVictim(set, group, group * 4, 4);
    }
    const ways = this.sets[set] ?? [];
    let way = low;
    for (let i = low; i < high; i += 1) {
      if ((ways[i]?.stamp ?? 0) < (ways[way]?.stamp ?? 0)) way = i;
    }
    return way;
  }

  drop(goes: (entry: NaiveEntry) => boolean): void {
    for (const ways of this.sets) {
      ways.forEach((entry, way) => {
        if (entry && goes(entry)) ways[way] = undefined;
      });
    }
  }
}

/** One list of prefixes, newest first. */
class NaiveWalkCache {
  private list: string[] = [];
  constructor(private readonly entries: number) {}

  hit(space: number, prefix: number): boolean {
    const key = `${space}/${prefix}`;
    if (!this.list.includes(key)) return false;
    this.list = [key, ...this.list.filter((other) => other !== key)];
    return true;
  }

  insert(space: number, prefix: number): void {
    this.list = [`${space}/${prefix}`, ...this.list].slice(0, this.entries);
  }

  drop(space: number | undefined): void {
    this.list = this.list.filter((key) => space !== undefined && !key.startsWith(`${space}/`));
  }
}

export class NaiveTlb {
  readonly counts = new Map<MappingSize, [number, number, number, number]>();
  walkLoads = 0;
  space = 0;
  private clock = 0;
  private readonly levels: readonly (readonly NaiveArray[])[];
  private readonly caches: readonly [NaiveWalkCache, NaiveWalkCache, NaiveWalkCache];

  constructor(private readonly config: TlbConfig) {
    this.levels = [config.l1, config.l2].map((level) =>
      level.map((array) => new NaiveArray(array)),
    );
    const pwc = config.pwc ?? { pml4: 0, pdpt: 0, pd: 0 };
    this.caches = [
      new NaiveWalkCache(pwc.pd),
      new NaiveWalkCache(pwc.pdpt),
      new NaiveWalkCache(pwc.pml4),
    ];
  }

  fetch({ page, size, isGlobal, isCoalescible }: NaiveFetch): void {
    this.clock += 1;
    const counts = this.counts.get(size) ?? [0, 0, 0, 0];
    this.counts.set(size, counts);
    counts[0] += 1;
    const base: HeldSize = isCoalescible && this.config.coalesce && size === '4K' ? '16K' : size;
    const held = [this.config.l1As, this.config.l2As].map((as: HeldAs) => as[base] ?? base);
    const served = this.levels.map((level, i) => this.served(level, held[i] ?? base, page, i));
    const entry = (i: number): NaiveEntry => ({
      size: held[i] ?? base,
      number: Math.floor(page / pages(held[i] ?? base)),
      owner: isGlobal ? -1 : this.space,
      mapping: size,
      stamp: this.clock,
    });
    const home = (i: number): NaiveArray | undefined =>
      this.levels[i]?.find((array) => array.config.sizes.includes(held[i] ?? base));
    if (served[0]?.() === true) counts[1] += 1;
    else if (served[1]?.() === true) {
      counts[2] += 1;
      home(0)?.fill(entry(0));
    } else {
      counts[3] += 1;
      if (this.config.pwc) this.walkLoads += this.walk(page, size);
      home(1)?.fill(entry(1));
      home(0)?.fill(entry(0));
    }
  }

  private served(
    level: readonly NaiveArray[],
    size: HeldSize,
    page: number,
    _level: number,
  ): () => boolean {
    const array = level.find(({ config }) => config.sizes.includes(size));
    const number = Math.floor(page / pages(size));
    return () => array?.lookup({ size, number }, this.space, this.clock) ?? false;
  }

  private walk(page: number, size: MappingSize): number {
    const prefix = [2 ** 9, 2 ** 18, 2 ** 27].map((below) => Math.floor(page / below));
    const leaf = { '4K': 1, '2M': 2, '1G': 3 }[size];
    // Entry of level n + 2 is in caches[n]; only levels above the leaf are asked.
    const hits = this.caches.map(
      (cache, n) => n + 2 > leaf && cache.hit(this.space, prefix[n] ?? 0),
    );
    const deepest = hits.indexOf(true);
    const known = deepest < 0 ? this.config.levels + 1 : deepest + 2;
    this.caches.forEach((cache, n) => {
      if (n + 2 > leaf && n + 2 < known) cache.insert(this.space, prefix[n] ?? 0);
    });
    return known - leaf;
  }

  switchSpace(space: number): void {
    this.space = space;
  }

  switchSpaceAndDrop(space: number): void {
    this.space = space;
    this.dropSpace();
  }

  dropSpace(): void {
    this.drop((entry) => entry.owner === this.space);
    for (const cache of this.caches) cache.drop(this.space);
  }

  invalidatePage(page: number): void {
    this.drop((entry) => {
      if (entry.owner !== -1 && entry.owner !== this.space) return false;
      const start = entry.number * pages(entry.size);
      const reach = Math.max(pages(entry.size), pages(entry.mapping));
      return Math.floor(start / reach) === Math.floor(page / reach);
    });
    for (const cache of this.caches) cache.drop(this.space);
  }

  dropAll(): void {
    this.drop(() => true);
    for (const cache of this.caches) cache.drop(undefined);
  }

  private drop(goes: (entry: NaiveEntry) => boolean): void {
    for (const level of this.levels) for (const array of level) array.drop(goes);
  }
}
