/** Completion by context. */
import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../../dsl/service/index.js';
import { withCaret } from './service-caret.js';

const HEAD = `xlab 1
use "std/sizes.xlab" as sizes
param churn = 4 in 1..8
dist bpf_size = uniform(64B, 1KiB)
module nic { text 4KiB }
allocator big = execmem_rox { cache 8MiB }
compare module_alloc, big
pool progs, mods
import ev from "t.txt" format ftrace
workload reload(times) { }
phase boot for 10s { }
`;

function labels(lines: string): string[] {
  const { document, offset } = withCaret(HEAD + lines);
  return completionsAt(document, offset).items.map((item) => item.label);
}

/** Lines with a caret; what must be offered; what must not. */
const CASES: readonly (readonly [
  name: string,
  lines: string,
  offered: readonly string[],
  absent?: readonly string[],
])[] = [
  ['declarations at the top', '^', ['machine', 'phase', 'expect', 'warn', 'module'], ['load']],
  ['declarations for a word begun', 'ph^', ['phase'], ['load']],
  [
    'statements in a phase',
    'phase a for 1s { ^ }',
    ['load', 'free', 'repeat', 'unload'],
    ['machine'],
  ],
  [
    'statements on the next line',
    'phase a for 1s {\n  wait 1ms\n  ^\n}',
    ['load', 'churn'],
    ['cpu'],
  ],
  ['statements behind a semicolon', 'phase a for 1s { wait 1ms; ^ }', ['load']],
  ['keys of the machine', 'machine { ^ }', ['ram', 'cpu', 'tlb', 'init_free_delay'], ['text']],
  [
    'keys of the machine on a line of their own',
    'machine {\n  ram 8GiB\n  fr^\n}',
    ['free_memory'],
  ],
  ['CPU profiles with their aliases', 'machine { cpu ^ }', ['skl', 'golden_cove'], ['ram']],
  ['kernel releases', 'machine { kernel ^ }', ['"6.12"', '"7.3"']],
  ['values of keys, and params', 'machine { direct_map ^ }', ['4K', '2M', '1G', 'churn']],
  ['structures of the TLB', 'machine { tlb { ^ } }', ['itlb_l1_4k', 'stlb'], ['ram']],
  ['figures of a structure', 'machine { tlb { stlb ^ } }', ['entries', 'ways']],
  ['sections of a module', 'module m { ^ }', ['text', 'init.text', 'init_time'], ['ram']],
  ['sections after a dot', 'module m { init.^ }', ['init.text', 'init.data'], ['text']],
  ['sections of a module in place', 'phase a { load module m { ^ } }', ['text', 'rodata']],
  ['a tilde or a param as a size', 'module m { text ^ }', ['~', 'churn']],
  ['distributions behind a tilde', 'module m { text ~ ^ }', ['bpf_size', 'lognormal'], ['churn']],
  ['parameters of a distribution', 'dist d = lognormal(^', ['median', 'p99', 'min'], ['mean']],
  ['designs of an allocator', 'allocator a = ^', ['execmem_rox', 'plugin'], ['big']],
  ['options of a design', 'allocator a = bpf_prog_pack { ^ }', ['pack', 'leaf', 'chunk']],
  ['values of an option', 'allocator a = vmalloc_exec { version ^ }', ['v1', 'rfc']],
  ['members of a set', 'allocator a = vmalloc_exec { users bpf, ^ }', ['modules', 'ftrace']],
  ['on and off of a switch', 'allocator a = module_alloc { lazy_free ^ }', ['on', 'off']],
  ['designs and allocators to compare', 'compare ^', ['big', 'module_alloc'], ['progs']],
  ['the baseline', 'compare module_alloc ^', ['baseline']],
  ['targets of a sweep', 'sweep ^', ['churn', 'machine.ram', 'big.cache'], ['progs']],
  ['over behind a target', 'sweep churn ^', ['over']],
  ['import formats', 'import a from "x" format ^', ['ftrace', 'vmallocinfo']],
  ['when to probe', 'probe ^', ['every', 'at', 'on']],
  ['metrics of a probe', 'probe every 1s: ^', ['DirectMap4k', 'layout_snapshot'], ['mean']],
  ['metrics behind a comma', 'probe every 1s: DirectMap4k, ^', ['text.waste_pct']],
  ['metrics after a dot', 'probe every 1s: text.^', ['text.waste_pct'], ['DirectMap4k']],
  ['what to expect', 'expect ^', ['no', 'never', 'mean', 'alloc.failed', 'churn']],
  ['metrics behind no', 'expect no ^', ['alloc.failed'], ['mean']],
  ['metrics of a function', 'expect mean(^', ['text.waste_pct', 'ev'], ['mean']],
  ['where an expectation holds', 'expect no alloc.failed ^', ['in', 'at', 'for', 'with'], ['mean']],
  ['phases behind in', 'expect no alloc.failed in ^', ['boot'], ['progs']],
  [
    'compared designs behind for',
    'expect no alloc.failed for ^',
    ['module_alloc', 'big'],
    ['topdown_split'],
  ],
  [
    'compared designs behind an at sign',
    'expect alloc.failed < alloc.failed @ ^',
    ['big'],
    ['alloc.failed'],
  ],
  ['values behind a comparison', 'expect alloc.failed < ^', ['mean', 'alloc.failed', 'churn']],
  ['phases behind end of', 'probe at end of ^', ['boot']],
  ['limits', 'limit ^', ['events', 'time', 'runs']],
  ['what to load', 'phase a { load ^ }', ['module', 'bpf']],
  ['modules of this and of used files', 'phase a { load module ^ }', ['nic', 'sizes.nic', '~']],
  ['names of a used file after a dot', 'phase a { load module sizes.^ }', ['sizes.nic'], ['nic']],
  [
    'what a creation takes',
    'phase a { load bpf filter ^ }',
    ['size', 'into', 'lifetime'],
    ['kind'],
  ],
  ['what a creation has not yet', 'phase a { load bpf size 1KiB ^ }', ['into'], ['size']],
  ['kinds of a trampoline', 'phase a { create trampoline size 1KiB kind ^ }', ['ftrace', 'bpf']],
  ['pools behind into', 'phase a { load bpf size 1KiB into ^ }', ['progs', 'mods'], ['nic']],
  ['creations of a let', 'phase a { let m = ^ }', ['load', 'create'], ['free']],
  ['kinds of memory', 'phase a { alloc ^ }', ['text', 'data', 'rodata']],
  ['handles to free', 'phase a { let m = load module nic\n free ^ }', ['m', 'all'], ['progs']],
  ['pools to free', 'phase a { free all ^ }', ['progs']],
  ['orders', 'phase a { free 20 ^ }', ['oldest', 'random', 'of']],
  ['pools behind of', 'phase a { poke 20 random of ^ }', ['progs'], ['random']],
  ['workloads', 'phase a { run ^ }', ['reload'], ['progs']],
  ['layouts', 'phase a { start from ^ }', ['std.small_server', 'ev']],
  ['recordings', 'phase a { replay ^ }', ['ev']],
  ['what a replay takes', 'phase a { replay ev ^ }', ['speed', 'from']],
  ['keys of churn', 'phase a { churn progs { ^ } }', ['arrive', 'live', 'item'], ['load']],
  ['arrivals', 'phase a { churn progs { arrive ^ } }', ['poisson', 'burst']],
  ['bounds', 'phase a { churn progs { live ^ } }', ['at_most', 'about']],
  ['creations of an item', 'phase a { churn progs { item ^ } }', ['load', 'register']],
  ['rows of execute', 'phase a { execute 1/s { ^ } }', ['kernel', 'user', 'progs'], ['weight']],
  ['keys of a row', 'phase a { execute 1/s { progs ^ } }', ['weight', 'locality']],
  [
    'keys of a row behind a comma',
    'phase a { execute 1/s { progs weight 1%, ^ } }',
    ['locality'],
    ['weight'],
  ],
  ['localities', 'phase a { execute 1/s { progs locality ^ } }', ['uniform', 'zipf']],
  ['branches', 'phase a { parallel { branch x { } \n ^ } }', ['branch'], ['load']],
  ['options of a mix', 'phase a { mix { 60%: ^ } }', ['load', 'free']],
  ['variables in sight', 'phase a { for i in 1..3 { repeat ^ } }', ['i', 'churn']],
  ['arguments in sight', 'workload w(count) { repeat ^ }', ['count'], ['times']],
  ['else', 'phase a { if 1 == 1 { } ^ }', ['else']],
];

