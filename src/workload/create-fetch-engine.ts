/**
 * The fetch engine of a run: execute statements under way, each with its group of CPUs, over the live
 * text that the engine of the run reports. Counters are floors of exact sums, so they never fall.
 */
import { assert } from '../base/assert.js';
import type { ExecutePlan } from '../contract/scenario-plan.js';
import { cpuProfileNames, findCpuProfile } from '../machine/profiles/index.js';
import { CodeStream } from './code-stream.js';
import { ExecuteGroup, INSTRUCTIONS_PER_REFERENCE, type FetchTotals } from './execute-group.js';
import type { FetchCounters, FetchEngine, FetchEngineOptions } from './fetch-engine.js';
import { MISS_CHANNELS, MissChannel } from './flush-curve.js';
import type { HierarchyWatch } from './fetch-watch.js';
import { LiveText, type TextMember } from './live-text.js';
import { PTRS_PER_PMD_PAGES } from '../base/units.js';
import { Operations } from './operations.js';
import { StaleText } from './stale-text.js';
import { machineTlbConfig } from './tlb-overrides.js';

class GroupedFetchEngine implements FetchEngine {
  private readonly groups = new Map<number, ExecuteGroup>();
  private readonly live = new LiveText();
  private readonly stale: StaleText;
  private readonly totals: FetchTotals = {
    references: 0,
    misses: new Float64Array(MISS_CHANNELS),
  };
  private readonly executedPools = new Set<number>();
  /** Text that appeared since the last settled instant. */
  private readonly placed: TextMember[] = [];
  /** Operations by the stream of their statement, drawn once per seed. */
  private readonly operations = new Map<string, Operations>();
  private endedStaleFetches = 0;

  constructor(private readonly options: FetchEngineOptions) {
    this.stale = new StaleText(options.view);
  }

  get counters(): FetchCounters {
    const { references, misses } = this.totals;
    const count = (channel: number): number => Math.floor(misses[channel] ?? 0);
    const walkCompleted4K = count(MissChannel.walk4K);
    const walkCompleted2M4M = count(MissChannel.walk2M);
    let staleFetches = this.endedStaleFetches;
    for (const { stream } of this.groups.values()) staleFetches += stream.staleFetches;
    return {
      instructions: Math.floor(references * INSTRUCTIONS_PER_REFERENCE),
      references: Math.floor(references),
      stlbHit: count(MissChannel.stlbHit),
      walkCompleted: walkCompleted4K + walkCompleted2M4M,
      walkCompleted4K,
      walkCompleted2M4M,
      walkActiveCycles: count(MissChannel.walkCycles),
      staleFetches,
    };
  }

  start(index: number, plan: ExecutePlan, timeNs: number): void {
    this.advanceTo(timeNs);
    assert(!this.groups.has(index), () => `execute ${String(index)} starts once`);
    for (const { target } of plan.rows) {
      if (target.kind === 'pool') this.executedPools.add(target.pool);
    }
    const { view } = this.options;
    const { stream, watch } = this.createStream(index, plan);
    const group = new ExecuteGroup({
      ratePerSecond: plan.ratePerSecond,
      cpus: plan.cpuEnd - plan.cpuStart,
      startNs: timeNs,
      stream,
      ...(watch === undefined ? {} : { watch }),
      textVersion: () => this.live.changeCount + view.mappingVersion,
      textChanges: () => this.live.changeCount,
      textCount: () => this.live.count,
    });
    this.groups.set(index, group);
  }

  private createStream(
    index: number,
    plan: ExecutePlan,
  ): { readonly stream: CodeStream; readonly watch: HierarchyWatch | undefined } {
    const { machine, seed, view } = this.options;
    const profile = findCpuProfile(machine.cpu);
    assert(
      profile !== undefined,
      () => `CPU profile '${machine.cpu}' is one of ${cpuProfileNames.join(' ')}`,
    );
    let operations = this.operations.get(plan.stream);
    if (operations === undefined) {
      operations = new Operations(seed, plan.stream);
      this.operations.set(plan.stream, operations);
    }
    const config = machineTlbConfig(profile, machine);
    const { live, stale } = this;
    const watch = this.options.watch?.start(index, plan, config);
    const stream = new CodeStream({
      machine,
      profile,
      config,
      seed,
      plan,
      operations,
      live,
      stale,
      view,
      ...(watch === undefined ? {} : { watch }),
    });
    return { stream, watch };
  }

  end(index: number, timeNs: number): void {
    this.advanceTo(timeNs);
    const group = this.groups.get(index);
    assert(group !== undefined, () => `execute ${String(index)} runs`);
    this.endedStaleFetches += group.stream.staleFetches;
    this.groups.delete(index);
    this.options.watch?.end(index, timeNs);
  }

  textPlaced(object: number, pool: number, byte: number, sizeBytes: number): void {
    const member = this.live.place(object, pool, byte, sizeBytes);
    this.placed.push(member);
    this.options.watch?.textPlaced(member);
  }

  textGone(object: number): void {
    const member = this.live.remove(object);
    if (member !== undefined) this.options.watch?.textGone(member);
    if (member !== undefined && this.executedPools.has(member.pool)) this.stale.gone(member.pages);
  }

  flushAll(): void {
    this.stale.flushAll();
    for (const group of this.groups.values()) group.flushAll();
  }

  /**
   * Model: with page-table isolation a kernel range flush makes the other address spaces of every CPU
   * drop all they have at their next switch (invalidate_other), which is counted as a full flush.
   */
  flushRange(page: number, pages: number): void {
    this.stale.flushRange(page, pages);
    if (this.groups.size === 0) return;
    if (this.options.machine.pti) {
      for (const group of this.groups.values()) group.flushAll();
      return;
    }
    const { small, large } = this.liveLeaves(page, page + pages);
    if (small + large === 0) return;
    for (const group of this.groups.values()) group.dropLeaves(small, large);
  }

  /** Leaves in [start, end) that carry live text. */
  private liveLeaves(start: number, end: number): { small: number; large: number } {
    const { view } = this.options;
    let small = 0;
    let large = 0;
    let lastLarge = -1;
    for (let page = start; page < end; page += 1) {
      if (this.live.textsOn(page) === 0) continue;
      const level = view.leafLevel(page);
      const block = Math.floor((view.areaVpn + page) / PTRS_PER_PMD_PAGES);
      if (level === 1) small += 1;
      else if (level === 2 && block !== lastLarge) {
        large += 1;
        lastLarge = block;
      }
    }
    return { small, large };
  }

  /** The temporary mapping of a text poke is private to the poking CPU and never executed. */
  flushLocal(): void {
    return;
  }

  advanceTo(timeNs: number): void {
    this.settle();
    for (const group of this.groups.values()) group.advanceTo(timeNs, this.totals);
  }

  /** Ends the instant: text placed on pages with an outlived translation is fetched through it. */
  private settle(): void {
    this.stale.settle();
    for (const member of this.placed) {
      if (!this.executedPools.has(member.pool)) continue;
      for (const page of member.pages) {
        if (this.stale.isStale(page)) this.endedStaleFetches += 1;
      }
    }
    this.placed.length = 0;
  }
}

/** One engine per run. Asserts that the machine's CPU profile exists; throws TlbConfigError. */
export function createFetchEngine(options: FetchEngineOptions): FetchEngine {
  return new GroupedFetchEngine(options);
}
