/**
 * One vmap area per request, whole pages: module_alloc and what stays of it in the proposals. Text
 * of this kind is written first and protected after (W1: read-only, then executable).
 */
import { assert } from '../../../base/assert.js';
import { pagesFor } from '../../../base/units.js';
import type { KernelMm, VmallocRequest, VmArea } from '../../kernel-mm.js';
import {
  ownPagesImageBytes,
  PAGE_BYTES,
  type DataSource,
  type DataUse,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';

export interface PageAreaRules {
  /** Guard pages after each area. */
  readonly guardPages: number;
  /** Frees restore permissions call by call and leave the addresses to the next purge. */
  readonly lazyFree: boolean;
}

export const PLAIN_AREAS: PageAreaRules = { guardPages: 1, lazyFree: false };

/** Where areas come from and go to. */
export interface AreaPool {
  alloc(pages: number): VmArea | undefined;
  free(area: VmArea): void;
}

/** Lowest fit in the module area, pages from the page allocator. */
export class PlainAreaPool implements AreaPool {
  constructor(
    private readonly mm: KernelMm,
    private readonly rules: PageAreaRules = PLAIN_AREAS,
    private readonly request: Partial<VmallocRequest> = {},
  ) {}

  alloc(pages: number): VmArea | undefined {
    return this.mm.vmalloc({
      sizeBytes: pages * PAGE_BYTES,
      alignPages: 1,
      guardPages: this.rules.guardPages,
      resetPerms: !this.rules.lazyFree,
      ...this.request,
    });
  }

  free(area: VmArea): void {
    if (this.rules.lazyFree) {
      this.mm.setMemoryNx(area.page, area.pages);
      this.mm.setMemoryRw(area.page, area.pages);
    }
    this.mm.vfree(area);
  }
}

/** Areas handed out as pieces, by their first byte. */
class AreaLedger {
  private readonly live = new Map<number, VmArea>();

  constructor(private readonly pool: AreaPool) {}

  alloc(sizeBytes: number): Piece | undefined {
    const area = this.pool.alloc(pagesFor(sizeBytes));
    if (!area) return undefined;
    const byte = area.page * PAGE_BYTES;
    this.live.set(byte, area);
    return { byte, sizeBytes: area.pages * PAGE_BYTES };
  }

  free(piece: Piece): void {
    const area = this.live.get(piece.byte);
    assert(area !== undefined, () => `no area starts at byte ${piece.byte}`);
    this.live.delete(piece.byte);
    this.pool.free(area);
  }
}

export class AreaText implements TextSource {
  private readonly areas: AreaLedger;

  constructor(
    private readonly mm: KernelMm,
    pool: AreaPool,
    /** Read-only and executable in two calls, or in one (6.2). */
    private readonly protection: 'ro_x' | 'rox' = 'ro_x',
  ) {
    this.areas = new AreaLedger(pool);
  }

  alloc(_use: TextUse, sizeBytes: number): Piece | undefined {
    return this.areas.alloc(sizeBytes);
  }

  finish(piece: Piece): void {
    const page = piece.byte / PAGE_BYTES;
    const pages = piece.sizeBytes / PAGE_BYTES;
    if (this.protection === 'rox') {
      this.mm.setMemoryRox(page, pages);
      return;
    }
    this.mm.setMemoryRo(page, pages);
    this.mm.setMemoryX(page, pages);
  }

  free(piece: Piece): void {
    this.areas.free(piece);
  }

  abandon(piece: Piece): void {
    this.areas.free(piece);
  }

  imageBytes(codeBytes: number): number {
    return ownPagesImageBytes(codeBytes);
  }

  verify(): void {
    // Areas are the mechanism's own; nothing is kept beside them.
  }
}

export class AreaData implements DataSource {
  private readonly areas: AreaLedger;

  constructor(
    private readonly mm: KernelMm,
    pool: AreaPool,
  ) {
    this.areas = new AreaLedger(pool);
  }

  alloc(_use: DataUse, sizeBytes: number): Piece | undefined {
    return this.areas.alloc(sizeBytes);
  }

  setRo(page: number, pages: number): void {
    this.mm.setMemoryRo(page, pages);
  }

  free(piece: Piece): void {
    this.areas.free(piece);
  }

  verify(): void {
    // Areas are the mechanism's own; nothing is kept beside them.
  }
}
