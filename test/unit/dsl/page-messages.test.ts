/** The messages of the language page, character by character: code, place, source, note, help. */
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';
import type { LanguageHost } from '../../../src/contract/catalog.js';
import { checkScenario } from '../../../dsl/compile.js';
import { renderDiagnostic } from '../../../dsl/render-diagnostic.js';
import { CATALOG, hostOf } from './lab-double.js';

/** Lines by number; lines that are not given are comments. */
function page(lines: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(lines).map(Number));
  const text: string[] = [];
  for (let number = 1; number <= last; number += 1) text.push(lines[number] ?? '#');
  return `${text.join('\n')}\n`;
}

const HEAD = { 1: 'xlab 1', 2: 'compare module_alloc' };
const MACHINE = { 3: 'machine { ram 8GiB; cpu skl }' };
const PHASE = { 4: 'phase steady for 10s { load bpf size 1KiB lifetime 1s }' };

interface PageCase {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly host?: LanguageHost;
  readonly expected: string;
  /** Text that a fix makes of the marked line; absent where the page offers no replacement. */
  readonly fixed?: string;
}

const notPermitted: Diagnostic = {
  code: 'X0701',
  severity: 'error',
  message: "line 1 of 'host/bpf.json' is not a bpftool program list",
  notes: ["found 'Error: can't get next program: Operation not permitted'"],
  help: 'record it as root: bpftool prog show -j > bpf.json',
};

