/**
 * Requests that each line is expected to make in one run of the first sweep point, from the means of
 * arrivals and repetitions, and what a phase is expected to do. Known before anything runs.
 */
import type {
  ArrivalPlan,
  PhasePlan,
  PointPlan,
  StatementPlan,
} from '../../src/contract/scenario-plan.js';
import { foregroundDuration } from '../lower/duration.js';
import type { LanguageDocument } from './document.js';

export interface LineCount {
  /** From 1. */
  readonly line: number;
  /** Creations, releases and pokes of statements on this line; may be a fraction. */
  readonly requests: number;
}

export interface PhaseFacts {
  readonly name: string;
  /** Expected requests of all its statements. */
  readonly requests: number;
  /** Duration, or the expected one of a phase that ends with its statements. */
  readonly durationNs: number;
}

const SECOND_NS = 1e9;

const arrivals = (arrival: ArrivalPlan, durationNs: number): number => {
  const count = (arrival.ratePerSecond * durationNs) / SECOND_NS;
  return arrival.kind === 'burst' ? count * arrival.count : count;
};

class Counter {
  readonly bySite = new Map<number, number>();

  constructor(private readonly point: PointPlan) {}

  private add(site: number, requests: number): void {
    this.bySite.set(site, (this.bySite.get(site) ?? 0) + requests);
  }

  body(plans: readonly StatementPlan[], times: number, durationNs: number): void {
    for (const plan of plans) this.statement(plan, times, durationNs);
  }

  private statement(plan: StatementPlan, times: number, durationNs: number): void {
    switch (plan.kind) {
      case 'create':
      case 'release':
      case 'poke':
        this.add(plan.site, times);
        return;
      case 'repeat':
        this.body(plan.body, times * plan.count, durationNs / Math.max(1, plan.count));
        return;
      case 'every':
        // It starts at once, and the instant at the end of the block is no longer part of it.
        this.body(plan.body, times * Math.max(1, Math.ceil(durationNs / plan.intervalNs)), 0);
        return;
      case 'arrive':
        this.body(plan.body, times * arrivals(plan.arrival, durationNs), 0);
        return;
      case 'at':
        this.body(plan.body, times, Math.max(0, durationNs - plan.offsetNs));
        return;
      case 'parallel':
        for (const { body } of plan.branches) this.body(body, times * plan.threads, durationNs);
        return;
      case 'mix':
        for (const { weight, body } of plan.options) this.body(body, times * weight, durationNs);
        return;
      case 'churn': {
        const start = plan.live.kind === 'about' ? plan.live.count : 0;
        this.add(plan.item.site, times * (start + arrivals(plan.arrival, durationNs)));
        return;
      }
      case 'start':
        this.add(plan.site, times * (this.point.layouts[plan.layout]?.objects.length ?? 0));
        return;
      case 'replay': {
        const events = this.point.recordings[plan.recording]?.events ?? [];
        const part = events.filter(({ timeNs }) => timeNs >= plan.fromNs && timeNs <= plan.toNs);
        this.add(plan.site, times * part.length);
        return;
      }
      case 'wait':
      case 'execute':
      case 'mark':
        return;
    }
  }
}

const durationOf = (phase: PhasePlan, point: PointPlan): number =>
  phase.durationNs ?? foregroundDuration(phase.body, point.recordings);

const firstPoint = (document: LanguageDocument): PointPlan | undefined =>
  document.elaboration.plan?.points[0];

/** Lines of the document with what they are expected to ask for; none while there are errors. */
export function requestCounts(document: LanguageDocument): readonly LineCount[] {
  const point = firstPoint(document);
  if (point === undefined) return [];
  const counter = new Counter(point);
  for (const phase of point.phases) counter.body(phase.body, 1, durationOf(phase, point));
  const byLine = new Map<number, number>();
  for (const [site, requests] of counter.bySite) {
    const place = point.sites[site];
    if (place === undefined || place.source !== undefined) continue;
    byLine.set(place.line, (byLine.get(place.line) ?? 0) + requests);
  }
  return [...byLine]
    .map(([line, requests]) => ({ line, requests }))
    .sort((a, b) => a.line - b.line);
}

/** What the phases are expected to do; none while there are errors. */
export function phaseFacts(document: LanguageDocument): readonly PhaseFacts[] {
  const point = firstPoint(document);
  return point === undefined ? [] : phaseFactsOf(point);
}

/** What the phases of a sweep point are expected to do. */
export function phaseFactsOf(point: PointPlan): readonly PhaseFacts[] {
  return point.phases.map((phase) => {
    const durationNs = durationOf(phase, point);
    const counter = new Counter(point);
    counter.body(phase.body, 1, durationNs);
    const requests = [...counter.bySite.values()].reduce((sum, count) => sum + count, 0);
    return { name: phase.name, requests, durationNs };
  });
}
