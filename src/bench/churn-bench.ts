/**
 * Allocation events of a churn, per design: loads and releases of programs with a steady number of live
 * ones, through engine, design, vmap areas, direct map and metrics. Beside it a plain loop that replaces
 * random entries of an array of as many, which is what the bare bookkeeping would cost.
 */
import { assert } from '../base/assert.js';
import { PrngStream } from '../base/prng.js';
import { compileScenario } from '../app/compile-scenario.js';
import { runOne } from '../app/run-one.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { medianOf, medianTimeNs, type BenchClocks, type BenchRow } from './measure.js';

export interface ChurnSize {
  /** Live programs once the churn is steady. */
  readonly live: number;
  /** Loads and releases. */
  readonly events: number;
}

/** Mean lifetime of a program, seconds. */
const LIFETIME_SECONDS = 2;

/** A scenario with this churn; the number of events is met within a few percent. */
export function churnScenario(size: ChurnSize, designs: readonly string[]): string {
  const rate = size.live / LIFETIME_SECONDS;
  const seconds = Math.max(1, Math.ceil(size.events / (2 * rate)));
  return `xlab 1
machine { ram 64GiB; cpus 8; cpu skylake_sp; kernel "6.1" }
compare ${designs.join(', ')}
pool progs
phase churn for ${String(seconds)}s {
  churn progs {
    item load bpf size ~ exp(mean=900B, max=64KiB)
    arrive ~ poisson(${String(rate)}/s)
    lifetime ~ exp(mean=${String(LIFETIME_SECONDS)}s)
  }
}
probe every ${String(Math.max(1, Math.ceil(seconds / 100)))}s: DirectMap4k, text.pte_4k
limit events ${String(size.events * 4)}
`;
}

/** The compiled scenario; a mistake in it is a defect of the benchmark. */
export function planOf(text: string): ScenarioPlan {
  const request = { file: 'bench.xlab', folder: '/', settings: {}, seeds: '', only: [] };
  const { plan, diagnostics } = compileScenario({ ...request, text });
  assert(plan !== undefined, () => diagnostics.map(({ message }) => message).join('; '));
  return plan;
}

/** Random replacements in an array; returns a sum so that nothing can be left out. */
export function plainChurn({ live, events }: ChurnSize): number {
  const draws = new PrngStream(1, 'bench/churn');
  const sizes = new Int32Array(live);
  let bytes = 0;
  for (let event = 0; event < events; event += 2) {
    const slot = draws.below(live);
    const size = 64 + draws.below(4096);
    bytes += size - (sizes[slot] ?? 0);
    sizes[slot] = size;
  }
  return bytes;
}

export interface ChurnOptions {
  readonly clocks: BenchClocks;
  readonly runs: number;
}

/** Nanoseconds of processor time per event, of one design. */
function eventNs(plan: ScenarioPlan, design: string, { clocks, runs }: ChurnOptions): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = clocks.cpuNs();
    const { requestCount, status } = runOne(plan, { point: 0, seed: 1, design });
    const spent = clocks.cpuNs() - start;
    assert(status === 'ok', () => `the churn runs under ${design}`);
    times.push(spent / Math.max(1, requestCount));
  }
  return medianOf(times);
}

/** One row a design. */
export function benchChurn(
  size: ChurnSize,
  designs: readonly string[],
  options: ChurnOptions,
): readonly BenchRow[] {
  const plan = planOf(churnScenario(size, designs));
  const plain = medianTimeNs(options.clocks.cpuNs, options.runs, () => void plainChurn(size));
  return designs.map((design) => ({
    group: `load and release, ${String(size.live)} live`,
    what: design,
    value: eventNs(plan, design, options),
    unit: 'ns',
    reference: plain / size.events,
    against: 'random replacement in an array',
  }));
}

/** Cost per event at several sizes, each held against the first. */
export function benchGrowth(
  sizes: readonly ChurnSize[],
  design: string,
  options: ChurnOptions,
): readonly BenchRow[] {
  const measured = sizes.map((size) => ({
    size,
    ns: eventNs(planOf(churnScenario(size, [design])), design, options),
  }));
  const first = measured[0];
  return measured.map(({ size, ns }) => ({
    group: `cost per event, ${design}`,
    what: `${String(size.live)} live, ${String(size.events)} events`,
    value: ns,
    unit: 'ns',
    ...(first === undefined ? {} : { reference: first.ns }),
    against: 'the first row',
  }));
}

const BYTES_PER_MIB = 1_048_576;

/** Resident memory that a long run adds. */
export function benchMemory(size: ChurnSize, design: string, clocks: BenchClocks): BenchRow {
  const plan = planOf(churnScenario(size, [design]));
  const before = clocks.residentBytes();
  runOne(plan, { point: 0, seed: 1, design });
  const added = Math.max(0, clocks.residentBytes() - before);
  return {
    group: 'memory',
    what: `${String(size.live)} live, ${String(size.events)} events, added`,
    value: added / BYTES_PER_MIB,
    unit: 'MiB',
    reference: before / BYTES_PER_MIB,
    against: 'the process before',
  };
}
