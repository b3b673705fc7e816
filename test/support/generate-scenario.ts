/**
 * Grammar-based generator of valid scenarios: every declaration and statement, names that exist, units
 * that fit, weights that add up, and any layout that the newline rule allows. What it makes must check
 * without an error against the catalog of test/unit/dsl/lab-double.ts.
 */
import type { Draws } from './draws.js';
import { GeneratedLayout } from './generated-layout.js';
import { GeneratedStatements } from './generated-statements.js';
import { GeneratedValues, type Names } from './generated-values.js';

/** Names that are keywords elsewhere, to keep them usable as names. */
const PLAIN_NAMES = [
  'load',
  'churn',
  'replay',
  'size',
  'kind',
  'text',
  'phase',
  'a_1',
  'Zed',
  '_x',
];

class ScenarioGenerator {
  private readonly layout: GeneratedLayout;
  private readonly values: GeneratedValues;
  private readonly body: GeneratedStatements;

  constructor(private readonly draws: Draws) {
    this.layout = new GeneratedLayout(draws);
    this.values = new GeneratedValues(draws, this.layout);
    this.body = new GeneratedStatements(draws, this.layout, this.values);
  }

  /** A whole scenario. */
  text(): string {
    const { draws } = this;
    const names = this.names();
    const counts = ['n', ...(draws.chance(0.3) ? ['m'] : [])];
    const declarations = [
      ...(draws.chance(0.7) ? [`title "generated ${draws.below(100)}"`] : []),
      ...(draws.chance(0.3) ? ['question "does it \\"hold\\"?"'] : []),
      ...(draws.chance(0.5) ? ['use "std/sizes.xlab" as sizes'] : []),
      ...this.params(counts, names),
      ...this.shapes(names),
      this.machine(),
      ...this.designs(),
      ...this.sweeps(counts),
      draws.pick(['seeds 1..8', 'seeds 1..6', 'seeds 3, 7, 11, 12..15']),
      `pool ${names.pools.join(this.layout.comma())}`,
      ...(names.imports ? ['import ev from "t.txt" format ftrace'] : []),
      ...this.workloads(names, counts),
      ...this.phases(names, counts),
      ...this.probes(),
      ...this.expectations(),
      ...(draws.chance(0.4) ? ['limit events 5e7'] : []),
      ...(draws.chance(0.2) ? ['limit time 10h'] : []),
    ];
    return ['xlab 1', ...declarations].map((line) => line + this.layout.lineEnd()).join('');
  }

  private names(): Names {
    const { draws } = this;
    const first = draws.pick(PLAIN_NAMES);
    return {
      pools: draws.chance(0.5) ? [first, 'progs'] : ['progs', 'tramps', 'mods'],
      modules: ['nic'],
      drawnModules: ['small'],
      sizeDists: ['bpf_size'],
      timeDists: ['life'],
      sizes: ['base'],
      workloads: draws.chance(0.7) ? ['reload'] : [],
      imports: draws.chance(0.2),
    };
  }

  private params(counts: readonly string[], names: Names): string[] {
    const { draws } = this;
    return [
      `param n = ${draws.between(1, 4)} in 1..8${draws.pick(['', ' "how many"'])}`,
      ...(counts.includes('m') ? [`param${this.layout.gap}m = n + 1`] : []),
      `param ${names.sizes.join('')} =${draws.pick([' ', '\n  '])}${draws.pick(['1KiB', '2K', '96B'])}`,
      ...(draws.chance(0.5) ? ['param buddy = fresh'] : []),
    ];
  }

  private shapes(names: Names): string[] {
    const sections = (drawn: boolean): string[] =>
      ['text', 'data', 'rodata', 'ro_after_init', 'init.text', 'init.data', 'init.rodata']
        .filter((section) => section === 'text' || this.draws.chance(0.4))
        .map((section, index) => {
          const value =
            drawn && index === 0
              ? `~ ${this.values.distribution('size', names)}`
              : this.values.size();
          return `${section}${this.layout.gap}${value}`;
        });
    return [
      `dist bpf_size = quantiles(0%: 64B, 50%: 500B,\n   99%: 24KiB, 100%: 64KiB)`,
      `dist life = lognormal(median=200ms, p99=5s)`,
      `module nic ${this.layout.block(sections(false))}`,
      `module small ${this.layout.block([...sections(true), ...(this.draws.chance(0.3) ? ['init_time 2ms'] : [])])}`,
    ];
  }