const CASES: readonly PageCase[] = [
  {
    name: 'a unit that means two things',
    file: 'boot.xlab',
    text: page({ ...HEAD, ...PHASE, 6: 'machine {', 7: '  ram        87900kB', 8: '  cpu skl\n}' }),
    expected: `error[X0103]: unknown unit 'kB'
 --> boot.xlab:7:14
  |
7 |   ram        87900kB
  |              ^^^^^^^
  = note: /proc prints kB but counts in units of 1024 bytes
  = help: write 87900KiB`,
    fixed: '  ram        87900KiB',
  },
  {
    name: 'a time without a unit',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      30: 'phase steady for 10s {',
      31: '  every 500 {',
      32: '    load bpf size 1KiB lifetime 1s\n  }\n}',
    }),
    expected: `error[X0101]: a time needs a unit
 --> fleet.xlab:31:9
   |
31 |   every 500 {
   |         ^^^
   = help: write 500ms, 500us or 500s`,
  },
  {
    name: 'a number torn from its unit',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      12: 'phase steady for 5 min {',
      13: '  load bpf size 1KiB lifetime 1s\n}',
    }),
    expected: `error[X0102]: space between the number and its unit
 --> fleet.xlab:12:18
   |
12 | phase steady for 5 min {
   |                  ^^^^^
   = help: write 5min`,
    fixed: 'phase steady for 5min {',
  },
  {
    name: 'a time where a size is needed',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      15: 'pool progs',
      16: 'phase steady for 10s {',
      17: '  churn progs {',
      18: '     arrive poisson(1/s)',
      19: '     lifetime 1s',
      20: '    item load bpf size ~ exp(mean=8s)',
      21: '  }\n}',
    }),
    expected: `error[X0104]: expected a size, found a time
 --> fleet.xlab:20:26
   |
20 |     item load bpf size ~ exp(mean=8s)
   |                          ^^^^^^^^^^^^
   = note: 'size' takes B, KiB, MiB or GiB`,
  },
  {
    name: 'a metric with a letter too few',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      ...PHASE,
      77: 'expect direct_map_level2_split == 0 in steady',
    }),
    expected: `error[X0201]: unknown metric 'direct_map_level2_split'
 --> fleet.xlab:77:8
   |
77 | expect direct_map_level2_split == 0 in steady
   |        ^^^^^^^^^^^^^^^^^^^^^^^
   = help: did you mean 'direct_map_level2_splits'?`,
    fixed: 'expect direct_map_level2_splits == 0 in steady',
  },
  {
    name: 'a key that the machine does not have',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...PHASE,
      11: 'machine {',
      12: '  ram 8GiB; cpu skl',
      13: '  node_count 2',
      14: '}',
    }),
    expected: `error[X0201]: unknown key 'node_count' in 'machine'
 --> fleet.xlab:13:3
   |
13 |   node_count 2
   |   ^^^^^^^^^^
   = help: did you mean 'nodes'? keys: ram nodes cpus cpu tlb direct_map
           collapse free_memory kernel_text module_area kernel levels
           costs`,
    fixed: '  nodes 2',
  },
  {
    name: 'a reserved word as a name',
    file: 'fleet.xlab',
    text: page({ ...HEAD, ...MACHINE, ...PHASE, 29: 'pool random' }),
    expected: `error[X0003]: 'random' is a reserved word and cannot be a name
 --> fleet.xlab:29:6
   |
29 | pool random
   |      ^^^^^^
   = help: choose another name, for example 'random_pool'`,
    fixed: 'pool random_pool',
  },
  {
    name: 'a handle used after its release',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      61: 'phase steady for 10s {',
      62: '  let m = load module e1000e { text 184KiB }',
      64: '  unload m',
      66: '  poke m',
      67: '}',
    }),
    expected: `error[X0301]: 'm' is used after it was released
 --> fleet.xlab:66:8
   |
64 |   unload m
   |          - released here
66 |   poke m
   |        ^
   = help: move the poke before line 64`,
  },
  {
    name: 'a verb for another kind',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      37: 'phase steady for 10s {',
      38: '  let t = create trampoline size 128B',
      41: '  unload t',
      42: '}',
    }),
    expected: `error[X0302]: 'unload' takes a module, 't' is a trampoline
 --> fleet.xlab:41:10
   |
38 |   let t = create trampoline size 128B
   |       - created here
41 |   unload t
   |          ^
   = help: write 'free t'`,
    fixed: '  free t',
  },
  {
    name: 'a 99th percentile below the median',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      32: 'pool progs',
      33: 'phase steady for 10s {',
      34: '  churn progs {',
      35: '     arrive poisson(1/s)',
      36: '    lifetime ~ lognormal(median=2min, p99=8s)',
      37: '     item load bpf size 64B',
      38: '  }\n}',
    }),
    expected: `error[X0401]: p99 must be larger than the median
 --> fleet.xlab:36:16
   |
36 |     lifetime ~ lognormal(median=2min, p99=8s)
   |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: swap them: lognormal(median=8s, p99=2min)`,
    fixed: '    lifetime ~ lognormal(median=8s, p99=2min)',
  },
  {
    name: 'quantiles without ends',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      4: 'phase steady for 10s { load bpf size ~ bpf_size lifetime 1s }',
      24: 'dist bpf_size = quantiles(50%: 500B, 75%: 2KiB)',
    }),
    expected: `error[X0402]: quantiles must start at 0% and end at 100%
 --> fleet.xlab:24:17
   |
24 | dist bpf_size = quantiles(50%: 500B, 75%: 2KiB)
   |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = help: add the smallest and the largest size: 0%: 64B, 100%: 64KiB`,
  },
  {
    name: 'weights above the whole',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      41: 'pool progs',
      42: 'phase steady for 10s {',
      43: '    mix {',
      44: '      60%: load bpf size 1KiB into progs',
      45: '      30%: load bpf size 2KiB into progs',
      46: '      20%: free 1 of progs',
      47: '    }\n}',
    }),
    expected: `error[X0403]: weights add up to 110%, not 100%
 --> fleet.xlab:43:5
   |
43 |     mix {
   |     ^^^
   = note: 60% + 30% + 20%
   = help: reduce them, or write 'rest:' for the last one`,
  },
  {
    name: 'a distribution without a tilde',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      33: 'dist bpf_size = uniform(64B, 1KiB)',
      34: 'pool progs',
      35: 'phase steady for 10s {',
      36: '  churn progs {',
      37: '     arrive poisson(1/s)',
      38: '     lifetime 1s',
      39: '    item load bpf size bpf_size',
      40: '  }\n}',
    }),
    expected: `error[X0404]: 'size' got a distribution without '~'
 --> fleet.xlab:39:24
   |
39 |     item load bpf size bpf_size
   |                        ^^^^^^^^
   = help: write 'size ~ bpf_size' to draw a size each time`,
    fixed: '    item load bpf size ~ bpf_size',
  },
  {
    name: 'an instant after the end of its phase',
    file: 'ws.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      41: 'phase boot for 20s {',
      42: '  let eth = load module nic { text 184KiB }',
      46: '  at 40s { unload eth }',
      47: '}',
    }),
    expected: `error[X0502]: 'at 40s' lies after the end of phase 'boot' (20s)
 --> ws.xlab:46:6
   |
41 | phase boot for 20s {
   |                --- the phase ends here
46 |   at 40s { unload eth }
   |      ^^^`,
  },
  {
    name: 'something that never ends in a phase without an end',
    file: 'fleet.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      32: 'pool progs',
      33: 'phase steady {',
      34: '  churn progs {',
      35: '    arrive poisson(1/s); lifetime 1s; item load bpf size 64B',
      36: '  }\n}',
    }),
    expected: `error[X0501]: 'churn' never ends, and phase 'steady' has no duration
 --> fleet.xlab:34:3
   |
33 | phase steady {
   |       ------ add 'for 5min' here
34 |   churn progs {
   |   ^^^^^`,
  },
  {
    name: 'one equal sign in a comparison',
    file: 'ci.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      4: 'phase empty for 10s { load bpf size 1KiB lifetime 1s }',
      5: 'probe at end: text.live_bytes',
      50: 'expect last(text.live_bytes) = 0B in empty',
    }),
    expected: `error[X0601]: '=' names a value; use '==' to compare
 --> ci.xlab:50:30
   |
50 | expect last(text.live_bytes) = 0B in empty
   |                              ^
   = help: write '=='`,
    fixed: 'expect last(text.live_bytes) == 0B in empty',
  },
  {
    name: 'a design that is not compared',
    file: 'ci.xlab',
    text: page({
      1: 'xlab 1',
      2: 'compare mine, execmem_rox baseline execmem_rox',
      ...MACHINE,
      ...PHASE,
      5: 'allocator mine = plugin "./buddy-text.ts"',
      6: 'probe every 50ms: text.waste_pct',
      51: 'expect max(text.waste_pct) < max(text.waste_pct @ bpf_prog_pack)',
    }),
    expected: `error[X0602]: 'bpf_prog_pack' is not one of the designs of this scenario
 --> ci.xlab:51:51
   |
51 | expect max(text.waste_pct) < max(text.waste_pct @ bpf_prog_pack)
   |                                                   ^^^^^^^^^^^^^
   = note: compare lists: mine, execmem_rox
   = help: add it to 'compare', or compare with 'execmem_rox'`,
    fixed: 'expect max(text.waste_pct) < max(text.waste_pct @ execmem_rox)',
  },
  {
    name: 'more runs than the limit',
    file: 'sweep.xlab',
    text: page({
      1: 'xlab 1',
      2: 'compare module_alloc, bpf_prog_pack, vmalloc_exec, topdown_split, typed_blocks, execmem_rox',
      ...MACHINE,
      4: 'phase steady for 10s { arrive poisson(churn) { load bpf size size lifetime 1s } }',
      5: 'param churn = 1/s',
      6: 'param size = 1KiB',
      7: 'seeds 1..30',
      9: 'sweep churn over 1/s, 2/s, 5/s, 10/s, 20/s, 50/s',
      10: `sweep size over ${Array.from({ length: 10 }, (_, i) => `${i + 1}KiB`).join(', ')}`,
      11: 'sweep machine.cpus over 1, 2, 4, 8, 16, 32',
    }),
    expected: `error[X0412]: this scenario asks for 64,800 runs (limit 10,000)
 --> sweep.xlab:9:1
  |
9 | sweep churn over 1/s, 2/s, 5/s, 10/s, 20/s, 50/s
  | ^^^^^
  = note: 6 x 10 x 6 sweep points, 30 seeds, 6 designs
  = help: fewer seeds, or raise it: limit runs 65000`,
  },
  {
    name: 'an import that is a message of its tool',
    file: 'replay.xlab',
    text: page({
      ...HEAD,
      ...MACHINE,
      4: 'phase start for 10s { start from progs }',
      7: 'import progs  from "host/bpf.json" format bpftool_prog',
    }),
    host: { ...hostOf(), readImport: () => ({ diagnostics: [notPermitted] }) },
    expected: `error[X0701]: line 1 of 'host/bpf.json' is not a bpftool program list
 --> replay.xlab:7:20
  |
7 | import progs  from "host/bpf.json" format bpftool_prog
  |                    ^^^^^^^^^^^^^^^
  = note: found 'Error: can't get next program: Operation not permitted'
  = help: record it as root: bpftool prog show -j > bpf.json`,
  },
];

