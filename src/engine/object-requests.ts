/**
 * Creations and releases of a request stream: fills records, keeps who is alive, and what falls due
 * by itself (lifetimes, the end of a module's init, the return of its init memory). What is due comes
 * before statements of the same instant, in the order in which it was set.
 */
import { assert } from '../base/assert.js';
import { RequestKind, type RequestRecord } from '../contract/request.js';
import { RELEASE_KINDS, initBytesOf, type Creation } from './creation.js';
import { durationNsOf, type ValueSource } from './draw-streams.js';
import { DueHeap } from './due-heap.js';
import { LiveObjects, ObjectKind, type PoolNeeds } from './live-objects.js';

const DueAction = { release: 0, initDone: 1, initFree: 2 } as const;
const DUE_ACTIONS = 4;
/** Entries of the dead that may lie in the heap beside as many live ones. */
const DEAD_ENTRIES_MIN = 4096;

export interface CreationRequest {
  readonly creation: Creation;
  readonly site: number;
  readonly pool: number;
  readonly lifetime: ValueSource | undefined;
  readonly node: ValueSource | undefined;
}

export class ObjectRequests {
  readonly objects: LiveObjects;
  private readonly due = new DueHeap();
  /** Modules that still hold init memory, by slot. */
  private readonly initBytes: number[] = [];
  private deadEntries = 0;

  constructor(
    needs: readonly PoolNeeds[],
    private readonly machine: { readonly nodes: number; readonly initFreeDelayNs: number },
  ) {
    this.objects = new LiveObjects(needs);
  }

  /** Time of the next release or init step; Infinity without one. Dead entries are dropped. */
  get dueNs(): number {
    while (this.due.size > 0 && !this.isAlive(this.due.topPayload, this.due.topOrder)) {
      this.due.pop();
      this.deadEntries -= 1;
    }
    return this.due.topTime;
  }

  /** Fills `record` with a creation at `timeNs`; returns the slot. */
  create(record: RequestRecord, timeNs: number, request: CreationRequest): number {
    const { creation, site, pool, lifetime, node } = request;
    const sizeBytes = creation.fill(record);
    const slot = this.objects.add(creation.kind, pool, sizeBytes, site);
    record.kind = creation.requestKind;
    record.timeNs = timeNs;
    record.object = this.objects.idOf(slot);
    record.site = site;
    record.pool = pool;
    record.node = node === undefined ? -1 : this.nodeOf(node);
    record.process = -1;
    const initTimeNs = creation.initTimeNs();
    if (initTimeNs >= 0) {
      this.initBytes[slot] = initBytesOf(record);
      const order = this.push(timeNs + initTimeNs, slot, DueAction.initDone);
      this.objects.setInitOrder(slot, order);
    }
    if (lifetime !== undefined) {
      const dueNs = timeNs + durationNsOf(lifetime);
      this.objects.setReleaseOrder(slot, this.push(dueNs, slot, DueAction.release));
    }
    return slot;
  }

  /** Fills `record` with the release of a live slot, asked for by `site`. */
  release(record: RequestRecord, timeNs: number, slot: number, site: number): void {
    this.fill(record, timeNs, slot, site);
    record.kind = RELEASE_KINDS[this.objects.kindOf(slot)] ?? RequestKind.free;
    if (this.objects.releaseOrder(slot) >= 0) this.deadEntries += 1;
    if (this.objects.initOrder(slot) >= 0) this.deadEntries += 1;
    this.objects.remove(slot);
    if (this.deadEntries > DEAD_ENTRIES_MIN && this.deadEntries * 2 > this.due.size) this.sweep();
  }

  /** Fills `record` with a rewrite of a live slot's text. */
  poke(record: RequestRecord, timeNs: number, slot: number, site: number): void {
    this.fill(record, timeNs, slot, site);
    record.kind = RequestKind.poke;
  }

  /** Fills `record` with what is due first; only after `dueNs` told its time. */
  takeDue(record: RequestRecord): void {
    const timeNs = this.due.topTime;
    const payload = this.due.topPayload;
    assert(timeNs < Infinity, 'something is due');
    this.due.pop();
    const slot = Math.floor(payload / DUE_ACTIONS);
    const action = payload % DUE_ACTIONS;
    const site = this.objects.siteOf(slot);
    if (action === DueAction.release) {
      this.objects.setReleaseOrder(slot, -1);
      this.release(record, timeNs, slot, site);
      return;
    }
    this.fill(record, timeNs, slot, site);
    this.objects.setInitOrder(slot, -1);
    if (action === DueAction.initFree) {
      record.kind = RequestKind.freeModuleInit;
      return;
    }
    record.kind = RequestKind.moduleInitDone;
    if ((this.initBytes[slot] ?? 0) === 0) return;
    const freeNs = timeNs + this.machine.initFreeDelayNs;
    this.objects.setInitOrder(slot, this.push(freeNs, slot, DueAction.initFree));
  }

  private fill(record: RequestRecord, timeNs: number, slot: number, site: number): void {
    record.timeNs = timeNs;
    record.object = this.objects.idOf(slot);
    record.pool = this.objects.poolOf(slot);
    record.sizeBytes = this.objects.sizeOf(slot);
    record.site = site;
    record.variant = 0;
    record.node = -1;
  }

  private push(timeNs: number, slot: number, action: number): number {
    return this.due.push(timeNs, slot * DUE_ACTIONS + action);
  }

  private nodeOf(node: ValueSource): number {
    return Math.min(this.machine.nodes - 1, Math.max(0, Math.round(node.next())));
  }

  private isAlive(payload: number, order: number): boolean {
    const slot = Math.floor(payload / DUE_ACTIONS);
    const pending =
      payload % DUE_ACTIONS === DueAction.release
        ? this.objects.releaseOrder(slot)
        : this.objects.initOrder(slot);
    return pending === order;
  }

  private sweep(): void {
    this.due.sweep((payload, order) => this.isAlive(payload, order));
    this.deadEntries = 0;
  }

  /** True while the object of this id lives in the slot. */
  isLive(slot: number, object: number): boolean {
    return slot >= 0 && this.objects.idOf(slot) === object;
  }

  isModule(slot: number): boolean {
    return this.objects.kindOf(slot) === ObjectKind.module;
  }
}
