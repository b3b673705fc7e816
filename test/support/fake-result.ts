/**
 * Experiment results made without the engine, for tests of reports, charts and the window. Values
 * follow a plausible fleet scenario, hold the sums that reports check, and come from one seeded
 * generator, so that the same description always gives the same result.
 */
import { PrngStream } from '../../src/base/prng.js';
import type { MetricInfo, MetricKind, MetricUnit } from '../../src/contract/metric-table.js';
import {
  RESULT_SCHEMA_VERSION,
  type AnchorResult,
  type ExperimentResult,
  type PhaseResult,
  type PhaseStatistics,
  type RunResult,
  type SeriesResult,
  type Verdict,
} from '../../src/contract/run-result.js';
import type { CauseRow } from '../../src/contract/sim-event.js';

const metric = (
  name: string,
  label: string,
  kind: MetricKind,
  unit: MetricUnit,
  better: MetricInfo['better'],
): MetricInfo => ({
  name,
  label,
  kind,
  unit,
  better,
  meaning: `${label} of the simulated machine`,
  counterpart: '',
});

/** The metric names of the language reference with report labels. */
export const FAKE_METRICS: readonly MetricInfo[] = [
  metric('itlb.walks_per_kinst', 'itlb walks/kinst', 'ratio', 'per_kinst', 'low'),
  metric('itlb_misses.walk_completed', 'itlb walks', 'counter', 'count', 'low'),
  metric('itlb_misses.stlb_hit', 'itlb stlb_hit', 'counter', 'count', 'low'),
  metric('text.pte_4k', 'text.pte_4k', 'gauge', 'count', 'low'),
  metric('text.pmd_2m', 'text.pmd_2m', 'gauge', 'count', 'high'),
  metric('text.live_bytes', 'text.live', 'gauge', 'bytes', '-'),
  metric('text.reserved_bytes', 'text.reserved', 'gauge', 'bytes', 'low'),
  metric('text.waste_pct', 'text.waste_pct', 'gauge', 'percent', 'low'),
  metric('DirectMap4k', 'DirectMap4k', 'gauge', 'bytes', 'low'),
  metric('DirectMap2M', 'DirectMap2M', 'gauge', 'bytes', 'high'),
  metric('DirectMap1G', 'DirectMap1G', 'gauge', 'bytes', 'high'),
  metric('direct_map_level2_splits', 'level2_splits', 'counter', 'count', 'low'),
  metric('direct_map_level3_splits', 'level3_splits', 'counter', 'count', 'low'),
  metric('vmap.largest_hole', 'vmap.largest_hole', 'gauge', 'bytes', 'high'),
  metric('tlb.remote_flush', 'tlb.remote_flush', 'counter', 'count', 'low'),
  metric('alloc.failed', 'alloc.failed', 'counter', 'count', 'low'),
];

/** How one design behaves in the fake: end values of the steady phase. */
export interface FakeDesign {
  readonly name: string;
  readonly design?: string;
  readonly options?: string;
  readonly walksPerKinst: number;
  readonly stlbHitsPerSecond: number;
  readonly pte4k: number;
  readonly pmd2m: number;
  readonly level2Splits: number;
  readonly level3Splits: number;
  /** Share of reserved text that is live, 0..1. */
  readonly liveShare: number;
  readonly flushesPerSecond: number;
  readonly failed?: number;
}

const fakeDesign = (
  name: string,
  numbers: readonly [number, number, number, number, number, number, number, number],
): FakeDesign => {
  const [walks, hits, pte4k, pmd2m, level2, level3, flushes, liveShare] = numbers;
  return {
    name,
    walksPerKinst: walks,
    stlbHitsPerSecond: hits,
    pte4k,
    pmd2m,
    level2Splits: level2,
    level3Splits: level3,
    liveShare,
    flushesPerSecond: flushes,
  };
};

export const FAKE_DESIGNS: readonly FakeDesign[] = [
  fakeDesign('module_alloc', [0.84, 6210, 4217, 0, 643, 12, 84, 0.69]),
  fakeDesign('bpf_prog_pack', [0.63, 5580, 4429, 0, 71, 2, 41.7, 0.71]),
  fakeDesign('execmem_rox', [0.48, 5070, 444, 9, 66, 2, 9.3, 0.62]),
  fakeDesign('vmalloc_exec', [0.53, 5300, 649, 8, 69, 2, 14.8, 0.65]),
  fakeDesign('topdown_split', [0.51, 5150, 743, 7, 102, 2, 22.6, 0.68]),
  {
    ...fakeDesign('rox_big', [0.47, 5010, 512, 11, 66, 2, 9.1, 0.51]),
    design: 'execmem_rox',
    options: 'cache 8MiB',
  },
];

