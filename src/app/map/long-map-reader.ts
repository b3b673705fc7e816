/**
 * Answers the window's questions about a run whose event log is too long to be kept. Times are answered
 * from the kept states at once. What is asked by the number of a request is exact: the run is simulated
 * again up to there, and the steps around are kept, so that the next ones cost nothing.
 *
 *   kept states   |         |         |         |         |
 *   window                    [.......x.......]              x: the step that was asked for
 */
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapRecords,
  MapRecordsRequest,
  MapTarget,
} from '../../contract/map-data.js';
import { EFFECT_KIND_NAMES } from '../../contract/sim-event.js';
import { CauseCollector } from './cause-records.js';
import type { KeptStates } from './kept-states.js';
import type { MapReader } from './map-reader.js';
import type { MapView } from './map-view.js';
import type { RunAgain } from './run-again.js';

/** Steps of a window, half of them before the step that was asked for. */
export const WINDOW_STEPS = 16_384;

interface Window {
  /** First step and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly reader: MapReader;
}

export class LongMapReader implements MapView {
  private window: Window | undefined;

  constructor(
    private readonly about: Omit<MapInfo, 'mapId'>,
    private readonly kept: KeptStates,
    private readonly again: RunAgain,
    private readonly windowSteps = WINDOW_STEPS,
  ) {}

  info(mapId: string): MapInfo {
    return { mapId, ...this.about };
  }

  moment(target: MapTarget): MapMoment {
    switch (target.kind) {
      case 'time':
        return this.atTime(target.timeNs);
      case 'step':
        return this.atStep(target.step);
      case 'next':
        return this.atStep(this.nextStep(target));
    }
  }

  place(step: number, byte: number): MapPlace {
    const { from, startNs, reader } = this.windowAt(this.clamped(step));
    const { owner, history, ...place } = reader.place(this.clamped(step) - from, byte);
    return {
      ...place,
      ...(owner === undefined
        ? {}
        : {
            owner: {
              ...owner,
              bornStep: owner.bornStep + from,
              events: moved(owner.events, from),
            },
          }),
      history: moved(history, from),
      ...(from === 0 ? {} : { keptFromNs: startNs }),
    };
  }

  records(request: Omit<MapRecordsRequest, 'mapId'>): MapRecords {
    const collector = new CauseCollector(request);
    this.again.listen((event) => {
      collector.take(event);
      return true;
    });
    return collector.finish();
  }

  private clamped(step: number): number {
    return Math.min(Math.max(0, step), Math.max(0, this.about.stepCount - 1));
  }

  private atTime(timeNs: number): MapMoment {
    const { window } = this;
    if (window !== undefined && timeNs >= window.startNs && timeNs < window.endNs) {
      const found = window.reader.moment({ kind: 'time', timeNs });
      return { ...found, step: found.step + window.from };
    }
    return this.kept.atTime(timeNs) ?? this.atStep(0);
  }

  private atStep(wanted: number): MapMoment {
    const step = this.clamped(wanted);
    const { window } = this;
    const isNear = window !== undefined && step >= window.from && step < window.to;
    const kept = isNear ? undefined : this.kept.ofStep(step);
    if (kept !== undefined) return kept;
    const { from, reader } = this.windowAt(step);
    return { ...reader.moment({ kind: 'step', step: step - from }), step };
  }

  private windowAt(step: number): Window {
    const { window } = this;
    if (window !== undefined && step >= window.from && step < window.to) return window;
    const from = Math.max(0, step - Math.floor(this.windowSteps / 2));
    const to = Math.min(this.about.stepCount, from + this.windowSteps);
    const reader = this.again.record(from, to);
    const timeOf = (at: number): number => reader.moment({ kind: 'step', step: at - from }).timeNs;
    const made = { from, to, startNs: timeOf(from), endNs: timeOf(to - 1), reader };
    this.window = made;
    return made;
  }

  private nextStep(target: Extract<MapTarget, { readonly kind: 'next' }>): number {
    const { step, direction, effect } = target;
    if (effect === '') return step + direction;
    const kind = EFFECT_KIND_NAMES.indexOf(effect);
    let at = -1;
    let found = step;
    this.again.listen((event) => {
      if (event.event === 'request') at += 1;
      else if (event.kind === kind && (direction > 0 ? at > step : at < step)) {
        found = at;
        return direction < 0;
      }
      return direction > 0 || at < step;
    });
    return found;
  }
}

/** Steps of a window as steps of the run. */
const moved = <Entry extends { readonly step: number }>(
  entries: readonly Entry[],
  from: number,
): readonly Entry[] => entries.map((entry) => ({ ...entry, step: entry.step + from }));
