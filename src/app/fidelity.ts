/**
 * Compares the prediction of a recording with what its kernel did: areas event by event, program
 * runs, module regions, snapshots, executable leaves and direct-map splits. Nothing is tolerated in
 * addresses; splits are held against the range over placements and the spread of repeated recordings.
 */
import { at } from '../base/assert.js';
import { formatAddress } from '../base/units.js';
import type { AllocatorDesign } from '../mm/allocator-design.js';
import type { Recording, RecordingEvent, RecordingSnapshot } from '../recording/recording.js';
import { moduleAreaStart } from '../recording/recorded-machine.js';
import { MODULES_END } from '../recording/recording.js';
import { explainAreas, explainRegion, explainSlot, explainText } from './fidelity-explain.js';
import {
  areaKey,
  comesBack,
  ObservedAreas,
  observedRunStart,
  type ObservedArea,
} from './fidelity-observed.js';
import { count, emptyScores, type Difference, type FidelityScores } from './fidelity-score.js';
import { SPLIT_TOLERANCE, splitsOfTwin, splitsSinceStart } from './fidelity-spread.js';
import { replayRecording } from './replay.js';
import type { AddressRange, PredictedEvent, PredictedSnapshot } from './replay-lines.js';

/** Differences kept; the scores count all of them. */
const DIFFERENCES_MAX = 5;
const PAGE_BYTES = 4096n;
const BLOCK_BYTES = 2097152n;

export interface SplitRow {
  readonly label: string;
  readonly recorded: number;
  readonly low: number;
  readonly default: number;
  readonly high: number;
  /** Largest difference between repeated recordings here; 0 without a repeat. */
  readonly spread: number;
}

export interface FidelityResult {
  readonly recording: string;
  readonly design: string;
  readonly blind: boolean;
  /** Other recordings of the same kernel and workload. */
  readonly repeats: number;
  readonly scores: FidelityScores;
  readonly splits: readonly SplitRow[];
  readonly differences: readonly Difference[];
  /** Differences beyond those kept. */
  readonly hiddenDifferences: number;
}

export interface FidelityOptions {
  readonly design: AllocatorDesign;
  readonly placements: number;
  /** Recordings of the same kernel and workload, this one included or not. */
  readonly repeats: readonly Recording[];
  /** Largest distance in splits between two boots of one workload, whichever was recorded twice. */
  readonly bootSpread: number;
}

class Comparison {
  readonly scores = emptyScores();
  readonly splits: SplitRow[] = [];
  readonly differences: Difference[] = [];
  hidden = 0;
  private readonly observed: ObservedAreas;
  private readonly predicted = new Map<string, AddressRange>();
  /** Rows already reported as different, so that one miss is told once. */
  private readonly told = new Set<string>();

  constructor(
    private readonly recording: Recording,
    private readonly repeats: readonly Recording[],
    private readonly bootSpread: number,
  ) {
    const initial = recording.snapshots[0]?.areas ?? [];
    this.observed = new ObservedAreas(initial);
    for (const [key, area] of this.observed.live) {
      this.predicted.set(key, [formatAddress(area.start), formatAddress(area.end)]);
    }
  }

  event(line: PredictedEvent, index: number): void {
    const event = at(this.recording.events, index);
    for (const range of line.vdel) this.predicted.delete(keyOf(range));
    for (const range of line.vadd) this.predicted.set(keyOf(range), range);
    // What happened before the initial state is part of it.
    const started = index >= (this.recording.snapshots[0]?.afterEvents ?? 0);
    if (event.observed.added && started) this.compareAreas(event, index);
    this.compareSlot(event, line);
    if (line.module && event.observed.sections) this.compareRegions(event, line.module.regions);
  }

  snapshot(line: PredictedSnapshot, index: number): void {
    const snapshot = at(this.recording.snapshots, index);
    if (snapshot.areas && index > 0) {
      const live = new ObservedAreas(snapshot.areas).live;
      const right = live.size === line.areas.length && line.areas.every((r) => live.has(keyOf(r)));
      count(this.scores.snapshots, right);
    }
    const modules = snapshot.pageTables?.get('modules');
    if (modules) {
      const text4K = modules.leaves4K.roX + modules.leaves4K.rwX;
      const text2M = modules.leaves2M.roX + modules.leaves2M.rwX;
      const right = text4K === line.text_4k && text2M === line.text_2m;
      if (!count(this.scores.textLeaves, right)) {
        this.differ(explainText(line, { text4K, text2M }));
      }
    }
    this.compareSplits(snapshot, line, index);
  }

