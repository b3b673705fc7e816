/**
 * Translations of the module area by page and address space, so that a step in a pool costs one load
 * once its page is known. Tables grow with the highest page executed.
 */
import { PTRS_PER_PMD_PAGES } from '../base/units.js';
import { SizeClass } from '../contract/tlb-config.js';
import type { Tlb } from '../machine/tlb.js';

/** No translation yet; the TLB numbers them from 1. */
const UNKNOWN = 0;

export class TextTranslations {
  private readonly small: Int32Array[] = [];
  private readonly large: Int32Array[] = [];

  constructor(
    private readonly tlb: Tlb,
    private readonly areaVpn: number,
    private readonly isGlobal: boolean,
  ) {}

  /**
   * Translation of page index `page` of the area, mapped by a 4K or 2M leaf. `space` tells tables apart:
   * the current address space, or 0 where all text is global.
   */
  of(page: number, isLarge: boolean, space: number): number {
    const tables = isLarge ? this.large : this.small;
    const first = this.areaVpn % PTRS_PER_PMD_PAGES;
    const index = isLarge ? Math.floor((first + page) / PTRS_PER_PMD_PAGES) : page;
    let table = tables[space];
    if (table === undefined || index >= table.length) {
      const wider = new Int32Array(Math.max(1024, 2 ** Math.ceil(Math.log2(index + 1))));
      if (table !== undefined) wider.set(table);
      tables[space] = wider;
      table = wider;
    }
    const known = table[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const vpn = this.areaVpn + page;
    const translation = this.tlb.translation({
      page: isLarge ? Math.floor(vpn / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES : vpn,
      mapping: isLarge ? SizeClass['2M'] : SizeClass['4K'],
      isGlobal: this.isGlobal,
      isCoalescible: false,
    });
    table[index] = translation;
    return translation;
  }
}
