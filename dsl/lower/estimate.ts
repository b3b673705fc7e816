/**
 * Upper bound of the events of one run, before it starts: requests made, counting the release that
 * each creation leads to. Random arrivals count with a margin of six standard deviations.
 */
import type {
  ArrivalPlan,
  PhasePlan,
  PointPlan,
  StatementPlan,
} from '../../src/contract/scenario-plan.js';
import { foregroundDuration } from './duration.js';

const SECOND_NS = 1e9;
/** A creation and its release. */
const EVENTS_PER_CREATION = 2;
/** A phase without a duration lasts as long as its statements. */
const UNKNOWN_DURATION_NS = 0;

/** Drawn waits may last longer than their mean. */
const WAIT_MARGIN = 4;

export interface Estimate {
  readonly events: number;
  /** The top-level statement with the largest share, by site. */
  readonly largest: { readonly site: number; readonly events: number };
}

export function estimateEvents(point: PointPlan): Estimate {
  let events = 0;
  let largest = { site: -1, events: -1 };
  for (const phase of point.phases) {
    for (const statement of phase.body) {
      const count = statementEvents(statement, durationOf(phase), point);
      events += count;
      if (count > largest.events) largest = { site: statement.site, events: count };
    }
  }
  return { events, largest };
}

const durationOf = (phase: PhasePlan): number => phase.durationNs ?? UNKNOWN_DURATION_NS;

const arrivals = (arrival: ArrivalPlan, durationNs: number): number => {
  const mean = (arrival.ratePerSecond * durationNs) / SECOND_NS;
  if (arrival.kind === 'uniform') return Math.ceil(mean) + 1;
  const most = mean + 6 * Math.sqrt(mean) + 1;
  return arrival.kind === 'burst' ? most * arrival.count : most;
};

const bodyEvents = (body: readonly StatementPlan[], durationNs: number, point: PointPlan): number =>
  body.reduce((sum, plan) => sum + statementEvents(plan, durationNs, point), 0);

/** Events of one body of `every` or `arrive`, which lasts as long as its own statements wait. */
function shortBody(
  plan: { readonly body: readonly StatementPlan[] },
  durationNs: number,
  point: PointPlan,
): number {
  const lasts = foregroundDuration(plan.body, point.recordings);
  return Math.max(1, bodyEvents(plan.body, Math.min(durationNs, lasts * WAIT_MARGIN), point));
}

/** `durationNs`: how long the block around it can last. */
function statementEvents(plan: StatementPlan, durationNs: number, point: PointPlan): number {
  switch (plan.kind) {
    case 'create':
      return EVENTS_PER_CREATION;
    case 'release':
      // Each allocation is released at most once, which its creation has counted.
      return 1;
    case 'poke':
      return plan.selector.kind === 'some' &&
        plan.selector.amount.kind === 'count' &&
        plan.selector.amount.value.kind === 'fixed'
        ? plan.selector.amount.value.value
        : 1;
    case 'repeat':
      // The repetitions share the time of the block, so background work adds up to its length.
      return (
        plan.count * Math.max(1, bodyEvents(plan.body, durationNs / Math.max(1, plan.count), point))
      );
    case 'every':
      return (Math.floor(durationNs / plan.intervalNs) + 1) * shortBody(plan, durationNs, point);
    case 'arrive':
      return arrivals(plan.arrival, durationNs) * shortBody(plan, durationNs, point);
    case 'at':
      return bodyEvents(plan.body, Math.max(0, durationNs - plan.offsetNs), point);
    case 'parallel':
      return plan.branches.reduce(
        (sum, branch) => sum + plan.threads * bodyEvents(branch.body, durationNs, point),
        0,
      );
    case 'mix':
      return plan.options.reduce(
        (most, option) => Math.max(most, bodyEvents(option.body, durationNs, point)),
        0,
      );
    case 'churn': {
      const start = plan.live.kind === 'about' ? plan.live.count : 0;
      return EVENTS_PER_CREATION * (start + arrivals(plan.arrival, durationNs));
    }
    case 'start':
      return EVENTS_PER_CREATION * (point.layouts[plan.layout]?.objects.length ?? 0);
    case 'replay':
      return point.recordings[plan.recording]?.events.length ?? 0;
    case 'wait':
    case 'execute':
    case 'mark':
      return 1;
  }
}
