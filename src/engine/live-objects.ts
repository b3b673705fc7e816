/**
 * The live objects of a request stream: who is in which pool, how old and how large. A table of
 * reused slots with lists by age, dense arrays for random picks, and heaps by size where a scenario
 * asks for the largest or smallest. Memory follows the number of live objects, not of events.
 *
 * Object ids are dense from 0 in order of creation; a slot is internal.
 */
import { SizeOrder } from './size-order.js';

export const NO_SLOT = -1;

/** What an object is, which decides how it is released. */
export const ObjectKind = { module: 0, bpf: 1, trampoline: 2, kprobe: 3, raw: 4 } as const;
export type ObjectKind = (typeof ObjectKind)[keyof typeof ObjectKind];

/** Which orders each pool is asked in, so that only those are kept. */
export interface PoolNeeds {
  readonly random: boolean;
  readonly size: boolean;
}

class Pool {
  count = 0;
  oldest = NO_SLOT;
  newest = NO_SLOT;
  /** Members in no particular order, for random picks. */
  readonly members: number[] = [];
  readonly bySize: SizeOrder | undefined;

  constructor(readonly needs: PoolNeeds) {
    this.bySize = needs.size ? new SizeOrder() : undefined;
  }
}

/** Whole numbers of a slot, one cache line. */
const Link = {
  older: 0,
  newer: 1,
  poolOlder: 2,
  poolNewer: 3,
  /** Index among the pool's members in random order. */
  member: 4,
  kind: 5,
  pool: 6,
  site: 7,
} as const;
const LINKS = 16;
/** Doubles of a slot, half a cache line. */
const Value = { id: 0, sizeBytes: 1, releaseOrder: 2, initOrder: 3 } as const;
const VALUES = 4;
const FIRST_SLOTS = 256;

/**
 * Fields of a slot stand side by side: a run touches objects in no order, and every further array
 * would be a further cache miss.
 */
export class LiveObjects {
  /** Objects created so far; the next id. */
  created = 0;
  liveCount = 0;
  private links = new Int32Array(FIRST_SLOTS * LINKS);
  private values = new Float64Array(FIRST_SLOTS * VALUES).fill(-1);
  private slots = 0;
  private readonly free: number[] = [];
  private oldestOfAll = NO_SLOT;
  private newestOfAll = NO_SLOT;
  private readonly poolStates: readonly Pool[];

  constructor(needs: readonly PoolNeeds[]) {
    this.poolStates = needs.map((need) => new Pool(need));
  }

  /** Slot of a new object. Four plain arguments: one call per creation, nothing allocated. */
  add(kind: ObjectKind, pool: number, sizeBytes: number, site: number): number {
    const slot = this.free.pop() ?? this.newSlot();
    const { links, values } = this;
    values[slot * VALUES + Value.id] = this.created;
    values[slot * VALUES + Value.sizeBytes] = sizeBytes;
    values[slot * VALUES + Value.releaseOrder] = -1;
    values[slot * VALUES + Value.initOrder] = -1;
    this.created += 1;
    this.liveCount += 1;
    links[slot * LINKS + Link.kind] = kind;
    links[slot * LINKS + Link.pool] = pool;
    links[slot * LINKS + Link.site] = site;
    links[slot * LINKS + Link.older] = this.newestOfAll;
    links[slot * LINKS + Link.newer] = NO_SLOT;
    if (this.newestOfAll === NO_SLOT) this.oldestOfAll = slot;
    else links[this.newestOfAll * LINKS + Link.newer] = slot;
    this.newestOfAll = slot;
    const state = this.poolStates[pool];
    if (state !== undefined) this.join(state, slot, sizeBytes);
    return slot;
  }

  remove(slot: number): void {
    const before = this.link(slot, Link.older);
    const after = this.link(slot, Link.newer);
    if (before === NO_SLOT) this.oldestOfAll = after;
    else this.links[before * LINKS + Link.newer] = after;
    if (after === NO_SLOT) this.newestOfAll = before;
    else this.links[after * LINKS + Link.older] = before;
    const pool = this.poolStates[this.poolOf(slot)];
    if (pool !== undefined) this.leave(pool, slot);
    this.values[slot * VALUES + Value.id] = -1;
    this.values[slot * VALUES + Value.releaseOrder] = -1;
    this.values[slot * VALUES + Value.initOrder] = -1;
    this.liveCount -= 1;
    this.free.push(slot);
  }

  /** Id of the object in the slot, -1 when the slot is free. */
  idOf(slot: number): number {
    return this.values[slot * VALUES + Value.id] ?? -1;
  }

  kindOf(slot: number): number {
    return this.link(slot, Link.kind);
  }

