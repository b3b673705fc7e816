/**
 * Physical pages that a design keeps for itself, cut out of 2M pages so that what is done to their
 * aliases clusters in few 2M leaves of the direct map: stacks of single pages (perm_alloc of 2020,
 * grouped pages of 2021). Pages return to the page allocator only past the high-water mark.
 *
 *   2M page  |pppp....pppp|   512 pages on the stack, last in, first out
 */
import { assert } from '../../../base/assert.js';
import type { KernelMm, PageSupply } from '../../kernel-mm.js';
import { BLOCK_PAGES } from './piece.js';

/** Single pages for vmap areas. */
export interface FrameStash {
  /** `count` frames, or undefined with nothing taken. */
  take(count: number): Float64Array | undefined;
  give(frames: Float64Array): void;
  /** Pages that wait for a user. */
  readonly idlePages: number;
  verify(): void;
}

export interface FrameStackRules {
  /** Pages on the stack and in use are not in the direct map. */
  readonly unmaps: boolean;
  /** One stack for all nodes, or one each, asked in turn. */
  readonly perNode: boolean;
  /** Idle pages beyond which the shrinker returns single pages; 0: without end. */
  readonly idlePagesMax: number;
}

export const PAGEBLOCK_ORDER = 9;
const LOCAL_NODE = -1;

/** The machine's page allocator; machines that only replay have none. */
export function pageSupplyOf(mm: KernelMm): PageSupply {
  assert(mm.pageSupply !== undefined, 'the machine has a page allocator');
  return mm.pageSupply;
}

export class FrameStack implements FrameStash {
  private readonly stacks: number[][];
  /** Node of each page that this stack owns, by its 2M page. */
  private readonly nodeOfBlock = new Map<number, number>();
  private readonly supply: PageSupply;
  private nextNode = 0;
  private usedPages = 0;
  private ownedPages = 0;

  constructor(
    mm: KernelMm,
    private readonly rules: FrameStackRules,
  ) {
    this.supply = pageSupplyOf(mm);
    this.stacks = Array.from({ length: rules.perNode ? mm.nodes : 1 }, () => []);
  }

  get idlePages(): number {
    return this.stacks.reduce((sum, stack) => sum + stack.length, 0);
  }

  take(count: number): Float64Array | undefined {
    const frames = new Float64Array(count);
    let unmapped = false;
    for (let index = 0; index < count; index += 1) {
      let stack = this.pick();
      if (!stack) {
        const filled = this.refill();
        if (filled === undefined) {
          this.usedPages += index;
          this.give(frames.subarray(0, index));
          return undefined;
        }
        unmapped = true;
        stack = filled;
      }
      frames[index] = stack.pop() ?? 0;
    }
    this.usedPages += count;
    if (unmapped && this.rules.unmaps) this.supply.flushKernelRange();
    return frames;
  }

  give(frames: Float64Array): void {
    for (const frame of frames) this.stackOf(frame).push(frame);
    this.usedPages -= frames.length;
    this.shrink();
  }

  verify(): void {
    assert(
      this.idlePages + this.usedPages === this.ownedPages,
      () => `${this.idlePages} idle and ${this.usedPages} used pages of ${this.ownedPages}`,
    );
  }

  /** The first stack with a page, from the next node on. */
  private pick(): number[] | undefined {
    const { stacks } = this;
    for (let step = 0; step < stacks.length; step += 1) {
      const stack = stacks[(this.nextNode + step) % stacks.length];
      if (stack && stack.length > 0) {
        this.nextNode = (this.nextNode + 1) % stacks.length;
        return stack;
      }
    }
    return undefined;
  }

  /** A 2M page cut up, or a single page; the stack that got it. */
  private refill(): number[] | undefined {
    const node = this.nextNode;
    const asked = this.rules.perNode ? node : LOCAL_NODE;
    let pages = BLOCK_PAGES;
    let frame = this.supply.allocBlock(asked, PAGEBLOCK_ORDER);
    if (frame < 0) {
      pages = 1;
      frame = this.supply.allocBlock(asked, 0);
    }
    if (frame < 0) return undefined;
    this.nodeOfBlock.set(Math.floor(frame / BLOCK_PAGES), node);
    if (this.rules.unmaps) this.supply.setValid(frame, pages, false);
    this.ownedPages += pages;
    const stack = this.stackOf(frame);
    for (let page = 0; page < pages; page += 1) stack.push(frame + page);
    this.nextNode = (node + 1) % this.stacks.length;
    return stack;
  }

  private stackOf(frame: number): number[] {
    const node = this.nodeOfBlock.get(Math.floor(frame / BLOCK_PAGES)) ?? 0;
    const stack = this.stacks[this.rules.perNode ? node : 0];
    assert(stack !== undefined, () => `no stack for node ${node}`);
    return stack;
  }

  /** A page that was not present needs no flush to be mapped again. */
  private shrink(): void {
    const { idlePagesMax, unmaps } = this.rules;
    if (idlePagesMax === 0) return;
    for (let idle = this.idlePages; idle > idlePagesMax; idle -= 1) {
      const stack = this.stacks.reduce((a, b) => (b.length > a.length ? b : a));
      const frame = stack.pop();
      assert(frame !== undefined, 'a stack with idle pages has one');
      if (unmaps) this.supply.setValid(frame, 1, true);
      this.supply.freeBlock(frame, 0);
      this.ownedPages -= 1;
    }
  }
}
