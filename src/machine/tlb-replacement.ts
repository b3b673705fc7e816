/**
 * Who leaves a full set under the policies that keep bits instead of an order (LRU and FIFO are the
 * rings of tlb-level.ts). A policy keeps its state per set in typed arrays; the level owns the tags,
 * takes the lowest-numbered invalid way first and asks for a victim only when all allowed ways are
 * taken. Behaviour as measured on Kaby Lake (VUSec, TLB;DR: instruction TLB and STLB).
 *
 *   plru, 8 ways:   bit 0 points left, 1 right, at the victim
 *                      1
 *                   2     3        node n has children 2n and 2n+1; leaves are ways
 *                  4 5   6 7
 */
import { assert, unreachable } from '../base/assert.js';

export interface ReplacementPolicy {
  /** A fetch hit `way`. */
  touch(set: number, way: number): void;
  /** `way` was filled. */
  fill(set: number, way: number): void;
  /** The way in [low, high) that leaves; all of them hold something. */
  victim(set: number, low: number, high: number): number;
  /** Forgets everything, as at construction. */
  reset(): void;
}

/** Binary tree of bits per group of `leaves` ways; a set has `groups` such trees. */
class PlruTrees {
  private readonly bits: Uint8Array;

  constructor(
    trees: number,
    private readonly leaves: number,
  ) {
    this.bits = new Uint8Array(trees * leaves);
  }

  /** Turns every bit on the path to `leaf` away from it. */
  touch(tree: number, leaf: number): void {
    const base = tree * this.leaves;
    let node = 1;
    let width = this.leaves / 2;
    let left = 0;
    while (node < this.leaves) {
      const goesRight = leaf >= left + width;
      this.bits[base + node] = goesRight ? 0 : 1;
      node = node * 2 + (goesRight ? 1 : 0);
      if (goesRight) left += width;
      width /= 2;
    }
  }

  /** Follows the bits; where one points at a half without allowed leaf, takes the other half. */
  victim(tree: number, low: number, high: number): number {
    const base = tree * this.leaves;
    let node = 1;
    let width = this.leaves / 2;
    let left = 0;
    while (node < this.leaves) {
      const middle = left + width;
      let goesRight = this.bits[base + node] === 1;
      if (goesRight && high <= middle) goesRight = false;
      else if (!goesRight && low >= middle) goesRight = true;
      node = node * 2 + (goesRight ? 1 : 0);
      if (goesRight) left = middle;
      width /= 2;
    }
    return left;
  }

  reset(): void {
    this.bits.fill(0);
  }
}

class PlruPolicy implements ReplacementPolicy {
  private readonly trees: PlruTrees;

  constructor(sets: number, ways: number) {
    this.trees = new PlruTrees(sets, ways);
  }

  touch(set: number, way: number): void {
    this.trees.touch(set, way);
  }

  fill(set: number, way: number): void {
    this.trees.touch(set, way);
  }

  victim(set: number, low: number, high: number): number {
    return this.trees.victim(set, low, high);
  }

  reset(): void {
    this.trees.reset();
  }
}

const GROUPS = 3;
const GROUP_WAYS = 4;

/** 12 ways as 3 groups of 4: the victim is in the group after the one used last, chosen by its tree. */
class Mru3Plru4Policy implements ReplacementPolicy {
  private readonly trees: PlruTrees;
  private readonly lastGroup: Uint8Array;

  constructor(sets: number) {
    this.trees = new PlruTrees(sets * GROUPS, GROUP_WAYS);
    this.lastGroup = new Uint8Array(sets).fill(GROUPS - 1);
  }

  touch(set: number, way: number): void {
    const group = Math.floor(way / GROUP_WAYS);
    this.lastGroup[set] = group;
    this.trees.touch(set * GROUPS + group, way - group * GROUP_WAYS);
  }

  fill(set: number, way: number): void {
    this.touch(set, way);
  }

  victim(set: number, low: number, high: number): number {
    let group = ((this.lastGroup[set] ?? 0) + 1) % GROUPS;
    while (high <= group * GROUP_WAYS || low >= (group + 1) * GROUP_WAYS) {
      group = (group + 1) % GROUPS;
    }
    const first = group * GROUP_WAYS;
    return first + this.trees.victim(set * GROUPS + group, low - first, high - first);
  }

  reset(): void {
    this.trees.reset();
    this.lastGroup.fill(GROUPS - 1);
  }
}

/** A policy for `sets` sets of `ways` ways. */
export function createReplacementPolicy(
  policy: 'plru' | 'mru3plru4',
  sets: number,
  ways: number,
): ReplacementPolicy {
  switch (policy) {
    case 'plru':
      return new PlruPolicy(sets, ways);
    case 'mru3plru4':
      assert(ways === GROUPS * GROUP_WAYS, 'mru3plru4 has 12 ways');
      return new Mru3Plru4Policy(sets);
    default:
      return unreachable(policy);
  }
}
