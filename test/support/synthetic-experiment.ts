/**
 * An ExperimentResult made of simple formulas: three designs, two phases, the metrics that the
 * window shows first. For tests of the hosts and the window, where the engine is not the subject.
 */
import type { MetricInfo } from '../../src/contract/metric-table.js';
import type {
  ExperimentResult,
  PhaseStatistics,
  RunResult,
  SeriesResult,
  Verdict,
} from '../../src/contract/run-result.js';
import { RESULT_SCHEMA_VERSION } from '../../src/contract/run-result.js';

const SECOND_NS = 1_000_000_000;
const PHASES = [
  { name: 'boot', startNs: 0, endNs: 30 * SECOND_NS, discard: true },
  { name: 'steady', startNs: 30 * SECOND_NS, endNs: 230 * SECOND_NS, discard: false },
  { name: 'storm', startNs: 230 * SECOND_NS, endNs: 290 * SECOND_NS, discard: false },
  { name: 'drain', startNs: 290 * SECOND_NS, endNs: 400 * SECOND_NS, discard: false },
] as const;

const metric = (
  name: string,
  label: string,
  kind: MetricInfo['kind'],
  unit: MetricInfo['unit'],
  better: MetricInfo['better'],
  meaning: string,
): MetricInfo => ({ name, label, kind, unit, better, meaning, counterpart: '' });

export const SYNTHETIC_METRICS: readonly MetricInfo[] = [
  metric(
    'itlb.walks_per_kinst',
    'itlb walks/kinst',
    'ratio',
    'per_kinst',
    'low',
    'completed instruction page walks per 1000 instructions',
  ),
  metric('DirectMap4k', 'DirectMap4k', 'gauge', 'bytes', 'low', 'direct map mapped by 4K entries'),
  metric(
    'direct_map_level2_splits',
    'level2_splits',
    'counter',
    'count',
    'low',
    '2M leaves of the direct map that became 512 x 4K',
  ),
  metric('text.pte_4k', 'text.pte_4k', 'gauge', 'count', 'low', 'text pages mapped by 4K entries'),
  metric('text.pmd_2m', 'text.pmd_2m', 'gauge', 'count', 'high', 'text mapped by 2M entries'),
  metric(
    'text.reserved_bytes',
    'text.reserved',
    'gauge',
    'bytes',
    'low',
    'bytes reserved for text, live or not',
  ),
  metric('alloc.failed', 'alloc.failed', 'counter', 'count', 'low', 'requests not served'),
];

const SCALE: Readonly<Record<string, number>> = {
  module_alloc: 1,
  bpf_prog_pack: 0.62,
  vmalloc_exec: 0.41,
};

/** Value of a metric: rises to a plateau in steady, more in storm, falls in drain. */
function valueAt(name: string, design: string, seed: number, seconds: number): number {
  const scale = (SCALE[design] ?? 1) * (1 + 0.01 * (seed % 5));
  const rise = 1 - Math.exp(-seconds / 60);
  const storm = seconds > 230 && seconds < 290 ? 0.25 : 0;
  const wave = 0.03 * Math.sin(seconds / 7 + seed);
  const live = seconds > 290 ? Math.exp(-(seconds - 290) / 40) : 1;
  switch (name) {
    case 'itlb.walks_per_kinst':
      return 0.35 + 0.5 * scale * (rise + storm + wave) * live;
    case 'DirectMap4k':
      return Math.round(64 + 1300 * scale * scale * rise) * 1048576;
    case 'direct_map_level2_splits':
      return Math.round(640 * scale * scale * rise);
    case 'text.pte_4k':
      return Math.round(4300 * scale * (rise + storm) * live);
    case 'text.pmd_2m':
      return design === 'vmalloc_exec' ? Math.round(9 * rise) : 0;
    case 'text.reserved_bytes':
      return Math.round((16868 + 3000 * (1 - scale)) * 1024 * (rise + storm));
    default:
      return 0;
  }
}

function series(name: string, design: string, seed: number, samples: number): SeriesResult {
  const timesNs: number[] = [];
  const values: number[] = [];
  for (let i = 0; i <= samples; i += 1) {
    const seconds = (400 * i) / samples;
    timesNs.push(Math.round(seconds * SECOND_NS));
    values.push(valueAt(name, design, seed, seconds));
  }
  return { metric: name, timesNs, values };
}

