/** Values of generated scenarios: sizes, times, rates, counts and distributions in every way to write them. */
import type { Draws } from './draws.js';
import type { GeneratedLayout } from './generated-layout.js';

/** What a generated scenario declares, for what stands further down in it. */
export interface Names {
  readonly pools: readonly string[];
  readonly modules: readonly string[];
  readonly drawnModules: readonly string[];
  readonly sizeDists: readonly string[];
  readonly timeDists: readonly string[];
  readonly sizes: readonly string[];
  readonly workloads: readonly string[];
  readonly imports: boolean;
}

export class GeneratedValues {
  constructor(
    private readonly draws: Draws,
    private readonly layout: GeneratedLayout,
  ) {}

  size(names?: Names): string {
    const { draws } = this;
    const plain = ['64B', '1KiB', '1.5KiB', '2K', '4_096B', '3KiB', '512B', '0.5MiB'];
    if (names !== undefined && draws.chance(0.2)) return draws.pick(names.sizes);
    if (draws.chance(0.15)) return draws.pick(['2 * 1KiB', '(1KiB + 64B)', '4KiB / 2', '64B * 3']);
    return draws.pick(plain);
  }

  time(): string {
    return this.draws.pick(['10ms', '250us', '1s', '0.5s', '1_000ms', '2s', '3 * 100ms']);
  }

  rate(): string {
    return this.draws.pick(['5/s', '20/s', '60/min', '0.01/ms', '2 * 5/s']);
  }

  count(context: { readonly counts: readonly string[] }): string {
    const { draws } = this;
    if (draws.chance(0.3)) return draws.pick(context.counts);
    return draws.pick(['1', '2', '3', '4', '2 + 1', '2e0', '(1 + 2)']);
  }

  distribution(kind: 'size' | 'time', names: Names): string {
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

  drawnOr(fixed: string, kind: 'size' | 'time', names: Names): string {
    return this.draws.chance(0.5) ? fixed : `~${this.layout.gap}${this.distribution(kind, names)}`;
  }
}
