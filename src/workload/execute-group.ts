/**
 * One execute statement under way: the CPUs that it names, all alike, stand for one simulated CPU.
 *
 * Model: a busy CPU makes 5e7 references a second (1.2e9 instructions at 24 a reference). The rate of an
 * execute statement, shared among its CPUs, counts an even sample of them, as a profiler would: misses
 * are those of the full stream, scaled by the rate. A statement that asks for more than 5e7 a second and
 * CPU has CPUs that are that much faster. The stream is simulated in windows, cold ones after a flush
 * and warm ones, at most 10 and usually 1 per simulated second; between windows the counts follow the
 * curve of misses since the last flush (flush-curve.ts). test/unit/workload/fetch-engine.test.ts sets
 * this against a simulation of every reference.
 */
import type { CodeStream, TextMix } from './code-stream.js';
import type { HierarchyWatch } from './fetch-watch.js';
import { FlushCurve, MISS_CHANNELS, MissChannel } from './flush-curve.js';

/** References of one busy CPU per second. */
export const CPU_REFERENCES_PER_SECOND = 5e7;
/** Kernel basic blocks have 5 or 6 instructions; a call or return every 20 to 30 changes the page. */
export const INSTRUCTIONS_PER_REFERENCE = 24;

const NS_PER_SECOND = 1e9;
/** Regular windows, ns after the start of the statement: 0, 100 ms, 300 ms, 700 ms, then every second. */
const FIRST_GAP_NS = 1e8;
const GAP_NS = 1e9;
/** Of so many regular windows one is cold. */
const COLD_EVERY = 4;
/** A text that changed by more than this share gets a window at once, at most one per FIRST_GAP_NS. */
const CHANGE_SHARE = 0.2;
/** Windows of unchanged text after which more tell nothing new. */
const CONFIDENT_WINDOWS = 16;

/** Totals of all groups by MissChannel. */
export interface FetchTotals {
  references: number;
  readonly misses: Float64Array;
}

export interface ExecuteGroupParts {
  readonly ratePerSecond: number;
  readonly cpus: number;
  readonly startNs: number;
  readonly stream: CodeStream;
  readonly watch?: HierarchyWatch;
  /** Rises with everything that may change where code lies. */
  readonly textVersion: () => number;
  /** Appearances and departures of text so far, and how much text is live. */
  readonly textChanges: () => number;
  readonly textCount: () => number;
}

export class ExecuteGroup {
  private readonly curve = new FlushCurve();
  private readonly cpuReferencesPerNs: number;
  private timeNs: number;
  private sinceFlush = 0;
  private nextWindowNs: number;
  private gapNs = FIRST_GAP_NS;
  private windowNumber = 0;
  private lastWindowNs = -Infinity;
  private seenVersion = -1;
  private seenChanges = 0;
  private mix: TextMix | undefined;
  /** Leaves that a range flush dropped and that run on, by MissChannel. */
  private droppedLeaves = new Float64Array(MISS_CHANNELS);

  constructor(private readonly parts: ExecuteGroupParts) {
    this.timeNs = parts.startNs;
    this.nextWindowNs = parts.startNs;
    const perCpu = parts.ratePerSecond / Math.max(1, parts.cpus);
    this.cpuReferencesPerNs = Math.max(CPU_REFERENCES_PER_SECOND, perCpu) / NS_PER_SECOND;
  }

  get stream(): CodeStream {
    return this.parts.stream;
  }

  flushAll(): void {
    this.sinceFlush = 0;
    this.droppedLeaves.fill(0);
  }

  /** Live text lies on these leaves, which every CPU dropped. */
  dropLeaves(small: number, large: number): void {
    const { droppedLeaves } = this;
    droppedLeaves[MissChannel.walk4K] = (droppedLeaves[MissChannel.walk4K] ?? 0) + small;
    droppedLeaves[MissChannel.walk2M] = (droppedLeaves[MissChannel.walk2M] ?? 0) + large;
  }

