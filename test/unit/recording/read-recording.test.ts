import { gzipSync } from 'node:zlib';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRecordingFolder } from '../../../src/app/recording-folder.js';
import { loadRecording, recordingFoldersIn } from '../../../src/app/recording-store.js';
import { readRecordingImport } from '../../../src/recording/recording-import.js';
import { readRecording } from '../../../src/recording/read-recording.js';
import { RECORDING_LIMITS } from '../../../src/recording/limits.js';
import { filesOf, lines, META, SHIPPED_RECORDINGS } from '../../support/recording-files.js';

const EVENTS = lines({ seq: 0, t: 5, op: 'sleep', req_ms: 1 });

const messagesOf = (texts: Parameters<typeof filesOf>[0]): readonly string[] =>
  readRecording(filesOf(texts)).diagnostics.map((entry) => entry.message);

describe('reading a recording', () => {
  it('takes a folder that holds only meta.json and events.jsonl', () => {
    const { recording, diagnostics } = readRecording(
      filesOf({ 'meta.json': META, 'events.jsonl': EVENTS }),
    );
    expect(diagnostics).toEqual([]);
    expect(recording?.meta.version).toBe('6.12');
    expect(recording?.blind).toBe(true);
  });

  it('reads every shipped recording without a finding', () => {
    for (const folder of recordingFoldersIn(SHIPPED_RECORDINGS)) {
      const { recording, diagnostics } = loadRecording(folder);
      expect(diagnostics).toEqual([]);
      expect(recording?.snapshots.length).toBeGreaterThan(10);
      expect(recording?.blind).toBe(false);
    }
  });

  it('names files that are missing or empty', () => {
    expect(messagesOf({})).toEqual(['meta.json: missing', 'events.jsonl: missing']);
    expect(messagesOf({ 'meta.json': META, 'events.jsonl': ' \n' })).toEqual([
      'events.jsonl: empty',
    ]);
  });

  it.each([
    ['a line cut short', '{"seq":0,"op":"sl', 'events.jsonl:2: not a complete JSON object'],
    ['a line that is no object', '[1,2]', 'events.jsonl:2: not a JSON object'],
    ['a missing operation', '{"seq":1}', 'events.jsonl:2: op is missing, not a text'],
    ['a time of the wrong type', '{"seq":1,"op":"sleep","t":"now"}', 'events.jsonl:2: t is'],
    ['a result of the wrong type', '{"seq":1,"op":"sleep","rc":"x"}', 'events.jsonl:2: rc is'],
    [
      'an absurd program',
      '{"seq":1,"op":"bpfload","id":1,"jited_len":99999999999}',
      'events.jsonl:2: jited_len 99999999999 is outside',
    ],
    ['a program without id', '{"seq":1,"op":"bpfload"}', 'events.jsonl:2: bpfload without id'],
    ['an order that goes back', '{"seq":0,"op":"sleep"}', 'events.jsonl:2: seq 0 after 0'],
    [
      'an area of the wrong shape',
      '{"seq":1,"op":"sleep","vadd":[["0xffffffffc0001000","0xffffffffc0000000",1,"x",[]]]}',
      'events.jsonl:2: vadd is not a range of whole pages',
    ],
  ])('refuses %s with its line number', (_title, line, message) => {
    const found = messagesOf({ 'meta.json': META, 'events.jsonl': `${EVENTS}${line}\n` });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('counts findings beyond a bound instead of listing them', () => {
    const found = messagesOf({ 'meta.json': META, 'events.jsonl': '{\n'.repeat(500) });
    expect(found).toHaveLength(RECORDING_LIMITS.findingsMax + 1);
    expect(found.at(-1)).toBe('480 more findings in this recording');
  });

  it('warns of operations that it does not know and goes on', () => {
    const { recording, diagnostics, dropped } = readRecording(
      filesOf({ 'meta.json': META, 'events.jsonl': EVENTS + lines({ seq: 1, op: 'juggle' }) }),
    );
    expect(recording?.events).toHaveLength(1);
    expect(diagnostics.map((entry) => entry.severity)).toEqual(['warning']);
    expect([...dropped]).toEqual([['juggle: operation not known', 1]]);
  });

  it('notices that events are missing at the end', () => {
    const texts = {
      'meta.json': META,
      'events.jsonl': EVENTS,
      'snapshots.jsonl': lines({ label: 'base', after_events: 0 }, { label: 'x', after_events: 9 }),
    };
    expect(messagesOf(texts)).toEqual([
      'snapshots.jsonl:2: snapshot after 9 events, and 1 are there',
    ]);
  });

  it.each([
    ['', 'meta.json: empty'],
    ['{"release":', 'meta.json: not a complete JSON object'],
    ['{"guest":{}}', 'meta.json: no kernel release'],
    ['{"release":"next"}', "meta.json: release 'next' does not start with two numbers"],
  ])('refuses the meta.json %j', (text, message) => {
    expect(messagesOf({ 'meta.json': text, 'events.jsonl': EVENTS })).toEqual([message]);
  });

  it.each([
    ['{"m":{"sections":[["a",1,"",-4,1]]}}', 'size of a -4 is outside'],
    ['{"m":{"sections":[["a",1,"",4,3]]}}', 'alignment 3 of a is not a power of two'],
    ['{"m":7}', 'module m is a number, not an object'],
    ['{"m":', 'not a complete JSON object'],
  ])('refuses the modules.json %j', (text, message) => {
    const texts = { 'meta.json': META, 'events.jsonl': EVENTS, 'modules.json': text };
    expect(messagesOf(texts)[0]).toContain(message);
  });

  it('gives no data when a finding is an error', () => {
    const read = readRecordingImport(filesOf({ 'meta.json': META, 'events.jsonl': '{' }));
    expect(read.data).toBeUndefined();
    expect(read.diagnostics[0]?.code).toBe('X0701');
  });
});

describe('recording folders on disk', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'xlab-recording-'));
  afterAll(() => rmSync(scratch, { recursive: true }));

  function folderWith(name: string, events: Buffer): string {
    const folder = join(scratch, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'meta.json'), META);
    writeFileSync(join(folder, 'events.jsonl.gz'), events);
    return folder;
  }

  it('report gzip data that end early or are damaged', () => {
    const whole = gzipSync(EVENTS.repeat(50));
    const cut = folderWith('cut', whole.subarray(0, whole.length - 12));
    expect(loadRecording(cut).diagnostics[0]?.message).toBe(
      'events.jsonl: the gzip data end early',
    );
    const damaged = folderWith('damaged', Buffer.from('not gzip at all'));
    expect(loadRecording(damaged).diagnostics[0]?.message).toBe(
      'events.jsonl: the gzip data are damaged',
    );
    expect(loadRecording(cut).recording).toBeUndefined();
  });

  it('hash to the same text for the same files and to another one after a change', () => {
    const source = join(SHIPPED_RECORDINGS, 'debian-7.2-tracing');
    const copy = join(scratch, 'copy');
    cpSync(source, copy, { recursive: true });
    const hash = (folder: string): string => openRecordingFolder(folder).sha256;
    expect(hash(copy)).toBe(hash(source));
    const meta = readFileSync(join(copy, 'meta.json'), 'utf8');
    writeFileSync(join(copy, 'meta.json'), `${meta} `);
    expect(hash(copy)).not.toBe(hash(source));
  });
});
