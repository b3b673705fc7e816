/** Recordings as other machines would have made them: random base, two nodes, missing files. */
import { describe, expect, it } from 'vitest';
import { findReplayDesign } from '../../src/app/replay-designs.js';
import type { PredictionLine } from '../../src/app/replay-lines.js';
import { replayRecording } from '../../src/app/replay.js';
import { designOfKernel } from '../../src/recording/recorded-machine.js';
import type { Recording } from '../../src/recording/recording.js';
import { shippedRecording } from '../support/recording-files.js';

function predict(recording: Recording): readonly PredictionLine[] {
  const design = findReplayDesign(designOfKernel(recording.meta.release));
  if (!design) throw new Error(recording.meta.release);
  const { lines, unserved } = replayRecording(recording, { design, placements: 1 });
  expect(unserved).toEqual([]);
  return lines;
}

const eventsOf = (lines: readonly PredictionLine[]) =>
  lines.filter((line) => line.type === 'event');
const lastSnapshot = (lines: readonly PredictionLine[]) =>
  lines.filter((line) => line.type === 'snapshot').at(-1);

/** The machine of a recording with its module area moved up by a random offset. */
function moved(recording: Recording, pages: number): Recording {
  const bytes = BigInt(pages) * 4096n;
  const [first, ...later] = recording.snapshots;
  if (!first?.areas) throw new Error('no initial state');
  const areas = first.areas.map((area) => ({
    ...area,
    start: area.start + bytes,
    end: area.end + bytes,
  }));
  const { meta } = recording;
  const commandLine = meta.guest.commandLine.replace('nokaslr', '');
  const base = (meta.moduleAreaBase ?? 0n) + bytes;
  return {
    ...recording,
    meta: { ...meta, moduleAreaBase: base, guest: { ...meta.guest, commandLine } },
    snapshots: [{ ...first, areas }, ...later],
    initialLeaves: recording.initialLeaves.map((leaf) =>
      leaf.region === 'modules'
        ? { ...leaf, start: leaf.start + bytes, end: leaf.end + bytes }
        : leaf,
    ),
  };
}

describe('a random base', () => {
  it.each(['debian-6.1-churn', 'debian-6.12-modules', 'debian-6.1-tracing'])(
    'moves every address of %s by its offset',
    (name) => {
      const recording = shippedRecording(name);
      const plain = eventsOf(predict(recording));
      const shifted = eventsOf(predict(moved(recording, 777)));
      const up = (address: string): string =>
        `0x${(BigInt(address) + 777n * 4096n).toString(16).padStart(16, '0')}`;
      const expected = plain.map((line) => line.vadd.map(([s, e]) => [up(s), up(e)]));
      expect(shifted.map((line) => line.vadd)).toEqual(expected);
      expect(shifted.map((line) => line.slot)).toEqual(
        plain.map((line) => line.slot && [up(line.slot[0]), up(line.slot[1])]),
      );
    },
  );

  it('keeps the ROX blocks of 7.2 on 2M boundaries and the first pack on 4K entries', () => {
    const lines = predict(moved(shippedRecording('debian-7.2-tracing'), 777));
    const blocks = eventsOf(lines)
      .flatMap((line) => line.vadd)
      .filter(([start, end]) => BigInt(end) - BigInt(start) === 0x201000n);
    expect(blocks.length).toBeGreaterThan(1);
    for (const [start] of blocks) expect(BigInt(start) % 0x200000n).toBe(0n);
    expect(lastSnapshot(lines)).toMatchObject({ text_4k: 512, text_2m: 1 });
  });
});

describe('two possible nodes', () => {
  it.each(['debian-6.1-bpf', 'debian-6.12-bpf', 'debian-7.2-bpf'])(
    'give %s packs of 4 MiB, so that the second one is never needed',
    (name) => {
      const recording = shippedRecording(name);
      const { meta } = recording;
      const [first, ...later] = recording.snapshots;
      const [pack] = first?.areas ?? [];
      if (!first || !pack) throw new Error('no initial state');
      const areas = [{ ...pack, end: pack.end + 0x200000n, pages: 1024 }];
      const lines = predict({
        ...recording,
        meta: { ...meta, guest: { ...meta.guest, possibleNodes: 2, onlineNodes: 2 } },
        snapshots: [{ ...first, areas }, ...later],
        initialLeaves: [],
      });
      expect(eventsOf(lines).flatMap((line) => line.vadd)).toEqual([]);
      const slots = eventsOf(lines).flatMap((line) => (line.slot ? [line.slot] : []));
      expect(slots).toHaveLength(890);
      const highest = slots.reduce((top, [, end]) => (end > top ? end : top), '');
      expect(BigInt(highest)).toBeGreaterThan(0xffffffffc0200000n);
    },
  );
});

describe('recordings that lack files', () => {
  it('are replayed from the programs of the boot when there is no snapshot', () => {
    const recording = shippedRecording('debian-6.12-modules');
    const lines = predict({ ...recording, snapshots: [], initialLeaves: [] });
    const complete = eventsOf(predict(recording));
    expect(eventsOf(lines).map((line) => line.vadd)).toEqual(complete.map((line) => line.vadd));
  });

  it('place nothing for modules whose sizes are unknown', () => {
    const recording = shippedRecording('debian-6.12-modules');
    const events = recording.events.map((event) => ({ ...event, observed: {} }));
    const lines = predict({ ...recording, events, modules: new Map() });
    expect(eventsOf(lines).flatMap((line) => line.vadd)).toEqual([]);
  });
});

describe('a program that is larger than a pack', () => {
  it.each(['debian-6.1-bpf', 'debian-6.12-bpf', 'debian-7.2-bpf'])(
    'has an area of its own in %s until it is closed',
    (name) => {
      const recording = shippedRecording(name);
      const [first, second, third] = recording.events;
      if (!first || !second || !third) throw new Error('no events');
      const load = { ...first, jitedBytes: 2097129, observed: {} };
      const close = {
        ...second,
        op: 'bpfclose',
        jitedBytes: 0,
        id: first.id,
        observed: {},
      } as const;
      const events = [load, close, { ...third, observed: {} }];
      const snapshots = recording.snapshots.slice(0, 1);
      const [loaded, closed, next] = eventsOf(predict({ ...recording, events, snapshots }));
      const own = ['0xffffffffc0201000', '0xffffffffc0403000'];
      expect(loaded).toMatchObject({ vadd: [own], slot: own });
      expect(closed).toMatchObject({ vadd: [], vdel: [] });
      expect(next).toMatchObject({ vdel: [own] });
    },
  );
});
