/** Bodies of generated phases and workloads: every statement, nested at most three deep, with names that exist. */
import type { Draws } from './draws.js';
import type { GeneratedLayout } from './generated-layout.js';
import type { GeneratedValues, Names } from './generated-values.js';

export interface Context {
  /** Pools, modules, workloads with their arguments. */
  readonly names: Names;
  /** Words for counts in sight: params and loop variables. */
  readonly counts: readonly string[];
  /** The block runs in a phase with a duration: background statements and `at` may stand. */
  readonly timed: boolean;
  readonly depth: number;
}

export class GeneratedStatements {
  private handleCount = 0;

  constructor(
    private readonly draws: Draws,
    private readonly layout: GeneratedLayout,
    private readonly values: GeneratedValues,
  ) {}

  statements(context: Context): string[] {
    const most = context.depth > 1 ? 2 : 4;
    const lines: string[] = [];
    for (let index = this.draws.between(1, most); index > 0; index -= 1) {
      lines.push(...this.statement(context));
    }
    return lines;
  }

  /** A creation that goes somewhere. */
  creation(context: Context, keeps = true): string {
    const { draws } = this;
    const { names } = context;
    const size = `size ${this.values.drawnOr(this.values.size(names), 'size', names)}`;
    const lifetime = `lifetime ${this.values.drawnOr(this.values.time(), 'time', names)}`;
    const into = `into ${draws.pick(names.pools)}`;
    const kept = keeps ? draws.pick([[into], [lifetime], [into, lifetime]]) : [];
    const options = (own: readonly string[]): string =>
      [...own, ...kept, ...(draws.chance(0.1) ? ['node 0'] : [])]
        .sort(() => (draws.chance(0.5) ? 1 : -1))
        .map((option) => this.layout.gap + option)
        .join('');
    const name = draws.chance(0.3)
      ? `${this.layout.gap}${draws.pick(['filter', 'probe', 'load', 'e1000e'])}`
      : '';
    return draws.pick([
      () => `load module ${draws.pick(names.modules)}${options([])}`,
      () => `load module${this.layout.gap}~ ${draws.pick(names.drawnModules)}${options([])}`,
      () => `load module e1000e ${this.layout.block(['text 184KiB', 'data 28K'])}${options([])}`,
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
    const amount = draws.pick(['20', '30%', '1', '12.5%', this.values.count(context)]);
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
    return `run ${name}(${draws.pick([this.values.count(context), `k=${this.values.count(context)}`])})`;
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
    return this.layout.block(
      this.statements({ ...context, counts, timed: false, depth: context.depth + 1 }),
    );
  }

  private nested(context: Context): string[] {
    const { draws } = this;
    return [
      draws.pick([
        () => `repeat ${this.values.count(context)} ${this.inner(context)}`,
        () => `for i in 1..${draws.between(1, 3)} ${this.inner(context, [...context.counts, 'i'])}`,
        () => `parallel ${this.values.count(context)} ${this.inner(context)}`,
        () =>
          `parallel ${this.layout.block([`branch a ${this.inner(context)}`, `branch b ${this.inner(context)}`])}`,
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
    return `mix ${this.layout.block(options)}`;
  }

  private background(context: Context): string[] {
    const { draws } = this;
    return [
      draws.pick([
        () => `every ${draws.pick(['1s', '500ms', '2min'])} ${this.inner(context)}`,
        () =>
          `arrive ${draws.pick([`poisson(${this.values.rate()})`, 'uniform(2/s)', 'burst(5, 1/s)'])} ${this.inner(context)}`,
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
      `arrive${this.layout.gap}poisson(${this.values.rate()})`,
      `lifetime ${this.values.drawnOr(this.values.time(), 'time', context.names)}`,
      `item${this.layout.gap}${this.creation(context, false)}`,
      ...(draws.chance(0.5) ? [`live ${draws.pick(['at_most 4000', 'about 60'])}`] : []),
      ...(draws.chance(0.3) ? ['hold_back allow'] : []),
    ];
    return `churn ${draws.pick(context.names.pools)} ${this.layout.block(lines)}`;
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
    return `execute 1e6/s${draws.pick(['', ' on cpu 0..7', ' on cpu 3'])} ${this.layout.block(rows)}`;
  }
}
