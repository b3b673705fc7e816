/** When which metrics are sampled, from the probes of a scenario. */
import type { ProbePlan } from '../contract/scenario-plan.js';
import type { MetricRecorder, MetricRecording } from './metric-recorder.js';

/** What a probe may take besides metrics. */
const SNAPSHOT = 'layout_snapshot';

export interface Probe {
  readonly plan: ProbePlan;
  readonly recordings: readonly MetricRecording[];
  readonly snapshot: boolean;
}

interface PeriodicProbe extends Probe {
  readonly intervalNs: number;
  count: number;
}

export class ProbeSchedule {
  private readonly periodic: readonly PeriodicProbe[];
  private readonly others: readonly Probe[];
  /** Time of the next periodic sample; Infinity without one. */
  nextNs: number;

  constructor(plans: readonly ProbePlan[], recorder: MetricRecorder) {
    const probes = plans.map((plan) => ({
      plan,
      recordings: plan.metrics.flatMap((name) => recorder.find(name) ?? []),
      snapshot: plan.metrics.includes(SNAPSHOT),
    }));
    this.periodic = probes.flatMap((probe) =>
      probe.plan.when.kind === 'every'
        ? [{ ...probe, intervalNs: probe.plan.when.intervalNs, count: 0 }]
        : [],
    );
    this.others = probes.filter(({ plan }) => plan.when.kind !== 'every');
    this.nextNs = this.periodic.length === 0 ? Infinity : 0;
  }

  /** Names of metrics that some probe takes: they get a series. */
  static probed(plans: readonly ProbePlan[]): ReadonlySet<string> {
    return new Set(plans.flatMap((plan) => plan.metrics));
  }

  /** Takes what is due at `nextNs`. */
  takeNext(take: (probe: Probe) => void): void {
    const timeNs = this.nextNs;
    this.nextNs = Infinity;
    for (const probe of this.periodic) {
      if (probe.count * probe.intervalNs === timeNs) {
        probe.count += 1;
        take(probe);
      }
      this.nextNs = Math.min(this.nextNs, probe.count * probe.intervalNs);
    }
  }

  takeMark(text: string, take: (probe: Probe) => void): void {
    for (const probe of this.others) {
      if (probe.plan.when.kind === 'mark' && probe.plan.when.text === text) take(probe);
    }
  }

  /** Probes at the end of a phase; those without a phase belong to the end of each. */
  takeEnd(phase: string, take: (probe: Probe) => void): void {
    for (const probe of this.others) {
      const { when } = probe.plan;
      if (when.kind === 'end' && (when.phase === undefined || when.phase === phase)) take(probe);
    }
  }
}