describe('completion', () => {
  for (const [name, lines, offered, absent = []] of CASES) {
    it(`offers ${name}`, () => {
      const found = labels(lines);
      expect(found).toEqual(expect.arrayContaining([...offered]));
      for (const label of absent) expect(found).not.toContain(label);
      expect(new Set(found).size).toBe(found.length);
    });
  }

  it.each(['# a ^comment', 'title "a ^text"', 'title "a^', 'param a = 5^', 'param a = 12^34'])(
    'offers nothing in %s',
    (lines) => {
      expect(labels(lines)).toEqual([]);
    },
  );

  it('replaces the whole word around the caret', () => {
    const { document, offset } = withCaret(`${HEAD}probe every 1s: text.wa^ste`);
    const { replace } = completionsAt(document, offset);
    expect(document.text.slice(replace.start, replace.end)).toBe('text.waste');
  });

  it('says what an item is', () => {
    const { document, offset } = withCaret(`${HEAD}probe every 1s: ^`);
    const metric = completionsAt(document, offset).items.find(
      (item) => item.label === 'text.waste_pct',
    );
    expect(metric).toEqual({
      label: 'text.waste_pct',
      kind: 'metric',
      detail: 'gauge, share, lower is better',
      documentation: 'text.waste_pct',
    });
  });

  it('answers at every offset of a scenario', () => {
    const text = `${HEAD}phase x for 5s { churn progs { arrive poisson(1/s); lifetime 1s } }\n`;
    const { document } = withCaret(`${text}^`);
    for (let offset = 0; offset <= text.length; offset += 1) {
      const { replace } = completionsAt(document, offset);
      expect(replace.start).toBeLessThanOrEqual(offset);
      expect(replace.end).toBeGreaterThanOrEqual(offset);
    }
  });
});
