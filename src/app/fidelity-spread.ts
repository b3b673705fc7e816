/**
 * How far two boots of one kernel and workload differ in direct-map splits, and how far the model's
 * default is from a boot. Where physical placement decides, a boot is one draw: recordings that were made
 * twice tell how far the next one may be off whatever is known of it. See adr/0005.
 */
import type { Recording, RecordingSnapshot } from '../recording/recording.js';

/** Share of the recorded splits that a prediction may be off where boots agree closer. */
export const SPLIT_TOLERANCE = 0.15;

/** A count of a boot, and what was taken for it: the model's default, or another boot. */
export interface SplitPrediction {
  readonly recorded: number;
  readonly predicted: number;
}

/** Distances of whole 2M splits. */
export interface SplitDistance {
  /** Counts that were compared. */
  readonly pairs: number;
  /** Of these, predicted within `SPLIT_TOLERANCE`. */
  readonly near: number;
  /** Mean distance; 0 without a pair. */
  readonly mean: number;
  readonly largest: number;
}

/** Recordings of one workload carry one name; repeats end in `-r2`, `-r3`. */
export const workloadName = (recording: Recording): string =>
  recording.meta.name.replace(/-r\d+$/, '');

/** New 2M splits of the direct map since the first snapshot; undefined where they were not recorded. */
export function splitsSinceStart(
  recording: Recording,
  snapshot: RecordingSnapshot,
): number | undefined {
  const start = recording.snapshots[0]?.level2Splits;
  if (start === undefined || snapshot.level2Splits === undefined) return undefined;
  return snapshot.level2Splits - start;
}

/** The same snapshot of another recording of the workload: its splits, if it has them. */
export function splitsOfTwin(
  twin: Recording,
  snapshot: RecordingSnapshot,
  index: number,
): number | undefined {
  const other = twin.snapshots[index];
  return other?.label === snapshot.label ? splitsSinceStart(twin, other) : undefined;
}

export function distanceOf(predictions: readonly SplitPrediction[]): SplitDistance {
  const distances = predictions.map(({ recorded, predicted }) => Math.abs(predicted - recorded));
  const sum = distances.reduce((total, distance) => total + distance, 0);
  const near = predictions.filter(
    ({ recorded }, i) => (distances[i] ?? 0) <= recorded * SPLIT_TOLERANCE,
  );
  return {
    pairs: predictions.length,
    near: near.length,
    mean: sum / Math.max(1, predictions.length),
    largest: Math.max(0, ...distances),
  };
}

/**
 * Over every two recordings of one workload and every snapshot after the first that both have: the earlier
 * boot as a prediction of the later one.
 */
export function distanceBetweenBoots(recordings: readonly Recording[]): SplitDistance {
  const predictions: SplitPrediction[] = [];
  for (const [place, recording] of recordings.entries()) {
    const twins = recordings
      .slice(place + 1)
      .filter((other) => workloadName(other) === workloadName(recording));
    for (const [index, snapshot] of recording.snapshots.entries()) {
      const own = splitsSinceStart(recording, snapshot);
      if (index === 0 || own === undefined) continue;
      for (const twin of twins) {
        const other = splitsOfTwin(twin, snapshot, index);
        if (other !== undefined) predictions.push({ recorded: other, predicted: own });
      }
    }
  }
  return distanceOf(predictions);
}