  /** Counts up to `timeNs`. */
  advanceTo(timeNs: number, totals: FetchTotals): void {
    if (timeNs <= this.timeNs) return;
    this.runDueWindows(timeNs);
    const elapsedNs = timeNs - this.timeNs;
    this.timeNs = timeNs;
    const references = (this.parts.ratePerSecond * elapsedNs) / NS_PER_SECOND;
    const cpuReferences = elapsedNs * this.cpuReferencesPerNs;
    const scale = references / cpuReferences;
    const before = this.sinceFlush;
    this.sinceFlush += cpuReferences;
    totals.references += references;
    const { misses } = totals;
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      const count = this.curve.total(channel, this.sinceFlush) - this.curve.total(channel, before);
      misses[channel] = (misses[channel] ?? 0) + count * scale;
    }
    this.countDropped(misses, scale);
  }

  /** Each CPU walks for a dropped leaf once; the counters see a sample of it, as of all misses. */
  private countDropped(misses: Float64Array, scale: number): void {
    const { droppedLeaves, curve } = this;
    const leaves =
      (droppedLeaves[MissChannel.walk4K] ?? 0) + (droppedLeaves[MissChannel.walk2M] ?? 0);
    if (leaves === 0) return;
    const walks = curve.warm(MissChannel.walk4K) + curve.warm(MissChannel.walk2M);
    const cycles = walks > 0 ? curve.warm(MissChannel.walkCycles) / walks : 0;
    droppedLeaves[MissChannel.walkCycles] = leaves * cycles;
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      misses[channel] = (misses[channel] ?? 0) + (droppedLeaves[channel] ?? 0) * scale;
    }
    droppedLeaves.fill(0);
  }

  private runDueWindows(timeNs: number): void {
    if (this.mix === undefined) {
      this.runWindow(true, 'cold', this.timeNs);
      this.runWindow(false, 'warm', this.timeNs);
      this.lastWindowNs = this.timeNs;
    }
    while (this.nextWindowNs <= timeNs) {
      this.windowNumber += 1;
      const isSettled =
        this.curve.confidence >= CONFIDENT_WINDOWS && this.parts.textVersion() === this.seenVersion;
      if (!isSettled && this.windowNumber > 1) {
        const isCold = this.windowNumber % COLD_EVERY === 0;
        this.runWindow(isCold, String(this.windowNumber), this.nextWindowNs);
        this.lastWindowNs = this.nextWindowNs;
      }
      this.nextWindowNs += this.gapNs;
      this.gapNs = Math.min(GAP_NS, this.gapNs * 2);
    }
    this.runForChange();
  }

  /** A window out of turn when much of the text has changed since the last one. */
  private runForChange(): void {
    if (this.timeNs - this.lastWindowNs < FIRST_GAP_NS) return;
    const changes = this.parts.textChanges() - this.seenChanges;
    if (changes === 0 || changes < CHANGE_SHARE * this.parts.textCount()) return;
    const number = Math.floor((this.timeNs - this.parts.startNs) / FIRST_GAP_NS);
    this.runWindow(true, `change ${String(number)}`, this.timeNs);
    this.runWindow(false, `changed ${String(number)}`, this.timeNs);
    this.lastWindowNs = this.timeNs;
  }

  private runWindow(isCold: boolean, key: string, timeNs: number): void {
    const { stream, watch } = this.parts;
    const { references, totals, cumulative, mix } = stream.runWindow(key, isCold);
    watch?.window(timeNs, isCold);
    if (this.mix !== undefined) this.curve.forget(changeBetween(this.mix, mix));
    this.mix = mix;
    this.seenVersion = this.parts.textVersion();
    this.seenChanges = this.parts.textChanges();
    if (isCold) {
      this.curve.addCold(cumulative);
      return;
    }
    for (let channel = 0; channel < MISS_CHANNELS; channel += 1) {
      totals[channel] = (totals[channel] ?? 0) / references;
    }
    this.curve.addWarm(totals);
  }
}

/** How much two windows differ in text, 0..1. */
function changeBetween(before: TextMix, after: TextMix): number {
  let share = Math.abs(after.largeShare - before.largeShare);
  after.members.forEach((members, row) => {
    const others = before.members[row] ?? 0;
    const most = Math.max(members, others);
    if (most > 0) share = Math.max(share, Math.abs(members - others) / most);
  });
  return Math.min(1, share);
}
