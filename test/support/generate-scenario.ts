/**
 * Grammar-based generator of valid scenarios: every declaration and statement, names that exist, units
 * that fit, weights that add up, and any layout that the newline rule allows. What it makes must check
 * without an error against the catalog of test/unit/dsl/lab-double.ts.
 */
import type { Draws } from './draws.js';

interface Context {
  /** Pools, modules, workloads with their arguments. */
  readonly names: Names;
  /** Words for counts in sight: params and loop variables. */
  readonly counts: readonly string[];
  /** The block runs in a phase with a duration: background statements and `at` may stand. */
  readonly timed: boolean;
  readonly depth: number;
}

interface Names {
  readonly pools: readonly string[];
  readonly modules: readonly string[];
  readonly drawnModules: readonly string[];
  readonly sizeDists: readonly string[];
  readonly timeDists: readonly string[];
  readonly sizes: readonly string[];
  readonly workloads: readonly string[];
  readonly imports: boolean;
}

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

export class ScenarioGenerator {
  private handleCount = 0;

  constructor(private readonly draws: Draws) {}

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
      `pool ${names.pools.join(this.comma())}`,
      ...(names.imports ? ['import ev from "t.txt" format ftrace'] : []),
      ...this.workloads(names, counts),
      ...this.phases(names, counts),
      ...this.probes(),
      ...this.expectations(),
      ...(draws.chance(0.4) ? ['limit events 5e7'] : []),
      ...(draws.chance(0.2) ? ['limit time 10h'] : []),
    ];
    return ['xlab 1', ...declarations].map((line) => line + this.lineEnd()).join('');
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

  // Layout.

  /** Blanks where one must stand. */
  private get gap(): string {
    return this.draws.pick([' ', ' ', ' ', '  ', '\t', '   ']);
  }

  private comma(): string {
    return this.draws.pick([', ', ',', ' , ', ',\n   ', ', # next\n  ']);
  }

  /** End of a line, with comments and blank lines here and there. */
  private lineEnd(): string {
    return this.draws.pick([
      '\n',
      '\n',
      '\n',
      '\n\n',
      '\n\n\n',
      ' # note\n',
      '\n# above\n',
      '\n  #\n',
    ]);
  }

  /** A block: several lines, or one line with semicolons. */
  private block(lines: readonly string[]): string {
    const { draws } = this;
    if (lines.length === 0) return draws.pick(['{ }', '{}', '{\n}']);
    if (draws.chance(0.3) && !lines.some((line) => line.includes('#'))) {
      return `{ ${lines.join(draws.pick(['; ', ';', ' ; ']))}${draws.pick(['', ';'])} }`;
    }
    const inner = lines.map((line) => `${draws.pick(['  ', '    ', '\t', ''])}${line}`);
    const start = draws.pick(['{\n', '{ # why\n', '{\n\n']);
    return `${start}${inner.map((line) => line + this.lineEnd()).join('')}}`;
  }

  // Values.

  private size(names?: Names): string {
    const { draws } = this;
    const plain = ['64B', '1KiB', '1.5KiB', '2K', '4_096B', '3KiB', '512B', '0.5MiB'];
    if (names !== undefined && draws.chance(0.2)) return draws.pick(names.sizes);
    if (draws.chance(0.15)) return draws.pick(['2 * 1KiB', '(1KiB + 64B)', '4KiB / 2', '64B * 3']);
    return draws.pick(plain);
  }

  private time(): string {
    return this.draws.pick(['10ms', '250us', '1s', '0.5s', '1_000ms', '2s', '3 * 100ms']);
  }

  private rate(): string {
    return this.draws.pick(['5/s', '20/s', '60/min', '0.01/ms', '2 * 5/s']);
  }

  private count(context: Pick<Context, 'counts'>): string {
    const { draws } = this;
    if (draws.chance(0.3)) return draws.pick(context.counts);
    return draws.pick(['1', '2', '3', '4', '2 + 1', '2e0', '(1 + 2)']);
  }

  private distribution(kind: 'size' | 'time', names: Names): string {
    const { draws } = this;
    const [a, b, c] = kind === 'size' ? ['64B', '1KiB', '64KiB'] : ['10ms', '1s', '2min'];
    const named = kind === 'size' ? names.sizeDists : names.timeDists;
    const comma = (): string => draws.pick([', ', ',', ' , ']);
    return draws.pick([
      () => draws.pick(named),
      () => `constant(${b})`,
      () => `uniform(${a}${comma()}${b})`,
      () => `uniform(low=${a}${comma()}high=${c}${comma()}max=${b})`,
      () => `normal(mean=${b}${comma()}sd=${a}${draws.pick(['', `, min=${a}`])})`,
      () => `lognormal(median=${b}${comma()}p99=${c})`,
      () => `exp(mean=${b}${draws.pick(['', `, max=${c}`])})`,
      () => `pareto(min=${a}${comma()}shape=1.5)`,
      () => `choice(70%: ${a}${comma()}30%: ${b})`,
      () => `choice(50%: uniform(${a}, ${b}), 50%: ${c})`,
      () =>
        `quantiles(0%: ${a}${comma()}50%: ${b}${comma()}100%: ${c}${draws.pick(['', ', scale=log'])})`,
    ])();
  }

  private drawnOr(fixed: string, kind: 'size' | 'time', names: Names): string {
    return this.draws.chance(0.5) ? fixed : `~${this.gap}${this.distribution(kind, names)}`;
  }

  // Declarations.

  private params(counts: readonly string[], names: Names): string[] {
    const { draws } = this;
    return [
      `param n = ${draws.between(1, 4)} in 1..8${draws.pick(['', ' "how many"'])}`,
      ...(counts.includes('m') ? [`param${this.gap}m = n + 1`] : []),
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
            drawn && index === 0 ? `~ ${this.distribution('size', names)}` : this.size();
          return `${section}${this.gap}${value}`;
        });
    return [
      `dist bpf_size = quantiles(0%: 64B, 50%: 500B,\n   99%: 24KiB, 100%: 64KiB)`,
      `dist life = lognormal(median=200ms, p99=5s)`,
      `module nic ${this.block(sections(false))}`,
      `module small ${this.block([...sections(true), ...(this.draws.chance(0.3) ? ['init_time 2ms'] : [])])}`,
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
      `tlb ${this.block(['itlb_l1_4k entries(64), ways(8)', 'stlb entries(1024), ways(8)'])}`,
    ].filter(() => draws.chance(0.25));
    const ram = draws.pick(['8GiB', '16G', '2 * 8GiB']);
    return `machine ${this.block([`ram${this.gap}${ram}`, 'cpus 8', `cpu ${draws.pick(['skl', 'zen4', 'golden_cove'])}`, ...extra])}`;
  }

  private designs(): string[] {
    const { draws } = this;
    const allocators = [
      `allocator big = execmem_rox ${this.block(['cache 8MiB'])}`,
      `allocator typed3 = typed_blocks { blocks text, data,${draws.pick([' ', '\n    '])}rodata }`,
      'allocator packs = bpf_prog_pack { pack per_node(2M), leaf 2M }',
    ];
    const first = draws.pick(['module_alloc', 'topdown_split']);
    const comma = this.comma();
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
        `repeat k ${this.block([this.creation(context)])}`,
        ...this.statements(context),
      ];
      return `workload ${name}(${args}) ${this.block(body)}`;
    });
  }

  private phases(names: Names, counts: readonly string[]): string[] {
    const { draws } = this;
    return ['boot', 'steady', 'drain'].map((name, index) => {
      const timed = name === 'steady' || draws.chance(0.6);
      const duration = timed ? ` for ${draws.pick(['10min', '600s', '0.5h', '10 * 1min'])}` : '';
      const discard = index === 0 && draws.chance(0.5) ? ' discard' : '';
      const context = { names, counts, timed, depth: 0 };
      const body = this.statements(context);
      const last = name === 'drain' ? 'free all' : this.creation(context);
      return `phase ${name}${duration}${discard} ${this.block([...body, last])}`;
    });
  }

  private probes(): string[] {
    const all =
      'DirectMap4k, text.pte_4k, text.waste_pct, text.live_bytes, vmap.largest_hole, itlb_misses.walk_completed';
    const comma = this.comma();
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

  // Statements.

  private statements(context: Context): string[] {
    const most = context.depth > 1 ? 2 : 4;
    const lines: string[] = [];
    for (let index = this.draws.between(1, most); index > 0; index -= 1) {
      lines.push(...this.statement(context));
    }
    return lines;
  }

  /** A creation that goes somewhere. */
  private creation(context: Context, keeps = true): string {
    const { draws } = this;
    const { names } = context;
    const size = `size ${this.drawnOr(this.size(names), 'size', names)}`;
    const lifetime = `lifetime ${this.drawnOr(this.time(), 'time', names)}`;
    const into = `into ${draws.pick(names.pools)}`;
    const kept = keeps ? draws.pick([[into], [lifetime], [into, lifetime]]) : [];
    const options = (own: readonly string[]): string =>
      [...own, ...kept, ...(draws.chance(0.1) ? ['node 0'] : [])]
        .sort(() => (draws.chance(0.5) ? 1 : -1))
        .map((option) => this.gap + option)
        .join('');
    const name = draws.chance(0.3)
      ? `${this.gap}${draws.pick(['filter', 'probe', 'load', 'e1000e'])}`
      : '';
    return draws.pick([
      () => `load module ${draws.pick(names.modules)}${options([])}`,
      () => `load module${this.gap}~ ${draws.pick(names.drawnModules)}${options([])}`,
      () => `load module e1000e ${this.block(['text 184KiB', 'data 28K'])}${options([])}`,
      () => `load bpf${name}${options([size])}`,
      () => `create trampoline${name}${options(draws.chance(0.3) ? [size, 'kind bpf'] : [size])}`,
      () => `register kprobe${name}${options(draws.chance(0.5) ? [size] : [])}`,
      () => `alloc ${draws.pick(['text', 'data', 'rodata'])}${options([size])}`,
    ])();
  }

  private release(context: Context): string {
    const { draws } = this;
    const pool = draws.pick(context.names.pools);
    const order = draws.pick(['', ' oldest', ' newest', ' random', ' largest', ' smallest']);
    const amount = draws.pick(['20', '30%', '1', '12.5%', this.count(context)]);
    return draws.pick([
      `free all ${pool}`,
      `free ${amount}${order} of ${pool}`,
      `poke ${amount}${order} of ${pool}`,
      `poke all ${pool}`,
    ]);
  }

  private statement(context: Context): string[] {
    const { draws } = this;
    const simple = [
      () => [this.creation(context)],
      () => [this.creation(context)],
      () => [this.release(context)],
      () => [`wait ${draws.pick(['1ms', '20us', '~ uniform(1us, 1ms)'])}`],
      () => [`mark "mark ${draws.below(3)}"`],
      () => this.handle(context),
      () =>
        context.names.workloads.length > 0 && context.depth < 2
          ? [this.run(context)]
          : [this.creation(context)],
    ];
    if (context.depth >= 3) return draws.pick(simple)();
    const nested = [() => this.nested(context)];
    const background = context.timed && context.depth === 0 ? [() => this.background(context)] : [];
    return draws.pick([...simple, ...nested, ...nested, ...background, ...background])();
  }

  private run(context: Context): string {
    const { draws } = this;
    const name = draws.pick(context.names.workloads);
    return `run ${name}(${draws.pick([this.count(context), `k=${this.count(context)}`])})`;
  }

  /** A named allocation, used and released with the verb of its kind. */
  private handle(context: Context): string[] {
    const { draws } = this;
    this.handleCount += 1;
    const name = `h${this.handleCount}`;
    const [creation, verb] = draws.pick([
      ['load module nic', 'unload'],
      ['load bpf size 1KiB', 'detach'],
      ['create trampoline size 128B', 'detach'],
      ['register kprobe', 'unregister'],
      ['alloc text size 4KiB', 'free'],
    ] as const);
    const last = `${draws.pick([verb, 'free'])} ${name}`;
    const middle = draws.chance(0.5) ? [`poke ${name}`] : [];
    return [
      `let ${name} = ${creation}`,
      ...middle,
      context.timed && draws.chance(0.2) ? `at 500ms { ${last} }` : last,
    ];
  }

  private inner(context: Context, counts = context.counts): string {
    return this.block(
      this.statements({ ...context, counts, timed: false, depth: context.depth + 1 }),
    );
  }

  private nested(context: Context): string[] {
    const { draws } = this;
    return [
      draws.pick([
        () => `repeat ${this.count(context)} ${this.inner(context)}`,
        () => `for i in 1..${draws.between(1, 3)} ${this.inner(context, [...context.counts, 'i'])}`,
        () => `parallel ${this.count(context)} ${this.inner(context)}`,
        () =>
          `parallel ${this.block([`branch a ${this.inner(context)}`, `branch b ${this.inner(context)}`])}`,
        () =>
          `parallel { branch a ${this.inner(context)} branch b ${this.inner(context)} branch c { } }`,
        () =>
          `if n ${draws.pick(['>', '<=', '==', '!='])} 2 ${this.inner(context)}${draws.pick(['', ` else ${this.inner(context)}`, `\nelse ${this.inner(context)}`])}`,
        () => this.mix(context),
      ])(),
    ];
  }

  private mix(context: Context): string {
    const weights = this.draws.pick([
      ['60%', '30%', '10%'],
      ['50%', 'rest'],
      ['100%'],
      ['12.5%', '87.5%'],
    ]);
    const options = weights.map(
      (weight) => `${weight}:${this.draws.pick([' ', '  ', '\n     '])}${this.creation(context)}`,
    );
    return `mix ${this.block(options)}`;
  }

  private background(context: Context): string[] {
    const { draws } = this;
    return [
      draws.pick([
        () => `every ${draws.pick(['1s', '500ms', '2min'])} ${this.inner(context)}`,
        () =>
          `arrive ${draws.pick([`poisson(${this.rate()})`, 'uniform(2/s)', 'burst(5, 1/s)'])} ${this.inner(context)}`,
        () => `at ${draws.pick(['1s', '0s', '5s'])} ${this.inner(context)}`,
        () => this.churn(context),
        () => this.execute(context),
        () =>
          context.names.imports
            ? `replay ev${draws.pick(['', ' speed 10x', ' from 0s to 30s'])}`
            : this.churn(context),
        () => 'start from std.small_server',
      ])(),
    ];
  }

  private churn(context: Context): string {
    const { draws } = this;
    const lines = [
      `arrive${this.gap}poisson(${this.rate()})`,
      `lifetime ${this.drawnOr(this.time(), 'time', context.names)}`,
      `item${this.gap}${this.creation(context, false)}`,
      ...(draws.chance(0.5) ? [`live ${draws.pick(['at_most 4000', 'about 60'])}`] : []),
      ...(draws.chance(0.3) ? ['hold_back allow'] : []),
    ];
    return `churn ${draws.pick(context.names.pools)} ${this.block(lines)}`;
  }

  private execute(context: Context): string {
    const { draws } = this;
    const pool = draws.pick(context.names.pools);
    const rows = draws.pick([
      ['kernel weight 100%, hot 2M'],
      [`kernel weight 70%, hot 2MiB`, `${pool}  weight 30%, locality zipf(skew=1.1)`],
      [
        `user weight 55%, hot 16MiB, pages 4K`,
        'kernel weight 33%',
        `${pool} weight 12%, locality uniform`,
      ],
    ]);
    return `execute 1e6/s${draws.pick(['', ' on cpu 0..7', ' on cpu 3'])} ${this.block(rows)}`;
  }
}

export const generateScenario = (draws: Draws): string => new ScenarioGenerator(draws).text();
