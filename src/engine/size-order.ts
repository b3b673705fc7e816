/**
 * Members of a pool by size, both ways, for selectors that take the largest or the smallest. Two
 * heaps with late removal: an entry whose slot holds another object by now is dropped when met, and
 * all such entries are swept out when they outnumber the members.
 */

interface SizeEntry {
  readonly slot: number;
  readonly id: number;
  readonly sizeBytes: number;
}

type IdOf = (slot: number) => number;

class SizeHeap {
  readonly entries: SizeEntry[] = [];

  /** `sign` 1: smallest first, -1: largest first. */
  constructor(private readonly sign: number) {}

  push(entry: SizeEntry): void {
    const { entries } = this;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = entries[parent];
      if (above === undefined || !this.isBefore(entry, above)) break;
      entries[at] = above;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): SizeEntry | undefined {
    const { entries } = this;
    const top = entries[0];
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) this.sink(0, last);
    return top;
  }

  keep(isLive: (entry: SizeEntry) => boolean): void {
    const kept = this.entries.filter(isLive);
    this.entries.length = 0;
    for (const entry of kept) this.entries.push(entry);
    for (let at = (kept.length >> 1) - 1; at >= 0; at -= 1) {
      const entry = this.entries[at];
      if (entry !== undefined) this.sink(at, entry);
    }
  }

  private sink(from: number, entry: SizeEntry): void {
    const { entries } = this;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      let best = entries[child];
      const right = entries[child + 1];
      if (best === undefined) break;
      if (right !== undefined && this.isBefore(right, best)) {
        child += 1;
        best = right;
      }
      if (!this.isBefore(best, entry)) break;
      entries[at] = best;
      at = child;
    }
    entries[at] = entry;
  }

  private isBefore(left: SizeEntry, right: SizeEntry): boolean {
    const difference = (left.sizeBytes - right.sizeBytes) * this.sign;
    return difference === 0 ? left.id < right.id : difference < 0;
  }
}

export class SizeOrder {
  private readonly smallest = new SizeHeap(1);
  private readonly largest = new SizeHeap(-1);

  add(slot: number, id: number, sizeBytes: number): void {
    const entry = { slot, id, sizeBytes };
    this.smallest.push(entry);
    this.largest.push(entry);
  }

  /** A member left; `count` members remain. */
  remove(count: number, idOf: IdOf): void {
    for (const heap of [this.smallest, this.largest]) {
      if (heap.entries.length > 64 + 2 * count) heap.keep((entry) => idOf(entry.slot) === entry.id);
    }
  }

  /** Slots of up to `count` members in order; they stay members. */
  take(order: 'largest' | 'smallest', count: number, idOf: IdOf): readonly number[] {
    const heap = order === 'largest' ? this.largest : this.smallest;
    const taken: SizeEntry[] = [];
    while (taken.length < count) {
      const entry = heap.pop();
      if (entry === undefined) break;
      if (idOf(entry.slot) === entry.id) taken.push(entry);
    }
    for (const entry of taken) heap.push(entry);
    return taken.map((entry) => entry.slot);
  }
}
