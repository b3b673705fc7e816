/** `xlab bench [--json]`: how fast this build is here, each figure beside a reference of the same run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { labCatalog } from '../../app/catalog.js';
import { builtEntry, shippedScenariosFolder } from '../../app/shipped-files.js';
import { benchTable } from '../../bench/bench-table.js';
import {
  benchChurn,
  benchGrowth,
  benchMemory,
  churnScenario,
  planOf,
} from '../../bench/churn-bench.js';
import { benchLanguage, longScenario } from '../../bench/language-bench.js';
import { ratioOf, type BenchClocks, type BenchRow } from '../../bench/measure.js';
import { benchProcesses, benchThreads, type TimedCommand } from '../../bench/process-bench.js';
import { benchTlb } from '../../bench/tlb-bench.js';
import type { CommandContext } from '../command-context.js';
import { ExitCode } from '../exit-codes.js';
import { printError, printNote } from '../terminal.js';

interface BenchArguments {
  readonly json?: boolean;
  readonly long?: boolean;
  readonly only?: string;
}

const CLOCKS: BenchClocks = {
  cpuNs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
  wallNs: () => performance.now() * 1e6,
  residentBytes: () => process.memoryUsage.rss(),
};
const RUNS = 3;
const GROWTH_DESIGN = 'linux_6_1';
const CHURN = { live: 10_000, events: 100_000 };
const GROWTH = [
  { live: 100, events: 100_000 },
  { live: 1_000, events: 100_000 },
  { live: 10_000, events: 100_000 },
  { live: 1_000, events: 10_000 },
  { live: 1_000, events: 1_000_000 },
];
const LONG_RUN = { live: 10_000, events: 10_000_000 };
const SHORT_RUN = { live: 10_000, events: 1_000_000 };
const SMALLEST_SCENARIO = 'one-leaf.xlab';

type Part = () => readonly BenchRow[] | Promise<readonly BenchRow[]>;

function tlbRows(): readonly BenchRow[] {
  return benchTlb({ nowNs: CLOCKS.cpuNs }).map((row) => ({
    group: 'TLB hierarchy, time per reference',
    what: row.stream === 'zipf' ? 'Zipf stream over 4096 pages' : '64 hot pages',
    value: row.hierarchyNs,
    unit: 'ns',
    reference: row.plainNs,
    against: 'plain loop with time stamps',
  }));
}

function growthRows(isLong: boolean): readonly BenchRow[] {
  const sizes = isLong ? [...GROWTH, LONG_RUN] : GROWTH;
  return benchGrowth(sizes, GROWTH_DESIGN, { clocks: CLOCKS, runs: isLong ? 1 : RUNS });
}

/** Two instances of one design, so that both threads have the same to do. */
async function threadRows(context: CommandContext): Promise<readonly BenchRow[]> {
  const text = churnScenario({ live: 10_000, events: 200_000 }, ['one', 'two']).replace(
    'compare',
    `allocator one = ${GROWTH_DESIGN}\nallocator two = ${GROWTH_DESIGN}\ncompare`,
  );
  const plan = planOf(text);
  const run = async (threads: number): Promise<void> => {
    const engine = await context.createWorkbench(threads);
    const { signal } = new AbortController();
    try {
      await engine.startExperiment(plan, { signal, onProgress: () => undefined });
    } finally {
      await engine.close();
    }
  };
  return [await benchThreads(run, CLOCKS)];
}

function processRows(): readonly BenchRow[] {
  const program = builtEntry('cli.js');
  const scenarios = shippedScenariosFolder();
  if (program === undefined || scenarios === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'xlab-bench-'));
  try {
    const file = join(folder, 'long.xlab');
    writeFileSync(file, longScenario(500));
    const commands: readonly TimedCommand[] = [
      { what: 'xlab check, 500 lines', words: ['check', file] },
      { what: 'xlab run, smallest scenario', words: ['run', join(scenarios, SMALLEST_SCENARIO)] },
    ];
    const node = (words: readonly string[]): void => {
      spawnSync(process.execPath, [...words], { stdio: 'ignore' });
    };
    return benchProcesses(commands, {
      clocks: CLOCKS,
      runs: RUNS,
      command: (words) => node([program, ...words]),
      nothing: () => node(['-e', '0']),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function partsOf(isLong: boolean, context: CommandContext): ReadonlyMap<string, Part> {
  const designs = labCatalog().designs.map(({ name }) => name);
  const measured = { clocks: CLOCKS, runs: RUNS };
  return new Map<string, Part>([
    ['tlb', tlbRows],
    ['churn', () => benchChurn(CHURN, designs, measured)],
    ['growth', () => growthRows(isLong)],
    ['memory', () => [benchMemory(isLong ? LONG_RUN : SHORT_RUN, GROWTH_DESIGN, CLOCKS)]],
    ['threads', () => threadRows(context)],
    ['language', () => benchLanguage([500, 5000], measured)],
    ['process', processRows],
  ]);
}

async function bench(args: BenchArguments, context: CommandContext): Promise<number> {
  const parts = partsOf(args.long === true, context);
  const wanted = args.only === undefined ? [...parts.keys()] : args.only.split(',');
  const unknown = wanted.find((name) => !parts.has(name));
  if (unknown !== undefined) {
    printError(`no benchmark is called '${unknown}'`, `one of ${[...parts.keys()].join(' ')}`);
    return ExitCode.wrongInput;
  }
  const rows: BenchRow[] = [];
  for (const name of wanted) {
    if (process.stderr.isTTY) printNote(`${name} ...`);
    rows.push(...((await parts.get(name)?.()) ?? []));
  }
  const json = { rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) ?? null })) };
  process.stdout.write(
    args.json === true ? `${JSON.stringify(json, null, 2)}\n` : benchTable(rows),
  );
  return ExitCode.ok;
}

export function registerBench(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .description('measure this build on this machine, each figure beside a reference')
    .option('--only <parts>', 'some of tlb,churn,growth,memory,threads,language,process')
    .option('--long', 'runs of ten million events as well; takes minutes')
    .option('--json', 'figures as JSON')
    .action(async (args: BenchArguments) => {
      process.exitCode = await bench(args, context);
    });
}
