/** Text of tracefs and output of bpftrace: areas become modules, trampolines and plain requests. */
import { describe, expect, it } from 'vitest';
import { BPFTRACE_JSON, TRACE } from '../../../support/host-texts.js';
import { importReader, shownEvents } from './read-import.js';

const readTrace = importReader('ftrace');
const readBpftrace = importReader('bpftrace');
const event = (at: string, text: string, task = 'insmod-7'): string =>
  `  ${task}   [000] .....  ${at}: ${text}\n`;
const area = (page: string, pages: number): string =>
  `alloc_vmap_area: va_start: ${String(BigInt(page))} size=${String((pages + 1) * 4096)} ` +
  'align=1 vstart=0xffffffffc0000000 vend=0xffffffffff000000 failed=0';

describe('an import of a trace', () => {
  it('makes a module of the areas that its task asked for before module_load', () => {
    const { data, diagnostics } = readTrace(TRACE);
    expect(diagnostics).toEqual([]);
    expect(shownEvents(data)).toEqual([
      '0 module xfs',
      '1000 module btrfs',
      '9000 module dummy',
      '13796 release module:dummy',
      '19000 module dummy',
      '28796 release module:nf_tables',
      '29796 release module:xfs',
      '39000 module nf_tables',
      '69000 module loop',
      '88795 alloc area 22',
    ]);
    const created = data?.stream?.events[0];
    if (created?.kind !== 'create' || created.create.kind !== 'module') throw new Error('a module');
    const { sections } = created.create;
    const core = sections.slice(0, 4).reduce((sum, bytes) => sum + bytes, 0);
    expect(Math.abs(core - 480 * 4096)).toBeLessThanOrEqual(4096);
    expect(sections.slice(4)).toEqual([0, 11 * 4096, 0]);
  });

  it('accounts for every line', () => {
    expect(readTrace(TRACE).data?.stream?.account).toEqual({
      records: 24,
      used: 21,
      guessed: 1,
      dropped: 0,
      beside: 2,
      reasons: [
        { reason: 'area outside of the module range', count: 1 },
        { reason: 'purge_vmap_area_lazy: no request', count: 1 },
        { reason: 'area of an asker that is not told: taken as text', count: 1 },
      ],
    });
  });

  it('gives every region of a module its own size where each has an area', () => {
    const areas = [5, 2, 3, 1, 1, 4, 1].map((pages, index) =>
      event(`1.00000${String(index)}`, area(`0xffffffffc0${String(index)}00000`, pages)),
    );
    const text = `${areas.join('')}${event('1.1', 'module_load: nic')}`;
    expect(readTrace(text).data?.stream?.events).toMatchObject([
      { create: { sections: [5, 2, 3, 1, 1, 4, 1].map((pages) => pages * 4096) } },
    ]);
  });

  it('keeps apart what two tasks ask for at the same time', () => {
    const text = [
      event('1.0', area('0xffffffffc0100000', 8), 'insmod-1'),
      event('1.1', area('0xffffffffc0200000', 9), 'insmod-2'),
      event('1.2', area('0xffffffffc0300000', 1), 'insmod-1'),
      event('1.3', 'module_load: b', 'insmod-2'),
      event('1.4', 'module_load: a', 'insmod-1'),
    ].join('');
    expect(shownEvents(readTrace(text).data)).toEqual(['0 module a', '100 module b']);
  });

  it('ends an area at its free, or when its address is handed out again', () => {
    const text = [
      event('1.0', area('0xffffffffc0100000', 1)),
      event('1.5', 'free_vmap_area_noflush: va_start=0xffffffffc0100000 nr_lazy=2 nr_lazy_max=9'),
      event('2.0', area('0xffffffffc0100000', 1)),
      event('3.0', area('0xffffffffc0100000', 1)),
      event('3.5', 'free_vmap_area_noflush: va_start=0xffffffffc0900000 nr_lazy=2 nr_lazy_max=9'),
    ].join('');
    const { data } = readTrace(text);
    expect(shownEvents(data)).toEqual([
      '0 alloc area 1',
      '500 release area:1',
      '1000 alloc area 3',
      '2000 release area:3',
      '2000 alloc area 4',
    ]);
    expect(data?.stream?.account.reasons).toContainEqual({
      reason: 'free of an area that was there before the record began',
      count: 1,
    });
  });

  it('knows who asked when stacks are on', () => {
    const text = [
      event('1.0', area('0xffffffffc0100000', 1)),
      event('1.0', '<stack trace>'),
      ' => alloc_vmap_area\n => __vmalloc_node_range\n => module_alloc\n',
      ' => arch_ftrace_update_trampoline\n => ftrace_startup\n',
    ].join('');
    expect(readTrace(text).data?.stream?.events).toMatchObject([
      { create: { kind: 'trampoline', trampoline: 'ftrace' } },
    ]);
  });

  it('takes the events that the block names, and counts loads that are unlike the first', () => {
    const only = readTrace(TRACE, { event: ['module_free'] });
    expect(shownEvents(only.data)).toEqual([
      '0 release module:dummy',
      '15000 release module:nf_tables',
      '16000 release module:xfs',
    ]);
    const lines = (pages: number, at: number): string =>
      event(`${String(at)}.0`, area('0xffffffffc0100000', pages)) +
      event(`${String(at)}.5`, 'module_load: nic') +
      event(`${String(at)}.8`, 'module_free: nic');
    const twice = lines(8, 1) + lines(10, 2);
    expect(readTrace(twice).data?.stream?.account).toMatchObject({ used: 4, guessed: 2 });
    const within = readTrace(twice, { match: ['size within 2 pages'] });
    expect(within.data?.stream?.account).toMatchObject({ used: 6, guessed: 0 });
  });

  it('names the mistake of a block', () => {
    expect(readTrace(TRACE, { event: ['module_laod'] }).diagnostics).toMatchObject([
      { message: "'module_laod' is no event of ftrace", help: "did you mean 'module_load'?" },
    ]);
    expect(readTrace(TRACE, { match: ['size about 1 page'] }).diagnostics).toMatchObject([
      { message: "'match' of ftrace cannot be read", help: "write 'match size within 1 page'" },
    ]);
  });

  it('counts lost events and lines that it does not understand', () => {
    const text = `${TRACE}CPU:3 [LOST 1200 EVENTS]\nmodprobe-812 [001] cut\n`;
    const { data, diagnostics } = readTrace(text);
    expect(data?.stream?.account).toMatchObject({ records: 1225, dropped: 1201 });
    expect(diagnostics).toMatchObject([
      {
        code: 'X0703',
        message: "1 of 25 lines of 'file.txt' were not understood",
        notes: ["first: line 32: 'modprobe-812 [001] cut'"],
      },
    ]);
  });

  it('refuses another file, a trace without requests, and hidden addresses', () => {
    expect(readTrace('MemTotal: 8 kB\n').diagnostics).toMatchObject([
      { code: 'X0701', message: "line 1 of 'file.txt' is no line of a trace" },
    ]);
    expect(readTrace(event('1.0', 'sched_switch: a ==> b')).diagnostics).toMatchObject([
      { code: 'X0701', message: "'file.txt' has no request of the module range" },
    ]);
    expect(readTrace(event('1.0', area('0x0', 1))).diagnostics).toMatchObject([
      { code: 'X0702', message: "kernel pointers are hidden in 'file.txt'" },
    ]);
  });
});