  poolOf(slot: number): number {
    return this.link(slot, Link.pool);
  }

  sizeOf(slot: number): number {
    return this.values[slot * VALUES + Value.sizeBytes] ?? 0;
  }

  siteOf(slot: number): number {
    return this.link(slot, Link.site);
  }

  /** Order of the pending release, -1 for none. */
  releaseOrder(slot: number): number {
    return this.values[slot * VALUES + Value.releaseOrder] ?? -1;
  }

  setReleaseOrder(slot: number, order: number): void {
    this.values[slot * VALUES + Value.releaseOrder] = order;
  }

  /** Order of the pending step of a module's init, -1 for none. */
  initOrder(slot: number): number {
    return this.values[slot * VALUES + Value.initOrder] ?? -1;
  }

  setInitOrder(slot: number, order: number): void {
    this.values[slot * VALUES + Value.initOrder] = order;
  }

  /** Members of a pool; every live object for -1. */
  count(pool: number): number {
    return pool < 0 ? this.liveCount : (this.poolStates[pool]?.count ?? 0);
  }

  oldest(pool: number): number {
    return pool < 0 ? this.oldestOfAll : (this.poolStates[pool]?.oldest ?? NO_SLOT);
  }

  newest(pool: number): number {
    return pool < 0 ? this.newestOfAll : (this.poolStates[pool]?.newest ?? NO_SLOT);
  }

  /** The next younger object of the pool (of all for -1). */
  next(slot: number, pool: number): number {
    return this.link(slot, pool < 0 ? Link.newer : Link.poolNewer);
  }

  /** The next older object of the pool (of all for -1). */
  previous(slot: number, pool: number): number {
    return this.link(slot, pool < 0 ? Link.older : Link.poolOlder);
  }

  /** Member at an index 0..count of a pool that is asked for random members. */
  member(pool: number, index: number): number {
    return this.poolStates[pool]?.members[index] ?? NO_SLOT;
  }

  /** Exchanges two members of a pool's random order. */
  swapMembers(pool: number, first: number, second: number): void {
    const members = this.poolStates[pool]?.members;
    const left = members?.[first];
    const right = members?.[second];
    if (members === undefined || left === undefined || right === undefined) return;
    members[first] = right;
    members[second] = left;
    this.links[right * LINKS + Link.member] = first;
    this.links[left * LINKS + Link.member] = second;
  }

  /** Up to `count` members, largest or smallest first, the older of two equal ones first. */
  bySize(pool: number, order: 'largest' | 'smallest', count: number): readonly number[] {
    const sizes = this.poolStates[pool]?.bySize;
    return sizes === undefined ? [] : sizes.take(order, count, (slot) => this.idOf(slot));
  }

  private link(slot: number, which: number): number {
    return this.links[slot * LINKS + which] ?? NO_SLOT;
  }

  private join(pool: Pool, slot: number, sizeBytes: number): void {
    const { links } = this;
    links[slot * LINKS + Link.poolOlder] = pool.newest;
    links[slot * LINKS + Link.poolNewer] = NO_SLOT;
    if (pool.newest === NO_SLOT) pool.oldest = slot;
    else links[pool.newest * LINKS + Link.poolNewer] = slot;
    pool.newest = slot;
    pool.count += 1;
    if (pool.needs.random) {
      links[slot * LINKS + Link.member] = pool.members.length;
      pool.members.push(slot);
    }
    pool.bySize?.add(slot, this.idOf(slot), sizeBytes);
  }

  private leave(pool: Pool, slot: number): void {
    const { links } = this;
    const before = this.link(slot, Link.poolOlder);
    const after = this.link(slot, Link.poolNewer);
    if (before === NO_SLOT) pool.oldest = after;
    else links[before * LINKS + Link.poolNewer] = after;
    if (after === NO_SLOT) pool.newest = before;
    else links[after * LINKS + Link.poolOlder] = before;
    pool.count -= 1;
    pool.bySize?.remove(pool.count, (entry) => this.idOf(entry));
    if (!pool.needs.random) return;
    const index = this.link(slot, Link.member);
    const last = pool.members.pop() ?? NO_SLOT;
    if (last === slot) return;
    pool.members[index] = last;
    links[last * LINKS + Link.member] = index;
  }

  private newSlot(): number {
    const slot = this.slots;
    this.slots += 1;
    if (slot * VALUES < this.values.length) return slot;
    const links = new Int32Array(this.links.length * 2);
    links.set(this.links);
    this.links = links;
    const values = new Float64Array(this.values.length * 2).fill(-1);
    values.set(this.values);
    this.values = values;
    return slot;
  }
}
