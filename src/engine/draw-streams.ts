/**
 * The random streams of one run: one per address, each with its own position. Draw i of a stream
 * depends on the seed, the address and i only (base/prng.ts).
 */
import { drawUnit, streamKey, type StreamKey } from '../base/prng.js';
import type { ValuePlan } from '../contract/scenario-plan.js';
import { samplerOf, type Sampler } from './sample-distribution.js';

/** A stream with its position; shared by all instances of a statement. */
export class DrawStream {
  private readonly key: StreamKey;
  private position = 0;

  constructor(seed: number, address: string) {
    this.key = streamKey(seed, address);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    const value = drawUnit(this.key, this.position);
    this.position += 1;
    return value;
  }

  /** Uniform whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }
}

/** Gives the next value of a plan each time. */
export interface ValueSource {
  next(): number;
}

class FixedValue implements ValueSource {
  constructor(private readonly value: number) {}

  next(): number {
    return this.value;
  }
}

class DrawnValue implements ValueSource {
  constructor(
    private readonly stream: DrawStream,
    private readonly sample: Sampler,
  ) {}

  next(): number {
    return this.sample(this.stream.unit());
  }
}

export class DrawStreams {
  private readonly byAddress = new Map<string, DrawStream>();

  constructor(readonly seed: number) {}

  stream(address: string): DrawStream {
    const known = this.byAddress.get(address);
    if (known !== undefined) return known;
    const made = new DrawStream(this.seed, address);
    this.byAddress.set(address, made);
    return made;
  }

  value(plan: ValuePlan): ValueSource {
    return plan.kind === 'fixed'
      ? new FixedValue(plan.value)
      : new DrawnValue(this.stream(plan.stream), samplerOf(plan.distribution));
  }
}

/** Whole bytes, rounded up; at least `min`. */
export const sizeBytesOf = (source: ValueSource, min: number): number =>
  Math.max(min, Math.ceil(source.next()));

/** Whole nanoseconds, rounded to nearest, not negative. */
export const durationNsOf = (source: ValueSource): number => Math.max(0, Math.round(source.next()));
