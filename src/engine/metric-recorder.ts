/**
 * Samples the metrics of a run: all of them at the borders of phases, those of a probe at its times.
 * A metric that has no value in this run (a ratio over nothing, a gauge of another design) is absent
 * from the result rather than 0.
 */
import {
  isRatio,
  type MetricDefinition,
  type MetricSource,
  type RatioMetric,
} from '../contract/metric-source.js';
import type { PhaseStatistics, SeriesResult } from '../contract/run-result.js';
import { PhaseTrack, SeriesRecorder } from './metric-track.js';

/** Totals of a ratio at an earlier instant. */
interface Totals {
  numerator: number;
  denominator: number;
}

export class MetricRecording {
  readonly track: PhaseTrack;
  private readonly series: SeriesRecorder | undefined;
  private readonly sampled: Totals = { numerator: 0, denominator: 0 };
  private readonly phaseStart: Totals = { numerator: 0, denominator: 0 };

  constructor(
    readonly definition: MetricDefinition,
    private readonly source: MetricSource,
    hasSeries: boolean,
  ) {
    this.track = new PhaseTrack(isRatio(definition));
    this.series = hasSeries ? new SeriesRecorder() : undefined;
  }

  startPhase(timeNs: number): void {
    const { definition, source } = this;
    this.track.start(timeNs);
    if (!isRatio(definition)) return;
    this.phaseStart.numerator = definition.numerator(source);
    this.phaseStart.denominator = definition.denominator(source);
  }

  /** Value now; a ratio over the time since the phase began. */
  current(): number | undefined {
    const { definition } = this;
    return isRatio(definition)
      ? this.quotientSince(definition, this.phaseStart)
      : definition.read(this.source);
  }

  sample(timeNs: number): void {
    const { definition, source, sampled } = this;
    let value: number | undefined;
    if (isRatio(definition)) {
      value = this.quotientSince(definition, sampled);
      if (value === undefined) return;
      sampled.numerator = definition.numerator(source);
      sampled.denominator = definition.denominator(source);
    } else {
      value = definition.read(source);
      if (value === undefined) return;
    }
    this.track.add(timeNs, value);
    this.series?.add(timeNs, value);
  }

  statistics(endNs: number): PhaseStatistics | undefined {
    const { definition } = this;
    const mean = isRatio(definition) ? this.quotientSince(definition, this.phaseStart) : undefined;
    return this.track.statistics(endNs, mean);
  }

  seriesResult(): SeriesResult | undefined {
    const result = this.series?.result(this.definition.info.name);
    return result === undefined || result.timesNs.length === 0 ? undefined : result;
  }

  private quotientSince(definition: RatioMetric, since: Totals): number | undefined {
    const denominator = definition.denominator(this.source) - since.denominator;
    if (denominator <= 0) return undefined;
    const numerator = definition.numerator(this.source) - since.numerator;
    return (definition.scale * numerator) / denominator;
  }
}

export class MetricRecorder {
  readonly recordings: readonly MetricRecording[];
  private readonly byName: ReadonlyMap<string, MetricRecording>;

  constructor(
    definitions: readonly MetricDefinition[],
    source: MetricSource,
    probed: ReadonlySet<string>,
  ) {
    this.recordings = definitions.map(
      (definition) => new MetricRecording(definition, source, probed.has(definition.info.name)),
    );
    this.byName = new Map(this.recordings.map((entry) => [entry.definition.info.name, entry]));
  }

  find(name: string): MetricRecording | undefined {
    return this.byName.get(name);
  }

  startPhase(timeNs: number): void {
    for (const recording of this.recordings) {
      recording.startPhase(timeNs);
      if (!isRatio(recording.definition)) recording.sample(timeNs);
    }
  }

  /** Last samples of the phase, then its statistics by metric name. */
  endPhase(timeNs: number): Readonly<Record<string, PhaseStatistics>> {
    const metrics: Record<string, PhaseStatistics> = {};
    for (const recording of this.recordings) {
      recording.sample(timeNs);
      const statistics = recording.statistics(timeNs);
      if (statistics !== undefined) metrics[recording.definition.info.name] = statistics;
    }
    return metrics;
  }

  seriesResults(): readonly SeriesResult[] {
    return this.recordings.flatMap((recording) => recording.seriesResult() ?? []);
  }
}
