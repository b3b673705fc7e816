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

export class LiveObjects {
  /** Objects created so far; the next id. */
  created = 0;
  liveCount = 0;
  private readonly free: number[] = [];
  private readonly ids: number[] = [];
  private readonly kinds: number[] = [];
  private readonly pools: number[] = [];
  private readonly sizes: number[] = [];
  private readonly sites: number[] = [];
  /** Neighbours by age among all live objects, and within the pool. */
  private readonly older: number[] = [];
  private readonly newer: number[] = [];
  private readonly poolOlder: number[] = [];
  private readonly poolNewer: number[] = [];
  private readonly memberIndex: number[] = [];
  /** Order of the pending release and of the pending step of a module's init, -1 for none. */
  readonly releaseOrder: number[] = [];
  readonly initOrder: number[] = [];
  private oldestOfAll = NO_SLOT;
  private newestOfAll = NO_SLOT;
  private readonly poolStates: readonly Pool[];

  constructor(needs: readonly PoolNeeds[]) {
    this.poolStates = needs.map((need) => new Pool(need));
  }

  /** Slot of a new object. Four plain arguments: one call per creation, nothing allocated. */
  add(kind: ObjectKind, pool: number, sizeBytes: number, site: number): number {
    const slot = this.free.pop() ?? this.ids.length;
    this.ids[slot] = this.created;
    this.created += 1;
    this.liveCount += 1;
    this.kinds[slot] = kind;
    this.pools[slot] = pool;
    this.sizes[slot] = sizeBytes;
    this.sites[slot] = site;
    this.releaseOrder[slot] = -1;
    this.initOrder[slot] = -1;
    this.older[slot] = this.newestOfAll;
    this.newer[slot] = NO_SLOT;
    if (this.newestOfAll === NO_SLOT) this.oldestOfAll = slot;
    else this.newer[this.newestOfAll] = slot;
    this.newestOfAll = slot;
    const state = this.poolStates[pool];
    if (state !== undefined) this.join(state, slot, sizeBytes);
    return slot;
  }

  remove(slot: number): void {
    const before = this.older[slot] ?? NO_SLOT;
    const after = this.newer[slot] ?? NO_SLOT;
    if (before === NO_SLOT) this.oldestOfAll = after;
    else this.newer[before] = after;
    if (after === NO_SLOT) this.newestOfAll = before;
    else this.older[after] = before;
    const pool = this.poolStates[this.poolOf(slot)];
    if (pool !== undefined) this.leave(pool, slot);
    this.ids[slot] = -1;
    this.liveCount -= 1;
    this.free.push(slot);
  }

  /** Id of the object in the slot, -1 when the slot is free. */
  idOf(slot: number): number {
    return this.ids[slot] ?? -1;
  }

  kindOf(slot: number): number {
    return this.kinds[slot] ?? 0;
  }

  poolOf(slot: number): number {
    return this.pools[slot] ?? -1;
  }

  sizeOf(slot: number): number {
    return this.sizes[slot] ?? 0;
  }

  siteOf(slot: number): number {
    return this.sites[slot] ?? -1;
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
    return (pool < 0 ? this.newer[slot] : this.poolNewer[slot]) ?? NO_SLOT;
  }

  /** The next older object of the pool (of all for -1). */
  previous(slot: number, pool: number): number {
    return (pool < 0 ? this.older[slot] : this.poolOlder[slot]) ?? NO_SLOT;
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
    this.memberIndex[right] = first;
    this.memberIndex[left] = second;
  }

  /** Up to `count` members, largest or smallest first, the older of two equal ones first. */
  bySize(pool: number, order: 'largest' | 'smallest', count: number): readonly number[] {
    const sizes = this.poolStates[pool]?.bySize;
    return sizes === undefined ? [] : sizes.take(order, count, (slot) => this.idOf(slot));
  }

  private join(pool: Pool, slot: number, sizeBytes: number): void {
    this.poolOlder[slot] = pool.newest;
    this.poolNewer[slot] = NO_SLOT;
    if (pool.newest === NO_SLOT) pool.oldest = slot;
    else this.poolNewer[pool.newest] = slot;
    pool.newest = slot;
    pool.count += 1;
    if (pool.needs.random) {
      this.memberIndex[slot] = pool.members.length;
      pool.members.push(slot);
    }
    pool.bySize?.add(slot, this.idOf(slot), sizeBytes);
  }

  private leave(pool: Pool, slot: number): void {
    const before = this.poolOlder[slot] ?? NO_SLOT;
    const after = this.poolNewer[slot] ?? NO_SLOT;
    if (before === NO_SLOT) pool.oldest = after;
    else this.poolNewer[before] = after;
    if (after === NO_SLOT) pool.newest = before;
    else this.poolOlder[after] = before;
    pool.count -= 1;
    pool.bySize?.remove(pool.count, (entry) => this.idOf(entry));
    if (!pool.needs.random) return;
    const index = this.memberIndex[slot] ?? 0;
    const last = pool.members.pop() ?? NO_SLOT;
    if (last === slot) return;
    pool.members[index] = last;
    this.memberIndex[last] = index;
  }
}
