/**
 * execmem_alloc and execmem_free, and module_alloc before them: one vmap area with a guard page and
 * VM_FLUSH_RESET_PERMS, or a piece of the ROX cache where the release gives it to this user.
 * Follows mm/execmem.c (6.10..7.3) and arch/x86/kernel/module.c module_alloc (5.17..6.9).
 */
import { pagesFor } from '../../../base/units.js';
import type { KernelMm, VmArea } from '../../kernel-mm.js';
import type { ExecUser } from './generation.js';
import type { RoxCache } from './rox-cache.js';

/** Executable memory of one owner. `area` absent: a piece of the ROX cache. */
export interface ExecPiece {
  readonly page: number;
  readonly pages: number;
  readonly area?: VmArea;
}

export class ExecMemory {
  constructor(
    private readonly mm: KernelMm,
    private readonly cache: RoxCache,
    private readonly cacheUsers: ReadonlySet<ExecUser>,
    /** 6.17: execmem_alloc_rw() changes attributes of memory that is writable already, too. */
    private readonly forcesAlways: boolean,
  ) {}

  usesCache(user: ExecUser): boolean {
    return this.cacheUsers.has(user);
  }

  /** Cache memory comes read-only and executable, other memory writable. */
  alloc(user: ExecUser, sizeBytes: number): ExecPiece | undefined {
    const pages = pagesFor(sizeBytes);
    if (this.usesCache(user)) {
      const page = this.cache.alloc(pages);
      return page === undefined ? undefined : { page, pages };
    }
    const area = this.mm.vmalloc({ sizeBytes: pages * 4096, alignPages: 1, resetPerms: true });
    return area && { page: area.page, pages, area };
  }

  /** execmem_alloc_rw: cache memory is made writable first (6.15 for modules, 6.17 for all). */
  allocWritable(user: ExecUser, sizeBytes: number): ExecPiece | undefined {
    const piece = this.alloc(user, sizeBytes);
    if (piece && (!piece.area || this.forcesAlways)) {
      this.forceWritable(piece.page, piece.pages);
    }
    return piece;
  }

  forceWritable(page: number, pages: number): void {
    this.mm.setMemoryNx(page, pages);
    this.mm.setMemoryRw(page, pages);
  }

  free(piece: ExecPiece): void {
    if (piece.area) this.mm.vfree(piece.area);
    else this.cache.free(piece.page);
  }

  /** Takes memory at a known place, as a machine had it before the first request. */
  adopt(page: number, pages: number): ExecPiece | undefined {
    const area = this.mm.vmalloc({
      sizeBytes: pages * 4096,
      alignPages: 1,
      windowStart: page,
      windowEnd: page + pages + 1,
      resetPerms: true,
    });
    return area && { page: area.page, pages, area };
  }
}
