/**
 * Paging-structure caches: one fully associative LRU list each for PML4E, PDPTE and PDE, keyed by
 * address space and address prefix. They decide how many entries a page walk reads (spec of the TLB
 * model, rule 8; Intel SDM volume 3A, "Caching Translation Information"). A list is a hash of bounded
 * size over a ring of slots, so its time does not depend on its length.
 */
import { assert } from '../base/assert.js';
import { SizeClass, type PagingCacheConfig } from '../contract/tlb-config.js';

const FREE = -1;
const TWO_POW_32 = 4294967296;

const hashOf = (space: number, prefix: number): number => {
  let x = (prefix | 0) ^ Math.imul(Math.floor(prefix / TWO_POW_32) ^ (space | 0), 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};

/** One LRU list of `entries` (1 or more) address prefixes. */
export class PagingCache {
  private readonly spaces: Float64Array;
  private readonly prefixes: Float64Array;
  /** Ring of held slots, newest first, around the node `entries`. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** Open addressing: slot numbers or FREE. */
  private readonly table: Int32Array;
  private readonly freeSlots: number[] = [];

  constructor(private readonly entries: number) {
    this.spaces = new Float64Array(entries);
    this.prefixes = new Float64Array(entries);
    this.next = new Int32Array(entries + 1);
    this.previous = new Int32Array(entries + 1);
    let tableSize = 8;
    while (tableSize < entries * 2) tableSize *= 2;
    this.table = new Int32Array(tableSize);
    this.clear();
  }

  clear(): void {
    this.table.fill(FREE);
    this.next[this.entries] = this.entries;
    this.previous[this.entries] = this.entries;
    this.freeSlots.length = 0;
    for (let slot = this.entries - 1; slot >= 0; slot -= 1) this.freeSlots.push(slot);
  }

  /** Whether the prefix is held; then it is the newest. */
  refresh(space: number, prefix: number): boolean {
    const slot = this.table[this.find(space, prefix)] ?? FREE;
    if (slot === FREE) return false;
    this.unlink(slot);
    this.linkFirst(slot);
    return true;
  }

  /** Holds a prefix that is not held yet. */
  insert(space: number, prefix: number): void {
    let slot = this.freeSlots.pop();
    if (slot === undefined) {
      slot = this.previous[this.entries] ?? 0;
      this.unlink(slot);
      this.remove(slot);
    }
    this.spaces[slot] = space;
    this.prefixes[slot] = prefix;
    this.table[this.find(space, prefix)] = slot;
    this.linkFirst(slot);
  }

  /** Forgets everything of one address space. */
  dropSpace(space: number): void {
    let slot = this.next[this.entries] ?? 0;
    while (slot !== this.entries) {
      const after = this.next[slot] ?? 0;
      if (this.spaces[slot] === space) {
        this.unlink(slot);
        this.remove(slot);
        this.freeSlots.push(slot);
      }
      slot = after;
    }
  }

  /** Place in the table that holds the key, or the free one where it belongs. */
  private find(space: number, prefix: number): number {
    const mask = this.table.length - 1;
    let place = hashOf(space, prefix) & mask;
    for (;;) {
      const slot = this.table[place] ?? FREE;
      if (slot === FREE) return place;
      if (this.prefixes[slot] === prefix && this.spaces[slot] === space) return place;
      place = (place + 1) & mask;
    }
  }

  /** Takes `slot` out of the table and closes the gap behind it. */
  private remove(slot: number): void {
    const mask = this.table.length - 1;
    let gap = this.find(this.spaces[slot] ?? 0, this.prefixes[slot] ?? 0);
    assert(this.table[gap] === slot, () => `slot ${String(slot)} is in the table`);
    let place = gap;
    for (;;) {
      place = (place + 1) & mask;
      const other = this.table[place] ?? FREE;
      if (other === FREE) break;
      const home = hashOf(this.spaces[other] ?? 0, this.prefixes[other] ?? 0) & mask;
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      this.table[gap] = other;
      gap = place;
    }
    this.table[gap] = FREE;
  }

  private unlink(slot: number): void {
    const before = this.previous[slot] ?? 0;
    const after = this.next[slot] ?? 0;
    this.next[before] = after;
    this.previous[after] = before;
  }

  private linkFirst(slot: number): void {
    const first = this.next[this.entries] ?? 0;
    this.next[slot] = first;
    this.previous[first] = slot;
    this.next[this.entries] = slot;
    this.previous[slot] = this.entries;
  }
}

/** 4 KiB pages below one PDE, PDPTE and PML4E. */
const PDE_PAGES = 512;
const PDPTE_PAGES = 262144;
const PML4E_PAGES = 134217728;

const cacheOf = (entries: number): PagingCache | undefined =>
  entries > 0 ? new PagingCache(entries) : undefined;

/** The three caches of one hierarchy. */
export class PagingCaches {
  private readonly pml4: PagingCache | undefined;
  private readonly pdpt: PagingCache | undefined;
  private readonly pd: PagingCache | undefined;
  private readonly topLevel: number;

  /** `levels` is the number of page-table levels; there is no cache for the PML5E. */
  constructor(config: PagingCacheConfig, levels: 4 | 5) {
    this.pml4 = cacheOf(config.pml4);
    this.pdpt = cacheOf(config.pdpt);
    this.pd = cacheOf(config.pd);
    this.topLevel = levels;
  }

  /**
   * Walks to the leaf of `page` (a 4 KiB page number) whose mapping has this size. Returns how many
   * entries it reads, 1..5.
   */
  walk(space: number, page: number, mapping: SizeClass): number {
    // Level of the leaf: 1 PTE, 2 PDE, 3 PDPTE.
    const leaf = mapping === SizeClass['1G'] ? 3 : mapping === SizeClass['2M'] ? 2 : 1;
    const pml4Prefix = Math.floor(page / PML4E_PAGES);
    const pdptPrefix = Math.floor(page / PDPTE_PAGES);
    const pdPrefix = Math.floor(page / PDE_PAGES);
    const hasPml4 = this.pml4?.refresh(space, pml4Prefix) ?? false;
    const hasPdpt = leaf < 3 && (this.pdpt?.refresh(space, pdptPrefix) ?? false);
    const hasPd = leaf < 2 && (this.pd?.refresh(space, pdPrefix) ?? false);
    // Lowest level whose entry is known; the walk reads the ones below.
    const known = hasPd ? 2 : hasPdpt ? 3 : hasPml4 ? 4 : this.topLevel + 1;
    if (known > 4) this.pml4?.insert(space, pml4Prefix);
    if (known > 3 && leaf < 3) this.pdpt?.insert(space, pdptPrefix);
    if (known > 2 && leaf < 2) this.pd?.insert(space, pdPrefix);
    return known - leaf;
  }

  dropSpace(space: number): void {
    this.pml4?.dropSpace(space);
    this.pdpt?.dropSpace(space);
    this.pd?.dropSpace(space);
  }

  clear(): void {
    this.pml4?.clear();
    this.pdpt?.clear();
    this.pd?.clear();
  }
}
