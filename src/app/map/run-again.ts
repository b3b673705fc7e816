/**
 * One run, simulated as often as it is asked for. Where nothing is charged for time, fetches change
 * neither places nor times, so they are left out.
 */
import { RunStoppedError, simulate } from '../../engine/simulator.js';
import type { SimulationInput, SimulationParts } from '../../engine/simulator.js';
import type { EventListener, SimEvent } from '../../engine/event-ledger.js';
import type { MachineMm } from '../../mm/machine-view.js';
import { NO_FETCHES, type FetchEngine } from '../../workload/fetch-engine.js';
import { MapReader } from './map-reader.js';
import { MapRecorder } from './map-recorder.js';

/** What a simulation is watched with. */
export interface Watcher {
  readonly onEvent: EventListener;
  /** False stops the run. */
  readonly goesOn: () => boolean;
}

export class RunAgain {
  constructor(
    private readonly input: SimulationInput,
    private readonly parts: SimulationParts,
    private readonly onProgress: () => void = () => undefined,
  ) {}

  /** Hash of the event log of a run to its end; empty when it was stopped or fetches were left out. */
  watch(make: (mm: MachineMm) => Watcher): string {
    const { input, parts } = this;
    const made: { watcher?: Watcher; isSilent?: boolean } = {};
    const watched: SimulationParts = {
      ...parts,
      createMm: (mmOptions) => {
        const mm = parts.createMm(mmOptions);
        made.watcher = make(mm);
        return mm;
      },
      createFetchEngine: input.point.machine.costs
        ? parts.createFetchEngine
        : () => {
            made.isSilent = true;
            return new SilentFetchEngine();
          },
    };
    try {
      const { logHash } = simulate(input, watched, {
        onEvent: (event) => made.watcher?.onEvent(event),
        progress: () => {
          this.onProgress();
          return made.watcher?.goesOn() ?? true;
        },
      });
      return made.isSilent === true ? '' : logHash;
    } catch (problem) {
      if (problem instanceof RunStoppedError) return '';
      throw problem;
    }
  }

  /** Hears every event until the listener answers false. */
  listen(listener: (event: SimEvent) => boolean): void {
    let goesOn = true;
    this.watch(() => ({
      onEvent: (event) => {
        if (goesOn) goesOn = listener(event);
      },
      goesOn: () => goesOn,
    }));
  }

  /** The steps [from, to) with everything that a map draws; more may follow them, the last unfinished. */
  record(from: number, to: number): MapReader {
    const made: { recorder?: MapRecorder } = {};
    let lastNs = 0;
    this.watch((mm) => {
      const recorder = new MapRecorder(mm, { fromStep: from });
      made.recorder = recorder;
      return {
        onEvent: (event) => {
          lastNs = event.timeNs;
          recorder.onEvent(event);
        },
        goesOn: () => recorder.stepCount <= to,
      };
    });
    if (made.recorder === undefined) throw new Error('the run made no machine');
    return new MapReader(made.recorder.finish(), lastNs);
  }
}

/** Fetches nothing. */
class SilentFetchEngine implements FetchEngine {
  readonly counters = NO_FETCHES;
  start(): void {
    return undefined;
  }
  end(): void {
    return undefined;
  }
  textPlaced(): void {
    return undefined;
  }
  textGone(): void {
    return undefined;
  }
  flushAll(): void {
    return undefined;
  }
  flushRange(): void {
    return undefined;
  }
  flushLocal(): void {
    return undefined;
  }
  advanceTo(): void {
    return undefined;
  }
}
