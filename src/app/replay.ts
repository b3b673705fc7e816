/**
 * Replays a recording through a design: predicts every change of the module area, the run of every
 * program, the regions of every module, and the state at every snapshot. Only the initial state and
 * the requests are read. Addresses do not depend on where frames come from; split counts do, so
 * several placements of physical memory give the range, and their median is the default.
 */
import { assert, at } from '../base/assert.js';
import { formatAddress, LeafLevel } from '../base/units.js';
import type { AllocatorDesign, ModuleRegion } from '../mm/allocator-design.js';
import { EventStepsReader } from '../recording/event-steps.js';
import { moduleLayoutRule } from '../recording/module-layout.js';
import { moduleAreaStart, releaseOfKernel } from '../recording/recorded-machine.js';
import { layoutOfRecording } from '../recording/recorded-stream.js';
import type { Recording, RecordingEvent } from '../recording/recording.js';
import { initialMemory } from './replay-initial-state.js';
import type {
  AddressRange,
  PredictedEvent,
  PredictedSnapshot,
  PredictionLine,
} from './replay-lines.js';
import { createReplayMachine, initialFrames, type ReplayMachine } from './replay-machine.js';
import type { KernelMachine } from '../mm/kernel-machine.js';
import { recordedOptions } from './replay-options.js';
import { waitsOf } from './replay-waits.js';
import { ReplaySession, type EventEffect, type ProgramPlace } from './replay-session.js';

const PAGE_BYTES = 4096n;

export interface ReplayOptions {
  readonly design: AllocatorDesign;
  /** Placements of physical memory tried beyond the first, 0..100. */
  readonly placements: number;
}

export interface ReplayResult {
  readonly lines: readonly PredictionLine[];
  /** Seq of events whose requests the design could not serve. */
  readonly unserved: readonly number[];
}

/** State at a snapshot under one placement. */
interface SnapshotState {
  readonly level2Splits: number;
  readonly level3Splits: number;
}

interface OneReplay extends ReplayResult {
  readonly states: readonly SnapshotState[];
  readonly startDirectMapKb: ReplayPass['startDirectMapKb'];
}

/** One pass over a recording: carries the session and what it showed last. */
class ReplayPass {
  private readonly machine: ReplayMachine;
  private readonly mm: KernelMachine;
  private readonly session: ReplaySession;
  private readonly reader: EventStepsReader;
  private readonly areaStart: bigint;
  private readonly startLevel2: number;
  private readonly startLevel3: number;
  readonly states: SnapshotState[] = [];
  readonly unserved: number[] = [];
  /** DirectMap4k, 2M, 1G at the first snapshot; of the model where they were not recorded. */
  readonly startDirectMapKb: readonly [number, number, number];

  constructor(
    private readonly recording: Recording,
    design: AllocatorDesign,
    placement: number,
  ) {
    const { meta, modules } = recording;
    const kernel = design.kernel ?? releaseOfKernel(meta.release);
    this.areaStart = moduleAreaStart(recording);
    this.machine = createReplayMachine(recording, kernel, placement);
    this.mm = this.machine.mm;
    this.session = new ReplaySession(this.mm, design, recordedOptions(design, meta.guest));
    this.reader = new EventStepsReader({
      modules,
      layout: moduleLayoutRule(design.kernel ?? meta.release),
      release: design.kernel ?? meta.release,
    });
    this.takeInitialState(design, kernel === releaseOfKernel(meta.release));
    this.startLevel2 = this.mm.counters.level2Splits;
    this.startLevel3 = this.mm.counters.level3Splits;
    const { directMap } = this.mm;
    this.startDirectMapKb = recording.snapshots[0]?.directMapKb ?? [
      directMap.kb(LeafLevel.pte4K),
      directMap.kb(LeafLevel.pmd2M),
      directMap.kb(LeafLevel.pud1G),
    ];
    this.machine.watch.takeChanges();
  }

  event(event: RecordingEvent): PredictedEvent {
    const effect = this.serve(event);
    if (effect.failures > 0) this.unserved.push(event.seq);
    return this.eventLine(event, effect);
  }

  /** A later pass only needs the counters. */
  count(event: RecordingEvent): void {
    this.serve(event);
  }

  snapshotState(): SnapshotState {
    const { level2Splits, level3Splits } = this.mm.counters;
    const state = {
      level2Splits: level2Splits - this.startLevel2,
      level3Splits: level3Splits - this.startLevel3,
    };
    this.states.push(state);
    return state;
  }

  snapshot(label: string, afterEvents: number): PredictedSnapshot {
    const { level2Splits: two, level3Splits: one } = this.snapshotState();
    const start = this.startDirectMapKb;
    return {
      type: 'snapshot',
      label,
      after_events: afterEvents,
      areas: this.machine.watch.areas().map(([page, end]) => this.pageRange(page, end)),
      text_4k: this.mm.text4KLeaves,
      text_2m: this.mm.text2MLeaves,
      split_2m: [two, two, two],
      split_1g: [one, one, one],
      direct_map_kb: directMapAfter(start, two, one),
      module_pte_tables: this.mm.text.addedTables,
    };
  }

  verify(): void {
    this.session.verify();
  }

