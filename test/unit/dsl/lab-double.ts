/** A catalog and a host for tests of the language: the names that its examples use, no engine. */
import { readFileSync } from 'node:fs';
import type { ImportedData, LabCatalog, LanguageHost } from '../../../src/contract/catalog.js';
import type { DesignInfo, OptionSpec } from '../../../src/contract/catalog.js';
import type { PluginPlan } from '../../../src/contract/scenario-plan.js';
import type { MetricInfo, MetricKind, MetricUnit } from '../../../src/contract/metric-table.js';

const design = (name: string, options: readonly OptionSpec[] = []): DesignInfo => ({
  name,
  origin: 'P0',
  summary: name,
  idea: [],
  options,
});

const choice = (name: string, ...values: string[]): OptionSpec => ({
  name,
  kind: 'choice',
  values,
  default: values[0] ?? '',
  help: '',
});

const metric = (
  name: string,
  kind: MetricKind,
  unit: MetricUnit,
  better: 'low' | 'high' = 'low',
): MetricInfo => ({ name, label: name, kind, unit, better, meaning: name, counterpart: '' });

const format = (name: string, ...options: string[]) => ({ name, summary: name, options });

const KIB = 1024;
const MIB = 1024 * KIB;

export const METRICS: readonly MetricInfo[] = [
  metric('DirectMap4k', 'gauge', 'bytes'),
  metric('DirectMap2M', 'gauge', 'bytes', 'high'),
  metric('DirectMap1G', 'gauge', 'bytes', 'high'),
  metric('direct_map_level2_splits', 'counter', 'count'),
  metric('direct_map_level3_splits', 'counter', 'count'),
  metric('itlb_misses.stlb_hit', 'counter', 'count'),
  metric('itlb_misses.walk_completed', 'counter', 'count'),
  metric('itlb.walks_per_kinst', 'ratio', 'per_kinst'),
  metric('text.pte_4k', 'gauge', 'count'),
  metric('text.pmd_2m', 'gauge', 'count', 'high'),
  metric('text.live_bytes', 'gauge', 'bytes'),
  metric('text.reserved_bytes', 'gauge', 'bytes'),
  metric('text.waste_pct', 'gauge', 'percent'),
  metric('vmap.holes', 'gauge', 'count'),
  metric('vmap.largest_hole', 'gauge', 'bytes', 'high'),
  metric('tlb.remote_flush', 'counter', 'count'),
  metric('alloc.failed', 'counter', 'count'),
  metric('text.overlap', 'gauge', 'bytes'),
  metric('text.writable_and_executable', 'gauge', 'bytes'),
  metric('stale_text_fetches', 'gauge', 'count'),
];

export const CATALOG: LabCatalog = {
  modelVersion: 1,
  designs: [
    design('module_alloc', [
      { name: 'guard_page', kind: 'switch', default: true, help: '' },
      { name: 'lazy_free', kind: 'switch', default: false, help: '' },
    ]),
    design('bpf_prog_pack', [
      { name: 'pack', kind: 'pack', default: 'per_node(2M)', help: '' },
      choice('leaf', '4K', '2M'),
      { name: 'chunk', kind: 'size', min: 16, max: 4096, default: 64, help: '' },
    ]),
    design('vmalloc_exec', [
      choice('version', 'v1', 'rfc'),
      {
        name: 'users',
        kind: 'set',
        values: ['bpf', 'modules', 'ftrace', 'kprobes'],
        default: ['bpf'],
        help: '',
      },
    ]),
    design('topdown_split', [choice('boundary', 'moving', 'fixed')]),
    design('typed_blocks', [
      {
        name: 'blocks',
        kind: 'set',
        values: ['text', 'data', 'rodata'],
        default: ['text', 'data'],
        help: '',
      },
    ]),
    design('execmem_rox', [
      { name: 'cache', kind: 'size', min: 64 * KIB, max: 64 * MIB, default: 2 * MIB, help: '' },
    ]),
  ],
  cpuProfiles: [
    { name: 'skl', title: 'Skylake', aliases: ['skylake_sp'] },
    { name: 'glc', title: 'Golden Cove', aliases: ['golden_cove', 'sapphire_rapids'] },
    { name: 'zen4', title: 'Zen 4', aliases: [] },
  ],
  metrics: METRICS,
  kernelReleases: ['5.17', '5.18', '6.1', '6.6', '6.12', '6.15', '6.17', '6.19', '7.2', '7.3'],
  newestKernel: '7.3',
  tlbProblem: ({ tlb }) =>
    tlb.some(({ entries, ways }) => entries === 1024 && ways === undefined)
      ? '1024 entries in 12 ways make 85.33 sets'
      : undefined,
  importFormats: [
    format('vmallocinfo'),
    format('proc_modules', 'sections'),
    format('bpftool_prog'),
    format('ftrace', 'event', 'match'),
    format('perf_ksymbol', 'type'),
    format('meminfo_log'),
    format('recording'),
  ],
  stdLayouts: [
    { name: 'small_server', objects: [{ kind: 'bpf', name: 'sd_fw_ingress', sizeBytes: 67 }] },
  ],
};

