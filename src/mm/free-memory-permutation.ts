/**
 * A seeded one-to-one shuffle of 0..size-1 that needs no memory: a Feistel network over the next even
 * power of two, walked until the result falls inside (cycle walking). Whole numbers up to 2^32.
 */
import { drawUint32, type StreamKey } from '../base/prng.js';

const ROUNDS = 4;

export class Permutation {
  private readonly half: number;

  /** `size` 0..2^32. */
  constructor(
    private readonly key: StreamKey,
    readonly size: number,
  ) {
    let half = 1;
    while (half * half < size) half *= 2;
    this.half = half;
  }

  /** Where `index` (0..size-1) goes. */
  at(index: number): number {
    let value = index;
    do value = this.mix(value);
    while (value >= this.size);
    return value;
  }

  private mix(value: number): number {
    let left = Math.floor(value / this.half);
    let right = value % this.half;
    for (let round = 0; round < ROUNDS; round += 1) {
      const mixed = (left + drawUint32(this.key, right * ROUNDS + round)) % this.half;
      left = right;
      right = mixed;
    }
    return left * this.half + right;
  }
}
