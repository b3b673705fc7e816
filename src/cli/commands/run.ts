/** `xlab run FILE`: the designs of a scenario side by side; report on stdout, files in `--out`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { junitText, ktapOutput } from '../../app/ci-reports.js';
import { designVerdicts } from '../../app/design-verdicts.js';
import { makeOutputFolder, outputFileProblem, outputProblem } from '../../app/output-folder.js';
import { phasePlanOf } from '../../app/phase-plan.js';
import { RunFolder } from '../../app/run-folder.js';
import { jobsOfPlan, shardOfJobs, type RunJob, type Shard } from '../../app/run-job.js';
import { hasErrors, type Diagnostic } from '../../contract/diagnostic.js';
import type { ExperimentResult } from '../../contract/run-result.js';
import type { ScenarioPlan } from '../../contract/scenario-plan.js';
import { exporterRegistry } from '../../export/index.js';
import { renderMailReport } from '../../export/report-mail.js';
import type { CommandContext } from '../command-context.js';
import { ExitCode } from '../exit-codes.js';
import { startProgress } from '../run-progress.js';
import { addScenarioOptions, compileFile, type ScenarioArguments } from '../scenario-options.js';
import { printDiagnostics, printError, printNote, type DiagnosedText } from '../terminal.js';
import { printForm } from '../print-form.js';
import { verdictCode } from '../verdict-code.js';
import { writeWhole } from './recording-io.js';

interface RunArguments extends ScenarioArguments {
  readonly out?: string;
  readonly phase?: string;
  readonly report: string;
  readonly json?: boolean;
  readonly unicode?: boolean;
  readonly quiet?: boolean;
  readonly events?: boolean;
  readonly shard?: string;
  readonly junit?: string;
  readonly ktap?: boolean;
  readonly expectHash?: string;
  readonly threads?: string;
}

/** Threads that `--threads` may ask for. */
const THREADS_MAX = 64;
const SHARDS_MAX = 10_000;
/** Shortest prefix of a hash that `--expect-hash` takes. */
const HASH_DIGITS_MIN = 8;

function shardOf(text: string): Shard | undefined {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  return match && index >= 1 && index <= count && count <= SHARDS_MAX
    ? { index, count }
    : undefined;
}

/** A mistake of the command line: message and remedy. */
function argumentProblem(args: RunArguments): readonly [string, string?] | undefined {
  const { report, shard, out, expectHash, events, threads } = args;
  if (exporterRegistry.find(report) === undefined) {
    return [`no report is called '${report}'`, `one of ${exporterRegistry.names.join(' ')}`];
  }
  if (shard !== undefined && shardOf(shard) === undefined) {
    return [`--shard ${shard}: expected K/N with 1 <= K <= N`, 'for example --shard 2/8'];
  }
  if (shard !== undefined && out === undefined) return ['--shard needs --out DIR'];
  if (events === true && out === undefined) return ['--events needs --out DIR'];
  if (expectHash !== undefined && !/^[0-9a-f]+$/.test(expectHash)) {
    return [`--expect-hash ${expectHash}: expected hexadecimal digits`];
  }
  if (expectHash !== undefined && expectHash.length < HASH_DIGITS_MIN) {
    return [`--expect-hash needs at least ${String(HASH_DIGITS_MIN)} digits`];
  }
  if (threads !== undefined && !(/^[1-9]\d?$/.test(threads) && Number(threads) <= THREADS_MAX)) {
    return [`--threads takes a number from 1 to ${String(THREADS_MAX)}`];
  }
  return streamProblem(args) ?? placeProblem(args);
}

/** Two options that would both print to standard output. */
function streamProblem({ ktap, json, junit }: RunArguments): readonly [string] | undefined {
  const printing = [
    ...(ktap === true ? ['--ktap'] : []),
    ...(json === true ? ['--json'] : []),
    ...(junit === '-' ? ['--junit -'] : []),
  ];
  return printing.length > 1
    ? [`${printing.join(' and ')} both print to standard output`]
    : undefined;
}

