/** `bpftool prog show -j`: a program each, in order of loading, an account of every one. */
import { describe, expect, it } from 'vitest';
import { importReader } from './read-import.js';

const read = importReader('bpftool_prog');

/** As `bpftool prog show -j` prints programs, keys that do not matter included. */
const program = (id: number, more: object): object => ({
  id,
  type: 'cgroup_skb',
  tag: '6deef7357e7b4530',
  gpl_compatible: true,
  uid: 0,
  bytes_xlated: 64,
  jited: true,
  bytes_memlock: 4096,
  map_ids: [id],
  ...more,
});

const LIST = [
  program(7, { name: 'sd_fw_egress', loaded_at: 1700000031, bytes_jited: 56 }),
  program(3, { type: 'tracing', name: 'dump_bpf_map', loaded_at: 1700000000, bytes_jited: 137 }),
  program(4, { loaded_at: 1700000000, bytes_jited: 398, name: undefined }),
  program(9, { loaded_at: 1700000031, jited: false, bytes_jited: 0 }),
];

describe('an import of a list of BPF programs', () => {
  it('gives a program each, as it was loaded, with its machine code', () => {
    const { data } = read(JSON.stringify(LIST));
    expect(data?.layout?.objects).toEqual([
      { kind: 'bpf', name: 'dump_bpf_map', sizeBytes: 137 },
      { kind: 'bpf', name: 'cgroup_skb_4', sizeBytes: 398 },
      { kind: 'bpf', name: 'sd_fw_egress', sizeBytes: 56 },
    ]);
    expect(data?.facts).toEqual([
      'cgroup_skb: 2 programs, 454 bytes',
      'tracing: 1 program, 137 bytes',
      'loaded within 31 s',
    ]);
  });

  it('accounts for every program and says what it drops', () => {
    const { data, diagnostics } = read(JSON.stringify(LIST));
    expect(data?.account).toEqual({
      records: 4,
      used: 3,
      dropped: 1,
      guessed: 0,
      reasons: [{ reason: 'not compiled to machine code', count: 1 }],
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'X0702',
        severity: 'warning',
        message: "1 of 4 programs of 'file.txt' have no machine code",
        help: 'record it as root: bpftool prog show -j > bpf.json',
      },
    ]);
  });

  it('takes a list of an old kernel without times in the order of ids', () => {
    const old = [
      { id: 12, bytes_jited: 80 },
      { id: 2, type: 'kprobe', bytes_jited: 90 },
    ];
    const { data, diagnostics } = read(JSON.stringify(old));
    expect(diagnostics).toEqual([]);
    expect(data?.layout?.objects.map(({ name }) => name)).toEqual(['kprobe_2', 'prog_12']);
  });

  it('has another hash after any change of the file', () => {
    const hash = (text: string) => read(text).data?.sha256;
    const text = JSON.stringify(LIST);
    expect(hash(text)).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(text)).toBe(hash(text));
    expect(hash(`${text}\n`)).not.toBe(hash(text));
  });

  it.each([
    ["Error: can't get next program: Operation not permitted", 'is not a bpftool program list'],
    ['{"id": 1}', 'is not a bpftool program list'],
    ['[{"id": -1}]', 'is not a bpftool program list'],
    ['[{"id": 1, "bytes_jited": 1e12}]', 'is not a bpftool program list'],
    ['[]', 'has no compiled program'],
    [JSON.stringify([program(1, { bytes_jited: 0 })]), 'has no compiled program'],
  ])('refuses %s with the command that records it', (text, message) => {
    const { data, diagnostics } = read(text);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([
      {
        code: 'X0701',
        severity: 'error',
        help: 'record it as root: bpftool prog show -j > bpf.json',
      },
    ]);
    expect(diagnostics[0]?.message).toContain(message);
  });
});
