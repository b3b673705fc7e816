/**
 * Every shipped recording against the design of its kernel: all addresses, regions, program runs and
 * executable leaves exactly; splits of the direct map inside the model's range over placements.
 */
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { distanceOfDefaults, formatFidelity, isExact } from '../../src/app/fidelity-report.js';
import { distanceBetweenBoots, workloadName } from '../../src/app/fidelity-spread.js';
import { compareRecording, type FidelityResult } from '../../src/app/fidelity.js';
import { recordingFoldersIn } from '../../src/app/recording-store.js';
import { findReplayDesign } from '../../src/app/replay-designs.js';
import { formatPrediction } from '../../src/app/replay-lines.js';
import { replayRecording } from '../../src/app/replay.js';
import { designOfKernel } from '../../src/recording/recorded-machine.js';
import type { Recording } from '../../src/recording/recording.js';
import { SHIPPED_RECORDINGS, shippedRecording } from '../support/recording-files.js';

const PLACEMENTS = 32;
const IN_RANGE_MIN = 150;
const NEAR_MIN = 137;
const NAMES = recordingFoldersIn(SHIPPED_RECORDINGS).map((folder) => basename(folder));

/**
 * Known misses with their reasons. 6.1-tracing, seq 427: the kernel collects optprobe slots one
 * deletion earlier than counted from `optprobe`, which is only observed for the first 150 probes;
 * one of the 17 probes added later that count as not optimisable took a slot.
 */
const KNOWN_MISSED_EVENTS: Readonly<Record<string, number>> = { 'debian-6.1-tracing': 1 };

const designOf = (recording: Recording) => {
  const design = findReplayDesign(designOfKernel(recording.meta.release));
  if (!design) throw new Error(`no design for ${recording.meta.release}`);
  return design;
};

describe('fidelity of the shipped recordings', () => {
  const results = new Map<string, FidelityResult>();
  const all = NAMES.map(shippedRecording);
  const betweenBoots = distanceBetweenBoots(all);
  beforeAll(() => {
    const bootSpread = betweenBoots.largest;
    for (const recording of all) {
      const repeats = all.filter((other) => workloadName(other) === workloadName(recording));
      const options = { design: designOf(recording), placements: PLACEMENTS, repeats, bootSpread };
      results.set(recording.meta.name, compareRecording(recording, options));
    }
  });

  const resultOf = (name: string): FidelityResult => {
    const result = results.get(name);
    if (!result) throw new Error(`no result for ${name}`);
    return result;
  };

  it('covers eleven recordings of three kernels', () => {
    expect(NAMES).toHaveLength(11);
    expect(new Set([...results.values()].map((result) => result.design))).toEqual(
      new Set(['linux_6_1', 'linux_6_12', 'linux_7_2']),
    );
  });

  it.each(NAMES)('%s: every address, region and program run is right', (name) => {
    const { scores, differences } = resultOf(name);
    const missed = scores.events.total - scores.events.exact;
    expect({ missed, differences: differences.length }).toEqual({
      missed: KNOWN_MISSED_EVENTS[name] ?? 0,
      differences: KNOWN_MISSED_EVENTS[name] ?? 0,
    });
    for (const score of [scores.areas, scores.slots, scores.regions, scores.snapshots]) {
      expect(score.exact).toBe(score.total);
    }
    expect(scores.events.total).toBeGreaterThan(250);
  });

  it.each(NAMES)('%s: executable leaves are right at every snapshot', (name) => {
    const { textLeaves } = resultOf(name).scores;
    expect(textLeaves.exact).toBe(textLeaves.total);
    expect(textLeaves.total).toBeGreaterThan(10);
  });

  it('splits as many 2M leaves as recorded, within the range over placements', () => {
    let inRange = 0;
    let near = 0;
    let total = 0;
    for (const { scores } of results.values()) {
      inRange += scores.splitsInRange.exact;
      near += scores.splitsNear.exact;
      total += scores.splitsInRange.total;
    }
    expect(total).toBe(150);
    // Ratchets: physical placement is the boot's; these may only rise.
    expect(inRange).toBeGreaterThanOrEqual(IN_RANGE_MIN);
    expect(near).toBeGreaterThanOrEqual(NEAR_MIN);
  });

  it('has a default no farther from any recorded count than two boots are from each other', () => {
    for (const { recording, scores } of results.values()) {
      expect({ recording, ...scores.splitsWithin }).toMatchObject({
        exact: scores.splitsWithin.total,
      });
    }
    // The two workloads that were recorded twice: 12 snapshots each.
    expect(betweenBoots).toMatchObject({ pairs: 24, largest: 3 });
    const repeated = [...results.values()].filter(({ splits }) => splits.some((r) => r.spread > 0));
    expect(repeated).toHaveLength(4);
    expect(distanceOfDefaults(repeated).mean).toBeLessThan(betweenBoots.mean);
  });

  it('splits exactly as recorded where the design decides: one leaf a pack on 7.2', () => {
    const { splits } = resultOf('debian-7.2-bpf');
    for (const row of splits)
      expect([row.low, row.default, row.high]).toEqual([row.recorded, row.recorded, row.recorded]);
  });

  it('prints a scoreboard of 72 columns', () => {
    const text = formatFidelity([...results.values()], betweenBoots);
    for (const line of text.split('\n').slice(0, 14)) expect(line.length).toBeLessThanOrEqual(72);
    expect([...results.values()].filter(isExact)).toHaveLength(10);
  });
});

/** The recording as if nothing had been observed after the first snapshot. */
function blinded(recording: Recording): Recording {
  const [first, ...later] = recording.snapshots;
  if (!first) throw new Error('no snapshot');
  return {
    ...recording,
    events: recording.events.map((event) => ({ ...event, observed: {} })),
    snapshots: [
      first,
      ...later.map(({ label, line, afterEvents }) => ({ label, line, afterEvents })),
    ],
    blind: true,
  };
}

describe('prediction', () => {
  it.each(['debian-6.1-churn', 'debian-6.12-modules', 'debian-7.2-tracing'])(
    'of %s is the same when everything observed is taken away',
    (name) => {
      const recording = shippedRecording(name);
      const options = { design: designOf(recording), placements: 1 };
      const seeing = formatPrediction(replayRecording(recording, options).lines);
      const blind = formatPrediction(replayRecording(blinded(recording), options).lines);
      expect(blind).toBe(seeing);
    },
  );

  it('has one line an event and a snapshot, in stream order', () => {
    const recording = shippedRecording('debian-6.1-churn');
    const { lines } = replayRecording(recording, { design: designOf(recording), placements: 0 });
    const events = lines.filter((line) => line.type === 'event');
    expect(events.map((line) => line.seq)).toEqual(recording.events.map((event) => event.seq));
    expect(lines.length).toBe(recording.events.length + recording.snapshots.length);
    let seen = 0;
    for (const line of lines) {
      if (line.type === 'event') seen += 1;
      else expect(line.after_events).toBe(seen);
    }
  });
});

describe('replay under another kernel', () => {
  it.each(['linux_5_17', 'linux_6_6', 'linux_7_3'])('%s serves every request', (name) => {
    const design = findReplayDesign(name);
    if (!design) throw new Error(`no design ${name}`);
    for (const recording of ['debian-6.1-churn', 'debian-7.2-modules'].map(shippedRecording)) {
      const { unserved, lines } = replayRecording(recording, { design, placements: 0 });
      expect(unserved).toEqual([]);
      const last = lines.at(-1);
      expect(last?.type === 'snapshot' && last.areas.length).toBeGreaterThan(0);
    }
  });
});
