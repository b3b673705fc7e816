/**
 * One level of a TLB hierarchy: its arrays side by side over one range of slots. An entry (page number
 * at its size, size, owner) is a number; its words say where it is held, so a lookup is one load
 * whatever the geometry. Sets of LRU and FIFO arrays are rings of slots, newest first, around a node
 * per set; tree policies keep bits (tlb-replacement.ts).
 *
 *   slots   [set 0: way 0 1 2 ..][set 1: ..] ..   of all arrays, one after the other
 *   ring    node of set -> newest -> .. -> oldest -> node of set
 *
 * Rules: spec of the TLB model, 2, 5 and 6. Invariant: slotOf(entryAt[s]) = s for every held slot.
 */
import { assert } from '../base/assert.js';
import {
  HELD_SIZES,
  SizeClass,
  type TlbArrayConfig,
  type TlbIndex,
  type TlbPolicy,
} from '../contract/tlb-config.js';
import { createReplacementPolicy, type ReplacementPolicy } from './tlb-replacement.js';

/** `setOf` of an entry that this level does not hold. */
const NOWHERE = -1;
const SIZES = HELD_SIZES.length;

/** Set of a page number; `xor7` is defined for 128 sets. */
function setIndex(page: number, sets: number, index: TlbIndex): number {
  if (index === 'linear') return page % sets;
  const low = page % 16384;
  return (low & 127) ^ (low >> 7);
}

/** Words of an entry: slot and set in the first level, slot and set in the second. */
export const ENTRY_WORDS = 4;
const START_WORDS = 1024 * ENTRY_WORDS;

/** Where both levels hold each entry, side by side, so that a lookup touches one cache line. */
export class EntryPlaces {
  words: Int32Array = new Int32Array(START_WORDS).fill(NOWHERE);

  /** Makes room for `entry`. */
  reach(entry: number): void {
    const { words } = this;
    if ((entry + 1) * ENTRY_WORDS <= words.length) return;
    this.words = new Int32Array(words.length * 2).fill(NOWHERE);
    this.words.set(words);
    this.reach(entry);
  }
}

export interface TlbLevelParts {
  readonly arrays: readonly TlbArrayConfig[];
  readonly places: EntryPlaces;
  /** First word of this level in an entry: 0 or 2. */
  readonly word: 0 | 2;
}

export class TlbLevel {
  /** By slot: the entry, -1 when invalid. */
  readonly entryAt: Int32Array;
  /** By slot: size class of the mapping that filled it. */
  readonly mappingAt: Uint8Array;
  readonly slotCount: number;
  /** Entries held as pieces of a larger mapping. */
  pieceCount = 0;
  private readonly places: EntryPlaces;
  private readonly word: number;
  private classOf: Uint8Array = new Uint8Array(1024);
  /** By set. */
  private readonly setSlot: Int32Array;
  private readonly setWays: Int32Array;
  private readonly setHeld: Int32Array;
  private readonly setArray: Uint8Array;
  /** By slot, and by slotCount + set for the ring's own node. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly slotSet: Int32Array;
  /** By size class. */
  private readonly homeSet = new Int32Array(SIZES).fill(NOWHERE);
  private readonly homeSets = new Int32Array(SIZES);
  private readonly homeIndex: TlbIndex[] = [];
  private readonly wayLow = new Int32Array(SIZES);
  private readonly wayHigh = new Int32Array(SIZES);
  private readonly isLimited = new Uint8Array(SIZES);
  private readonly policies: TlbPolicy[];
  private readonly trees: (ReplacementPolicy | undefined)[];
  private readonly arrayFirstSet: number[] = [];
  /** Every array is LRU: a hit moves its slot to the front of the ring and nothing else. */
  private readonly isAllLru: boolean;
  /** No size is limited to some ways. */
  private readonly isUnlimited: boolean;

  constructor({ arrays, places, word }: TlbLevelParts) {
    this.places = places;
    this.word = word;
    const sets = arrays.reduce((sum, array) => sum + array.sets, 0);
    this.slotCount = arrays.reduce((sum, array) => sum + array.sets * array.ways, 0);
    this.entryAt = new Int32Array(this.slotCount).fill(NOWHERE);
    this.mappingAt = new Uint8Array(this.slotCount);
    this.setSlot = new Int32Array(sets);
    this.setWays = new Int32Array(sets);
    this.setHeld = new Int32Array(sets);
    this.setArray = new Uint8Array(sets);
    this.next = new Int32Array(this.slotCount + sets);
    this.previous = new Int32Array(this.slotCount + sets);
    this.slotSet = new Int32Array(this.slotCount);
    this.policies = arrays.map(({ policy }) => policy);
    this.trees = arrays.map(({ policy, sets: count, ways }) =>
      policy === 'plru' || policy === 'mru3plru4'
        ? createReplacementPolicy(policy, count, ways)
        : undefined,
    );
    this.isAllLru = arrays.every(({ policy }) => policy === 'lru');
    this.layOut(arrays);
    this.isUnlimited = this.isLimited.every((limited) => limited === 0);
  }

