import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfinedFolder } from '../../../src/app/confined-folder.js';
import { createLanguageHost } from '../../../src/app/language-host.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
writeInto(root, 'secret.txt', 'secret');
writeInto(root, 'in/a.txt', 'alpha');
writeInto(root, 'in/sub/b.txt', 'beta');
symlinkSync(join(root, 'secret.txt'), join(root, 'in/link-out'));
symlinkSync(join(root, 'in/a.txt'), join(root, 'in/link-in'));
symlinkSync(root, join(root, 'in/up'));
mkdirSync(join(root, 'in/empty'));
const folder = new ConfinedFolder(join(root, 'in'));
const textOf = (path: string): string => {
  const file = folder.read(path, 100);
  return file.kind === 'bytes' ? file.bytes.toString() : file.kind;
};

describe('a confined folder', () => {
  it.each([
    ['a file inside', 'a.txt', 'alpha'],
    ['a file of a folder inside', 'sub/b.txt', 'beta'],
    ['a way out and back', 'sub/../a.txt', 'alpha'],
    ['a link to a place inside', 'link-in', 'alpha'],
    ['a file that is not there', 'c.txt', 'missing'],
    ['the way up', '../secret.txt', 'missing'],
    ['a link to a place outside', 'link-out', 'missing'],
    ['a file behind a linked folder outside', 'up/secret.txt', 'missing'],
    ['an absolute path', join(root, 'in/a.txt'), 'missing'],
    ['a path with a zero byte', 'a.txt\0', 'missing'],
    ['a folder', 'sub', 'refused'],
  ])('answers %s', (_what, path, answer) => {
    expect(textOf(path)).toBe(answer);
  });

  it('refuses a file larger than the bound, with its size', () => {
    expect(folder.read('a.txt', 4)).toEqual({
      kind: 'refused',
      reason: 'it has 5 bytes, at most 4 are read',
    });
  });

  it('lists names in order, of folders only', () => {
    expect(folder.list('sub')).toEqual(['b.txt']);
    expect(folder.list('empty')).toEqual([]);
    expect(folder.list('a.txt')).toBeUndefined();
    expect(folder.list('up')).toBeUndefined();
  });
});

describe('the host of a scenario', () => {
  const host = createLanguageHost(join(root, 'in'));

  it('reads files beside the scenario and the shipped library, nothing else', () => {
    expect(host.readText('a.txt')).toBe('alpha');
    expect(host.readText('../secret.txt')).toBeUndefined();
    expect(host.readStd('std/sizes.xlab')).toContain('module server_module');
    expect(host.readStd('std/../one-leaf.xlab')).toBeUndefined();
    expect(host.readStd('std/no-such-file.xlab')).toBeUndefined();
  });

  it.each([
    ['missing', 'nowhere', "there is no recording 'nowhere'"],
    ['a file', 'a.txt', "'a.txt' is not a folder"],
    ['outside', '..', "there is no recording '..'"],
  ])('says that a recording is %s', (_what, path, message) => {
    const reply = host.readImport({ path, format: 'recording', options: {} });
    expect(reply.data).toBeUndefined();
    expect(reply.diagnostics.map((entry) => entry.message)).toEqual([message]);
  });

  it('refuses a recording whose files are links to places outside', () => {
    writeInto(root, 'in/rec/meta.json', '{}');
    symlinkSync(join(root, 'secret.txt'), join(root, 'in/rec/events.jsonl'));
    const reply = host.readImport({ path: 'rec', format: 'recording', options: {} });
    expect(reply.diagnostics.map((entry) => entry.message)).toEqual([
      "events.jsonl of 'rec' leads out of the scenario's folder",
    ]);
  });

  it('names what a recording lacks', () => {
    writeInto(root, 'in/bare/meta.json', '{}');
    const reply = host.readImport({ path: 'bare', format: 'recording', options: {} });
    expect(reply.data).toBeUndefined();
    expect(reply.diagnostics.some((entry) => entry.severity === 'error')).toBe(true);
  });
});

describe('an import of bpftool programs', () => {
  const read = (text: string) => {
    writeInto(root, 'in/bpf.json', text);
    return createLanguageHost(join(root, 'in')).readImport({
      path: 'bpf.json',
      format: 'bpftool_prog',
      options: {},
    });
  };

  it('makes a layout of the compiled ones and counts the others', () => {
    const reply = read(
      '[{"id":3,"type":"cgroup_skb","name":"sd_fw","bytes_jited":67},' +
        '{"id":9,"type":"tracing","bytes_jited":181},{"id":10,"type":"xdp","bytes_jited":0}]',
    );
    expect(reply.data?.layout?.objects).toEqual([
      { kind: 'bpf', name: 'sd_fw', sizeBytes: 67 },
      { kind: 'bpf', name: 'tracing_9', sizeBytes: 181 },
    ]);
    expect(reply.diagnostics.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      "warning 1 of 3 programs of 'bpf.json' have no machine code",
    ]);
  });

  it('says what stands there instead of a list', () => {
    const [finding] = read("Error: can't get next program: Operation not permitted\n").diagnostics;
    expect(finding?.message).toBe("line 1 of 'bpf.json' is not a bpftool program list");
    expect(finding?.notes).toEqual([
      "found 'Error: can't get next program: Operation not permitted'",
    ]);
    expect(finding?.help).toBe('record it as root: bpftool prog show -j > bpf.json');
  });

  it('refuses an empty file and sizes that no program has', () => {
    expect(read('').diagnostics[0]?.message).toBe("'bpf.json' is empty");
    expect(read('[{"id":1,"bytes_jited":-5}]').data).toBeUndefined();
    expect(read('[{"id":1,"bytes_jited":1e15}]').data).toBeUndefined();
    expect(read('[]').diagnostics[0]?.message).toBe("'bpf.json' has no compiled program");
  });
});
