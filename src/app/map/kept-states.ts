/**
 * States of a long run, evenly over it: the state after every so many-th request. When they weigh too much,
 * every second one goes. The state after the first request always stays.
 */
import type { MapMoment } from '../../contract/map-data.js';

/** Requests between two kept states at first. */
export const KEPT_EVERY_FIRST = 1000;
/** Numbers of all kept states together; about 4 bytes each. */
const KEPT_NUMBERS_MAX = 48_000_000;
/** Numbers of a moment beside its arrays, about. */
const MOMENT_NUMBERS = 100;

export interface KeptStatesOptions {
  readonly every?: number;
  readonly numbersMax?: number;
}

export class KeptStates {
  private interval: number;
  private readonly numbersMax: number;
  private moments: MapMoment[] = [];
  private numbers = 0;

  constructor(options: KeptStatesOptions = {}) {
    this.interval = options.every ?? KEPT_EVERY_FIRST;
    this.numbersMax = options.numbersMax ?? KEPT_NUMBERS_MAX;
  }

  /** Requests between two kept states. */
  get every(): number {
    return this.interval;
  }

  /** True for a step whose state is to be added. */
  wants(step: number): boolean {
    return step % this.interval === 0;
  }

  /** In order of steps. */
  add(moment: MapMoment): void {
    this.moments.push(moment);
    this.numbers += numbersOf(moment);
    while (this.numbers > this.numbersMax && this.moments.length > 2) {
      this.interval *= 2;
      this.moments = this.moments.filter(({ step }) => this.wants(step));
      this.numbers = this.moments.reduce((sum, kept) => sum + numbersOf(kept), 0);
    }
  }

  /** The last kept state at or before a time; the first one before all. */
  atTime(timeNs: number): MapMoment | undefined {
    return this.moments.findLast((moment) => moment.timeNs <= timeNs) ?? this.moments[0];
  }

  ofStep(step: number): MapMoment | undefined {
    return this.moments.find((moment) => moment.step === step);
  }
}

const numbersOf = ({ pages, extents, directMap }: MapMoment): number =>
  MOMENT_NUMBERS + pages.length + extents.length + 2 * directMap.length;
