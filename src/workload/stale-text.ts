/**
 * Watches that no CPU can fetch through a translation that outlived its text. Pages whose text went
 * while it could be in a TLB are suspects until a flush covers them. A suspect page that was unmapped
 * and carries text again without a flush in between would be fetched through the old translation.
 * Everything between two calls of `settle` happens at one instant, so the order of a flush and of the
 * departure inside one request does not matter. Sources: kernel rule that executable areas are flushed
 * before their addresses are reused (vm_reset_perms, mm/vmalloc.c; set_memory_* in arch/x86/mm/pat).
 */
import type { TextView } from './fetch-engine.js';

const TEXT_GONE = 0;
const UNMAPPED = 1;

export class StaleText {
  /** Suspect pages: text gone, or unmapped since. */
  private readonly suspects = new Map<number, number>();
  private readonly leaving: number[] = [];
  private mappingVersion = -1;
  private hasFlushedAll = false;
  private readonly flushed: { readonly page: number; readonly end: number }[] = [];

  constructor(private readonly view: TextView) {}

  /** Text that could be in a TLB is gone from these pages. */
  gone(pages: readonly number[]): void {
    for (const page of pages) this.leaving.push(page);
  }

  flushAll(): void {
    this.hasFlushedAll = true;
  }

  flushRange(page: number, pages: number): void {
    if (this.suspects.size + this.leaving.length > 0) {
      this.flushed.push({ page, end: page + pages });
    }
  }

  /** The instant ends: what was flushed is no longer suspect, what was unmapped is noticed. */
  settle(): void {
    const hasLeft = this.leaving.length > 0;
    for (const page of this.leaving) {
      if (!this.suspects.has(page)) this.suspects.set(page, TEXT_GONE);
    }
    this.leaving.length = 0;
    if (this.hasFlushedAll) this.suspects.clear();
    this.hasFlushedAll = false;
    for (const { page, end } of this.flushed) this.forget(page, end);
    this.flushed.length = 0;
    // Executable mappings go only with the text that was the last on them.
    if (!hasLeft || this.view.mappingVersion === this.mappingVersion) return;
    this.mappingVersion = this.view.mappingVersion;
    for (const [page, state] of this.suspects) {
      if (state === TEXT_GONE && !this.view.isExecutable(page)) this.suspects.set(page, UNMAPPED);
    }
  }

  private forget(page: number, end: number): void {
    if (end - page > this.suspects.size) {
      for (const suspect of this.suspects.keys()) {
        if (suspect >= page && suspect < end) this.suspects.delete(suspect);
      }
      return;
    }
    for (let at = page; at < end; at += 1) this.suspects.delete(at);
  }

  /** Whether a fetch from this page goes through a translation that outlived its mapping. */
  isStale(page: number): boolean {
    return this.suspects.size > 0 && this.suspects.get(page) === UNMAPPED;
  }

  get suspectCount(): number {
    return this.suspects.size;
  }
}
