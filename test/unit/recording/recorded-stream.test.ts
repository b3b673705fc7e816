import { describe, expect, it } from 'vitest';
import { readRecordingImport } from '../../../src/recording/recording-import.js';
import {
  designOfKernel,
  machineOfRecording,
  releaseOfKernel,
} from '../../../src/recording/recorded-machine.js';
import { openRecordingFolder } from '../../../src/app/recording-folder.js';
import { recordingFoldersIn } from '../../../src/app/recording-store.js';
import {
  filesOf,
  lines,
  META,
  SHIPPED_RECORDINGS,
  shippedRecording,
} from '../../support/recording-files.js';

function importOf(events: string, meta = META) {
  const { data, diagnostics } = readRecordingImport(
    filesOf({ 'meta.json': meta, 'events.jsonl': events }),
  );
  if (!data?.stream) throw new Error(JSON.stringify(diagnostics));
  return { ...data, stream: data.stream };
}

const kindsOf = (events: string, meta = META): readonly string[] =>
  importOf(events, meta).stream.events.map((event) => `${event.kind} ${event.key}`);

const META_61 = META.replace('6.12.107+deb13-amd64', '6.1.0-50-amd64');
const META_72 = META.replace('6.12.107+deb13-amd64', '7.2.13+deb14-amd64');

describe('the stream of a recording', () => {
  it('accounts for every line of every shipped recording', () => {
    for (const folder of recordingFoldersIn(SHIPPED_RECORDINGS)) {
      const { data } = readRecordingImport(openRecordingFolder(folder));
      const account = data?.stream?.account;
      if (!account) throw new Error(folder);
      expect(account.used + account.dropped + account.guessed).toBe(account.records);
      expect(account.records).toBeGreaterThan(250);
      const reasons = account.reasons.reduce((sum, { count }) => sum + count, 0);
      expect(reasons).toBe(account.dropped + account.guessed);
      let last = 0;
      for (const event of data.stream.events) {
        expect(event.timeNs).toBeGreaterThanOrEqual(last);
        last = event.timeNs;
      }
    }
  });

  it('takes machine code bytes as the size of a program and pairs it with its close', () => {
    const { stream } = importOf(
      lines(
        { seq: 0, t: 100, op: 'bpfload', id: 3, rc: 0, jited_len: 17009 },
        { seq: 1, t: 140, op: 'bpfclose', id: 3, rc: 0 },
      ),
    );
    expect(stream.events).toEqual([
      {
        kind: 'create',
        timeNs: 0,
        key: 'bpf:3',
        create: { kind: 'bpf', name: 'prog3', sizeBytes: 17009 },
      },
      { kind: 'release', timeNs: 40000000, key: 'bpf:3' },
    ]);
  });

  it('replays failures as far as the kernel got', () => {
    const load = (rc: number) => lines({ seq: 0, op: 'modload', name: 'a', rc, size: 20480 });
    expect(kindsOf(load(-19))).toEqual(['create undone:1', 'release undone:1']);
    expect(kindsOf(load(-8))).toEqual([]);
    expect(kindsOf(load(-17))).toEqual([]);
    expect(kindsOf(load(-17), META_61)).toEqual(['create undone:1', 'release undone:1']);
    expect(kindsOf(lines({ seq: 0, op: 'bpfload', id: 1, rc: -22 }))).toEqual([]);
    const attach = { seq: 0, op: 'trampadd', id: 1, rc: 0, attach_rc: -16, jited_len: 25 };
    expect(kindsOf(lines(attach))).toEqual([
      'create fentry:1',
      'create undone:1',
      'release undone:1',
    ]);
  });

  it('keeps one trampoline an instance while it is switched on', () => {
    const events = lines(
      { seq: 0, op: 'fton', id: 1, rc: [0, 0, 0] },
      { seq: 1, op: 'fton', id: 1, rc: [0, 0, 0] },
      { seq: 2, op: 'fton', id: 2, rc: [0, -22, 0] },
      { seq: 3, op: 'ftoff', id: 2, rc: [0, 0] },
      { seq: 4, op: 'ftoff', id: 1, rm: 1, rc: [0, 0] },
    );
    expect(kindsOf(events)).toEqual(['create ftrace:1', 'release ftrace:1']);
  });

  it('gives every fprobe event a page to 6.13 and all of them one later', () => {
    const path = '/sys/kernel/tracing/dynamic_events';
    const enable = '/sys/kernel/tracing/events/fp/enable';
    const events = lines(
      { seq: 0, op: 'write', path, val: 'f:fp/f0 vfs_open', rc: 0 },
      { seq: 1, op: 'write', path, val: 'f:fp/f1 vfs_read', rc: 0 },
      { seq: 2, op: 'write', path: enable, val: '1', rc: 0 },
      { seq: 3, op: 'write', path: enable, val: '0', rc: 0 },
      { seq: 4, op: 'write', path, val: '-:fp/f0', rc: 0 },
      { seq: 5, op: 'write', path, val: '-:fp/f1', rc: 0 },
    );
    expect(kindsOf(events)).toEqual([
      'create fprobe-event:fp/f0',
      'create fprobe-event:fp/f1',
      'release fprobe-event:fp/f0',
      'release fprobe-event:fp/f1',
    ]);
    expect(kindsOf(events, META_72)).toEqual(['create fprobe:shared']);
    const refused = lines({ seq: 0, op: 'write', path, val: 'f:fp/f0 vfs_open', rc: -22 });
    expect(kindsOf(refused, META_61)).toEqual([]);
  });

  it('guesses the regions of a module whose file is not there, and says so', () => {
    const { stream } = importOf(lines({ seq: 0, op: 'modload', name: 'a', rc: 0, size: 40960 }));
    expect(stream.account.guessed).toBe(1);
    const [event] = stream.events;
    if (event?.kind !== 'create' || event.create.kind !== 'module') throw new Error('no module');
    const core = event.create.sections.slice(0, 4).reduce((sum, bytes) => sum + bytes, 0);
    expect(core).toBeGreaterThanOrEqual(40960 - 8192);
    expect(core).toBeLessThanOrEqual(40960 + 8192);
  });

  it('puts the programs of the boot into the layout', () => {
    const { layout } = importOf(lines({ seq: 0, op: 'sleep' }));
    expect(layout?.objects).toEqual([
      { kind: 'bpf', name: 'boot_programs', sizeBytes: 25 * 64 - 24 },
    ]);
  });
});

describe('the machine of a recording', () => {
  it.each([
    ['5.16.0', '5.17'],
    ['5.17.3', '5.17'],
    ['5.19.0', '5.18'],
    ['6.0.12', '6.1'],
    ['6.3', '6.1'],
    ['6.5.0-1-amd64', '6.6'],
    ['6.8', '6.12'],
    ['6.14.9', '6.12'],
    ['6.16', '6.15'],
    ['6.18.5', '6.17'],
    ['7.1.3', '6.19'],
    ['7.2.13+deb14-amd64', '7.2'],
    ['8.0', '7.3'],
  ])('kernel %s follows the rules of %s', (kernel, release) => {
    expect(releaseOfKernel(kernel)).toBe(release);
    expect(designOfKernel(kernel)).toBe(`linux_${release.replace('.', '_')}`);
  });

  it('is read from what the guest said', () => {
    expect(machineOfRecording(shippedRecording('debian-7.2-bpf'))).toMatchObject({
      nodes: 1,
      possibleNodes: 1,
      cpus: 2,
      directMap: '1G',
      kernel: '7.2',
      levels: 4,
      kaslr: { kind: 'off' },
      pti: false,
      moduleAreaBytes: 1008 * 1048576,
    });
  });
});