export interface FakePhase {
  readonly name: string;
  readonly seconds: number;
  readonly discard?: boolean;
}

export const FAKE_PHASES: readonly FakePhase[] = [
  { name: 'boot', seconds: 30, discard: true },
  { name: 'steady', seconds: 300 },
  { name: 'drain', seconds: 60 },
];

export interface FakeRequest {
  readonly title?: string;
  readonly question?: string;
  readonly designs?: readonly FakeDesign[];
  readonly phases?: readonly FakePhase[];
  readonly seedCount?: number;
  readonly points?: readonly string[];
  readonly metricsOfInterest?: readonly string[];
  readonly verdicts?: readonly Verdict[];
  readonly anchors?: readonly AnchorResult[];
  /** Relative spread of values between seeds, 0 for none. */
  readonly spread?: number;
  /** Keeps only the first runs, as after a cancel. */
  readonly finishedRuns?: number;
  readonly samplesPerPhase?: number;
}

/** Curves of all metrics of one run: share of the way to the steady value at each sample. */
interface Curves {
  readonly timesNs: readonly number[];
  readonly values: ReadonlyMap<string, readonly number[]>;
}

const NANOSECONDS = 1e9;
const PMD_BYTES = 2097152;
const PAGE_BYTES = 4096;
const DIRECT_MAP_4K_BYTES = 90 * 1048576;
const DIRECT_MAP_2M_BYTES = 6 * 1024 * 1048576;
const DIRECT_MAP_1G_BYTES = 200 * 1073741824;

function makeCurves(request: {
  readonly design: FakeDesign;
  readonly phases: readonly FakePhase[];
  readonly stream: PrngStream;
  readonly spread: number;
  readonly samplesPerPhase: number;
  readonly load: number;
}): Curves {
  const { design, phases, stream, spread, samplesPerPhase, load } = request;
  const wobble = (): number => 1 + spread * (stream.unit() - 0.5) * 2;
  const factor = load * wobble();
  const wasteFactor = wobble();
  const walkFactor = wobble() * (0.7 + 0.3 * load);
  const timesNs: number[] = [];
  const values = new Map<string, number[]>(FAKE_METRICS.map(({ name }) => [name, []]));
  const push = (name: string, value: number): void => {
    values.get(name)?.push(value);
  };
  const sums = { walks: 0, hits: 0, flushes: 0, failed: 0 };
  let startNs = 0;
  let growth = 0;
  for (const [index, phase] of phases.entries()) {
    const draining = index > 0 && index === phases.length - 1 && phases.length > 2;
    const stepSeconds = phase.seconds / samplesPerPhase;
    for (let sample = 0; sample <= samplesPerPhase; sample += 1) {
      if (sample === 0 && index > 0) continue;
      const share = sample / samplesPerPhase;
      const busy = phase.discard === true ? 0.2 * share : draining ? 1 - share : 1;
      const level = phase.discard === true ? 0.2 * share : draining ? 1 - 0.9 * share : undefined;
      growth =
        level === undefined ? Math.max(growth, 0.2 + 0.8 * (1 - Math.exp(-4 * share))) : growth;
      const live = level ?? growth;
      timesNs.push(Math.round(startNs + phase.seconds * share * NANOSECONDS));
      const ripple = 1 + 0.04 * Math.sin(sample * 0.9 + index) * (spread > 0 ? 1 : 0);
      const walks = design.walksPerKinst * walkFactor * (0.45 + 0.55 * busy) * ripple;
      sums.walks += walks * 1000 * stepSeconds;
      sums.hits += design.stlbHitsPerSecond * walkFactor * busy * stepSeconds;
      sums.flushes += design.flushesPerSecond * factor * busy * stepSeconds;
      sums.failed = design.failed === undefined ? 0 : Math.round(design.failed * live);
      const pte = Math.round(design.pte4k * factor * live);
      const pmd = Math.round(design.pmd2m * live);
      const reserved = pte * PAGE_BYTES + pmd * PMD_BYTES;
      const liveBytes = Math.round(reserved * Math.min(1, design.liveShare * wasteFactor));
      const splits2 = Math.round(design.level2Splits * factor * Math.max(growth, live));
      const splits3 = Math.round(design.level3Splits * Math.max(growth, live));
      push('itlb.walks_per_kinst', walks);
      push('itlb_misses.walk_completed', Math.round(sums.walks));
      push('itlb_misses.stlb_hit', Math.round(sums.hits));
      push('text.pte_4k', pte);
      push('text.pmd_2m', pmd);
      push('text.live_bytes', liveBytes);
      push('text.reserved_bytes', reserved);
      push('text.waste_pct', reserved === 0 ? 0 : ((reserved - liveBytes) / reserved) * 100);
      push('DirectMap4k', DIRECT_MAP_4K_BYTES + splits2 * PMD_BYTES);
      push('DirectMap2M', DIRECT_MAP_2M_BYTES - splits2 * PMD_BYTES + splits3 * 1073741824);
      push('DirectMap1G', DIRECT_MAP_1G_BYTES - splits3 * 1073741824);
      push('direct_map_level2_splits', splits2);
      push('direct_map_level3_splits', splits3);
      push('vmap.largest_hole', (1008 - live * 40) * 1048576);
      push('tlb.remote_flush', Math.round(sums.flushes));
      push('alloc.failed', sums.failed);
    }
    startNs += phase.seconds * NANOSECONDS;
  }
  return { timesNs, values };
}

