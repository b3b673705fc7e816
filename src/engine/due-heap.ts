/**
 * Heap of what falls due: entries of (time, order, payload) in one typed array, four children a node, so
 * that a step touches one or two cache lines. Equal times come out in the order in which they went in. Entries whose subject is gone are skipped by the caller,
 * and swept out when they outnumber the live ones.
 */

const FIRST_CAPACITY = 1024;
const CHILDREN = 4;
/** Doubles of an entry. */
const ENTRY = 3;

export class DueHeap {
  /** Entries of three: time, order, payload. */
  private entries = new Float64Array(FIRST_CAPACITY * ENTRY);
  private count = 0;
  private nextOrder = 0;

  get size(): number {
    return this.count;
  }

  /** Time of the next entry; Infinity when empty. */
  get topTime(): number {
    return this.count === 0 ? Infinity : (this.entries[0] ?? Infinity);
  }

  /** Order of the next entry: what `push` returned for it. */
  get topOrder(): number {
    return this.entries[1] ?? -1;
  }

  get topPayload(): number {
    return this.entries[2] ?? -1;
  }

  /** Adds an entry; returns its order, unique in this heap. */
  push(time: number, payload: number): number {
    if (this.count * ENTRY === this.entries.length) this.grow();
    const order = this.nextOrder;
    this.nextOrder += 1;
    let at = this.count;
    this.count += 1;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // Equal times keep their order: the new entry is the youngest.
      if ((this.entries[parent * ENTRY] ?? 0) <= time) break;
      this.move(parent, at);
      at = parent;
    }
    this.set(at, time, order, payload);
    return order;
  }

  pop(): void {
    this.count -= 1;
    const last = this.count;
    if (last > 0) this.sink(0, last);
  }

  /** Keeps only entries of which `keeps(payload, order)` is true. O(entries). */
  sweep(keeps: (payload: number, order: number) => boolean): void {
    const { entries } = this;
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      if (!keeps(entries[i * ENTRY + 2] ?? 0, entries[i * ENTRY + 1] ?? 0)) continue;
      if (kept !== i) this.move(i, kept);
      kept += 1;
    }
    this.count = kept;
    for (let at = (kept - 2) >> 2; at >= 0; at -= 1) this.sink(at, at);
  }

  /** Puts the entry at index `from` into the subtree of `at`, whose root is free. */
  private sink(at: number, from: number): void {
    const { entries } = this;
    const time = entries[from * ENTRY] ?? 0;
    const order = entries[from * ENTRY + 1] ?? 0;
    const payload = entries[from * ENTRY + 2] ?? 0;
    let hole = at;
    for (;;) {
      const child = this.firstChild(hole);
      if (child < 0) break;
      const childTime = entries[child * ENTRY] ?? 0;
      if (childTime > time) break;
      if (childTime === time && (entries[child * ENTRY + 1] ?? 0) > order) break;
      this.move(child, hole);
      hole = child;
    }
    this.set(hole, time, order, payload);
  }

  /** The child of a node that comes out first, -1 for none. */
  private firstChild(at: number): number {
    const { entries } = this;
    let best = CHILDREN * at + 1;
    if (best >= this.count) return -1;
    const end = Math.min(best + CHILDREN, this.count);
    let bestTime = entries[best * ENTRY] ?? 0;
    for (let child = best + 1; child < end; child += 1) {
      const time = entries[child * ENTRY] ?? 0;
      if (time > bestTime) continue;
      if (time === bestTime && !this.isOlder(child, best)) continue;
      best = child;
      bestTime = time;
    }
    return best;
  }

  private isOlder(left: number, right: number): boolean {
    return (this.entries[left * ENTRY + 1] ?? 0) < (this.entries[right * ENTRY + 1] ?? 0);
  }

  private move(from: number, to: number): void {
    const { entries } = this;
    entries[to * ENTRY] = entries[from * ENTRY] ?? 0;
    entries[to * ENTRY + 1] = entries[from * ENTRY + 1] ?? 0;
    entries[to * ENTRY + 2] = entries[from * ENTRY + 2] ?? 0;
  }

  private set(at: number, time: number, order: number, payload: number): void {
    const { entries } = this;
    entries[at * ENTRY] = time;
    entries[at * ENTRY + 1] = order;
    entries[at * ENTRY + 2] = payload;
  }

  private grow(): void {
    const larger = new Float64Array(this.entries.length * 2);
    larger.set(this.entries);
    this.entries = larger;
  }
}
