/** How far two boots differ, from recordings that were made twice. */
import { describe, expect, it } from 'vitest';
import {
  distanceBetweenBoots,
  distanceOf,
  splitsSinceStart,
  workloadName,
} from '../../../src/app/fidelity-spread.js';
import type { Recording, RecordingSnapshot } from '../../../src/recording/recording.js';
import { shippedRecording } from '../../support/recording-files.js';

const SHIPPED = shippedRecording('debian-6.1-modules');

/** A recording with these total splits, the first one at the start; undefined was not recorded. */
function recordingOf(
  name: string,
  splits: readonly (number | undefined)[],
  labels: readonly string[] = splits.map((_, i) => `s${String(i)}`),
): Recording {
  const base = SHIPPED.snapshots[0];
  if (!base) throw new Error('no snapshot');
  const snapshots = splits.map((level2Splits, i): RecordingSnapshot => {
    const { level2Splits: _own, ...rest } = base;
    const label = labels[i] ?? '';
    return level2Splits === undefined ? { ...rest, label } : { ...rest, label, level2Splits };
  });
  return { ...SHIPPED, meta: { ...SHIPPED.meta, name }, snapshots };
}

describe('distance between boots', () => {
  it('counts splits from the first snapshot', () => {
    const recording = recordingOf('a', [5, 8, undefined]);
    const counts = recording.snapshots.map((snapshot) => splitsSinceStart(recording, snapshot));
    expect(counts).toEqual([0, 3, undefined]);
  });

  it('pairs recordings of one workload, snapshot by snapshot', () => {
    const boots = [
      recordingOf('a', [0, 2, 9]),
      recordingOf('a-r2', [4, 5, 16]),
      recordingOf('b', [0, 100, 200]),
    ];
    expect(distanceBetweenBoots(boots)).toEqual({ pairs: 2, near: 0, mean: 2, largest: 3 });
    expect(boots.map(workloadName)).toEqual(['a', 'a', 'b']);
  });

  it('takes every two of three boots', () => {
    const boots = ['a', 'a-r2', 'a-r3'].map((name, i) => recordingOf(name, [0, i * 2]));
    expect(distanceBetweenBoots(boots)).toEqual({
      pairs: 3,
      near: 0,
      mean: 8 / 3,
      largest: 4,
    });
  });

  it('leaves out what one of both did not record, and snapshots of other names', () => {
    const boots = [
      recordingOf('a', [0, undefined, 5], ['x', 'y', 'z']),
      recordingOf('a-r2', [0, 7, 9], ['x', 'y', 'other']),
    ];
    expect(distanceBetweenBoots(boots)).toEqual({ pairs: 0, near: 0, mean: 0, largest: 0 });
  });

  it('is of sizes, not of directions', () => {
    const predictions = [7, 11, 12].map((predicted) => ({ recorded: 10, predicted }));
    expect(distanceOf(predictions)).toEqual({ pairs: 3, near: 1, mean: 2, largest: 3 });
  });

  it('is near where 15 % of the recorded count are not exceeded, and exact below seven', () => {
    const nearOf = (recorded: number, predicted: number): number =>
      distanceOf([{ recorded, predicted }]).near;
    expect([nearOf(20, 17), nearOf(20, 16), nearOf(20, 23)]).toEqual([1, 0, 1]);
    expect([nearOf(6, 7), nearOf(7, 8), nearOf(0, 0), nearOf(0, 1)]).toEqual([0, 1, 1, 0]);
  });
});