  private compareAreas(event: RecordingEvent, index: number): void {
    const added = this.observed.apply(event);
    const missing = [...this.observed.live].filter(([key]) => !this.predicted.has(key));
    const extra = [...this.predicted].filter(
      ([key]) => !this.observed.live.has(key) && !comesBack(this.recording.events, index, key),
    );
    for (const area of added) {
      count(this.scores.areas, this.predicted.has(areaKey(area.start, area.end)));
    }
    if (count(this.scores.events, missing.length === 0 && extra.length === 0)) return;
    const newMissing = missing.filter(([key]) => !this.told.has(key)).map(([, area]) => area);
    const newExtra = extra.filter(([key]) => !this.told.has(key)).map(([, range]) => range);
    if (newMissing.length + newExtra.length === 0) return;
    for (const [key] of [...missing, ...extra]) this.told.add(key);
    this.differ(explainAreas(event, newMissing, newExtra));
  }

  private compareSlot(event: RecordingEvent, line: PredictedEvent): void {
    const runStart = observedRunStart(event);
    if (runStart === undefined || event.op !== 'bpfload') return;
    const end = (event.observed.address ?? 0n) + BigInt(event.jitedBytes);
    const right =
      line.slot !== undefined && BigInt(line.slot[0]) === runStart && end <= BigInt(line.slot[1]);
    if (!count(this.scores.slots, right)) this.differ(explainSlot(event, runStart, line.slot));
  }

  /** A section counts when its region starts at the page of its lowest section and ends rightly. */
  private compareRegions(
    event: RecordingEvent,
    regions: Readonly<Record<string, AddressRange>>,
  ): void {
    const areaStart = moduleAreaStart(this.recording);
    const sections = [...(event.observed.sections ?? [])].filter(
      ([, address]) => address >= areaStart && address < MODULES_END,
    );
    for (const [name, address] of sections) {
      const region = Object.entries(regions).find(
        ([, [start, end]]) => address >= BigInt(start) && address < BigInt(end),
      );
      const right = region !== undefined && this.regionIsRight(region[1], sections);
      if (!count(this.scores.regions, right)) {
        this.differ(explainRegion(event, { name, address }, region));
      }
    }
  }

  private regionIsRight(
    region: AddressRange,
    sections: readonly (readonly [string, bigint])[],
  ): boolean {
    const start = BigInt(region[0]);
    const end = BigInt(region[1]);
    let lowest: bigint | undefined;
    for (const [, address] of sections) {
      if (address < start || address >= end) continue;
      if (lowest === undefined || address < lowest) lowest = address;
    }
    if (lowest === undefined || (lowest / PAGE_BYTES) * PAGE_BYTES !== start) return false;
    // Init areas are gone and cache text shares its area: only areas of its own show their end.
    for (const area of this.observed.live.values()) {
      if (area.start === start && !isBlock(area)) return area.end === end + PAGE_BYTES;
    }
    return true;
  }

  private compareSplits(snapshot: RecordingSnapshot, line: PredictedSnapshot, index: number): void {
    const recorded = splitsSinceStart(this.recording, snapshot);
    if (recorded === undefined || index === 0) return;
    const [low, middle, high] = line.split_2m;
    const spread = this.repeats.reduce((widest, repeat) => {
      const other = splitsOfTwin(repeat, snapshot, index);
      return other === undefined ? widest : Math.max(widest, Math.abs(other - recorded));
    }, 0);
    count(this.scores.splitsInRange, recorded >= low && recorded <= high);
    const distance = Math.abs(middle - recorded);
    const share = recorded * SPLIT_TOLERANCE;
    count(this.scores.splitsNear, distance <= Math.max(spread, share));
    count(this.scores.splitsWithin, distance <= Math.max(this.bootSpread, share));
    this.splits.push({ label: snapshot.label, recorded, low, default: middle, high, spread });
  }

  private differ(difference: Difference): void {
    if (this.differences.length < DIFFERENCES_MAX) this.differences.push(difference);
    else this.hidden += 1;
  }
}

/** A block of the ROX cache holds pieces of many owners. */
const isBlock = (area: ObservedArea): boolean =>
  area.start % BLOCK_BYTES === 0n && (area.end - area.start - PAGE_BYTES) % BLOCK_BYTES === 0n;

const keyOf = (range: AddressRange): string => areaKey(BigInt(range[0]), BigInt(range[1]));

export function compareRecording(recording: Recording, options: FidelityOptions): FidelityResult {
  const { lines } = replayRecording(recording, options);
  const comparison = new Comparison(recording, options.repeats, options.bootSpread);
  let events = 0;
  let snapshots = 0;
  for (const line of lines) {
    if (line.type === 'event') {
      comparison.event(line, events);
      events += 1;
    } else {
      comparison.snapshot(line, snapshots);
      snapshots += 1;
    }
  }
  return {
    recording: recording.meta.name,
    design: options.design.name,
    blind: recording.blind,
    repeats: options.repeats.filter(({ meta }) => meta.name !== recording.meta.name).length,
    scores: comparison.scores,
    splits: comparison.splits,
    differences: comparison.differences,
    hiddenDifferences: comparison.hidden,
  };
}
