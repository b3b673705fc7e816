/** Blocks of a cache of executable memory, in address order; each is one vmap area. */
import { assert } from '../../../base/assert.js';

/** Pages of the module area, guard page not included. */
interface AreaBlock {
  readonly area: { readonly page: number; readonly pages: number };
}

export class AreaBlocks<Block extends AreaBlock> {
  private readonly blocks: Block[] = [];

  get length(): number {
    return this.blocks.length;
  }

  [Symbol.iterator](): Iterator<Block> {
    return this.blocks[Symbol.iterator]();
  }

  add(block: Block): void {
    const after = this.blocks.findIndex((other) => other.area.page > block.area.page);
    this.blocks.splice(after < 0 ? this.blocks.length : after, 0, block);
  }

  /** The block that a page lies in. */
  at(page: number): Block {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length;
    while (low + 1 < high) {
      const middle = Math.floor((low + high) / 2);
      if ((blocks[middle]?.area.page ?? Infinity) <= page) low = middle;
      else high = middle;
    }
    const block = blocks[low];
    assert(
      block !== undefined && page >= block.area.page && page < block.area.page + block.area.pages,
      () => `page ${page} belongs to no block`,
    );
    return block;
  }

  /** Takes out the blocks that `goes` accepts, lowest first, and hands each to `release`. */
  remove(goes: (block: Block) => boolean, release: (block: Block) => void): void {
    for (let index = 0; index < this.blocks.length;) {
      const block = this.blocks[index];
      if (block !== undefined && goes(block)) {
        this.blocks.splice(index, 1);
        release(block);
      } else index += 1;
    }
  }
}
