/**
 * A buddy zone in the plainest form: every free list is an array of first frames, head first. Written
 * from the description of the page allocator, for comparison with the real one.
 */
export type NaiveType = 0 | 1 | 2;
export type NaiveRule = 'use' | 'half';

const MOVABLE = 1;
const FALLBACKS: readonly (readonly NaiveType[])[] = [
  [2, 1],
  [2, 0],
  [0, 1],
];

interface Block {
  readonly frame: number;
  readonly order: number;
  type: NaiveType;
}

export class NaiveBuddy {
  /** All free blocks; the first of an order and type is the head of that list. */
  private blocks: Block[] = [];
  readonly pageblockTypes: NaiveType[];
  private readonly movableInUse = new Set<number>();

  /** Frames 0..sections x 1024, all free and movable. */
  constructor(
    sections: number,
    private readonly rule: NaiveRule,
  ) {
    this.pageblockTypes = Array.from({ length: sections * 2 }, () => MOVABLE);
    for (let section = 0; section < sections; section += 1) {
      this.blocks.push({ frame: section * 1024, order: 10, type: MOVABLE });
    }
  }

  get freePages(): number {
    return this.blocks.reduce((sum, { order }) => sum + 2 ** order, 0);
  }

  list(order: number, type: NaiveType): readonly number[] {
    return this.blocks.filter((b) => b.order === order && b.type === type).map((b) => b.frame);
  }

  alloc(order: number, type: NaiveType, stealOrderMin: number): number {
    let frame = this.own(order, type);
    if (frame < 0) frame = this.fromOthers(order, type, stealOrderMin);
    if (frame >= 0 && type === MOVABLE) {
      for (let page = frame; page < frame + 2 ** order; page += 1) this.movableInUse.add(page);
    }
    return frame;
  }

  free(frame: number, order: number): void {
    for (let page = frame; page < frame + 2 ** order; page += 1) this.movableInUse.delete(page);
    const type = this.pageblockTypes[Math.floor(frame / 512)] ?? MOVABLE;
    let [first, size] = [frame, order];
    while (size < 10) {
      const buddy = this.freeBuddy(first, size);
      if (buddy === undefined) break;
      this.blocks = this.blocks.filter((block) => block !== buddy);
      if (size === 9) this.pageblockTypes[buddy.frame / 512] = type;
      first = Math.min(first, buddy.frame);
      size += 1;
    }
    const block = { frame: first, order: size, type };
    const pair = first - (first % 2 ** (size + 1));
    if (size < 9 && this.freeBuddy(pair, size + 1) !== undefined) this.blocks.push(block);
    else this.blocks.unshift(block);
  }

  private freeBuddy(frame: number, order: number): Block | undefined {
    const size = 2 ** order;
    const buddy = Math.floor(frame / size) % 2 === 0 ? frame + size : frame - size;
    return this.blocks.find((block) => block.frame === buddy && block.order === order);
  }

  private head(order: number, type: NaiveType): Block | undefined {
    return this.blocks.find((block) => block.order === order && block.type === type);
  }

  private own(order: number, type: NaiveType): number {
    for (let from = order; from <= 10; from += 1) {
      const block = this.head(from, type);
      if (block !== undefined) return this.take(block, order, type);
    }
    return -1;
  }

  /** The lower part of the block; halves go to the heads of the lists of `type`. */
  private take(block: Block, order: number, type: NaiveType): number {
    this.blocks = this.blocks.filter((other) => other !== block);
    for (let half = block.order - 1; half >= order; half -= 1) {
      this.blocks.unshift({ frame: block.frame + 2 ** half, order: half, type });
    }
    return block.frame;
  }

  private fromOthers(order: number, type: NaiveType, stealOrderMin: number): number {
    const other = (at: number): Block | undefined =>
      FALLBACKS[type]?.map((candidate) => this.head(at, candidate)).find((b) => b !== undefined);
    for (let from = 10; from >= Math.max(order, stealOrderMin); from -= 1) {
      const block = other(from);
      if (block === undefined) continue;
      if (from >= 9) {
        for (let half = 0; half < 2 ** (from - 9); half += 1) {
          this.pageblockTypes[block.frame / 512 + half] = type;
        }
        return this.take(block, order, type);
      }
      if (type === MOVABLE && from < 4) break;
      if (this.claim(Math.floor(block.frame / 512), type)) return this.own(order, type);
    }
    if (stealOrderMin > order) return -1;
    for (let from = order; from <= 10; from += 1) {
      const block = other(from);
      if (block !== undefined)
        return this.take(block, order, this.rule === 'use' ? type : block.type);
    }
    return -1;
  }

  private claim(pageblock: number, type: NaiveType): boolean {
    const inside = (frame: number): boolean => Math.floor(frame / 512) === pageblock;
    const blocks = this.blocks.filter((b) => inside(b.frame) && b.order <= 9);
    const free = blocks.reduce((sum, b) => sum + 2 ** b.order, 0);
    const movable = [...this.movableInUse].filter(inside).length;
    let alike = 0;
    if (type === MOVABLE) alike = movable;
    else if (this.pageblockTypes[pageblock] === MOVABLE) alike = 512 - free - movable;
    const enough = free + alike >= 256;
    if (!enough && this.rule === 'half') return false;
    for (const block of blocks.sort((a, b) => a.frame - b.frame)) {
      this.blocks = this.blocks.filter((otherBlock) => otherBlock !== block);
      this.blocks.unshift({ ...block, type });
    }
    if (enough) this.pageblockTypes[pageblock] = type;
    return true;
  }
}
