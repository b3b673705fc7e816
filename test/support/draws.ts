/** Seeded draws for generated inputs: the same seed gives the same inputs on every machine. */
import { drawUnit, streamKey } from '../../src/base/prng.js';

export interface Draws {
  /** Whole number from 0 to `most` - 1. */
  readonly below: (most: number) => number;
  /** Whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  /** True in a share (0..1) of the cases. */
  readonly chance: (share: number) => boolean;
  /** One of the items, of which there must be some. */
  readonly pick: <T>(items: readonly T[]) => T;
}

export function createDraws(seed: number): Draws {
  const key = streamKey(seed, 'generated input');
  let index = 0;
  const unit = (): number => {
    index += 1;
    // Each draw of 53 bits takes two of the stream's positions.
    return drawUnit(key, index * 2);
  };
  const below = (most: number): number => Math.floor(unit() * most);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (share) => unit() < share,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
