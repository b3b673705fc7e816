/**
 * The event log of a run as it happens: counts of effects, what caused them, the hash of it all, and
 * a listener for those who want every event. Nothing is kept per event.
 */
import { RequestKind, type RequestRecord } from '../contract/request.js';
import type { PointPlan } from '../contract/scenario-plan.js';
import { EFFECT_KIND_NAMES, type EffectKind } from '../contract/sim-event.js';
import type { EffectSink } from '../mm/kernel-mm.js';
import { CauseTable } from './cause-table.js';
import { effectCostNs } from './cost-model.js';
import { LogHash, textHash } from './log-hash.js';

/** One line of an event file. */
export type SimEvent =
  | {
      readonly event: 'request';
      readonly timeNs: number;
      readonly kind: RequestKind;
      readonly object: number;
      /** Pool of a created object, -1 for none. */
      readonly pool: number;
      readonly line: number;
      readonly sizeBytes: number;
      readonly text: string;
    }
  | {
      readonly event: 'effect';
      readonly timeNs: number;
      readonly kind: EffectKind;
      readonly page: number;
      readonly amount: number;
      readonly path: string;
    };

export type EventListener = (event: SimEvent) => void;

/** Mark between requests and effects in the hash. */
const EFFECT_TAG = 256;

export class EventLedger {
  readonly causes: CauseTable;
  readonly effectCounts = new Float64Array(EFFECT_KIND_NAMES.length);
  readonly effectAmounts = new Float64Array(EFFECT_KIND_NAMES.length);
  effectTotal = 0;
  /** Statement behind what happens now, -1 for none. */
  site = -1;
  /** Takes an effect of the machine or of a design. */
  readonly sink: EffectSink;
  private readonly hash = new LogHash();
  private phase = -1;
  private timeNs = 0;
  private context = -1;
  private costNs = 0;

  constructor(
    private readonly point: PointPlan,
    private readonly listener: EventListener | undefined,
  ) {
    this.causes = new CauseTable(point.sites, point.phases);
    this.sink = (kind, page, amount, path) => this.effect(kind, page, amount, path);
  }

  /** A request happens; effects until the next one are its own. */
  request(record: RequestRecord, timeNs: number): void {
    this.site = record.site;
    this.context = -1;
    this.timeNs = timeNs;
    const { hash } = this;
    hash.add(record.kind);
    hash.add(timeNs);
    hash.add(record.object);
    if (record.kind === RequestKind.mark) hash.add(textHash(record.text));
    if (record.kind <= RequestKind.poke) hash.add(record.sizeBytes);
    if (record.kind >= RequestKind.note) hash.add(record.amount);
    if (this.listener !== undefined) this.tellRequest(record, this.listener);
  }

  startPhase(phase: number, timeNs: number): void {
    this.border(phase, timeNs, RequestKind.phaseStart);
  }

  endPhase(timeNs: number): void {
    this.border(this.phase, timeNs, RequestKind.phaseEnd);
  }

  /** Counts something of the current request that is no effect. */
  cause(kind: number, count: number, amount: number): void {
    this.causes.add(this.currentContext(), kind, this.causes.path(''), count, amount);
  }

  /** Counts something that several statements did together. */
  causeOf(sites: readonly number[], kind: number, count: number): void {
    const context = this.causes.sharedContext(this.phase, sites);
    this.causes.add(context, kind, this.causes.path(''), count, count);
    this.hash.add(count);
  }

  /** Time that the effects since the last call take, ns. */
  takeCostNs(): number {
    const { costNs } = this;
    this.costNs = 0;
    return costNs;
  }

  digest(): string {
    return this.hash.digest();
  }

  private effect(kind: EffectKind, page: number, amount: number, path: string): void {
    const { hash, causes } = this;
    const pathId = causes.path(path);
    this.effectTotal += 1;
    this.effectCounts[kind] = (this.effectCounts[kind] ?? 0) + 1;
    this.effectAmounts[kind] = (this.effectAmounts[kind] ?? 0) + amount;
    causes.add(this.currentContext(), kind, pathId, 1, amount);
    hash.add(EFFECT_TAG + kind);
    hash.add(page);
    hash.add(amount);
    hash.add(causes.pathHash(pathId));
    this.costNs += effectCostNs(kind, amount, this.point.machine.cpus);
    if (this.listener === undefined) return;
    const { timeNs } = this;
    this.listener({ event: 'effect', timeNs, kind, page, amount, path });
  }

  private currentContext(): number {
    if (this.context < 0) this.context = this.causes.context(this.phase, this.site);
    return this.context;
  }

  private border(phase: number, timeNs: number, kind: RequestKind): void {
    this.phase = phase;
    this.site = -1;
    this.context = -1;
    this.timeNs = timeNs;
    this.hash.add(kind);
    this.hash.add(timeNs);
    const text = this.point.phases[phase]?.name ?? '';
    const line = 0;
    const none = { object: -1, pool: -1, line, sizeBytes: 0 };
    this.listener?.({ event: 'request', timeNs, kind, ...none, text });
  }

  private tellRequest(record: RequestRecord, listener: EventListener): void {
    const { kind, object, pool, sizeBytes, site } = record;
    const isSized = kind >= RequestKind.loadModule && kind <= RequestKind.poke;
    listener({
      event: 'request',
      timeNs: this.timeNs,
      kind,
      object,
      pool,
      line: this.point.sites[site]?.line ?? 0,
      sizeBytes: isSized ? sizeBytes : 0,
      text: kind === RequestKind.mark ? record.text : (this.point.sites[site]?.label ?? ''),
    });
  }
}