/** A place that cannot be written. */
function placeProblem({ out, junit }: RunArguments): readonly [string] | undefined {
  const folder = out === undefined ? undefined : outputProblem(resolve(out));
  if (folder !== undefined) return [`--out ${out ?? ''}: ${folder}`];
  const file = junit === undefined || junit === '-' ? undefined : outputFileProblem(junit);
  return file === undefined ? undefined : [`--junit ${junit ?? ''}: ${file}`];
}

async function run(path: string, args: RunArguments, context: CommandContext): Promise<number> {
  const problem = argumentProblem(args);
  if (problem !== undefined) {
    printError(...problem);
    return ExitCode.wrongInput;
  }
  const compiled = await compileFile(path, args);
  if (compiled === undefined) return ExitCode.wrongInput;
  const { source, reply } = compiled;
  const { plan: whole, diagnostics, sources } = reply;
  const at = { ...source, ...(sources === undefined ? {} : { sources }) };
  if (whole === undefined || hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, at);
    return ExitCode.wrongInput;
  }
  if (args.quiet !== true) printDiagnostics(diagnostics, at);
  const plan = args.phase === undefined ? whole : phasePlanOf(whole, args.phase);
  if (plan === undefined) {
    const phases = whole.points[0]?.phases.map(({ name }) => name) ?? [];
    printError(`--phase ${args.phase ?? ''}: there is no such phase`, `one of ${phases.join(' ')}`);
    return ExitCode.wrongInput;
  }
  if (args.expectHash !== undefined && !plan.scenarioHash.startsWith(args.expectHash)) {
    printError(
      `the scenario has hash ${plan.scenarioHash.slice(0, 12)}, not ${args.expectHash}`,
      'scenario, inputs, settings, seeds or model differ from the run that is cited',
    );
    return ExitCode.hashDiffers;
  }
  return runPlan(plan, args, { at, context });
}

async function runPlan(
  plan: ScenarioPlan,
  args: RunArguments,
  { at, context }: { readonly at: DiagnosedText; readonly context: CommandContext },
): Promise<number> {
  const refusal = args.out === undefined ? undefined : makeOutputFolder(resolve(args.out));
  if (refusal !== undefined) {
    printError(`--out ${args.out ?? ''}: ${refusal}`);
    return ExitCode.wrongInput;
  }
  const shard = args.shard === undefined ? undefined : shardOf(args.shard);
  const withEvents = args.events === true;
  const options = { withEvents, ...(shard === undefined ? {} : { shard }) };
  const folder =
    args.out === undefined ? undefined : new RunFolder(resolve(args.out), plan, options);
  const jobs = shard === undefined ? jobsOfPlan(plan) : shardOfJobs(jobsOfPlan(plan), shard);
  const cancel = cancelOnInterrupt();
  const { signal } = cancel;
  const result = await runExperimentOf(plan, { args, jobs, folder, signal, context });
  cancel.release();
  if (signal.aborted) {
    const count = result.runs.length;
    const keeps = folder !== undefined && count > 0;
    const where = keeps ? `, kept in ${args.out ?? ''}; the same command continues` : '';
    printNote(`cancelled: ${String(count)} of ${String(jobs.length)} runs finished${where}`);
    return ExitCode.cancelled;
  }
  printRunTroubles(result, at);
  await folder?.finish(result, renderMailReport(result));
  if (shard === undefined) {
    printResult(result, plan, args);
    return verdictCode(result);
  }
  const count = `${String(result.runs.length)} runs in ${args.out ?? ''}`;
  if (args.quiet !== true) printNote(`shard ${args.shard ?? ''}: ${count}`);
  return verdictCode({ ...result, verdicts: [], complete: result.runs.length === jobs.length });
}

interface ExperimentSetup {
  readonly args: RunArguments;
  readonly jobs: readonly RunJob[];
  readonly folder: RunFolder | undefined;
  readonly signal: AbortSignal;
  readonly context: CommandContext;
}

