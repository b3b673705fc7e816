/**
 * Heap of what falls due: entries of (time, order, payload) in typed arrays, four children a node (a
 * node's children share a cache line). Equal times come out in the order in which they went in. Entries whose subject is gone are skipped by the caller,
 * and swept out when they outnumber the live ones.
 */

const FIRST_CAPACITY = 1024;
const CHILDREN = 4;

export class DueHeap {
  private times = new Float64Array(FIRST_CAPACITY);
  private orders = new Float64Array(FIRST_CAPACITY);
  private payloads = new Float64Array(FIRST_CAPACITY);
  private count = 0;
  private nextOrder = 0;

  get size(): number {
    return this.count;
  }

  /** Time of the next entry; Infinity when empty. */
  get topTime(): number {
    return this.count === 0 ? Infinity : (this.times[0] ?? Infinity);
  }

  /** Order of the next entry: what `push` returned for it. */
  get topOrder(): number {
    return this.orders[0] ?? -1;
  }

  get topPayload(): number {
    return this.payloads[0] ?? -1;
  }

  /** Adds an entry; returns its order, unique in this heap. */
  push(time: number, payload: number): number {
    if (this.count === this.times.length) this.grow();
    const order = this.nextOrder;
    this.nextOrder += 1;
    let at = this.count;
    this.count += 1;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      // Equal times keep their order: the new entry is the youngest.
      if ((this.times[parent] ?? 0) <= time) break;
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
    let kept = 0;
    for (let i = 0; i < this.count; i += 1) {
      if (!keeps(this.payloads[i] ?? 0, this.orders[i] ?? 0)) continue;
      if (kept !== i) this.move(i, kept);
      kept += 1;
    }
    this.count = kept;
    for (let at = (kept - 2) >> 2; at >= 0; at -= 1) this.sink(at, at);
  }

  /** Puts the entry at index `from` into the subtree of `at`, whose root is free. */
  private sink(at: number, from: number): void {
    const time = this.times[from] ?? 0;
    const order = this.orders[from] ?? 0;
    const payload = this.payloads[from] ?? 0;
    let hole = at;
    for (;;) {
      const child = this.firstChild(hole);
      if (child < 0) break;
      const childTime = this.times[child] ?? 0;
      if (childTime > time || (childTime === time && (this.orders[child] ?? 0) > order)) break;
      this.move(child, hole);
      hole = child;
    }
    this.set(hole, time, order, payload);
  }

  /** The child of a node that comes out first, -1 for none. */
  private firstChild(at: number): number {
    const { times, orders } = this;
    let best = CHILDREN * at + 1;
    if (best >= this.count) return -1;
    const end = Math.min(best + CHILDREN, this.count);
    let bestTime = times[best] ?? 0;
    for (let child = best + 1; child < end; child += 1) {
      const time = times[child] ?? 0;
      if (time > bestTime) continue;
      if (time === bestTime && (orders[child] ?? 0) > (orders[best] ?? 0)) continue;
      best = child;
      bestTime = time;
    }
    return best;
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] ?? 0;
    this.orders[to] = this.orders[from] ?? 0;
    this.payloads[to] = this.payloads[from] ?? 0;
  }

  private set(at: number, time: number, order: number, payload: number): void {
    this.times[at] = time;
    this.orders[at] = order;
    this.payloads[at] = payload;
  }

  private grow(): void {
    this.times = doubled(this.times);
    this.orders = doubled(this.orders);
    this.payloads = doubled(this.payloads);
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