/** Exact statistics of the samples from index `from` to `to`, both included. */
export function statisticsOf(
  timesNs: readonly number[],
  values: readonly number[],
  from: number,
  to: number,
): PhaseStatistics {
  const cut = values.slice(from, to + 1);
  const sorted = [...cut].sort((a, b) => a - b);
  const pick = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  let integral = 0;
  for (let i = from; i < to; i += 1) {
    integral += ((values[i] ?? 0) * ((timesNs[i + 1] ?? 0) - (timesNs[i] ?? 0))) / NANOSECONDS;
  }
  const seconds = ((timesNs[to] ?? 0) - (timesNs[from] ?? 0)) / NANOSECONDS;
  const first = cut[0] ?? 0;
  const last = cut[cut.length - 1] ?? 0;
  return {
    first,
    last,
    min: sorted[0] ?? 0,
    max: sorted[sorted.length - 1] ?? 0,
    mean: seconds > 0 ? integral / seconds : last,
    p50: pick(0.5),
    p90: pick(0.9),
    p99: pick(0.99),
    delta: last - first,
    integral,
  };
}

/** A plausible strip: large leaves first, then 4K slots that thin out. */
export function fakeStrip(pmd2m: number, pte4k: number, slotCount = 504): string {
  const large = 'H'.repeat(Math.min(pmd2m, slotCount));
  const smallSlots = Math.min(slotCount - large.length, Math.ceil(pte4k / 230));
  const small = Array.from({ length: smallSlots }, (_, i) =>
    String(Math.max(1, 9 - Math.floor((i * 9) / Math.max(1, smallSlots)))),
  ).join('');
  return (large + small).padEnd(slotCount, '.');
}

function makeCauses(design: FakeDesign): readonly CauseRow[] {
  const row = (line: number, label: string, path: string, count: number): CauseRow => ({
    effect: 'direct_map.split_2m',
    phase: 'steady',
    line,
    label,
    path,
    count,
    amount: count * 512,
  });
  const major = Math.round(design.level2Splits * 0.7);
  return [
    row(41, 'load bpf', 'bpf_jit_alloc -> set_memory_ro -> __change_page_attr', major),
    row(34, 'load module', 'load_module -> set_memory_ro', design.level2Splits - major),
  ].filter((cause) => cause.count > 0);
}

function makeRun(
  request: Required<Pick<FakeRequest, 'phases' | 'spread' | 'samplesPerPhase'>>,
  design: FakeDesign,
  key: { readonly point: number; readonly seed: number; readonly points: readonly string[] },
): RunResult {
  const { phases, spread, samplesPerPhase } = request;
  const stream = new PrngStream(key.seed, `fake/${design.name}`);
  const load = 2 ** (key.point - (key.points.length - 1) / 2);
  const curves = makeCurves({ design, phases, stream, spread, samplesPerPhase, load });
  let startNs = 0;
  const results = phases.map((phase, index): PhaseResult => {
    const endNs = startNs + phase.seconds * NANOSECONDS;
    const from = index * samplesPerPhase;
    const to = from + samplesPerPhase;
    const metrics = Object.fromEntries(
      [...curves.values].map(([name, values]) => [
        name,
        statisticsOf(curves.timesNs, values, from, to),
      ]),
    );
    const strip = fakeStrip(
      curves.values.get('text.pmd_2m')?.[to] ?? 0,
      curves.values.get('text.pte_4k')?.[to] ?? 0,
    );
    const result = {
      name: phase.name,
      startNs,
      endNs,
      discard: phase.discard ?? false,
      metrics,
      strip,
    };
    startNs = endNs;
    return result;
  });
  const series = [...curves.values].map(([name, values]): SeriesResult => ({
    metric: name,
    timesNs: curves.timesNs,
    values,
  }));
  return {
    point: key.point,
    seed: key.seed,
    design: design.name,
    status: 'ok',
    diagnostics: [],
    durationNs: startNs,
    requestCount: 12_000,
    effectCount: 40_000,
    logHash: (key.seed * 1000 + key.point).toString(16).padStart(16, '0'),
    phases: results,
    series,
    marks: [],
    causes: makeCauses(design),
    never: [],
    snapshots: [],
  };
}

