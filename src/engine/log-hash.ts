/**
 * Hash of the event log while it happens: two 32-bit lanes over whole numbers and texts. Equal logs
 * have equal hashes on every machine; it says nothing about how unlike two logs are.
 */

/** Hash of a text, 32 bits, for texts that occur again and again. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

const hexWord = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

export class LogHash {
  private high = 0x6a09e667;
  private low = 0x3c6ef372;

  /** Adds a whole number, -2^53..2^53. */
  add(value: number): void {
    const lower = value | 0;
    const upper = Math.floor(value / 4294967296) | 0;
    let a = Math.imul(this.high ^ lower, 0x9e3779b1);
    a ^= a >>> 15;
    let b = Math.imul((this.low + upper) ^ a, 0x85ebca6b);
    b ^= b >>> 13;
    this.high = Math.imul(a + b, 0xc2b2ae35);
    this.low = b ^ (this.high >>> 16);
  }

  /** 16 hex digits. */
  digest(): string {
    return hexWord(this.high) + hexWord(this.low);
  }
}