/** The shapes of the library that the examples name, for tests only. */
const SIZES = `xlab 1
module server_module {
  text   ~ lognormal(median=5KiB, p99=220KiB)
  rodata ~ lognormal(median=4KiB, p99=120KiB)
  data   ~ lognormal(median=3KiB, p99=90KiB)
}
module nic { text 184KiB; rodata 42KiB; data 28KiB }
`;

const ACCOUNT = { records: 4, used: 4, dropped: 0, guessed: 0, reasons: [] };
const SHA = 'ab'.repeat(32);

/** What an import of each format gives. */
export function importData(format: string): ImportedData {
  const layout = {
    name: 'file',
    objects: [{ kind: 'module', name: 'nic', sections: [4096, 0, 0, 0, 0, 0, 0] } as const],
  };
  const create = { kind: 'bpf', name: 'p', sizeBytes: 64 } as const;
  const stream = {
    name: 'file',
    events: [
      { kind: 'create', timeNs: 0, key: 'a', create } as const,
      { kind: 'release', timeNs: 30e9, key: 'a' } as const,
    ],
    account: ACCOUNT,
  };
  const series = { DirectMap4k: { timesNs: [0, 1e9], values: [4096, 8192] } };
  switch (format) {
    case 'ftrace':
    case 'perf_ksymbol':
      return { sha256: SHA, stream };
    case 'meminfo_log':
      return { sha256: SHA, series };
    case 'recording':
      return { sha256: SHA, layout, stream, series };
    default:
      return { sha256: SHA, layout };
  }
}

export const FILES: Readonly<Record<string, string>> = {
  'host/machine.json': '{"ram": "32GiB", "cpus": 16, "cpu": "skl", "kernel": "6.1"}',
  'shapes.xlab': 'xlab 1\nparam base = 4KiB\nmodule tiny { text base; data 1KiB }\npool shared\n',
  'sizes.csv': 'name,size\na,100\nb,2KiB\n',
};

/** What `./buddy-text.ts` declares. */
const BUDDY: PluginPlan = {
  path: 'buddy-text.ts',
  sha256: SHA,
  code: '',
  info: design('plugin:buddy-text.ts', [
    { name: 'slots', kind: 'count', min: 8, max: 512, default: 64, help: 'smallest slot' },
    choice('poison', 'int3', 'zero'),
  ]),
};

/** A host over a few files in memory; `files` adds to them. */
export const hostOf = (files: Readonly<Record<string, string>> = {}): LanguageHost => ({
  readText: (path) => ({ ...FILES, ...files })[path],
  readStd: (path) => (path === 'std/sizes.xlab' ? SIZES : undefined),
  readImport: ({ format, path }) =>
    path.startsWith('missing')
      ? {
          diagnostics: [
            { code: 'X0701', severity: 'error', message: `cannot read '${path}'` } as const,
          ],
        }
      : { data: importData(format), diagnostics: [] },
  readPlugin: (path) =>
    path === BUDDY.path
      ? { kind: 'loaded', plugin: BUDDY }
      : {
          kind: 'refused',
          message: `plugin '${path}' is not loaded`,
          notes: ['a plugin is code: it loads only when you name it'],
          help: `name it on the command line: --plugin ${path}`,
        },
});

/** One of the five complete examples of the language. */
export const example = (name: string): string =>
  readFileSync(new URL(`examples/${name}.xlab`, import.meta.url), 'utf8');

export const EXAMPLES = ['sockex1', 'workstation', 'fleet-churn', 'replay-host', 'gate'] as const;