async function runExperimentOf(
  plan: ScenarioPlan,
  { args, jobs, folder, signal, context }: ExperimentSetup,
): Promise<ExperimentResult> {
  const before = folder?.earlier() ?? [];
  const eventsFolder = folder?.eventsFolder;
  const progress = startProgress(args.quiet === true);
  const threads = args.threads === undefined ? undefined : Number(args.threads);
  const engine = await context.createWorkbench(threads);
  try {
    return await engine.startExperiment(
      plan,
      { signal, onProgress: (state) => progress.update(state), before },
      {
        jobs,
        onRun: (run) => folder?.keep(run),
        ...(eventsFolder === undefined ? {} : { eventsFolder }),
      },
    );
  } finally {
    progress.done();
    await engine.close();
  }
}

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** The first Ctrl-C stops the runs, the second ends the process. */
function cancelOnInterrupt(): { readonly signal: AbortSignal; release(): void } {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  for (const interrupt of INTERRUPTS) process.once(interrupt, stop);
  return {
    signal: abort.signal,
    release: () => {
      for (const interrupt of INTERRUPTS) process.off(interrupt, stop);
    },
  };
}

/** Trouble of single runs, each kind once with the number of runs. */
function printRunTroubles(result: ExperimentResult, at: DiagnosedText): void {
  const seen = new Map<string, { readonly diagnostic: Diagnostic; readonly runs: string[] }>();
  for (const run of result.runs) {
    for (const diagnostic of run.diagnostics) {
      const key = `${diagnostic.code} ${diagnostic.message}`;
      const entry = seen.get(key) ?? { diagnostic, runs: [] };
      seen.set(key, entry);
      entry.runs.push(`${run.design} seed ${String(run.seed)}`);
    }
  }
  const list = [...seen.values()].map(({ diagnostic, runs }) => {
    const more = runs.length > 3 ? ` and ${String(runs.length - 3)} more` : '';
    const notes = [...(diagnostic.notes ?? []), `in ${runs.slice(0, 3).join(', ')}${more}`];
    return { ...diagnostic, notes };
  });
  printDiagnostics([...list, ...result.diagnostics], at);
}

function printResult(result: ExperimentResult, plan: ScenarioPlan, args: RunArguments): void {
  const wantsVerdicts = args.ktap === true || args.junit !== undefined;
  const verdicts = wantsVerdicts
    ? designVerdicts({ plan, runs: result.runs, metrics: result.metrics })
    : [];
  if (args.junit !== undefined) writeWhole(args.junit, junitText(plan.file, verdicts));
  if (args.ktap === true) process.stdout.write(ktapOutput(verdicts));
  else if (args.json === true) printForm(result, 'json');
  else if (args.quiet !== true && args.junit !== '-') printReport(result, args);
  if (args.out !== undefined && args.quiet !== true) printNote(`results in ${args.out}`);
}

function printReport(result: ExperimentResult, args: RunArguments): void {
  if (args.report !== 'mail') printForm(result, args.report);
  else process.stdout.write(renderMailReport(result, { unicode: args.unicode === true }));
}

export function registerRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .argument('<file>', 'scenario or bundle, - for standard input')
    .description('run the designs of a scenario side by side and print the report');
  addScenarioOptions(command)
    .option('--phase <name>', 'only this phase, from the state that those before it leave')
    .option('--out <dir>', 'write report, result, charts and tables there')
    .option('--report <form>', `what is printed: ${exporterRegistry.names.join(', ')}`, 'mail')
    .option('--json', 'print the whole result as JSON')
    .option('--unicode', 'draw charts with box characters; not for mail')
    .option('--quiet', 'print errors only')
    .option('--events', 'write the event log of every run to --out')
    .option('--shard <k/n>', 'run one of n shares; xlab merge joins them')
    .option('--junit <file>', 'write the verdicts as JUnit XML, - for standard output')
    .option('--ktap', 'print the verdicts as KTAP instead of the report')
    .option('--expect-hash <hash>', 'stop with exit code 5 unless the scenario has this hash')
    .option('--threads <n>', 'worker threads; all processors by default')
    .action(async (path: string, args: RunArguments) => {
      process.exitCode = await run(path, args, context);
    });
}
