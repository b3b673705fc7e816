/**
 * Dense numbers for keys of three whole numbers, by open addressing over typed arrays: the same key
 * always has the same number, numbers count up from 1 and 0 means "none". Interning once per page lets
 * the TLB compare one 32-bit number per lookup instead of page, size and address space.
 */

const START_CAPACITY = 256;
/** Slots per key before the table doubles. */
const SLOTS_PER_KEY = 2;

const mix32 = (input: number): number => {
  let x = Math.imul(input ^ (input >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};

const TWO_POW_32 = 4294967296;

export class TlbKeyTable {
  /** Key parts by number: a page number 0..2^52, a small code, an address space or -1. */
  private pages = new Float64Array(START_CAPACITY);
  private codes = new Int32Array(START_CAPACITY);
  private spaces = new Float64Array(START_CAPACITY);
  private slots = new Int32Array(START_CAPACITY * SLOTS_PER_KEY);
  private count = 0;

  /** Highest number in use. */
  get size(): number {
    return this.count;
  }

  pageOf(number: number): number {
    return this.pages[number] ?? 0;
  }

  codeOf(number: number): number {
    return this.codes[number] ?? 0;
  }

  spaceOf(number: number): number {
    return this.spaces[number] ?? 0;
  }

  /** Number of the key, 0 when it has none. */
  find(page: number, code: number, space: number): number {
    return this.slots[this.slotOf(page, code, space)] ?? 0;
  }

  /** Number of the key, a new one when it had none. Tell by comparing `size` before and after. */
  intern(page: number, code: number, space: number): number {
    const slot = this.slotOf(page, code, space);
    const found = this.slots[slot] ?? 0;
    if (found !== 0) return found;
    this.count += 1;
    const number = this.count;
    if (number >= this.pages.length) this.grow();
    this.pages[number] = page;
    this.codes[number] = code;
    this.spaces[number] = space;
    this.slots[this.slotOf(page, code, space)] = number;
    return number;
  }

  /** Forgets every key. */
  clear(): void {
    this.pages = new Float64Array(START_CAPACITY);
    this.codes = new Int32Array(START_CAPACITY);
    this.spaces = new Float64Array(START_CAPACITY);
    this.slots = new Int32Array(START_CAPACITY * SLOTS_PER_KEY);
    this.count = 0;
  }

  /** Slot that holds the key, or the free one where it belongs. */
  private slotOf(page: number, code: number, space: number): number {
    const mask = this.slots.length - 1;
    const high = Math.floor(page / TWO_POW_32);
    let slot =
      mix32((page | 0) ^ Math.imul(high + code * 31, 0x9e3779b1) ^ mix32(space | 0)) & mask;
    for (;;) {
      const number = this.slots[slot] ?? 0;
      if (number === 0) return slot;
      if (
        this.pages[number] === page &&
        this.codes[number] === code &&
        this.spaces[number] === space
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const capacity = this.pages.length * 2;
    const { pages, codes, spaces } = this;
    this.pages = new Float64Array(capacity);
    this.codes = new Int32Array(capacity);
    this.spaces = new Float64Array(capacity);
    this.pages.set(pages);
    this.codes.set(codes);
    this.spaces.set(spaces);
    this.slots = new Int32Array(capacity * SLOTS_PER_KEY);
    for (let number = 1; number < this.count; number += 1) {
      const slot = this.slotOf(
        this.pages[number] ?? 0,
        this.codes[number] ?? 0,
        this.spaces[number] ?? 0,
      );
      this.slots[slot] = number;
    }
  }
}
