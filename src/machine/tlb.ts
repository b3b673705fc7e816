/**
 * A TLB hierarchy: two levels, neither inclusive nor exclusive, and the paging-structure caches behind
 * them. Counts are exact and nothing is random once the stream is given (spec of the TLB model, rules
 * 1 to 8). A translation (page, mapping size, flags, address space) becomes a number once; a fetch of it
 * then costs one load per level when it hits.
 *
 * Model: one core, no SMT sharing, no speculative or prefetched fills.
 */
import { PagingCaches } from './paging-cache.js';
import {
  HELD_SIZES,
  SIZE_CLASS_SHIFT,
  SizeClass,
  type HeldAs,
  type TlbConfig,
} from '../contract/tlb-config.js';
import { TlbKeyTable } from './tlb-key-table.js';
import { ENTRY_WORDS, EntryPlaces, TlbLevel } from './tlb-level.js';

/** What served a fetch. */
export const TlbOutcome = { l1Hit: 0, l2Hit: 1, walk: 2 } as const;
export type TlbOutcome = (typeof TlbOutcome)[keyof typeof TlbOutcome];

/** Size class of a mapping; 16K exists only inside the TLB. */
export type MappingClass = 0 | 2 | 3;

/** Owner of global entries. */
const GLOBAL = -1;
const START_TRANSLATIONS = 1024;
/** Words of a translation. */
const RECORD_WORDS = 4;
/** Second level's first word in an entry. */
const L2_WORD = 2;
/** Entry number that no level ever holds. */
const NO_ENTRY = 0;
/** Code of a translation: size class, then flags. */
const GLOBAL_FLAG = 4;
const COALESCED_FLAG = 8;
/** Codes in the table that tells which pages have global and which have other entries. */
const HAS_GLOBAL = 16;
const HAS_LOCAL = 32;

export interface TranslationKey {
  /** Unsigned 4 KiB page number, 0..2^52. */
  readonly page: number;
  readonly mapping: MappingClass;
  readonly isGlobal: boolean;
  /** One of four aligned, physically contiguous 4K pages with equal attributes. */
  readonly isCoalescible: boolean;
}

export type TlbLevelNumber = 1 | 2;

/** What a slot holds. */
export interface HeldPages {
  /** First 4 KiB page number. */
  readonly page: number;
  readonly sizeClass: SizeClass;
}

const heldClass = (heldAs: HeldAs, sizeClass: SizeClass): SizeClass =>
  SizeClass[heldAs[HELD_SIZES[sizeClass]] ?? HELD_SIZES[sizeClass]];

const pagesOf = (sizeClass: number): number => 2 ** (SIZE_CLASS_SHIFT[sizeClass] ?? 0);

export class Tlb {
  /** Fetches, first-level misses and walks by mapping class (index SizeClass). */
  readonly fetches = new Float64Array(HELD_SIZES.length);
  readonly l1Misses = new Float64Array(HELD_SIZES.length);
  readonly walks = new Float64Array(HELD_SIZES.length);
  /** Page-table entries read by walks; 0 without paging-structure caches. */
  walkLoads = 0;
  /** Entries that the last walk read. */
  lastWalkLoads = 0;
  /** Mapping class of the last walk. */
  lastWalkMapping: SizeClass = SizeClass['4K'];
  /** Current address space. */
  private currentSpace = 0;
  private readonly places = new EntryPlaces();
  private readonly l1: TlbLevel;
  private readonly l2: TlbLevel;
  private readonly caches: PagingCaches | undefined;
  private readonly translations = new TlbKeyTable();
  private readonly entries = new TlbKeyTable();
  private readonly owners = new TlbKeyTable();
  /** By translation: first-level entry, second-level entry, mapping class, unused. */
  private records = new Int32Array(START_TRANSLATIONS * RECORD_WORDS);
  /** Some page has both global and other entries: a fetch may hit either. */
  private isMixed = false;
  private readonly l1Class: readonly SizeClass[];
  private readonly l2Class: readonly SizeClass[];

  constructor(private readonly config: TlbConfig) {
    const { places } = this;
    this.l1 = new TlbLevel({ arrays: config.l1, places, word: 0 });
    this.l2 = new TlbLevel({ arrays: config.l2, places, word: L2_WORD });
    this.caches = config.pwc && new PagingCaches(config.pwc, config.levels);
    const classes: readonly SizeClass[] = [0, 1, 2, 3];
    this.l1Class = classes.map((sizeClass) => heldClass(config.l1As, sizeClass));
    this.l2Class = classes.map((sizeClass) => heldClass(config.l2As, sizeClass));
    this.l1.addEntry(NO_ENTRY, 0, 0);
    this.l2.addEntry(NO_ENTRY, 0, 0);
  }

  get space(): number {
    return this.currentSpace;
  }

  /** Slots of a level, all arrays one after the other, set by set. */
  slotCount(level: TlbLevelNumber): number {
    return this.levelOf(level).slotCount;
  }