/** A passing verdict with the numbers of `total` runs. */
export const fakeVerdict = (
  text: string,
  state: Verdict['state'],
  counts: readonly [number, number],
  detail = '',
): Verdict => ({
  expectation: 0,
  text,
  line: 81,
  severity: state === 'warn' ? 'warn' : 'expect',
  state,
  held: counts[0],
  total: counts[1],
  detail,
});

/** An experiment over designs, seeds and points. Runs are in order of point, seed, design. */
export function fakeResult(request: FakeRequest = {}): ExperimentResult {
  const designs = request.designs ?? FAKE_DESIGNS.slice(0, 3);
  const phases = request.phases ?? FAKE_PHASES;
  const seedCount = request.seedCount ?? 8;
  const points = request.points ?? [''];
  const seeds = Array.from({ length: seedCount }, (_, i) => i + 1);
  const settings = {
    phases,
    spread: request.spread ?? 0.06,
    samplesPerPhase: request.samplesPerPhase ?? 60,
  };
  const runs = points.flatMap((_, point) =>
    seeds.flatMap((seed) =>
      designs.map((design) => makeRun(settings, design, { point, seed, points })),
    ),
  );
  const finished = runs.slice(0, request.finishedRuns ?? runs.length);
  const total = String(runs.length);
  const verdicts = request.verdicts ?? [
    fakeVerdict('expect no alloc.failed', 'pass', [runs.length, runs.length]),
    fakeVerdict('expect p99(text.waste_pct) < 60% in steady', 'pass', [runs.length, runs.length]),
  ];
  return {
    schema: RESULT_SCHEMA_VERSION,
    tool: 'xlab',
    toolVersion: '0.1.0',
    model: 1,
    scenarioHash: '9f3c21d07ab4e5f60718293a4b5c6d7e8f901234567890abcdef0123456789ab',
    scenario: {
      file: 'fleet-churn.xlab',
      title: request.title ?? 'Text allocator comparison: fleet churn',
      question: request.question ?? 'which design keeps the iTLB quiet while text comes and goes?',
      machine:
        'sapphire_rapids, 64 cpus, 2 nodes, 256 GiB, direct map 1G, free pages scattered(35%)',
      load:
        '180 modules; BPF 40/s, q50 500 B, q75 2 KiB, lifetime q50 8 s; trampolines and kprobes ' +
        `every 2 s; 5e6 fetches/s; 300 s; ${total} runs`,
      designs: designs.map((design) => ({
        name: design.name,
        design: design.design ?? design.name,
        options: design.options ?? '',
      })),
      baseline: designs[0]?.name ?? '',
      seeds,
      seedsText: seedCount === 1 ? '1' : `1..${String(seedCount)}`,
      points: points.map((label) => ({ label })),
      settings: [{ name: 'churn', text: '40/s' }],
      inputs: [
        { path: 'fleet-churn.xlab', sha256: `5b0e77c1a2d9${'0'.repeat(52)}` },
        { path: 'std/sizes.xlab', sha256: `c41f00b7d3aa${'1'.repeat(52)}` },
      ],
      notModelled: [
        'user code',
        'speculative fetch',
        'SMT sharing of the iTLB',
        'data TLB',
        'lock contention',
      ],
      expectationLines: [81, 86],
      metricsOfInterest: request.metricsOfInterest ?? ['itlb.walks_per_kinst'],
      assumedProfileEntries: ['stlb walk latency'],
    },
    metrics: FAKE_METRICS,
    runs: finished,
    verdicts,
    anchors: request.anchors ?? [],
    complete: finished.length === runs.length,
    diagnostics: [],
  };
}