  private layOut(arrays: readonly TlbArrayConfig[]): void {
    let set = 0;
    let slot = 0;
    arrays.forEach((array, number) => {
      this.arrayFirstSet.push(set);
      for (const size of array.sizes) {
        const sizeClass = SizeClass[size];
        const [low, high] = array.waysFor[size] ?? [0, array.ways];
        this.homeSet[sizeClass] = set;
        this.homeSets[sizeClass] = array.sets;
        this.homeIndex[sizeClass] = array.index;
        this.wayLow[sizeClass] = low;
        this.wayHigh[sizeClass] = high;
        this.isLimited[sizeClass] = high - low < array.ways ? 1 : 0;
      }
      for (let i = 0; i < array.sets; i += 1) {
        this.setSlot[set] = slot;
        this.setWays[set] = array.ways;
        this.setArray[set] = number;
        const node = this.slotCount + set;
        this.next[node] = node;
        this.previous[node] = node;
        this.slotSet.fill(set, slot, slot + array.ways);
        set += 1;
        slot += array.ways;
      }
    });
  }

  /** Makes `entry` known: the page number is in units of its own size. */
  addEntry(entry: number, page: number, sizeClass: SizeClass): void {
    this.places.reach(entry);
    if (entry >= this.classOf.length) {
      const { classOf } = this;
      this.classOf = new Uint8Array(Math.max(classOf.length * 2, entry + 1));
      this.classOf.set(classOf);
    }
    const at = entry * ENTRY_WORDS + this.word;
    this.places.words[at] = NOWHERE;
    this.classOf[entry] = sizeClass;
    const first = this.homeSet[sizeClass] ?? NOWHERE;
    const index = this.homeIndex[sizeClass] ?? 'linear';
    const sets = this.homeSets[sizeClass] ?? 1;
    this.places.words[at + 1] = first === NOWHERE ? NOWHERE : first + setIndex(page, sets, index);
  }

  /** The slot that holds `entry`, -1 when none does. */
  slotOf(entry: number): number {
    return this.places.words[entry * ENTRY_WORDS + this.word] ?? NOWHERE;
  }

  /** A fetch hit `slot`. */
  touch(slot: number): void {
    if (this.isAllLru) {
      const { next, previous } = this;
      const before = previous[slot] ?? 0;
      if (before >= this.slotCount) return;
      const after = next[slot] ?? 0;
      next[before] = after;
      previous[after] = before;
      const node = this.slotCount + (this.slotSet[slot] ?? 0);
      const first = next[node] ?? 0;
      next[slot] = first;
      previous[first] = slot;
      next[node] = slot;
      previous[slot] = node;
      return;
    }
    this.touchByPolicy(slot);
  }

  private touchByPolicy(slot: number): void {
    const set = this.slotSet[slot] ?? 0;
    const array = this.setArray[set] ?? 0;
    const tree = this.trees[array];
    if (tree !== undefined) {
      tree.touch(set - (this.arrayFirstSet[array] ?? 0), slot - (this.setSlot[set] ?? 0));
    } else if (this.policies[array] === 'lru') {
      this.unlink(slot);
      this.linkFirst(slot, set);
    }
  }

  /** Holds `entry`; the lowest invalid allowed way, else the policy's victim. */
  fill(entry: number, mapping: SizeClass): void {
    const at = entry * ENTRY_WORDS + this.word;
    const { words } = this.places;
    const set = words[at + 1] ?? NOWHERE;
    if (set === NOWHERE) return;
    if (this.isAllLru && (this.setHeld[set] ?? 0) === (this.setWays[set] ?? 0)) {
      const slot = this.previous[this.slotCount + set] ?? 0;
      const old = this.entryAt[slot] ?? 0;
      if (this.isUnlimited && this.pieceCount === 0 && mapping <= (this.classOf[entry] ?? 0)) {
        // The oldest way of a full set changes hands; the ring only turns.
        words[old * ENTRY_WORDS + this.word] = NOWHERE;
        this.entryAt[slot] = entry;
        words[at] = slot;
        this.mappingAt[slot] = mapping;
        this.touch(slot);
        return;
      }
    }
    this.fillByPolicy(entry, set, mapping);
  }

