/**
 * Memory outside of the direct map (Mike Rapoport, 2022 and 2023): a small buddy allocator beside the
 * main one, refilled with a 2M page, else the largest order to be had. 2023: all of it is unmapped
 * when it is taken. 2022: a pageblock gets 4K entries when it is taken, its pages are unmapped when
 * they are handed out and mapped when they come back.
 */
import { assert } from '../../../base/assert.js';
import type { KernelMm, PageSupply } from '../../kernel-mm.js';
import { PAGEBLOCK_ORDER, pageSupplyOf, type FrameStash } from './frame-stash.js';

export interface UnmappedRules {
  readonly form: '2023' | '2022';
  /** Idle pages beyond which whole free blocks go back, mapped; 0: without end. */
  readonly idlePagesMax: number;
}

const LOCAL_NODE = -1;

export class UnmappedBuddy implements FrameStash {
  /** Free blocks by order, newest last. */
  private readonly free: number[][] = Array.from({ length: PAGEBLOCK_ORDER + 1 }, () => []);
  private readonly supply: PageSupply;
  private idle = 0;
  private usedPages = 0;
  private ownedPages = 0;
  private changed = false;

  constructor(
    mm: KernelMm,
    private readonly rules: UnmappedRules,
  ) {
    this.supply = pageSupplyOf(mm);
  }

  get idlePages(): number {
    return this.idle;
  }

  take(count: number): Float64Array | undefined {
    const frames = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      const frame = this.takePage();
      if (frame === undefined) {
        this.usedPages += index;
        this.give(frames.subarray(0, index));
        return undefined;
      }
      frames[index] = frame;
    }
    this.usedPages += count;
    if (this.changed) this.supply.flushKernelRange();
    this.changed = false;
    return frames;
  }

  give(frames: Float64Array): void {
    for (const frame of frames) {
      if (this.rules.form === '2022') this.supply.setValid(frame, 1, true);
      this.merge(frame);
    }
    this.usedPages -= frames.length;
    this.shrink();
  }

  verify(): void {
    let idle = 0;
    this.free.forEach((blocks, order) => {
      for (const frame of blocks) {
        assert(frame % 2 ** order === 0, () => `block ${frame} of order ${order} is not aligned`);
      }
      idle += blocks.length * 2 ** order;
    });
    assert(
      idle === this.idle && idle + this.usedPages === this.ownedPages,
      () => `${idle} idle (${this.idle}) and ${this.usedPages} used of ${this.ownedPages} pages`,
    );
  }

  private takePage(): number | undefined {
    let order = this.free.findIndex((blocks) => blocks.length > 0);
    if (order < 0) order = this.refill();
    const frame = order < 0 ? undefined : this.free[order]?.pop();
    if (frame === undefined) return undefined;
    for (; order > 0; order -= 1) this.free[order - 1]?.push(frame + 2 ** (order - 1));
    this.idle -= 1;
    if (this.rules.form === '2022') {
      this.supply.setValid(frame, 1, false);
      this.changed = true;
    }
    return frame;
  }

  /** Order of the block that was had, or -1. */
  private refill(): number {
    for (let order = PAGEBLOCK_ORDER; order >= 0; order -= 1) {
      const frame = this.supply.allocBlock(LOCAL_NODE, order);
      if (frame < 0) continue;
      if (this.rules.form === '2023') {
        this.supply.setValid(frame, 2 ** order, false);
        this.changed = true;
      } else {
        this.mapSingly(frame);
      }
      this.free[order]?.push(frame);
      this.idle += 2 ** order;
      this.ownedPages += 2 ** order;
      return order;
    }
    return -1;
  }

  /** The direct map gets 4K entries for the pageblock: one page of it is touched. */
  private mapSingly(frame: number): void {
    this.supply.setValid(frame, 1, false);
    this.supply.setValid(frame, 1, true);
  }

  private merge(page: number): void {
    let frame = page;
    let order = 0;
    for (; order < PAGEBLOCK_ORDER; order += 1) {
      const size = 2 ** order;
      const buddy = Math.floor(frame / size) % 2 === 0 ? frame + size : frame - size;
      const blocks = this.free[order] ?? [];
      const at = blocks.indexOf(buddy);
      if (at < 0) break;
      blocks.splice(at, 1);
      frame = Math.min(frame, buddy);
    }
    this.free[order]?.push(frame);
    this.idle += 1;
  }

  /** Largest blocks first: they restore most of the direct map. */
  private shrink(): void {
    const { idlePagesMax, form } = this.rules;
    if (idlePagesMax === 0) return;
    for (let order = PAGEBLOCK_ORDER; order >= 0; order -= 1) {
      const blocks = this.free[order] ?? [];
      while (this.idle > idlePagesMax && blocks.length > 0) {
        const frame = blocks.pop();
        assert(frame !== undefined, 'a list that is not empty has a block');
        if (form === '2023') this.supply.setValid(frame, 2 ** order, true);
        this.supply.freeBlock(frame, order);
        this.idle -= 2 ** order;
        this.ownedPages -= 2 ** order;
      }
    }
  }
}
