/**
 * Simulates one run again and keeps what maps draw. Where nothing is charged for time, fetches change
 * neither places nor times, so they are left out.
 */
import { RunStoppedError, simulate } from '../../engine/simulator.js';
import type { SimulationInput, SimulationParts } from '../../engine/simulator.js';
import type { FetchEngine } from '../../workload/fetch-engine.js';
import { MapRecorder } from './map-recorder.js';
import { MapReader } from './map-reader.js';

export interface RecordMapOptions {
  /** Entries of the log at most; the bound of the recorder by default. */
  readonly weightMax?: number;
}

export function recordMap(
  input: SimulationInput,
  parts: SimulationParts,
  options: RecordMapOptions = {},
): MapReader {
  const made: { recorder?: MapRecorder; isSilent?: boolean } = {};
  let lastNs = 0;
  const watched: SimulationParts = {
    ...parts,
    createMm: (mmOptions) => {
      const mm = parts.createMm(mmOptions);
      made.recorder = new MapRecorder(mm, options.weightMax);
      return mm;
    },
    createFetchEngine: input.point.machine.costs
      ? parts.createFetchEngine
      : () => {
          made.isSilent = true;
          return new SilentFetchEngine();
        },
  };
  let whole = true;
  let logHash = '';
  try {
    ({ logHash } = simulate(input, watched, {
      onEvent: (event) => {
        lastNs = event.timeNs;
        made.recorder?.onEvent(event);
      },
      progress: () => made.recorder?.hasRoom ?? true,
    }));
  } catch (problem) {
    if (!(problem instanceof RunStoppedError)) throw problem;
    whole = false;
  }
  if (made.recorder === undefined) throw new Error('the run made no machine');
  return new MapReader(
    made.recorder.finish(),
    lastNs,
    whole,
    made.isSilent === true ? '' : logHash,
  );
}

/** Fetches nothing. */
class SilentFetchEngine implements FetchEngine {
  readonly counters = {
    instructions: 0,
    references: 0,
    stlbHit: 0,
    walkCompleted: 0,
    walkCompleted4K: 0,
    walkCompleted2M4M: 0,
    walkActiveCycles: 0,
    staleFetches: 0,
  };
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
