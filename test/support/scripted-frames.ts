/**
 * A FrameSource that gives what a test says: single pages from a script (or, without one, ascending
 * from a start), order-9 blocks from a list, pages for page tables from a range of their own. It
 * checks that nothing is given back twice or that was never taken.
 */
import type { FrameSource } from '../../src/mm/frame-source.js';

const PAGE_TABLE_FRAMES = 2 ** 33;

export class ScriptedFrames implements FrameSource {
  /** Single pages to give next. */
  script: number[] = [];
  /** First frames of the order-9 blocks to give next. */
  blocks: number[] = [];
  /** Larger and other orders are refused when false, as vmalloc's large chunks since 6.19 then are. */
  givesChunks = false;
  private readonly out = new Set<number>();
  private nextTable = PAGE_TABLE_FRAMES;
  /** Blocks and pages in the order in which they came back: [frame, order]. */
  readonly returned: (readonly [number, number])[] = [];

  allocBlock(_node: number, order: number, mayReclaim = true): number {
    if (order === 0) {
      this.nextTable += 1;
      return this.nextTable - 1;
    }
    if (!mayReclaim && !this.givesChunks) return -1;
    const frame = this.blocks.shift();
    if (frame === undefined) return -1;
    for (let page = 0; page < 2 ** order; page += 1) this.out.add(frame + page);
    return frame;
  }

  allocBulk(_node: number, count: number, out: Float64Array, offset: number): number {
    let taken = 0;
    while (taken < count) {
      const frame = this.script.shift();
      if (frame === undefined) break;
      out[offset + taken] = frame;
      this.out.add(frame);
      taken += 1;
    }
    return taken;
  }

  freeBlock(frame: number, order: number): void {
    if (frame >= PAGE_TABLE_FRAMES) return;
    this.returned.push([frame, order]);
    for (let page = 0; page < 2 ** order; page += 1) {
      if (!this.out.delete(frame + page)) throw new Error(`frame ${frame + page} is not out`);
    }
  }

  /** Pages handed out and not back, page tables apart. */
  get outPages(): number {
    return this.out.size;
  }

  readonly freePages = 0;

  verify(): void {
    // Checked as frames come back.
  }
}
