/**
 * Operations of the fetch stream: what one kernel entry with the user code around it executes. An
 * operation is chosen by Zipf, is a fixed list of steps drawn once per seed, and is repeated before the
 * next one comes; fixed lists and repeats give the temporal correlation that independent draws lack.
 * A step names a place by a quantile, so the lists do not depend on a design or on who is alive:
 *
 *   quantile of step k of operation j = c(j) + k x golden ratio (mod 1), c(j) = j's share of the axis
 *
 * plus a fixed place inside that share. With operations drawn by their popularity, every k alone is
 * uniform, so a pool's members are met with the popularity that the row's locality asks for, while one
 * operation keeps to the same few members and pages.
 *
 * Model: exponents, lengths and repeats are assumptions; no published figures for kernel text exist.
 */
import { PrngStream, drawUnit, streamKey, type StreamKey } from '../base/prng.js';
import { ZipfRanks } from './zipf.js';

/** Kinds of operations of a machine. */
const OPERATIONS = 256;
/** Popularity of operations, exponent. */
const OPERATION_SKEW = 1;
/** Steps (page visits) of one operation, user code included. */
const STEPS_MIN = 5;
const STEPS_MAX = 60;
/** How often an operation is repeated before the next. */
const REPEATS_MIN = 4;
const REPEATS_MAX = 30;
/** Parts of kernel text that one operation visits in turn. */
const KERNEL_PARTS = 4;
/** Share of the hot text between two steps in one part. */
const KERNEL_STEP_DISTANCE = 0.0131;
const GOLDEN = 0.6180339887498949;

export class Operations {
  readonly count = OPERATIONS;
  private readonly ranks = new ZipfRanks(OPERATION_SKEW);
  private readonly steps = new Int32Array(OPERATIONS);
  /** Start and width of each operation's share of the axis. */
  private readonly starts = new Float64Array(OPERATIONS);
  private readonly placeKey: StreamKey;
  private readonly pageKey: StreamKey;

  constructor(seed: number, stream: string) {
    const draws = new PrngStream(seed, `${stream}/operations`);
    this.placeKey = streamKey(seed, `${stream}/places`);
    this.pageKey = streamKey(seed, `${stream}/pages`);
    // Popular operations must not lie side by side on the axis.
    const order = Array.from({ length: OPERATIONS }, (_, i) => i);
    for (let i = OPERATIONS - 1; i > 0; i -= 1) {
      const j = draws.below(i + 1);
      const swapped = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swapped;
    }
    let start = 0;
    for (const operation of order) {
      this.starts[operation] = start;
      start += this.share(operation);
    }
    for (let i = 0; i < OPERATIONS; i += 1) {
      this.steps[i] = STEPS_MIN + draws.below(STEPS_MAX - STEPS_MIN + 1);
    }
  }

  /** Popularity, 0..1. */
  share(operation: number): number {
    return this.ranks.share(operation, OPERATIONS);
  }

  /** The operation at a quantile of popularity. */
  at(quantile: number): number {
    return this.ranks.indexAt(quantile, OPERATIONS);
  }

  /** Steps of one repetition, all rows together. */
  stepCount(operation: number): number {
    return this.steps[operation] ?? 0;
  }

  /** Number of repetitions at a uniform draw in [0, 1). */
  repeatsAt(draw: number): number {
    return REPEATS_MIN + Math.floor(draw * (REPEATS_MAX - REPEATS_MIN + 1));
  }

  /** Quantile of step `index` of the operation in the row, [0, 1). */
  quantile(operation: number, row: number, index: number): number {
    return this.place(operation, index, this.insideShare(operation, row, index));
  }

  /**
   * Quantile of step `index` in core kernel text: an operation goes through few parts of it (entry, one
   * or two subsystems, mm), close together in the image, and keeps coming back to them.
   */
  kernelQuantile(operation: number, row: number, index: number): number {
    const part = index % KERNEL_PARTS;
    const further = Math.floor(index / KERNEL_PARTS) * KERNEL_STEP_DISTANCE;
    const value = this.place(operation, part, this.insideShare(operation, row, index)) + further;
    return value - Math.floor(value);
  }

  private place(operation: number, index: number, inside: number): number {
    const start = (this.starts[operation] ?? 0) + inside * this.share(operation);
    const value = start + index * GOLDEN;
    return value - Math.floor(value);
  }

  /** Fixed place inside the operation's share of the axis, [0, 1). */
  private insideShare(operation: number, row: number, index: number): number {
    return drawUnit(this.placeKey, (row * OPERATIONS + operation) * 1024 + index);
  }

  /** Fixed uniform draw for the page inside a member. */
  pageDraw(operation: number, row: number, index: number): number {
    return drawUnit(this.pageKey, (row * OPERATIONS + operation) * 1024 + index);
  }
}
