/**
 * The other side of the top-down split: areas of whole pages from the top of the module range, each
 * with a guard page, never below the boundary and its gap. Knows the lowest area, which is what text
 * must not grow into, and tells a collision from a lack of memory.
 */
import { assert } from '../../../base/assert.js';
import { EffectKind } from '../../../contract/sim-event.js';
import type { KernelMm, VmallocRequest, VmArea } from '../../kernel-mm.js';
import type { AreaPool } from './page-areas.js';
import { PAGE_BYTES } from './piece.js';

export interface DataTopRules {
  /** Highest fit, or first fit from the border. */
  readonly fit: 'highest' | 'lowest';
  /** Unmapped pages between text and data. */
  readonly gapPages: number;
  readonly alignPages: number;
  /** Data never comes below this page. */
  readonly limitPage: number;
}

const GUARD_PAGES = 1;

export class DataTop implements AreaPool {
  private readonly live = new Map<number, VmArea>();
  /** 1 where an area starts, to find the next one when the lowest goes. */
  private readonly starts: Uint8Array;
  private lowest: number;
  collisions = 0;

  constructor(
    private readonly mm: KernelMm,
    private readonly rules: DataTopRules,
    /** First page behind text. */
    private readonly boundary: () => number,
  ) {
    this.starts = new Uint8Array(mm.areaPages);
    this.lowest = mm.areaPages;
  }

  /** First page of the lowest area; the end of the module area when there is none. */
  get lowestPage(): number {
    return this.lowest;
  }

  /** `request`: backing and protection of special areas. */
  alloc(pages: number, request: Partial<VmallocRequest> = {}): VmArea | undefined {
    const { fit, alignPages } = this.rules;
    const windowStart = this.windowStart();
    const area = this.mm.vmalloc({
      sizeBytes: pages * PAGE_BYTES,
      alignPages,
      windowStart,
      windowEnd: this.mm.areaPages,
      fit,
      guardPages: GUARD_PAGES,
      resetPerms: true,
      ...request,
    });
    if (!area) {
      this.countCollision(pages + GUARD_PAGES, windowStart);
      return undefined;
    }
    this.live.set(area.page, area);
    this.starts[area.page] = 1;
    this.lowest = Math.min(this.lowest, area.page);
    return area;
  }

  free(area: VmArea): void {
    assert(this.live.delete(area.page), () => `no data area at page ${area.page}`);
    this.starts[area.page] = 0;
    if (area.page === this.lowest) {
      const next = this.starts.indexOf(1, area.page);
      this.lowest = next < 0 ? this.mm.areaPages : next;
    }
    this.mm.vfree(area);
  }

  verify(): void {
    const start = this.windowStart();
    let lowest = this.mm.areaPages;
    for (const { page } of this.live.values()) {
      assert(page >= start, () => `data at page ${page} below page ${start}`);
      lowest = Math.min(lowest, page);
    }
    assert(lowest === this.lowest, () => `lowest data is ${lowest}, known as ${this.lowest}`);
  }

  private windowStart(): number {
    const { gapPages, limitPage } = this.rules;
    return Math.max(this.boundary() + gapPages, limitPage, this.mm.loadOffsetPages);
  }

  /** A request failed: for want of room above the boundary, or of memory? */
  private countCollision(pages: number, windowStart: number): void {
    const { alignPages } = this.rules;
    const sorted = [...this.live.values()].sort((a, b) => a.page - b.page);
    let free = windowStart;
    for (const area of [...sorted, { page: this.mm.areaPages, pages: 0, guardPages: 0 }]) {
      const aligned = Math.ceil(free / alignPages) * alignPages;
      if (aligned + pages <= area.page) return;
      free = area.page + area.pages + area.guardPages;
    }
    this.collisions += 1;
    this.mm.note(EffectKind.boundaryCollision, windowStart, pages);
  }
}
