/**
 * A FrameSource that gives frames at random but the same ones for equal seeds and equal calls: single
 * pages in clumps, blocks where a try finds one free. Two instances stay in step as long as two
 * machines ask the same, so a difference in asking shows up as a difference in frames.
 */
import { PrngStream } from '../../src/base/prng.js';
import type { FrameSource } from '../../src/mm/frame-source.js';

/** Pages for page tables lie beyond all memory, in no order that matters. */
const PAGE_TABLE_FRAMES = 2 ** 33;
/** Looks for a free block; few enough that large chunks without reclaim fail now and then. */
const TRIES = 200;
const TRIES_WITHOUT_RECLAIM = 1;

export class RandomFrames implements FrameSource {
  private readonly random: PrngStream;
  private readonly taken: Uint8Array;
  private takenPages = 0;
  private clump = 0;

  constructor(
    seed: number,
    private readonly pages: number,
  ) {
    this.random = new PrngStream(seed, 'random frames');
    this.taken = new Uint8Array(pages);
  }

  allocBlock(_node: number, order: number, mayReclaim = true): number {
    if (order === 0) return PAGE_TABLE_FRAMES;
    const size = 2 ** order;
    for (let attempt = 0; attempt < (mayReclaim ? TRIES : TRIES_WITHOUT_RECLAIM); attempt += 1) {
      const first = this.random.below(this.pages / size) * size;
      if (this.taken.subarray(first, first + size).some((used) => used === 1)) continue;
      this.taken.fill(1, first, first + size);
      this.takenPages += size;
      return first;
    }
    return -1;
  }

  allocBulk(_node: number, count: number, out: Float64Array, offset: number): number {
    let had = 0;
    for (; had < count && this.takenPages < this.pages - 1; had += 1) {
      if (this.random.below(6) === 0) this.clump = this.random.below(this.pages);
      while (this.taken[this.clump] === 1) this.clump = (this.clump + 1) % this.pages;
      this.taken[this.clump] = 1;
      this.takenPages += 1;
      out[offset + had] = this.clump;
    }
    return had;
  }

  freeBlock(frame: number, order: number): void {
    if (frame >= PAGE_TABLE_FRAMES) return;
    for (let page = frame; page < frame + 2 ** order; page += 1) {
      if (this.taken[page] !== 1) throw new Error(`frame ${page} is not out`);
      this.taken[page] = 0;
    }
    this.takenPages -= 2 ** order;
  }

  get freePages(): number {
    return this.pages - this.takenPages;
  }

  verify(): void {
    const found = this.taken.reduce((sum, used) => sum + used, 0);
    if (found !== this.takenPages) throw new Error(`${found} of ${this.takenPages} pages found`);
  }
}