  /**
   * What waited for a grace period is freed on the CPU that queued it; then one CPU serves the event,
   * and the rest of the kernel takes memory around it.
   */
  private serve(event: RecordingEvent): EventEffect {
    const { frames, background } = this.machine;
    this.session.finishPending();
    frames.schedule(waitsOf(event.op));
    background.before(event);
    const effect = this.session.apply(this.reader.stepsOf(event));
    background.after(event);
    return effect;
  }

  private takeInitialState(design: AllocatorDesign, sameKernel: boolean): void {
    const { recording } = this;
    const known = recording.snapshots[0]?.areas !== undefined;
    for (const loaded of recording.snapshots[0]?.modules ?? []) {
      this.reader.adopt(`module:${loaded.name}`);
    }
    if (design.kernel !== undefined && sameKernel && known) {
      this.machine.frames.startAdopting(initialFrames(recording));
      this.session.adopt(initialMemory(recording, 0));
      this.machine.frames.endAdopting();
    } else {
      this.session.place(layoutOfRecording(recording));
    }
  }

  private eventLine(event: RecordingEvent, effect: EventEffect): PredictedEvent {
    const { added, removed } = this.machine.watch.takeChanges();
    return {
      type: 'event',
      seq: event.seq,
      op: event.op,
      vadd: added.map(([page, end]) => this.pageRange(page, end)),
      vdel: removed.map(([page, end]) => this.pageRange(page, end)),
      ...(effect.program ? { slot: this.byteRange(effect.program) } : {}),
      ...(effect.module
        ? { module: { name: effect.module.name, regions: this.regionMap(effect.module.regions) } }
        : {}),
    };
  }

  private regionMap(regions: readonly ModuleRegion[]): Readonly<Record<string, AddressRange>> {
    return Object.fromEntries(
      regions.map(({ name, page, pages }) => [name, this.pageRange(page, page + pages)]),
    );
  }

  private pageRange(page: number, end: number): AddressRange {
    return [
      formatAddress(this.areaStart + BigInt(page) * PAGE_BYTES),
      formatAddress(this.areaStart + BigInt(end) * PAGE_BYTES),
    ];
  }

  private byteRange(place: ProgramPlace): AddressRange {
    return [
      formatAddress(this.areaStart + BigInt(place.startByte)),
      formatAddress(this.areaStart + BigInt(place.endByte)),
    ];
  }
}

/** Each 2M split moves 2 MiB from DirectMap2M to 4k, each 1G split 1 GiB from 1G to 2M. */
function directMapAfter(
  start: readonly [number, number, number],
  level2Splits: number,
  level3Splits: number,
): readonly [number, number, number] {
  return [
    start[0] + 2048 * level2Splits,
    start[1] - 2048 * level2Splits + 1048576 * level3Splits,
    start[2] - 1048576 * level3Splits,
  ];
}

/** Walks events and snapshots in stream order. Snapshots at the start come first. */
function walk(
  recording: Recording,
  visit: { event(event: RecordingEvent): void; snapshot(index: number): void },
): void {
  let next = 0;
  const { snapshots } = recording;
  const showUpTo = (events: number): void => {
    while (next < snapshots.length && at(snapshots, next).afterEvents <= events) {
      visit.snapshot(next);
      next += 1;
    }
  };
  showUpTo(0);
  recording.events.forEach((event, index) => {
    visit.event(event);
    showUpTo(index + 1);
  });
}

function defaultReplay(recording: Recording, design: AllocatorDesign): OneReplay {
  const pass = new ReplayPass(recording, design, 0);
  const lines: PredictionLine[] = [];
  walk(recording, {
    event: (event) => lines.push(pass.event(event)),
    snapshot: (index) => {
      const { label, afterEvents } = at(recording.snapshots, index);
      lines.push(pass.snapshot(label, afterEvents));
    },
  });
  pass.verify();
  const { states, unserved, startDirectMapKb } = pass;
  return { lines, states, unserved, startDirectMapKb };
}

function countingReplay(
  recording: Recording,
  design: AllocatorDesign,
  placement: number,
): readonly SnapshotState[] {
  const pass = new ReplayPass(recording, design, placement);
  walk(recording, {
    event: (event) => pass.count(event),
    snapshot: () => pass.snapshotState(),
  });
  return pass.states;
}

export function replayRecording(recording: Recording, options: ReplayOptions): ReplayResult {
  const main = defaultReplay(recording, options.design);
  const others: (readonly SnapshotState[])[] = [];
  for (let placement = 1; placement <= options.placements; placement += 1) {
    others.push(countingReplay(recording, options.design, placement));
  }
  let snapshotIndex = -1;
  const lines = main.lines.map((line): PredictionLine => {
    if (line.type === 'event') return line;
    snapshotIndex += 1;
    const index = snapshotIndex;
    const states = [main, ...others.map((states) => ({ states }))].map((run) => run.states[index]);
    const range = (pick: (state: SnapshotState) => number) => {
      const values = states.map((state) => {
        assert(state !== undefined, 'every placement sees every snapshot');
        return pick(state);
      });
      values.sort((a, b) => a - b);
      return [
        at(values, 0),
        at(values, Math.floor(values.length / 2)),
        at(values, values.length - 1),
      ] as const;
    };
    const split2M = range((state) => state.level2Splits);
    const split1G = range((state) => state.level3Splits);
    const start = main.startDirectMapKb;
    return {
      ...line,
      split_2m: split2M,
      split_1g: split1G,
      direct_map_kb: directMapAfter(start, split2M[1], split1G[1]),
    };
  });
  return { lines, unserved: main.unserved };
}