  private machine(): string {
    const { draws } = this;
    const extra = [
      'nodes 2',
      `direct_map ${draws.pick(['1G', '2M', '4K', '1GiB'])}`,
      `free_memory ${draws.pick(['fresh', 'page_cache', 'scattered(35%)'])}`,
      `kernel ${draws.pick(['"6.12"', '"5.17"', '6.1'])}`,
      `collapse ${draws.pick(['off', 'rox', 'any'])}`,
      'kernel_text 24MiB',
      'module_area 1520MiB',
      'costs on',
      'init_free_delay 5ms',
      'levels 5',
      `tlb ${this.layout.block(['itlb_l1_4k entries(64), ways(8)', 'stlb entries(1024), ways(8)'])}`,
    ].filter(() => draws.chance(0.25));
    const ram = draws.pick(['8GiB', '16G', '2 * 8GiB']);
    return `machine ${this.layout.block([`ram${this.layout.gap}${ram}`, 'cpus 8', `cpu ${draws.pick(['skl', 'zen4', 'golden_cove'])}`, ...extra])}`;
  }

  private designs(): string[] {
    const { draws } = this;
    const allocators = [
      `allocator big = execmem_rox ${this.layout.block(['cache 8MiB'])}`,
      `allocator typed3 = typed_blocks { blocks text, data,${draws.pick([' ', '\n    '])}rodata }`,
      'allocator packs = bpf_prog_pack { pack per_node(2M), leaf 2M }',
    ];
    const first = draws.pick(['module_alloc', 'topdown_split']);
    const comma = this.layout.comma();
    const baseline = draws.pick(['', ` baseline ${first}`, `\n   baseline ${first}`]);
    return [...allocators, `compare ${first}${comma}execmem_rox, big, typed3, packs${baseline}`];
  }

  private sweeps(counts: readonly string[]): string[] {
    const { draws } = this;
    const single = [
      'sweep n over 1, 2, 4',
      'sweep machine.ram over 8GiB, 16GiB',
      'sweep big.cache over 4MiB, 8MiB',
    ];
    const lines = single.filter(() => draws.chance(0.1));
    if (counts.includes('m') && draws.chance(0.3) && !lines.includes(single[0] ?? '')) {
      lines.push('sweep (n, m) over (1, 2), (2, 3)');
    }
    return lines;
  }

  private workloads(names: Names, counts: readonly string[]): string[] {
    return names.workloads.map((name) => {
      const context = { names, counts: [...counts, 'k'], timed: false, depth: 2 };
      const args = this.draws.pick(['k', 'k, pause = 2s', 'k,\n  pause = 2s']);
      const body = [
        `repeat k ${this.layout.block([this.body.creation(context)])}`,
        ...this.body.statements(context),
      ];
      return `workload ${name}(${args}) ${this.layout.block(body)}`;
    });
  }

  private phases(names: Names, counts: readonly string[]): string[] {
    const { draws } = this;
    return ['boot', 'steady', 'drain'].map((name, index) => {
      const timed = name === 'steady' || draws.chance(0.6);
      const duration = timed ? ` for ${draws.pick(['10min', '600s', '0.5h', '10 * 1min'])}` : '';
      const discard = index === 0 && draws.chance(0.5) ? ' discard' : '';
      const context = { names, counts, timed, depth: 0 };
      const body = this.body.statements(context);
      const last = name === 'drain' ? 'free all' : this.body.creation(context);
      return `phase ${name}${duration}${discard} ${this.layout.block([...body, last])}`;
    });
  }

  private probes(): string[] {
    const all =
      'DirectMap4k, text.pte_4k, text.waste_pct, text.live_bytes, vmap.largest_hole, itlb_misses.walk_completed';
    const comma = this.layout.comma();
    return [
      `probe every 100ms:${this.draws.pick([' ', '\n   '])}${all.replaceAll(', ', comma)}`,
      ...(this.draws.chance(0.3) ? ['probe at end of steady: DirectMap2M'] : []),
      ...(this.draws.chance(0.3) ? ['probe at end: DirectMap1G'] : []),
    ];
  }

  private expectations(): string[] {
    const { draws } = this;
    const claims = [
      'no alloc.failed',
      'never text.overlap > 0B',
      'max(text.waste_pct) < 60%',
      'mean(itlb_misses.walk_completed) <=\n   1.1 * mean(itlb_misses.walk_completed @ execmem_rox)',
      'direct_map_level2_splits == 0',
      'last(DirectMap4k) - first(DirectMap4k) < 8MiB',
      'abs(delta(text.live_bytes)) <= 2 * 4KiB',
      'p99(vmap.largest_hole) > 4K',
      'n >= 1',
    ];
    const tails = [
      '',
      ' in steady',
      ' at end of steady',
      '\n   in steady for big, execmem_rox',
      ' for big',
    ];
    const list = claims
      .filter(() => draws.chance(0.5))
      .map((claim) => {
        const tail = draws.pick(tails);
        const warn = !claim.startsWith('n') && draws.chance(0.3);
        const confidence = !warn && claim.startsWith('m') && draws.chance(0.5);
        return `${warn ? 'warn if' : 'expect'} ${claim}${tail}${confidence ? ' with confidence 95%' : ''}`;
      });
    return list;
  }
}

export const generateScenario = (draws: Draws): string => new ScenarioGenerator(draws).text();
