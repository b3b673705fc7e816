/**
 * What is kept of a run whose event log is too long: states now and then, ticks, and how its requests lie
 * in time. Takes over from a log when that is full.
 */
import { DENSITY_SLICES, type MapInfo } from '../../contract/map-data.js';
import { GrowingFloats } from './growing-array.js';
import { KeptStates, type KeptStatesOptions } from './kept-states.js';
import { LOG_ENTRY_BYTES, type MapLog } from './map-log.js';
import { addressText, MapReader } from './map-reader.js';
import type { FollowedStep } from './map-recorder.js';
import { TickList } from './tick-list.js';

/** Steps that one time of the density stands for. */
const STEPS_PER_TIME = 64;

export class LongRun {
  readonly kept: KeptStates;
  private readonly ticks = new TickList();
  /** Times of every STEPS_PER_TIME-th step. */
  private readonly times = new GrowingFloats();
  private stepCount = 0;
  private weight = 0;

  /** `log`: the steps so far. */
  constructor(
    private readonly log: MapLog,
    options: KeptStatesOptions = {},
  ) {
    this.kept = new KeptStates(options);
    const reader = new MapReader(log, 0);
    for (let step = 0; step < log.stepCount; step += 1) {
      this.count(log.stepTimeNs.at(step));
      if (this.kept.wants(step)) this.kept.add(reader.moment({ kind: 'step', step }));
    }
    this.ticks.addSteps(log, 0);
    this.weight = log.weight;
  }

  take(followed: FollowedStep): void {
    const { step, log } = followed;
    this.count(log.stepTimeNs.at(0));
    this.ticks.addSteps(log, step);
    this.weight += log.weight;
    if (this.kept.wants(step)) this.kept.add(followed.moment());
  }

  about(durationNs: number, logHash: string): Omit<MapInfo, 'mapId'> {
    return {
      areaPages: this.log.areaPages,
      areaAddress: addressText(this.log, 0),
      stepCount: this.stepCount,
      durationNs,
      keptEvery: this.kept.every,
      logBytes: this.weight * LOG_ENTRY_BYTES,
      logHash,
      density: this.density(durationNs),
      ...this.ticks.finish(),
    };
  }

  private count(timeNs: number): void {
    if (this.stepCount % STEPS_PER_TIME === 0) this.times.push(timeNs);
    this.stepCount += 1;
  }

  private density(durationNs: number): readonly number[] {
    const density = new Array<number>(DENSITY_SLICES).fill(0);
    const slice = Math.max(1, durationNs) / DENSITY_SLICES;
    for (let i = 0; i < this.times.length; i += 1) {
      const at = Math.min(DENSITY_SLICES - 1, Math.floor(this.times.at(i) / slice));
      const steps = Math.min(STEPS_PER_TIME, this.stepCount - i * STEPS_PER_TIME);
      density[at] = (density[at] ?? 0) + steps;
    }
    return density;
  }
}
