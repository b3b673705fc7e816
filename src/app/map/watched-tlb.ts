/**
 * A TLB hierarchy that notes who misses and who pushes whom out, and counts as a plain one. After every
 * first-level miss the slot that the translation took tells, by a copy of the owners of all slots, whom
 * it displaced; a hit costs one mark more, which tells what was executed.
 */
import { TLB_MISS_NUMBERS } from '../../contract/tlb-view-data.js';
import { Tlb, TlbOutcome } from '../../machine/tlb.js';
import type { SizeClass, TlbConfig } from '../../contract/tlb-config.js';
import type { TextOwners } from './text-owners.js';

const NOBODY = -1;

export class WatchedTlb extends Tlb {
  /** By owner and kind, since the last reset. */
  readonly misses: Float64Array;
  /** Displaced second-level entries, by who came and who went. */
  readonly pushed: Float64Array;
  private readonly ownerCount: number;
  /** Owner of each second-level slot. */
  private readonly mirror: Int16Array;
  private readonly missesBefore: Float64Array;
  private readonly pushedBefore: Float64Array;
  /** Translations fetched since the last reset: 1 each. */
  private fetched = new Uint8Array(1024);

  constructor(
    config: TlbConfig,
    private readonly ownerTable: TextOwners,
  ) {
    super(config);
    this.ownerCount = ownerTable.names.length;
    this.mirror = new Int16Array(this.slotCount(2)).fill(NOBODY);
    this.misses = new Float64Array(this.ownerCount * TLB_MISS_NUMBERS);
    this.pushed = new Float64Array(this.ownerCount * this.ownerCount);
    this.missesBefore = new Float64Array(this.misses.length);
    this.pushedBefore = new Float64Array(this.pushed.length);
  }

  override fetch(translation: number): TlbOutcome {
    if (translation >= this.fetched.length) this.growFetched(translation);
    this.fetched[translation] = 1;
    const outcome = super.fetch(translation);
    if (outcome === TlbOutcome.l1Hit) return outcome;
    const owner = this.ownerOf(translation);
    const at = owner * TLB_MISS_NUMBERS + (outcome === TlbOutcome.walk ? 1 : 0);
    this.misses[at] = (this.misses[at] ?? 0) + 1;
    if (outcome === TlbOutcome.walk) this.came(translation, owner);
    return outcome;
  }

  override touchSecondLevel(translation: number): void {
    const wasHeld = this.slotOf(translation, 2) >= 0;
    super.touchSecondLevel(translation);
    if (!wasHeld) this.came(translation, this.ownerOf(translation));
  }

  override dropAll(): void {
    super.dropAll();
    this.mirror.fill(NOBODY);
  }

  /** Notes the counts before a repetition. */
  note(): void {
    this.missesBefore.set(this.misses);
    this.pushedBefore.set(this.pushed);
  }

  /** What has been counted since the note happens so many times more. */
  repeat(times: number): void {
    repeatInto(this.misses, this.missesBefore, times);
    repeatInto(this.pushed, this.pushedBefore, times);
  }

  /** Leaves that were fetched from since the last reset: first 4 KiB page number, size class. */
  *fetchedLeaves(): Generator<readonly [page: number, sizeClass: SizeClass]> {
    for (let i = 0; i < this.fetched.length; i += 1) {
      if (this.fetched[i] === 1) yield [this.pageOf(i), this.mappingOf(i)];
    }
  }

  reset(): void {
    this.fetched.fill(0);
    this.misses.fill(0);
    this.pushed.fill(0);
  }

  private growFetched(translation: number): void {
    const larger = new Uint8Array(Math.max(translation + 1, this.fetched.length * 2));
    larger.set(this.fetched);
    this.fetched = larger;
  }

  private ownerOf(translation: number): number {
    return this.ownerTable.ownerOf(this.pageOf(translation), this.mappingOf(translation));
  }

  /** The translation has just been put into the second level. */
  private came(translation: number, owner: number): void {
    const slot = this.slotOf(translation, 2);
    if (slot < 0) return;
    const before = this.mirror[slot] ?? NOBODY;
    this.mirror[slot] = owner;
    if (before === NOBODY) return;
    const at = owner * this.ownerCount + before;
    this.pushed[at] = (this.pushed[at] ?? 0) + 1;
  }
}

function repeatInto(counts: Float64Array, before: Float64Array, times: number): void {
  for (let i = 0; i < counts.length; i += 1) {
    const now = counts[i] ?? 0;
    counts[i] = now + (now - (before[i] ?? 0)) * times;
  }
}
