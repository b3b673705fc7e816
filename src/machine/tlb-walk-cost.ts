/**
 * Cycles of page walks. A walk reads page-table entries through the data caches; one cache line holds 8
 * of them, so neighbours are cheap and scattered pages are not. Source: spec of the iTLB model, section
 * 5 (5 + 14 per load whose line was among the last 512 walk loads, 50 otherwise).
 */
import { SizeClass } from '../contract/tlb-config.js';
import type { WalkCost } from './cpu-profile.js';
import { TlbKeyTable } from './tlb-key-table.js';

/** Entries of 8 bytes in a cache line of 64. */
const LINE_ENTRIES = 8;
const TABLE_ENTRIES = 512;
/** A line used within so many walk loads is still near. */
const RECENT_LOADS = 512;
const LINES_MAX = 65536;
/** Level of the leaf by mapping class: 4K PTE, 16K PTE, 2M PDE, 1G PDPTE. */
const LEAF_LEVEL = [1, 1, 2, 3];

export interface Walk {
  /** Whose page tables: an address space, or one number for the kernel's shared ones. */
  readonly tables: number;
  readonly page: number;
  readonly mapping: SizeClass;
  /** Entries read, ending with the leaf. */
  readonly loads: number;
}

export class WalkCostMeter {
  private readonly lines = new TlbKeyTable();
  private lastUse = new Float64Array(1024);
  private loadCount = 0;

  constructor(private readonly cost: WalkCost) {}

  /** Cycles of this walk above a second-level hit. */
  cycles({ tables, page, mapping, loads }: Walk): number {
    const { cost } = this;
    if (cost.kind === 'mean') return cost.cycles;
    let total = cost.baseCycles;
    const leaf = LEAF_LEVEL[mapping] ?? 1;
    let entry = page;
    for (let level = 1; level < leaf; level += 1) entry = Math.floor(entry / TABLE_ENTRIES);
    for (let level = leaf; level < leaf + loads; level += 1) {
      const line = Math.floor(entry / LINE_ENTRIES);
      total += this.isRecent(line, level, tables) ? cost.warmLoadCycles : cost.coldLoadCycles;
      entry = Math.floor(entry / TABLE_ENTRIES);
    }
    return total;
  }

  private isRecent(line: number, level: number, tables: number): boolean {
    if (this.lines.size >= LINES_MAX) this.lines.clear();
    const known = this.lines.size;
    const number = this.lines.intern(line, level, tables);
    if (number >= this.lastUse.length) {
      const { lastUse } = this;
      this.lastUse = new Float64Array(lastUse.length * 2);
      this.lastUse.set(lastUse);
    }
    this.loadCount += 1;
    const isRecent =
      number <= known && this.loadCount - (this.lastUse[number] ?? 0) <= RECENT_LOADS;
    this.lastUse[number] = this.loadCount;
    return isRecent;
  }
}
