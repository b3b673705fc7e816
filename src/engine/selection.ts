/** Whom a release or a poke takes: walks over a pool in the order that the statement asks for. */
import type { RequestRecord } from '../contract/request.js';
import { NO_SLOT, type LiveObjects } from './live-objects.js';
import type { ObjectRequests } from './object-requests.js';
import type { Selection } from './stream-program.js';

/** Something that fills one record after another at one instant; false when it is through. */
export interface Bulk {
  next(record: RequestRecord): boolean;
}

export interface Taken {
  readonly bulk: Bulk | undefined;
  /** Members asked for that the pool did not hold. */
  readonly missing: number;
}

interface Asking {
  readonly requests: ObjectRequests;
  readonly timeNs: number;
  readonly site: number;
}

/** Members that a selection takes now, and how many it misses. */
export function countOf(
  selection: Selection,
  objects: LiveObjects,
): {
  readonly pool: number;
  readonly count: number;
  readonly missing: number;
} {
  const { plan, amount } = selection;
  if (plan.kind === 'handle') return { pool: -1, count: 0, missing: 0 };
  const held = objects.count(plan.pool);
  if (plan.kind === 'all') return { pool: plan.pool, count: held, missing: 0 };
  const value = amount?.next() ?? 0;
  const wanted =
    plan.amount.kind === 'share' ? Math.floor(held * value + 0.5) : Math.max(0, Math.round(value));
  const count = Math.min(held, wanted);
  return { pool: plan.pool, count, missing: wanted - count };
}

/** Releases the members that the selection names, one record each. */
export function releaseBulk(selection: Selection, asking: Asking): Taken {
  const { requests, timeNs, site } = asking;
  const { objects } = requests;
  const { pool, count, missing } = countOf(selection, objects);
  const order = selection.plan.kind === 'some' ? selection.plan.order : 'oldest';
  const sorted =
    order === 'largest' || order === 'smallest' ? objects.bySize(pool, order, count) : [];
  let done = 0;
  const pick = (): number => {
    switch (order) {
      case 'oldest':
        return objects.oldest(pool);
      case 'newest':
        return objects.newest(pool);
      case 'random':
        return objects.member(pool, selection.stream?.below(objects.count(pool)) ?? 0);
      case 'largest':
      case 'smallest':
        return sorted[done] ?? NO_SLOT;
    }
  };
  const next = (record: RequestRecord): boolean => {
    if (done >= count) return false;
    const slot = pick();
    done += 1;
    requests.release(record, timeNs, slot, site);
    return true;
  };
  return { bulk: count === 0 ? undefined : { next }, missing };
}

/** Pokes the members that the selection names; nobody twice. */
export function pokeBulk(selection: Selection, asking: Asking): Taken {
  const { requests, timeNs, site } = asking;
  const { objects } = requests;
  const { pool, count, missing } = countOf(selection, objects);
  const order = selection.plan.kind === 'some' ? selection.plan.order : 'oldest';
  const sorted =
    order === 'largest' || order === 'smallest' ? objects.bySize(pool, order, count) : [];
  let slot = order === 'newest' ? objects.newest(pool) : objects.oldest(pool);
  let done = 0;
  const pick = (): number => {
    if (order === 'largest' || order === 'smallest') return sorted[done] ?? NO_SLOT;
    if (order === 'random') {
      const left = objects.count(pool) - done;
      objects.swapMembers(pool, selection.stream?.below(left) ?? 0, left - 1);
      return objects.member(pool, left - 1);
    }
    const current = slot;
    slot = order === 'newest' ? objects.previous(slot, pool) : objects.next(slot, pool);
    return current;
  };
  const next = (record: RequestRecord): boolean => {
    if (done >= count) return false;
    const taken = pick();
    done += 1;
    requests.poke(record, timeNs, taken, site);
    return true;
  };
  return { bulk: count === 0 ? undefined : { next }, missing };
}