describe('an import of bpftrace', () => {
  it('reads what the shipped script prints, with who asked', () => {
    const { data, diagnostics } = readBpftrace(BPFTRACE_JSON);
    expect(diagnostics).toEqual([]);
    expect(shownEvents(data)).toEqual([
      '0 module xfs',
      '795 trampoline arch_ftrace_update_trampoline 4',
      '1795 release area:4',
      '2795 release module:xfs',
    ]);
    expect(data?.stream?.account).toEqual({
      records: 7,
      used: 5,
      guessed: 1,
      dropped: 1,
      reasons: [
        { reason: 'trampoline: length within the page guessed', count: 1 },
        { reason: 'BPF pack: its programs are in bpftool_prog or perf_ksymbol', count: 1 },
      ],
    });
  });

  it('counts events that bpftrace lost, and lines of others', () => {
    const lost = JSON.stringify({ type: 'lost_events', data: { events: 12 } });
    const other = JSON.stringify({ type: 'printf', data: 'hello\n' });
    const { data, diagnostics } = readBpftrace(`${BPFTRACE_JSON}${lost}\n${other}\n`);
    expect(data?.stream?.account).toMatchObject({ records: 20, dropped: 14 });
    expect(diagnostics).toMatchObject([{ code: 'X0703' }]);
  });

  it('refuses output that is not JSON, with the command', () => {
    expect(readBpftrace('Attaching 4 probes...\n').diagnostics).toMatchObject([
      {
        code: 'X0701',
        message: "line 1 of 'file.txt' is not of std/record/text.bt",
        notes: ["found 'Attaching 4 probes...'"],
        help: 'record it as root: bpftrace -f json text.bt > trace.json',
      },
    ]);
  });
});
