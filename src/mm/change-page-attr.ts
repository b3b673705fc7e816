/**
 * set_memory_*: changes attributes of pages of the module area and of their aliases in the direct
 * map. The alias follows the primary mapping's granularity: one page at a time under 4K leaves, a
 * whole 2M leaf where the primary is one that changes as a whole. Follows change_page_attr_set_clr,
 * cpa_process_alias and cpa_flush of arch/x86/mm/pat/set_memory.c, release by release:
 *
 *   release   NX-only change                  end of a change that did something
 *   to 6.1    no alias walk                   flush all; NX-only: the pages, or all above 33
 *   from 6.2  alias walk with empty masks     flush all
 */
import { assert } from '../base/assert.js';
import { LeafLevel } from '../base/units.js';
import { EffectKind } from '../contract/sim-event.js';
import { PTE_DIRTY, PTE_EXECUTABLE, PTE_WRITABLE } from '../machine/pte.js';
import type { DirectMap } from './direct-map.js';
import type { KernelRules } from './kernel-rules.js';
import type { MmEffects } from './mm-effects.js';
import type { TextMap } from './text-map.js';

const TABLE_PAGES = 512;

export type Collapse = 'off' | 'rox' | 'any';

export interface ChangeParts {
  readonly rules: Pick<KernelRules, 'nxSkipsAlias' | 'roClearsDirty' | 'hasRox'>;
  readonly collapse: Collapse;
  readonly text: TextMap;
  readonly directMap: DirectMap;
  readonly effects: MmEffects;
  /** vm_unmap_aliases: what every change begins with. */
  readonly purge: () => void;
}

export class ChangePageAttr {
  private readonly roClear: number;
  private readonly frames = new Float64Array(TABLE_PAGES);

  constructor(private readonly parts: ChangeParts) {
    this.roClear = PTE_WRITABLE | (parts.rules.roClearsDirty ? PTE_DIRTY : 0);
  }

  setRo(page: number, pages: number): boolean {
    return this.change('set_memory_ro', page, pages, 0, this.roClear);
  }

  setRw(page: number, pages: number): boolean {
    return this.change('set_memory_rw', page, pages, PTE_WRITABLE, 0);
  }

  setX(page: number, pages: number): boolean {
    return this.change('set_memory_x', page, pages, PTE_EXECUTABLE, 0);
  }

  setNx(page: number, pages: number): boolean {
    return this.change('set_memory_nx', page, pages, 0, PTE_EXECUTABLE);
  }

  /** Read-only and executable: one pass from 6.2 on, two calls before. */
  setRox(page: number, pages: number): void {
    const { rules, collapse } = this.parts;
    if (rules.hasRox) {
      const changed = this.change('set_memory_rox', page, pages, PTE_EXECUTABLE, this.roClear);
      if (changed && collapse === 'rox') this.collapse('set_memory_rox', page, pages);
      return;
    }
    const madeRo = this.setRo(page, pages);
    const madeX = this.setX(page, pages);
    if ((madeRo || madeX) && collapse === 'rox') this.collapse('set_memory_x', page, pages);
  }

  /** True when an entry of the module area took other flags. */
  private change(name: string, page: number, pages: number, set: number, clear: number): boolean {
    const { rules, text, effects } = this.parts;
    assert(page >= 0 && pages >= 0, () => `pages ${page}+${pages} lie in the module area`);
    const path = effects.paths.enter(name);
    effects.counters.cpaCalls += 1;
    effects.tell(EffectKind.changePageAttr, page, pages);
    this.parts.purge();
    const walksAlias = !(rules.nxSkipsAlias && (set | clear) === PTE_EXECUTABLE);
    text.change.restart();
    const skipped = text.table.skippedEntries;
    let merged = false;
    for (let done = 0; done < pages;) {
      const settled = this.step(page + done, pages - done, set, clear, walksAlias);
      if (text.repair(page + done)) merged = true;
      done += settled;
    }
    assert(text.table.skippedEntries === skipped, () => `a page of ${page}+${pages} is not mapped`);
    const { changed } = text.change;
    if (changed) {
      text.version += 1;
      if (walksAlias) effects.flushAll();
      else effects.flushKernelRange(page, pages);
    }
    if (merged) effects.flushAll();
    effects.paths.leave(path);
    return changed;
  }

  private step(
    page: number,
    room: number,
    set: number,
    clear: number,
    walksAlias: boolean,
  ): number {
    const { text, directMap } = this.parts;
    const settled = text.change.step(text.vpnOf(page), room, set, clear);
    assert(text.change.level !== LeafLevel.none, () => `page ${page} is not mapped`);
    const aliasSet = set & ~PTE_EXECUTABLE;
    const aliasClear = clear & ~PTE_EXECUTABLE;
    if (!walksAlias || (aliasSet | aliasClear) === 0) return settled;
    if (text.change.level === LeafLevel.pte4K) {
      text.table.readFrames(settled, this.frames, 0);
      directMap.changeEach(this.frames, 0, settled, aliasSet, aliasClear);
    } else {
      directMap.change(text.table.frame, settled, aliasSet, aliasClear);
    }
    return settled;
  }

  private collapse(name: string, page: number, pages: number): void {
    const { text, effects } = this.parts;
    const path = effects.paths.enter(name);
    const inner = effects.paths.enter('cpa_collapse_large_pages');
    if (text.collapse(page, pages, false) > 0) effects.flushAll();
    effects.paths.leave(inner);
    effects.paths.leave(path);
  }
}
