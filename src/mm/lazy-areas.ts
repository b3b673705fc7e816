/**
 * Areas that were unmapped but not returned yet, in the order in which a purge returns them: by
 * address, neighbours merged (to 6.8), or one list a vmap node by address (6.9), where a node owns
 * every so many 64 KiB of address space (mm/vmalloc.c, addr_to_node_id). The order shapes the free
 * tree. Half-open page ranges in typed arrays.
 */
import { assert } from '../base/assert.js';

const INITIAL_ROWS = 64;
/** Pages of one zone of a vmap node. */
const NODE_ZONE_PAGES = 16;
const NODES_MAX = 128;

export class LazyAreas {
  count = 0;
  /** Pages waiting, guards included. */
  pages = 0;
  private starts = new Float64Array(INITIAL_ROWS);
  private ends = new Float64Array(INITIAL_ROWS);
  private readonly nodes: number;

  /** @param cpus possible CPUs: as many vmap nodes, at most 128; one: the layer is off */
  constructor(
    cpus: number,
    private readonly perNode: boolean,
  ) {
    this.nodes = Math.min(NODES_MAX, cpus);
  }

  startOf(index: number): number {
    return this.starts[index] as number;
  }

  endOf(index: number): number {
    return this.ends[index] as number;
  }

  /** Lowest start and highest end of all. */
  get lowest(): number {
    let lowest = Infinity;
    for (let i = 0; i < this.count; i += 1) lowest = Math.min(lowest, this.startOf(i));
    return lowest;
  }

  get highest(): number {
    let highest = 0;
    for (let i = 0; i < this.count; i += 1) highest = Math.max(highest, this.endOf(i));
    return highest;
  }

  add(start: number, end: number): void {
    this.pages += end - start;
    const place = this.placeOf(start);
    if (!this.perNode) {
      const joinsNext = place < this.count && this.startOf(place) === end;
      const joinsPrevious = place > 0 && this.endOf(place - 1) === start;
      if (joinsPrevious) {
        this.ends[place - 1] = joinsNext ? this.endOf(place) : end;
        if (joinsNext) this.removeAt(place);
        return;
      }
      if (joinsNext) {
        this.starts[place] = start;
        return;
      }
    }
    this.insertAt(place, start, end);
  }

  clear(): void {
    this.count = 0;
    this.pages = 0;
  }

  verify(): void {
    let pages = 0;
    for (let i = 0; i < this.count; i += 1) {
      pages += this.endOf(i) - this.startOf(i);
      assert(
        i === 0 || this.isBefore(this.startOf(i - 1), this.startOf(i)),
        'lazy areas are sorted',
      );
    }
    assert(pages === this.pages, () => `${pages} lazy pages found, ${this.pages} counted`);
  }

  private nodeOf(page: number): number {
    return Math.floor(page / NODE_ZONE_PAGES) % this.nodes;
  }

  private isBefore(left: number, right: number): boolean {
    if (!this.perNode) return left < right;
    const [a, b] = [this.nodeOf(left), this.nodeOf(right)];
    return a === b ? left < right : a < b;
  }

  private placeOf(start: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.isBefore(this.startOf(middle), start)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insertAt(place: number, start: number, end: number): void {
    if (this.count === this.starts.length) this.grow();
    this.starts.copyWithin(place + 1, place, this.count);
    this.ends.copyWithin(place + 1, place, this.count);
    this.starts[place] = start;
    this.ends[place] = end;
    this.count += 1;
  }

  private removeAt(place: number): void {
    this.starts.copyWithin(place, place + 1, this.count);
    this.ends.copyWithin(place, place + 1, this.count);
    this.count -= 1;
  }

  private grow(): void {
    const starts = new Float64Array(this.starts.length * 2);
    starts.set(this.starts);
    this.starts = starts;
    const ends = new Float64Array(this.ends.length * 2);
    ends.set(this.ends);
    this.ends = ends;
  }
}
