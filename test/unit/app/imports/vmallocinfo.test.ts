/** /proc/vmallocinfo: areas of the module range by caller, an account of every row. */
import { describe, expect, it } from 'vitest';
import { VMALLOCINFO } from '../../../support/host-texts.js';
import { importReader } from './read-import.js';

const read = importReader('vmallocinfo');

describe('an import of vmallocinfo', () => {
  it('takes what stands in the module range, by its caller', () => {
    const { data, diagnostics } = read(VMALLOCINFO);
    expect(diagnostics).toEqual([]);
    expect(data?.layout?.objects).toEqual([
      {
        kind: 'trampoline',
        name: 'arch_ftrace_update_trampoline 1',
        sizeBytes: 229,
        trampoline: 'ftrace',
      },
      {
        kind: 'trampoline',
        name: 'bpf_trampoline_update 1',
        sizeBytes: 240,
        trampoline: 'bpf',
      },
      { kind: 'module', name: 'module area 1', sections: [71 * 4096, 0, 0, 0, 0, 0, 0] },
      { kind: 'module', name: 'module area 2', sections: [0, 0, 12 * 4096, 0, 0, 0, 0] },
    ]);
    expect(data?.facts).toContain('load_module: 2 areas, 332 KiB');
    expect(data?.facts).toContain('node 0: 598 pages');
  });

  it('accounts for every row', () => {
    expect(read(VMALLOCINFO).data?.account).toEqual({
      records: 10,
      used: 0,
      guessed: 4,
      dropped: 3,
      beside: 3,
      reasons: [
        { reason: 'outside of the module range', count: 3 },
        { reason: 'BPF pack: its programs are in bpftool_prog or perf_ksymbol', count: 1 },
        { reason: 'page of kprobe slots: what is in it is not told', count: 1 },
        { reason: 'trampoline: length within the page guessed', count: 2 },
        { reason: 'area of a module: name and permissions are not told', count: 2 },
        { reason: 'freed and not yet purged', count: 1 },
      ],
    });
  });

  it('counts lines that it does not understand and shows the first', () => {
    const damaged = VMALLOCINFO.replaceAll('load_module', '\nload_module');
    const { data, diagnostics } = read(damaged);
    expect(data?.layout?.objects).toHaveLength(4);
    expect(diagnostics).toEqual([
      {
        code: 'X0703',
        severity: 'warning',
        message: "2 of 12 lines of 'file.txt' were not understood",
        notes: ["first: line 9: 'load_module+0xbb7/0x21a0 pages=71 vmalloc N0=71'"],
      },
    ]);
  });

  it('says how to record a file whose addresses are zeros or hashed', () => {
    const remedy =
      'record it as root: sysctl -w kernel.kptr_restrict=1; cat /proc/vmallocinfo > vmallocinfo.txt';
    const zeros = VMALLOCINFO.replaceAll(/0x[0-9a-f]{16}-0x[0-9a-f]{16}/g, () => {
      const none = '0x0000000000000000';
      return `${none}-${none}`;
    });
    expect(read(zeros)).toEqual({
      diagnostics: [
        {
          code: 'X0702',
          severity: 'error',
          message: "kernel pointers are hidden in 'file.txt'",
          help: remedy,
        },
      ],
    });
    const hashed = '0x00000000b21bf0dd-0x00000000922b333b   20480 load_module+0x1/0x2 vmalloc\n';
    expect(read(hashed).diagnostics).toMatchObject([
      { code: 'X0702', message: "kernel pointers are hashed in 'file.txt'", help: remedy },
    ]);
  });

  it('refuses another file with its first line', () => {
    expect(read('nf_tables 290816 0 - Live 0xffffffffc0230000 (E)\n').diagnostics).toMatchObject([
      {
        code: 'X0701',
        message: "line 1 of 'file.txt' is no line of vmallocinfo",
        notes: ["found 'nf_tables 290816 0 - Live 0xffffffffc0230000 (E)'"],
        help: 'record it as root: cat /proc/vmallocinfo > vmallocinfo.txt',
      },
    ]);
    expect(read('\n').diagnostics).toMatchObject([{ message: "'file.txt' is empty" }]);
  });
});
