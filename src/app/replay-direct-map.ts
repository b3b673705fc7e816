/**
 * Leaves of the direct map on a replayed machine: one of 1G, 2M or 4K for every region, started from
 * the recorded page tables. A change that covers part of a large leaf and alters it splits it, for
 * good. Follows __should_split_large_page and set_direct_map_* of arch/x86/mm/pat/set_memory.c.
 */
import { PTRS_PER_PMD_PAGES, PTRS_PER_PUD_PAGES } from '../base/units.js';

const REGIONS_PER_GIB = PTRS_PER_PUD_PAGES / PTRS_PER_PMD_PAGES;

export class ReplayDirectMap {
  /** GiB numbers mapped by one leaf. */
  private readonly large = new Set<number>();
  /** 2M regions mapped by 4K leaves. */
  private readonly split = new Set<number>();
  /** 2M leaves that are read-only. */
  private readonly readOnly = new Set<number>();
  level2Splits = 0;
  level3Splits = 0;

  /** Marks frames [first, end) as mapped by 1G leaves; part leaves are not marked. */
  mark1G(first: number, end: number): void {
    const start = Math.ceil(first / PTRS_PER_PUD_PAGES);
    for (let gib = start; (gib + 1) * PTRS_PER_PUD_PAGES <= end; gib += 1) this.large.add(gib);
  }

  mark4K(first: number, end: number): void {
    const start = Math.floor(first / PTRS_PER_PMD_PAGES);
    for (let region = start; region * PTRS_PER_PMD_PAGES < end; region += 1) {
      this.split.add(region);
    }
  }

  markReadOnly2M(first: number, end: number): void {
    for (let region = first / PTRS_PER_PMD_PAGES; region * PTRS_PER_PMD_PAGES < end; region += 1) {
      this.readOnly.add(region);
    }
  }

  /** Present or not: always alters the leaf. */
  resetPage(frame: number): void {
    this.splitTo4K(Math.floor(frame / PTRS_PER_PMD_PAGES));
  }

  setPage(frame: number, writable: boolean): void {
    const region = Math.floor(frame / PTRS_PER_PMD_PAGES);
    if (this.split.has(region)) return;
    if (this.readOnly.has(region) !== writable) return;
    this.splitTo4K(region);
  }

  /** A run that is exactly one 2M leaf: changed in place. */
  setRegion(frame: number, writable: boolean): void {
    const region = frame / PTRS_PER_PMD_PAGES;
    if (this.split.has(region)) return;
    if (this.readOnly.has(region) !== writable) return;
    this.splitTo2M(region);
    if (writable) this.readOnly.delete(region);
    else this.readOnly.add(region);
  }

  private splitTo2M(region: number): void {
    const gib = Math.floor(region / REGIONS_PER_GIB);
    if (this.large.delete(gib)) this.level3Splits += 1;
  }

  private splitTo4K(region: number): void {
    if (this.split.has(region)) return;
    this.splitTo2M(region);
    this.readOnly.delete(region);
    this.split.add(region);
    this.level2Splits += 1;
  }
}
