/** Recordings as other machines would have made them: more memory, no 1G pages, other mitigations, big modules. */
import { describe, expect, it } from 'vitest';
import { findReplayDesign } from '../../src/app/replay-designs.js';
import type { PredictedEvent, PredictedSnapshot } from '../../src/app/replay-lines.js';
import { replayRecording } from '../../src/app/replay.js';
import { designOfKernel } from '../../src/recording/recorded-machine.js';
import type { RecordedGuest, Recording, RecordingEvent } from '../../src/recording/recording.js';
import { shippedRecording } from '../support/recording-files.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

interface Prediction {
  readonly events: readonly PredictedEvent[];
  readonly snapshots: readonly PredictedSnapshot[];
}

function predict(recording: Recording): Prediction {
  const design = findReplayDesign(designOfKernel(recording.meta.release));
  if (!design) throw new Error(recording.meta.release);
  const { lines, unserved } = replayRecording(recording, { design, placements: 4 });
  expect(unserved).toEqual([]);
  return {
    events: lines.filter((line) => line.type === 'event'),
    snapshots: lines.filter((line) => line.type === 'snapshot'),
  };
}

/** Another guest with the same load; nothing is known of its page tables. */
function onGuest(recording: Recording, guest: Partial<RecordedGuest>): Recording {
  const { meta } = recording;
  return {
    ...recording,
    meta: { ...meta, guest: { ...meta.guest, ...guest } },
    snapshots: recording.snapshots.map(
      ({ directMapKb: _kb, pageTables: _tables, ...rest }) => rest,
    ),
    initialLeaves: [],
  };
}

const addedIn = ({ events }: Prediction) => events.map((line) => line.vadd);
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((all, number) => all + number, 0);

describe('16 GiB of memory', () => {
  it.each(['debian-6.1-churn', 'debian-6.12-modules', 'debian-7.2-modules'])(
    'change no address of %s, and the direct map is larger',
    (name) => {
      const recording = shippedRecording(name);
      const { ram } = recording.meta.guest;
      const last = ram.at(-1);
      if (!last) throw new Error('no memory');
      const more = [...ram.slice(0, -1), { ...last, end: last.end + 12 * GIB }];
      const small = predict(onGuest(recording, {}));
      const large = predict(onGuest(recording, { ram: more }));
      expect(addedIn(large)).toEqual(addedIn(predict(recording)));
      const [before, after] = [small, large].map(({ snapshots }) => snapshots[0]?.direct_map_kb);
      expect((after?.[2] ?? 0) - (before?.[2] ?? 0)).toBe((12 * GIB) / 1024);
      for (const [low, middle, high] of large.snapshots.map((line) => line.split_2m)) {
        expect(low <= middle && middle <= high).toBe(true);
      }
      expect(large.snapshots.at(-1)?.split_2m[1]).toBeGreaterThan(0);
    },
  );
});

describe('a processor without 1G pages', () => {
  it.each(['debian-6.1-modules', 'debian-7.2-modules'])(
    'changes no address of %s, and nothing larger than 2M is split',
    (name) => {
      const recording = shippedRecording(name);
      const cpuFlags = new Set(recording.meta.guest.cpuFlags);
      cpuFlags.delete('pdpe1gb');
      const plain = predict(onGuest(recording, {}));
      const without = predict(onGuest(recording, { cpuFlags }));
      expect(addedIn(without)).toEqual(addedIn(plain));
      for (const { direct_map_kb, split_1g } of without.snapshots) {
        expect(direct_map_kb[2]).toBe(0);
        expect(split_1g).toEqual([0, 0, 0]);
      }
      expect(plain.snapshots[0]?.direct_map_kb[2]).toBeGreaterThan(0);
      const mapped = (prediction: Prediction): number =>
        sum(prediction.snapshots[0]?.direct_map_kb ?? []);
      expect(mapped(without)).toBe(mapped(plain));
    },
  );
});