  /** Slot that holds a translation of the current address space in a level, -1 for none. */
  slotOf(translation: number, level: TlbLevelNumber): number {
    const entry = this.records[translation * RECORD_WORDS + level - 1] ?? NO_ENTRY;
    return this.levelOf(level).slotOf(entry);
  }

  /** 4 KiB page number of a translation. */
  pageOf(translation: number): number {
    return this.translations.pageOf(translation);
  }

  /** Size class of the mapping behind a translation. */
  mappingOf(translation: number): SizeClass {
    return (this.records[translation * RECORD_WORDS + 2] ?? 0) as SizeClass;
  }

  /** What a slot holds: first 4 KiB page and size class; undefined when it is invalid. */
  held(level: TlbLevelNumber, slot: number): HeldPages | undefined {
    const entry = this.levelOf(level).entryAt[slot] ?? -1;
    if (entry < 0) return undefined;
    const sizeClass = this.entries.codeOf(entry) as SizeClass;
    return { page: this.entries.pageOf(entry) * pagesOf(sizeClass), sizeClass };
  }

  private levelOf(level: TlbLevelNumber): TlbLevel {
    return level === 1 ? this.l1 : this.l2;
  }

  /** Known translations; see forgetAbsent. */
  get translationCount(): number {
    return this.translations.size;
  }

  /** Number of a translation in the current address space, for `fetch` while that space is current. */
  translation(key: TranslationKey): number {
    const { page, mapping, isGlobal, isCoalescible } = key;
    const isCoalesced = isCoalescible && this.config.coalesce && mapping === 0;
    const code = mapping + (isGlobal ? GLOBAL_FLAG : 0) + (isCoalesced ? COALESCED_FLAG : 0);
    const owner = isGlobal ? GLOBAL : this.currentSpace;
    const known = this.translations.size;
    const number = this.translations.intern(page, code, owner);
    if (number <= known) return number;
    if ((number + 1) * RECORD_WORDS > this.records.length) this.grow();
    const held: SizeClass = isCoalesced ? SizeClass['16K'] : mapping;
    const at = number * RECORD_WORDS;
    this.records[at] = this.entry(page, this.l1Class[held] ?? held, owner);
    this.records[at + 1] = this.entry(page, this.l2Class[held] ?? held, owner);
    this.records[at + 2] = mapping;
    return number;
  }

  private entry(page: number, sizeClass: SizeClass, owner: number): number {
    const number = Math.floor(page / pagesOf(sizeClass));
    const known = this.entries.size;
    const entry = this.entries.intern(number, sizeClass, owner);
    if (entry <= known) return entry;
    this.l1.addEntry(entry, number, sizeClass);
    this.l2.addEntry(entry, number, sizeClass);
    const isGlobal = owner === GLOBAL;
    this.owners.intern(number, sizeClass + (isGlobal ? HAS_GLOBAL : HAS_LOCAL), 0);
    const other = sizeClass + (isGlobal ? HAS_LOCAL : HAS_GLOBAL);
    if (this.owners.find(number, other, 0) !== 0) this.isMixed = true;
    return entry;
  }

  private grow(): void {
    const { records } = this;
    this.records = new Int32Array(records.length * 2);
    this.records.set(records);
  }

  /** Fetches through a translation of the current address space. */
  fetch(translation: number): TlbOutcome {
    const { records, l1 } = this;
    const at = translation * RECORD_WORDS;
    const mapping = records[at + 2] ?? 0;
    this.fetches[mapping] = (this.fetches[mapping] ?? 0) + 1;
    const first = records[at] ?? NO_ENTRY;
    const slot = this.isMixed
      ? this.mixedSlot(l1, first)
      : (this.places.words[first * ENTRY_WORDS] ?? -1);
    if (slot >= 0) {
      l1.touch(slot);
      return TlbOutcome.l1Hit;
    }
    return this.missFirst(translation, first, mapping);
  }

  private missFirst(translation: number, first: number, mapping: number): TlbOutcome {
    this.l1Misses[mapping] = (this.l1Misses[mapping] ?? 0) + 1;
    const { l1, l2 } = this;
    const held = mapping as SizeClass;
    const second = this.records[translation * RECORD_WORDS + 1] ?? NO_ENTRY;
    const slot = this.isMixed
      ? this.mixedSlot(l2, second)
      : (this.places.words[second * ENTRY_WORDS + L2_WORD] ?? -1);
    if (slot >= 0) {
      l2.touch(slot);
      l1.fill(first, held);
      return TlbOutcome.l2Hit;
    }
    this.walks[mapping] = (this.walks[mapping] ?? 0) + 1;
    this.lastWalkMapping = held;
    if (this.caches !== undefined) {
      const page = this.translations.pageOf(translation);
      this.lastWalkLoads = this.caches.walk(this.currentSpace, page, held);
      this.walkLoads += this.lastWalkLoads;
    }
    l2.fill(second, held);
    l1.fill(first, held);
    return TlbOutcome.walk;
  }

