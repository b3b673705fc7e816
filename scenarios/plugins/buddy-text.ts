/**
 * A design plugin as an example: text from a binary buddy system over 2M blocks that are mapped
 * read-only and executable once, data as module_alloc does it.
 *
 *   block  |aaaa|bb|c.|........|ddddddddd.......|        slots are powers of two, buddies merge
 *
 * Each block keeps a tree over its slots: a node holds the largest order that is free below it, so a
 * request goes down to the lowest fit and a release goes up, both in steps of one order.
 */
import {
  AreaData,
  AreaText,
  assert,
  PAGE_BYTES,
  PlainAreaPool,
  ProposedInstance,
  sharedImageBytes,
  TEXT_APART,
  TextWriter,
  type DesignPlugin,
  type KernelMm,
  type Piece,
  type TextSource,
  type VmArea,
} from 'xlab/plugin';

const BLOCK_BYTES = 2097152;
/** Larger pieces have pages of their own: a buddy would waste up to half of them. */
const SHARED_BYTES_MAX = BLOCK_BYTES / 4;

/** Exponent of the smallest power of two that is at least `value`. */
const orderOf = (value: number): number => Math.ceil(Math.log2(Math.max(1, value)));

/** The slots of one block. Orders count from the smallest slot. */
class BuddyTree {
  private readonly orders: number;
  /** By heap index: order of the largest free run below, plus 1; 0 when there is none. */
  private readonly free: Uint8Array;

  constructor(slots: number) {
    this.orders = orderOf(slots);
    this.free = new Uint8Array(2 * slots);
    for (let node = 1; node < 2 * slots; node += 1) this.free[node] = this.orderAt(node) + 1;
  }

  get isEmpty(): boolean {
    return this.free[1] === this.orders + 1;
  }

  fits(order: number): boolean {
    return (this.free[1] ?? 0) > order;
  }

  /** First slot of the lowest free run of this order, which must fit. */
  take(order: number): number {
    let node = 1;
    for (let at = this.orders; at > order; at -= 1) {
      node *= 2;
      if ((this.free[node] ?? 0) <= order) node += 1;
    }
    this.free[node] = 0;
    this.refresh(node);
    return this.slotOf(node, order);
  }

  give(slot: number, order: number): void {
    const node = 2 ** (this.orders - order) + slot / 2 ** order;
    assert(this.free[node] === 0, 'a run that is given back was taken');
    this.free[node] = order + 1;
    this.refresh(node);
  }

  private slotOf(node: number, order: number): number {
    return (node - 2 ** (this.orders - order)) * 2 ** order;
  }

  private orderAt(node: number): number {
    return this.orders - Math.floor(Math.log2(node));
  }

  /** Merges buddies on the way up. */
  private refresh(from: number): void {
    for (let node = from >> 1; node > 0; node >>= 1) {
      const left = this.free[2 * node] ?? 0;
      const right = this.free[2 * node + 1] ?? 0;
      const whole = this.orderAt(node);
      this.free[node] = left === whole && right === whole ? whole + 1 : Math.max(left, right);
    }
  }
}

interface Block {
  readonly area: VmArea;
  readonly tree: BuddyTree;
}

class BuddyText implements TextSource {
  private readonly blocks: Block[] = [];
  private readonly writer: TextWriter;
  private readonly large: AreaText;
  private mayRelease = false;

  constructor(
    private readonly mm: KernelMm,
    private readonly slotBytes: number,
    private readonly poisons: boolean,
  ) {
    this.writer = new TextWriter(mm, 'poke');
    this.large = new AreaText(mm, new PlainAreaPool(mm), 'rox');
  }

  get blockCount(): number {
    return this.blocks.length;
  }

  alloc(use: Parameters<TextSource['alloc']>[0], sizeBytes: number): Piece | undefined {
    if (sizeBytes > SHARED_BYTES_MAX) return this.large.alloc(use, sizeBytes);
    const order = orderOf(sizeBytes / this.slotBytes);
    const block = this.blocks.find(({ tree }) => tree.fits(order)) ?? this.addBlock();
    if (block === undefined) return undefined;
    const byte = block.area.page * PAGE_BYTES + block.tree.take(order) * this.slotBytes;
    const piece = { byte, sizeBytes: 2 ** order * this.slotBytes };
    this.writer.open(piece, use);
    return piece;
  }