describe('a module with 3 MiB of text', () => {
  /** The first module of a recording, loaded into what is there after the boot. */
  function firstLoad(name: string): PredictedEvent {
    const recording = shippedRecording(name);
    const load = recording.events.find((event): event is RecordingEvent => event.op === 'modload');
    const file = load && recording.modules.get(load.name);
    if (!load || !file) throw new Error('no module');
    const sections = file.sections.map((section) =>
      section.name === '.text' ? { ...section, sizeBytes: 3 * MIB } : section,
    );
    const modules = new Map([[load.name, { ...file, sections }]]);
    const events = [{ ...load, observed: {} }];
    const snapshots = recording.snapshots.slice(0, 1);
    const [line] = predict({ ...recording, modules, events, snapshots }).events;
    if (!line) throw new Error('no event');
    return line;
  }

  const pagesOf = ([start, end]: readonly [string, string]): number =>
    Number((BigInt(end) - BigInt(start)) / 4096n);

  it.each([
    ['debian-6.1-modules', 'core'],
    ['debian-6.12-modules', 'text'],
  ])('has it in one area of %s, guard page behind it', (name, region) => {
    const line = firstLoad(name);
    const [start, end] = line.module?.regions[region] ?? ['0x0', '0x0'];
    const area = line.vadd.find(([first]) => first === start);
    expect(area && pagesOf(area)).toBe(pagesOf([start, end]) + 1);
    expect(pagesOf([start, end])).toBeGreaterThanOrEqual(768);
  });

  it('takes two 2M entries of a new ROX block on 7.2', () => {
    const line = firstLoad('debian-7.2-modules');
    const [start] = line.module?.regions['text'] ?? ['0x0', '0x0'];
    const area = line.vadd.find(([first]) => first === start);
    expect(area && pagesOf(area)).toBe(1024 + 1);
    expect(BigInt(start) % 0x200000n).toBe(0n);
  });
});

describe('a processor that needs ITS thunks', () => {
  const withThunks = (recording: Recording): Recording => {
    const mitigations = new Map(recording.meta.guest.mitigations);
    mitigations.set('indirect_target_selection', 'Mitigation: Aligned branch/return thunks');
    return onGuest(recording, { mitigations });
  };
  const hasText = (recording: Recording, name: string): boolean =>
    recording.modules
      .get(name)
      ?.sections.some((one) => one.name === '.text' && one.sizeBytes > 0) ?? false;
  const areasAt = ({ snapshots }: Prediction, wanted: string): number =>
    snapshots.find(({ label }) => label === wanted)?.areas.length ?? 0;

  it('has a page with its guard page for each loaded module of 6.12 that has text, until it is unloaded', () => {
    const recording = shippedRecording('debian-6.12-modules');
    const [plain, thunks] = [onGuest(recording, {}), withThunks(recording)].map(predict);
    if (!plain || !thunks) throw new Error('no prediction');
    for (const label of ['loaded_10', 'loaded_all', 'unload_half', 'all_unloaded']) {
      const { afterEvents } = recording.snapshots.find((one) => one.label === label) ?? {};
      const loaded = new Set<string>();
      for (const event of recording.events.slice(0, afterEvents)) {
        if (event.results.some((code) => code !== 0)) continue;
        if (event.op === 'modload' && hasText(recording, event.name)) loaded.add(event.name);
        else if (event.op === 'modunload') loaded.delete(event.name);
      }
      expect(areasAt(thunks, label) - areasAt(plain, label)).toBe(loaded.size);
    }
  });

  it('has it in the ROX blocks of 7.2, between the text of modules', () => {
    const recording = shippedRecording('debian-7.2-modules');
    const [plain, thunks] = [onGuest(recording, {}), withThunks(recording)].map(predict);
    if (!plain || !thunks) throw new Error('no prediction');
    const textOf = ({ events }: Prediction) =>
      events.flatMap((line) => (line.module ? [line.module.regions['text']] : []));
    expect(textOf(thunks)).not.toEqual(textOf(plain));
    expect(areasAt(thunks, 'loaded_10')).toBe(areasAt(plain, 'loaded_10'));
  });
});