/** The text after the fix of a diagnostic. */
function applyFix(text: string, diagnostic: Diagnostic): string {
  const edits = [...(diagnostic.fix?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce(
    (now, { span, newText }) => now.slice(0, span.start) + newText + now.slice(span.end),
    text,
  );
}

describe('messages of the language page', () => {
  for (const { name, file, text, host, expected, fixed } of CASES) {
    it(`says exactly what the page says about ${name}`, () => {
      const { diagnostics, sources } = checkScenario({ text, file }, CATALOG, host ?? hostOf());
      const shown = diagnostics.map((diagnostic) =>
        renderDiagnostic({ diagnostic, file, text, sources }),
      );
      expect(shown).toEqual([expected]);
    });
    if (fixed === undefined) continue;
    it(`repairs ${name}`, () => {
      const [diagnostic] = checkScenario({ text, file }, CATALOG, hostOf()).diagnostics;
      if (diagnostic?.span === undefined) throw new Error('no diagnostic with a place');
      const line = text.slice(0, diagnostic.span.start).split('\n').length;
      const repaired = applyFix(text, diagnostic);
      expect(repaired.split('\n')[line - 1]).toBe(fixed);
      const after = checkScenario({ text: repaired, file }, CATALOG, hostOf());
      expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    });
  }
});
