/**
 * Memory with a final permission (perm_alloc, Rick Edgecombe, 2020): mapped from the start as it will
 * stay, on pages outside of the direct map. Content is formed in a staging buffer and poked in 4 KiB
 * at a time; writable memory is written in place.
 */
import { assert } from '../../../base/assert.js';
import { pagesFor } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import {
  ownPagesImageBytes,
  PAGE_BYTES,
  type DataSource,
  type DataUse,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';
import type { StashAreas } from './stash-areas.js';

type Permission = 'rox' | 'ro' | 'rw';

const PERMISSION_OF_USE: Readonly<Record<DataUse, Permission>> = {
  lump: 'rw',
  data: 'rw',
  rodata: 'ro',
  ro_after_init: 'rw',
  init_data: 'rw',
  init_rodata: 'ro',
};

export class PermMemory {
  private readonly areas = new Map<number, { readonly area: VmArea; permission: Permission }>();

  constructor(
    private readonly mm: KernelMm,
    private readonly pool: StashAreas,
  ) {}

  alloc(sizeBytes: number, permission: Permission): Piece | undefined {
    const area = this.pool.alloc(pagesFor(sizeBytes), permission);
    if (!area) return undefined;
    this.areas.set(area.page, { area, permission });
    return { byte: area.page * PAGE_BYTES, sizeBytes: area.pages * PAGE_BYTES };
  }

  /** Content from the staging buffer, or the last write in place and the permission after it. */
  finish(page: number, sizeBytes: number): void {
    const held = this.areas.get(page);
    assert(held !== undefined, () => `no area at page ${page}`);
    if (held.permission === 'rw') {
      this.mm.setMemoryRo(page, pagesFor(sizeBytes));
      held.permission = 'ro';
    } else {
      this.mm.textPoke(page * PAGE_BYTES, sizeBytes, PAGE_BYTES);
    }
  }

  free(piece: Piece): void {
    const page = piece.byte / PAGE_BYTES;
    const held = this.areas.get(page);
    assert(held !== undefined, () => `no area at page ${page}`);
    this.areas.delete(page);
    this.pool.free(held.area);
  }
}

export class PermText implements TextSource {
  constructor(private readonly memory: PermMemory) {}

  alloc(_use: TextUse, sizeBytes: number): Piece | undefined {
    return this.memory.alloc(sizeBytes, 'rox');
  }

  finish(piece: Piece, codeBytes: number): void {
    this.memory.finish(piece.byte / PAGE_BYTES, codeBytes);
  }

  free(piece: Piece): void {
    this.memory.free(piece);
  }

  abandon(piece: Piece): void {
    this.memory.free(piece);
  }

  imageBytes(codeBytes: number): number {
    return ownPagesImageBytes(codeBytes);
  }

  verify(): void {
    // The stash and the mechanism verify pages and areas.
  }
}

export class PermData implements DataSource {
  constructor(private readonly memory: PermMemory) {}

  alloc(use: DataUse, sizeBytes: number): Piece | undefined {
    return this.memory.alloc(sizeBytes, PERMISSION_OF_USE[use]);
  }

  setRo(page: number, pages: number): void {
    this.memory.finish(page, pages * PAGE_BYTES);
  }

  free(piece: Piece): void {
    this.memory.free(piece);
  }

  verify(): void {
    // The stash and the mechanism verify pages and areas.
  }
}
