/**
 * Simulates one run again and keeps what maps draw: everything while the event log fits, else every so
 * many-th state of the whole run.
 */
import type { SimulationInput, SimulationParts } from '../../engine/simulator.js';
import type { KeptStatesOptions } from './kept-states.js';
import { LongRun } from './long-run.js';
import { LongMapReader } from './long-map-reader.js';
import { MapReader } from './map-reader.js';
import { MapRecorder, type FollowedStep } from './map-recorder.js';
import { PoolLog } from './pool-log.js';
import { RecordedMap } from './recorded-map.js';
import { RunAgain } from './run-again.js';

/** Entries of a log at most; LOG_ENTRY_BYTES each. */
export const MAP_WEIGHT_MAX = 24_000_000;

export interface RecordMapOptions {
  /** Entries of a log at most, MAP_WEIGHT_MAX by default. */
  readonly weightMax?: number;
  readonly kept?: KeptStatesOptions;
  /** Steps that are kept around one that was asked for. */
  readonly windowSteps?: number;
  /** Called often while a simulation goes on. */
  readonly onProgress?: () => void;
}

export function recordMap(
  input: SimulationInput,
  parts: SimulationParts,
  options: RecordMapOptions = {},
): RecordedMap {
  const again = new RunAgain(input, parts, options.onProgress);
  const weightMax = options.weightMax ?? MAP_WEIGHT_MAX;
  const made: { recorder?: MapRecorder; long?: LongRun } = {};
  const pools = new PoolLog(input.point.pools);
  let lastNs = 0;
  const logHash = again.watch((mm) => {
    const onFollowed = (step: FollowedStep): void => made.long?.take(step);
    const recorder = new MapRecorder(mm, { onFollowed });
    made.recorder = recorder;
    return {
      onEvent: (event) => {
        const isFull = made.long === undefined && recorder.weight > weightMax;
        if (isFull && event.event === 'request') {
          made.long = new LongRun(recorder.follow(), options.kept);
        }
        lastNs = event.timeNs;
        recorder.onEvent(event);
        pools.onEvent(event);
      },
      goesOn: () => true,
    };
  });
  const { recorder, long } = made;
  if (recorder === undefined) throw new Error('the run made no machine');
  const log = recorder.finish();
  const view =
    long === undefined
      ? new MapReader(log, lastNs, logHash)
      : new LongMapReader(long.about(lastNs, logHash), long.kept, again, options.windowSteps);
  return new RecordedMap(view, pools);
}