function statistics(all: SeriesResult, startNs: number, endNs: number): PhaseStatistics {
  const values = all.values.filter((_value, i) => {
    const time = all.timesNs[i] ?? 0;
    return time >= startNs && time <= endNs;
  });
  const sorted = [...values].sort((a, b) => a - b);
  const pick = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const first = values[0] ?? 0;
  const last = values[values.length - 1] ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    first,
    last,
    min: sorted[0] ?? 0,
    max: sorted[sorted.length - 1] ?? 0,
    mean,
    p50: pick(0.5),
    p90: pick(0.9),
    p99: pick(0.99),
    delta: last - first,
    integral: (mean * (endNs - startNs)) / SECOND_NS,
  };
}

const STRIPS: Readonly<Record<string, string>> = {
  module_alloc: `988766554433322211111${'.'.repeat(39)}`,
  bpf_prog_pack: `998776655444332211${'.'.repeat(42)}`,
  vmalloc_exec: `HHHHHHHHH5${'.'.repeat(50)}`,
};

export function syntheticRun(design: string, seed: number, samples = 200): RunResult {
  const all = SYNTHETIC_METRICS.map((info) => series(info.name, design, seed, samples));
  const phases = PHASES.map((phase) => ({
    ...phase,
    metrics: Object.fromEntries(
      all.map((one) => [one.metric, statistics(one, phase.startNs, phase.endNs)]),
    ),
    strip: STRIPS[design] ?? '.'.repeat(60),
  }));
  return {
    point: 0,
    seed,
    design,
    status: 'ok',
    diagnostics: [],
    durationNs: 400 * SECOND_NS,
    requestCount: 24_000,
    effectCount: 81_000,
    logHash: (seed * 7919).toString(16).padStart(16, '0'),
    phases,
    series: all,
    marks: [{ text: 'before storm', timeNs: 230 * SECOND_NS }],
    causes: [
      {
        effect: 'direct_map.split_2m',
        phase: 'steady',
        line: 33,
        label: 'load bpf prog',
        path: 'bpf_prog_free -> vfree -> set_direct_map_invalid_noflush',
        count: 41,
        amount: 41,
      },
    ],
    never: [],
    snapshots: [],
  };
}

const VERDICTS: readonly Verdict[] = [
  {
    expectation: 0,
    text: 'p99(text.waste_pct) < 60% in steady',
    line: 28,
    severity: 'expect',
    state: 'fail',
    held: 27,
    total: 30,
    detail: '63.1 % in C, seed 3, phase steady',
  },
  {
    expectation: 1,
    text: 'no alloc.failed',
    line: 27,
    severity: 'expect',
    state: 'pass',
    held: 30,
    total: 30,
    detail: '',
  },
  {
    expectation: 2,
    text: 'last(text.reserved_bytes) > 4MiB in drain',
    line: 29,
    severity: 'warn',
    state: 'warn',
    held: 0,
    total: 30,
    detail: '18.9 MiB in C',
  },
];

export interface SyntheticOptions {
  readonly file: string;
  readonly title: string;
  readonly designs: readonly string[];
  readonly seeds: readonly number[];
  readonly hash: string;
  readonly runs: readonly RunResult[];
}

export function syntheticExperiment(options: SyntheticOptions): ExperimentResult {
  const { designs, seeds, runs } = options;
  return {
    schema: RESULT_SCHEMA_VERSION,
    tool: 'xlab',
    toolVersion: '0.1.0',
    model: 1,
    scenarioHash: options.hash,
    scenario: {
      file: options.file,
      title: options.title,
      question: 'Which design keeps the iTLB quiet while text comes and goes?',
      machine: 'skylake_sp, 64 cpus, 2 nodes, 256 GiB, direct map 1G',
      load: '180 modules; BPF 40/s',
      designs: designs.map((name) => ({ name, design: name, options: '' })),
      baseline: designs[0] ?? '',
      seeds,
      seedsText: `1..${String(seeds.length)}`,
      points: [{ label: '' }],
      settings: [],
      inputs: [],
      notModelled: ['speculative fetch'],
      expectationLines: [27, 29],
      metricsOfInterest: ['itlb.walks_per_kinst', 'DirectMap4k', 'direct_map_level2_splits'],
      assumedProfileEntries: [],
    },
    metrics: SYNTHETIC_METRICS,
    runs,
    verdicts: VERDICTS,
    anchors: [],
    complete: runs.length === designs.length * seeds.length,
    diagnostics: [],
  };
}