  finish(piece: Piece, codeBytes: number): void {
    if (isLarge(piece)) this.large.finish(piece);
    else this.writer.close(piece, codeBytes);
  }

  free(piece: Piece): void {
    if (isLarge(piece)) {
      this.large.free(piece);
      return;
    }
    if (this.poisons) this.writer.erase(piece);
    this.giveBack(piece);
  }

  abandon(piece: Piece): void {
    if (isLarge(piece)) {
      this.large.abandon(piece);
      return;
    }
    this.writer.abandon(piece);
    this.giveBack(piece);
  }

  imageBytes(codeBytes: number): number {
    return sharedImageBytes(codeBytes);
  }

  /** Blocks without a user go back. */
  release(): void {
    if (!this.mayRelease) return;
    this.mayRelease = false;
    for (let index = this.blocks.length - 1; index >= 0; index -= 1) {
      const block = this.blocks[index];
      if (block?.tree.isEmpty !== true) continue;
      this.blocks.splice(index, 1);
      this.mm.vfree(block.area);
    }
  }

  verify(): void {
    for (const { area } of this.blocks) {
      assert(this.mm.isExecutable(area.page), 'a block is executable');
      assert(!this.mm.isWritable(area.page), 'a block is not writable');
    }
  }

  private addBlock(): Block | undefined {
    const area = this.mm.vmalloc({
      sizeBytes: BLOCK_BYTES,
      alignPages: BLOCK_BYTES / PAGE_BYTES,
      allowHuge: true,
      guardPages: 0,
      resetPerms: true,
    });
    if (area === undefined) return undefined;
    this.mm.setMemoryRox(area.page, area.pages);
    const block = { area, tree: new BuddyTree(BLOCK_BYTES / this.slotBytes) };
    this.blocks.push(block);
    this.blocks.sort((a, b) => a.area.page - b.area.page);
    return block;
  }

  private giveBack(piece: Piece): void {
    const page = Math.floor(piece.byte / PAGE_BYTES);
    const block = this.blocks.find(
      ({ area }) => page >= area.page && page < area.page + area.pages,
    );
    assert(block !== undefined, () => `byte ${String(piece.byte)} lies in a block`);
    const slot = (piece.byte - block.area.page * PAGE_BYTES) / this.slotBytes;
    block.tree.give(slot, orderOf(piece.sizeBytes / this.slotBytes));
    if (block.tree.isEmpty) this.mayRelease = true;
  }
}

const isLarge = (piece: Piece): boolean => piece.sizeBytes > SHARED_BYTES_MAX;

const plugin: DesignPlugin = {
  interface: 1,
  summary: 'binary buddies in 2M blocks, read-only and executable from the start',
  idea: [
    'text is cut from 2M blocks into slots of a power of two, the lowest fit first',
    'a block is mapped once, read-only and executable; code is poked into it',
    'freed slots merge with their buddies, a block without a user goes back',
    'text above 512 KiB has pages of its own; data lies where module_alloc puts it',
  ],
  options: [
    {
      name: 'slots',
      kind: 'count',
      min: 8,
      max: 512,
      default: 64,
      help: 'bytes of the smallest slot, rounded up to a power of two',
    },
    {
      name: 'poison',
      kind: 'choice',
      values: ['int3', 'none'],
      default: 'int3',
      help: 'int3: freed text is overwritten with traps; none: it stays as it was',
    },
  ],
  create(mm, options) {
    const slotBytes = 2 ** orderOf(Number(options['slots']));
    const text = new BuddyText(mm, slotBytes, options['poison'] === 'int3');
    return new ProposedInstance(mm, {
      moduleText: text,
      initText: text,
      bpf: text,
      bpfTrampolines: text,
      ftrace: text,
      kprobes: text,
      raw: text,
      data: new AreaData(mm, new PlainAreaPool(mm)),
      modules: { layout: TEXT_APART, repeatsCalls: false },
      runWorkers: () => {
        text.release();
      },
      gauges: { buddy_blocks: () => text.blockCount },
    });
  },
};

export default plugin;
