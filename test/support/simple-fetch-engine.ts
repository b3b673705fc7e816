/**
 * A FetchEngine for tests of the engine: one walk for every tenth reference while statements run, and
 * a log of what it is told.
 */
import type { ExecutePlan } from '../../src/contract/scenario-plan.js';
import { NO_FETCHES, type FetchEngine } from '../../src/workload/fetch-engine.js';

const REFERENCES_PER_WALK = 10;
const INSTRUCTIONS_PER_REFERENCE = 24;
const CYCLES_PER_WALK = 30;

export class SimpleFetchEngine implements FetchEngine {
  readonly counters = { ...NO_FETCHES };
  readonly log: string[] = [];
  private readonly rates = new Map<number, number>();
  private nowNs = 0;
  private exact = 0;

  start(index: number, plan: ExecutePlan, timeNs: number): void {
    this.advanceTo(timeNs);
    this.rates.set(index, plan.ratePerSecond);
    this.log.push(`start ${String(index)}`);
  }

  end(index: number, timeNs: number): void {
    this.advanceTo(timeNs);
    this.rates.delete(index);
    this.log.push(`end ${String(index)}`);
  }

  textPlaced(object: number, pool: number, _byte: number, sizeBytes: number): void {
    this.log.push(`placed ${String(object)} in ${String(pool)}: ${String(sizeBytes)}`);
  }

  textGone(object: number): void {
    this.log.push(`gone ${String(object)}`);
  }

  flushAll(): void {
    this.log.push('flush all');
  }

  flushRange(_page: number, pages: number): void {
    this.log.push(`flush ${String(pages)}`);
  }

  flushLocal(): void {
    this.log.push('flush local');
  }

  advanceTo(timeNs: number): void {
    let rate = 0;
    for (const each of this.rates.values()) rate += each;
    this.exact += ((timeNs - this.nowNs) * rate) / 1e9;
    this.nowNs = timeNs;
    const { counters } = this;
    counters.references = Math.round(this.exact);
    counters.instructions = counters.references * INSTRUCTIONS_PER_REFERENCE;
    counters.walkCompleted = Math.floor(counters.references / REFERENCES_PER_WALK);
    counters.walkCompleted4K = counters.walkCompleted;
    counters.walkActiveCycles = counters.walkCompleted * CYCLES_PER_WALK;
  }
}
