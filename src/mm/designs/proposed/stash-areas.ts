/** Areas of whole pages, lowest fit, whose frames come from a stash of the design. */
import { assert } from '../../../base/assert.js';
import type { KernelMm, VmallocRequest, VmArea } from '../../kernel-mm.js';
import type { FrameStash } from './frame-stash.js';
import { pageSupplyOf } from './frame-stash.js';
import type { AreaPool } from './page-areas.js';
import { PAGE_BYTES } from './piece.js';

export interface StashAreaRules {
  readonly guardPages: number;
  /**
   * `reset`: as VM_FLUSH_RESET_PERMS, every alias goes and comes back around a purge. `none`: the
   * frames are not in the direct map; addresses wait for the next purge.
   */
  readonly onFree: 'reset' | 'none';
}

/** Where the areas lie. */
export interface AreaPlaces {
  alloc(pages: number, request: Partial<VmallocRequest>): VmArea | undefined;
  free(area: VmArea): void;
}

/** Lowest fit in the module area. */
export const lowestPlaces = (mm: KernelMm): AreaPlaces => ({
  alloc: (pages, request) =>
    mm.vmalloc({ sizeBytes: pages * PAGE_BYTES, alignPages: 1, ...request }),
  free: (area) => {
    mm.vfree(area);
  },
});

export class StashAreas implements AreaPool {
  private readonly frames = new Map<VmArea, Float64Array>();

  constructor(
    private readonly mm: KernelMm,
    private readonly stash: FrameStash,
    private readonly rules: StashAreaRules,
    private readonly places: AreaPlaces = lowestPlaces(mm),
  ) {}

  alloc(pages: number, protection: VmallocRequest['protection'] = 'rw'): VmArea | undefined {
    const frames = this.stash.take(pages);
    if (!frames) return undefined;
    const { guardPages } = this.rules;
    const area = this.places.alloc(pages, { guardPages, frames, protection, resetPerms: false });
    if (area) this.frames.set(area, frames);
    else this.stash.give(frames);
    return area;
  }

  free(area: VmArea): void {
    const frames = this.frames.get(area);
    assert(frames !== undefined, () => `no area at page ${area.page}`);
    this.frames.delete(area);
    this.places.free(area);
    if (this.rules.onFree === 'reset') this.resetAliases(frames);
    this.stash.give(frames);
  }

  /** vm_reset_perms of mm/vmalloc.c. */
  private resetAliases(frames: Float64Array): void {
    const supply = pageSupplyOf(this.mm);
    for (const frame of frames) supply.setValid(frame, 1, false);
    this.mm.purgeLazyAreas();
    for (const frame of frames) supply.setValid(frame, 1, true);
  }
}
