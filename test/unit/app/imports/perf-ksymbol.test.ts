/** `perf script --show-bpf-events`: requests paired by address, and an account of every line. */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../../../src/app/compile-scenario.js';
import { createLanguageHost } from '../../../../src/app/language-host.js';
import { runOne } from '../../../../src/app/run-one.js';
import { temporaryFolder, writeInto } from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const line = (time: string, rest: string): string => `  bash   311 [001]  ${time}: ${rest}`;
const ksymbol = (
  time: string,
  address: string,
  [bytes, type, flags]: readonly [number, number, number],
  name: string,
): string =>
  line(
    time,
    `PERF_RECORD_KSYMBOL addr ${address} len ${bytes} type ${type} flags 0x${flags} name ${name}`,
  );

const TEXT = [
  '# captured on: a test',
  ksymbol('12.500000', 'ffffffffc0201000', [168, 1, 0], 'bpf_prog_1_filter'),
  line('12.500010', 'PERF_RECORD_BPF_EVENT type 1, flags 0, id 12'),
  ksymbol('12.600000', 'ffffffffc0205000', [229, 2, 0], 'bpf_trampoline_6442'),
  ksymbol('12.700000', 'ffffffffc0206000', [300, 2, 0], 'ftrace_trampoline'),
  ksymbol('12.750000', 'ffffffffc0207000', [4096, 2, 0], 'kprobe_insn_page'),
  ksymbol('13.500000', 'ffffffffc0201000', [168, 1, 1], 'bpf_prog_1_filter'),
  ksymbol('13.600000', 'ffffffffc0301000', [64, 1, 1], 'bpf_prog_0_older'),
  ksymbol('13.700000', 'ffffffffc0201000', [40, 1, 0], 'bpf_prog_2_probe'),
  'what is this',
  '',
].join('\n');

function read(text: string, options: Readonly<Record<string, readonly string[]>> = {}) {
  writeInto(root, 'perf.txt', text);
  return createLanguageHost(root).readImport({ path: 'perf.txt', format: 'perf_ksymbol', options });
}

describe('an import of ksymbol records', () => {
  it('pairs text that goes with text that came, also where an address is used again', () => {
    const { data, diagnostics } = read(TEXT);
    expect(diagnostics).toEqual([
      {
        code: 'X0703',
        severity: 'warning',
        message: "1 of 9 lines of 'perf.txt' were not understood",
        notes: ["first: line 10: 'what is this'"],
      },
    ]);
    const events = data?.stream?.events ?? [];
    const shown = events.map((event) =>
      event.kind === 'create'
        ? `${String(event.timeNs / 1e6)} ${event.create.kind} ${event.create.name}`
        : `${String(event.timeNs / 1e6)} release`,
    );
    expect(shown).toEqual([
      '0 bpf bpf_prog_1_filter',
      '100 trampoline bpf_trampoline_6442',
      '200 trampoline ftrace_trampoline',
      '1000 release',
      '1200 bpf bpf_prog_2_probe',
    ]);
    expect(events[3]?.key).toBe(events[0]?.key);
    expect(events[4]?.key).not.toBe(events[0]?.key);
    expect(events[1]).toMatchObject({ create: { sizeBytes: 229, trampoline: 'bpf' } });
    expect(events[2]).toMatchObject({ create: { sizeBytes: 300, trampoline: 'ftrace' } });
  });

  it('accounts for every line', () => {
    expect(read(TEXT).data?.stream?.account).toEqual({
      records: 9,
      used: 5,
      dropped: 3,
      guessed: 0,
      beside: 1,
      reasons: [
        { reason: 'PERF_RECORD_BPF_EVENT: no text comes or goes', count: 1 },
        { reason: 'page of kprobe slots: what is in it is not told', count: 1 },
        { reason: 'was there before the record began', count: 1 },
        { reason: 'line 10: cannot be read', count: 1 },
      ],
    });
  });

  it('takes the types that the block names', () => {
    const { data } = read(TEXT, { type: ['1 bpf'] });
    expect(data?.stream?.events).toHaveLength(3);
    expect(read(TEXT, { type: ['1 trampoline'] }).diagnostics).toMatchObject([
      { code: 'X0701', message: "'type 1 trampoline' is no type of perf_ksymbol" },
    ]);
  });

  it('keeps the order of the file where clocks of CPUs disagree', () => {
    const swapped = TEXT.replace('12.700000', '12.550000');
    const times = read(swapped).data?.stream?.events.map(({ timeNs }) => timeNs) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('without text, or with hidden pointers, is refused', () => {
    expect(read('# nothing\nsomething\n').diagnostics).toMatchObject([
      { code: 'X0701', message: "'perf.txt' has no text that comes or goes" },
    ]);
    expect(read(TEXT.replace('ffffffffc0205000', '0000000000000000')).diagnostics).toMatchObject([
      { code: 'X0702', message: "kernel pointers are hidden in 'perf.txt'" },
    ]);
  });

  it('replays under any design', () => {
    writeInto(root, 'perf-script.txt', TEXT);
    const text = `xlab 1
import ksyms from "perf-script.txt" format perf_ksymbol {
  type 1 bpf
  type 2 trampoline
}
machine { ram 8GiB; cpu skl }
compare module_alloc, execmem_rox
phase p for 2s { replay ksyms speed 1x }
expect matched(ksyms) >= 50%
`;
    const request = { file: 'a.xlab', folder: root, text, settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario(request);
    expect(diagnostics.map(({ code }) => code)).toEqual(['X0703']);
    if (plan === undefined) throw new Error('the scenario compiles');
    for (const design of ['module_alloc', 'execmem_rox']) {
      const run = runOne(plan, { point: 0, seed: 1, design });
      expect(run.diagnostics).toEqual([]);
      expect(run.requestCount).toBe(5);
    }
  });
});
