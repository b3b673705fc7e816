/**
 * Whose code or data a page is, as a small number for the TLB view: kernel text, user code, tasks that
 * visit, the entry page of page-table isolation, data, and the pools of the scenario.
 */
import { PTRS_PER_PMD_PAGES } from '../../base/units.js';
import { SizeClass } from '../../contract/tlb-config.js';
import { fetchKey } from './fetch-log.js';
import type { TextMember } from '../../workload/live-text.js';
import { ownerOfMachinePage, MACHINE_OWNERS } from '../../workload/machine-text.js';

const NO_POOL = 'text of no pool';

export class TextOwners {
  readonly names: readonly string[];
  /** Live texts by page of the module area and owner: page * owners + owner. */
  private readonly pageTexts = new Map<number, number>();
  /** The same by 2M block. */
  private readonly blockTexts = new Map<number, number>();
  private readonly noPool: number;
  private readonly areaEnd: number;

  constructor(
    private readonly areaVpn: number,
    areaPages: number,
    pools: readonly string[],
  ) {
    this.areaEnd = areaVpn + areaPages;
    this.names = [...MACHINE_OWNERS, ...pools, NO_POOL];
    this.noPool = this.names.length - 1;
  }

  placed(member: TextMember): void {
    this.count(member, 1);
  }

  gone(member: TextMember): void {
    this.count(member, -1);
  }

  /** Owner of what begins at a 4 KiB page number; of a 2M leaf of the area whoever has most of it. */
  ownerOf(page: number, sizeClass: SizeClass): number {
    if (page < this.areaVpn || page >= this.areaEnd) return ownerOfMachinePage(page);
    return sizeClass >= SizeClass['2M']
      ? this.most(this.blockTexts, Math.floor(page / PTRS_PER_PMD_PAGES))
      : this.most(this.pageTexts, page - this.areaVpn);
  }

  /** Keys in the log of fetches of those leaves that are of the module area. */
  *fetchKeysOf(leaves: Iterable<readonly [number, SizeClass]>): Generator<number> {
    for (const [page, sizeClass] of leaves) {
      if (page < this.areaVpn || page >= this.areaEnd) continue;
      yield fetchKey(page - this.areaVpn, sizeClass >= SizeClass['2M']);
    }
  }

  private most(texts: ReadonlyMap<number, number>, place: number): number {
    const owners = this.names.length;
    let best = this.noPool;
    let bestCount = 0;
    for (let owner = MACHINE_OWNERS.length; owner < owners; owner += 1) {
      const count = texts.get(place * owners + owner) ?? 0;
      if (count <= bestCount) continue;
      best = owner;
      bestCount = count;
    }
    return best;
  }

  private count(member: TextMember, change: 1 | -1): void {
    const owner = member.pool < 0 ? this.noPool : MACHINE_OWNERS.length + member.pool;
    const owners = this.names.length;
    for (const page of member.pages) {
      const block = Math.floor((this.areaVpn + page) / PTRS_PER_PMD_PAGES);
      add(this.pageTexts, page * owners + owner, change);
      add(this.blockTexts, block * owners + owner, change);
    }
  }
}

function add(counts: Map<number, number>, key: number, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