  /**
   * A lookup that reaches the second level only, for data whose translations share it. Nothing is
   * counted; a miss is a walk of the data side and fills the second level.
   */
  touchSecondLevel(translation: number): void {
    const at = translation * RECORD_WORDS;
    const second = this.records[at + 1] ?? NO_ENTRY;
    const slot = this.l2.slotOf(second);
    if (slot >= 0) this.l2.touch(slot);
    else this.l2.fill(second, (this.records[at + 2] ?? 0) as SizeClass);
  }

  /** Slot that serves `entry` when the same page may be held global and for the current space. */
  private mixedSlot(level: TlbLevel, entry: number): number {
    const own = level.slotOf(entry);
    const owner = this.entries.spaceOf(entry) === GLOBAL ? this.currentSpace : GLOBAL;
    const twin = this.entries.find(this.entries.pageOf(entry), this.entries.codeOf(entry), owner);
    const other = twin === 0 ? -1 : level.slotOf(twin);
    if (own < 0 || other < 0) return Math.max(own, other);
    return Math.min(own, other);
  }

  /** MOV CR3 that keeps every entry. Translations of the old space must not be fetched any more. */
  switchSpace(space: number): void {
    this.currentSpace = space;
  }

  /** MOV CR3 that drops the new space's own non-global entries. */
  switchSpaceAndDrop(space: number): void {
    this.currentSpace = space;
    this.dropSpace();
  }

  /** Drops every non-global entry of the current address space. */
  dropSpace(): void {
    const space = this.currentSpace;
    for (const level of [this.l1, this.l2]) {
      const { entryAt, slotCount } = level;
      for (let slot = 0; slot < slotCount; slot += 1) {
        const entry = entryAt[slot] ?? -1;
        if (entry >= 0 && this.entries.spaceOf(entry) === space) level.drop(slot);
      }
    }
    this.caches?.dropSpace(space);
  }

  /**
   * INVLPG of a 4 KiB page number: entries of the current space or global that cover it, or that are
   * pieces of the mapping that covers it; the space's paging-structure caches whole.
   */
  invalidatePage(page: number): void {
    for (const level of [this.l1, this.l2]) {
      for (let sizeClass = 0; sizeClass < HELD_SIZES.length; sizeClass += 1) {
        const number = Math.floor(page / pagesOf(sizeClass));
        this.dropEntry(level, this.entries.find(number, sizeClass, GLOBAL));
        this.dropEntry(level, this.entries.find(number, sizeClass, this.currentSpace));
      }
      if (level.pieceCount > 0) this.dropPieces(level, page);
    }
    this.caches?.dropSpace(this.currentSpace);
  }

  private dropEntry(level: TlbLevel, entry: number): void {
    const slot = entry === 0 ? -1 : level.slotOf(entry);
    if (slot >= 0) level.drop(slot);
  }

  private dropPieces(level: TlbLevel, page: number): void {
    for (let slot = 0; slot < level.slotCount; slot += 1) {
      const entry = level.entryAt[slot] ?? -1;
      if (entry < 0) continue;
      const owner = this.entries.spaceOf(entry);
      if (owner !== GLOBAL && owner !== this.currentSpace) continue;
      const mappingPages = pagesOf(level.mappingAt[slot] ?? 0);
      const start = this.entries.pageOf(entry) * pagesOf(this.entries.codeOf(entry));
      if (Math.floor(start / mappingPages) === Math.floor(page / mappingPages)) level.drop(slot);
    }
  }

  /** Drops everything, global entries and all paging-structure caches too. */
  dropAll(): void {
    this.l1.dropAll();
    this.l2.dropAll();
    this.caches?.clear();
  }

  /**
   * Forgets all translations but those that a level holds, so that a stream of ever new pages stays in
   * bounded memory. Numbers that `translation` returned before are void.
   */
  forgetAbsent(): void {
    const held = new Set<number>();
    for (const level of [this.l1, this.l2]) {
      for (const entry of level.entryAt) if (entry >= 0) held.add(entry);
    }
    const kept = [...held].map((entry) => ({
      entry,
      number: this.entries.pageOf(entry),
      sizeClass: this.entries.codeOf(entry) as SizeClass,
      owner: this.entries.spaceOf(entry),
    }));
    this.translations.clear();
    this.entries.clear();
    this.owners.clear();
    this.isMixed = false;
    const renamed = new Map<number, number>();
    for (const { entry, number, sizeClass, owner } of kept) {
      const start = number * pagesOf(sizeClass);
      renamed.set(entry, this.entry(start, sizeClass, owner));
    }
    this.l1.rename(renamed);
    this.l2.rename(renamed);
  }

  /** Asserts that both levels are consistent and that counts add up; expensive. */
  verify(): void {
    this.l1.verify();
    this.l2.verify();
  }
}
