/**
 * Packs that are vmap areas of the module range: mapped with 4K or 2M leaves, protected once as a
 * whole. Freed as the code of their time did: with permission reset (page by page), or after the
 * whole area was made writable again, which keeps 2M leaves of the direct map.
 */
import { assert } from '../../../base/assert.js';
import { pagesFor } from '../../../base/units.js';
import type { KernelMm, VmallocRequest, VmArea } from '../../kernel-mm.js';
import type { PackPages } from './pack-text.js';
import { PAGE_BYTES, type Piece } from './piece.js';

export interface PackAreaRules {
  readonly leaf: '4K' | '2M';
  readonly backing: 'order9' | 'scattered';
  readonly hugeNodeRule: 'divide' | 'ignore';
  /** `reset`: VM_FLUSH_RESET_PERMS. `restore`: set_memory_nx and set_memory_rw over the whole. */
  readonly onFree: 'reset' | 'restore';
}

export class PackAreas implements PackPages {
  private readonly live = new Map<number, VmArea>();

  constructor(
    private readonly mm: KernelMm,
    private readonly rules: PackAreaRules,
  ) {}

  alloc(sizeBytes: number): Piece | undefined {
    const path = this.mm.enterPath('alloc_new_pack');
    const area = this.mm.vmalloc(this.request(pagesFor(sizeBytes) * PAGE_BYTES));
    if (area) this.mm.setMemoryRox(area.page, area.pages);
    this.mm.leavePath(path);
    if (!area) return undefined;
    const byte = area.page * PAGE_BYTES;
    this.live.set(byte, area);
    return { byte, sizeBytes: area.pages * PAGE_BYTES };
  }

  free(piece: Piece): void {
    const area = this.live.get(piece.byte);
    assert(area !== undefined, () => `no pack starts at byte ${piece.byte}`);
    this.live.delete(piece.byte);
    const path = this.mm.enterPath('free_pack');
    if (this.rules.onFree === 'restore') {
      this.mm.setMemoryNx(area.page, area.pages);
      this.mm.setMemoryRw(area.page, area.pages);
    }
    this.mm.vfree(area);
    this.mm.leavePath(path);
  }

  private request(sizeBytes: number): VmallocRequest {
    const { leaf, backing, hugeNodeRule, onFree } = this.rules;
    const resetPerms = onFree === 'reset';
    return leaf === '2M'
      ? { sizeBytes, alignPages: 1, allowHuge: true, hugeNodeRule, resetPerms }
      : {
          sizeBytes,
          alignPages: 1,
          backing: backing === 'order9' ? 'order9' : 'kernel',
          resetPerms,
        };
  }
}