  private fillByPolicy(entry: number, set: number, mapping: SizeClass): void {
    const sizeClass = this.classOf[entry] ?? 0;
    const array = this.setArray[set] ?? 0;
    const tree = this.trees[array];
    let slot = NOWHERE;
    if ((this.setHeld[set] ?? 0) < (this.setWays[set] ?? 0)) {
      slot = this.invalidWay(set, sizeClass);
    }
    if (slot === NOWHERE) {
      slot = this.victim(set, sizeClass, tree);
      this.drop(slot);
    }
    this.entryAt[slot] = entry;
    this.places.words[entry * ENTRY_WORDS + this.word] = slot;
    this.mappingAt[slot] = mapping;
    if (mapping > sizeClass) this.pieceCount += 1;
    this.setHeld[set] = (this.setHeld[set] ?? 0) + 1;
    if (tree === undefined) this.linkFirst(slot, set);
    else tree.fill(set - (this.arrayFirstSet[array] ?? 0), slot - (this.setSlot[set] ?? 0));
  }

  private invalidWay(set: number, sizeClass: number): number {
    const base = this.setSlot[set] ?? 0;
    const end = base + (this.wayHigh[sizeClass] ?? 0);
    for (let slot = base + (this.wayLow[sizeClass] ?? 0); slot < end; slot += 1) {
      if (this.entryAt[slot] === NOWHERE) return slot;
    }
    return NOWHERE;
  }

  private victim(set: number, sizeClass: number, tree: ReplacementPolicy | undefined): number {
    const low = this.wayLow[sizeClass] ?? 0;
    const high = this.wayHigh[sizeClass] ?? 0;
    const base = this.setSlot[set] ?? 0;
    if (tree !== undefined) {
      const first = this.arrayFirstSet[this.setArray[set] ?? 0] ?? 0;
      return base + tree.victim(set - first, low, high);
    }
    let slot = this.previous[this.slotCount + set] ?? 0;
    if (this.isLimited[sizeClass] === 0) return slot;
    while (slot < base + low || slot >= base + high) slot = this.previous[slot] ?? 0;
    return slot;
  }

  /** Invalidates a slot that holds something. */
  drop(slot: number): void {
    const entry = this.entryAt[slot] ?? NOWHERE;
    const set = this.slotSet[slot] ?? 0;
    if ((this.mappingAt[slot] ?? 0) > (this.classOf[entry] ?? 0)) this.pieceCount -= 1;
    this.entryAt[slot] = NOWHERE;
    this.places.words[entry * ENTRY_WORDS + this.word] = NOWHERE;
    this.setHeld[set] = (this.setHeld[set] ?? 0) - 1;
    if (this.trees[this.setArray[set] ?? 0] === undefined) this.unlink(slot);
  }

  private unlink(slot: number): void {
    const before = this.previous[slot] ?? 0;
    const after = this.next[slot] ?? 0;
    this.next[before] = after;
    this.previous[after] = before;
  }

  private linkFirst(slot: number, set: number): void {
    const node = this.slotCount + set;
    const first = this.next[node] ?? 0;
    this.next[slot] = first;
    this.previous[first] = slot;
    this.next[node] = slot;
    this.previous[slot] = node;
  }

  /** Invalidates everything; tree bits stay, as in hardware. */
  dropAll(): void {
    for (let slot = 0; slot < this.slotCount; slot += 1) {
      if (this.entryAt[slot] !== NOWHERE) this.drop(slot);
    }
  }

  /** Takes other numbers for the held entries, already made known: `renamed[old]` is the new one. */
  rename(renamed: ReadonlyMap<number, number>): void {
    const { words } = this.places;
    for (let at = this.word; at < words.length; at += ENTRY_WORDS) words[at] = NOWHERE;
    for (let slot = 0; slot < this.slotCount; slot += 1) {
      const old = this.entryAt[slot] ?? NOWHERE;
      if (old === NOWHERE) continue;
      const entry = renamed.get(old);
      assert(entry !== undefined, () => `entry ${String(old)} has a new number`);
      this.entryAt[slot] = entry;
      words[entry * ENTRY_WORDS + this.word] = slot;
    }
  }

  /** Asserts that slots, entries and rings agree; expensive. */
  verify(): void {
    const held = new Int32Array(this.setHeld.length);
    for (let slot = 0; slot < this.slotCount; slot += 1) {
      const entry = this.entryAt[slot] ?? NOWHERE;
      if (entry === NOWHERE) continue;
      const set = this.slotSet[slot] ?? 0;
      const place = entry * ENTRY_WORDS + this.word;
      assert(
        this.places.words[place] === slot,
        () => `entry ${String(entry)} is at ${String(slot)}`,
      );
      assert(this.places.words[place + 1] === set, () => `entry ${String(entry)} is in its set`);
      held[set] = (held[set] ?? 0) + 1;
    }
    for (let set = 0; set < held.length; set += 1) {
      assert(held[set] === this.setHeld[set], () => `set ${String(set)} counts what it holds`);
    }
  }
}
