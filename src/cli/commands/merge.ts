/** `xlab merge DIR... --out DIR`: joins the shares of `xlab run --shard`. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { assembleExperiment } from '../../app/assemble-experiment.js';
import { eventLogName } from '../../app/event-log-file.js';
import {
  EVENTS_FOLDER,
  outputProblem,
  writeOutput,
  type EventLogs,
} from '../../app/output-folder.js';
import { joinShards, ShardError, type JoinedShards } from '../../app/shard-file.js';
import { linesText, statementLines } from '../../app/statement-lines.js';
import type { ExperimentResult } from '../../contract/run-result.js';
import { renderMailReport } from '../../export/report-mail.js';
import { ExitCode } from '../exit-codes.js';
import { printError, printNote } from '../terminal.js';
import { printForm } from '../print-form.js';
import { verdictCode } from '../verdict-code.js';

interface MergeArguments {
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The event logs when the shares have those of all runs. */
function logsOf(folders: readonly string[], { plan, runs }: JoinedShards): EventLogs | undefined {
  const from = folders.map((folder) => join(resolve(folder), EVENTS_FOLDER));
  const names = runs.map((run) => eventLogName(plan, run));
  const isThere = (name: string): boolean => from.some((place) => existsSync(join(place, name)));
  return names.every(isThere) ? { from, names } : undefined;
}

/** Throws ShardError for a plan that nothing can be made of: shares may come from a mail. */
function wholeOf(joined: JoinedShards): { readonly result: ExperimentResult; report: string } {
  try {
    const result = assembleExperiment(joined);
    return { result, report: renderMailReport(result) };
  } catch (error) {
    throw new ShardError(`the shares hold no usable plan: ${String(error)}`);
  }
}

async function merge(folders: readonly string[], args: MergeArguments): Promise<number> {
  const { out } = args;
  const problem = out === undefined ? undefined : outputProblem(resolve(out));
  if (problem !== undefined) {
    printError(`--out ${out ?? ''}: ${problem}`);
    return ExitCode.wrongInput;
  }
  try {
    const joined = joinShards(folders);
    const { result, report } = wholeOf(joined);
    const logs = logsOf(folders, joined);
    const events = logs === undefined ? {} : { events: logs };
    const lines = linesText(statementLines(joined.plan));
    if (out !== undefined) await writeOutput(resolve(out), result, { report, lines, ...events });
    if (args.json === true) printForm(result, 'json');
    else if (args.quiet !== true) process.stdout.write(report);
    if (out !== undefined && args.quiet !== true) printNote(`results in ${out}`);
    return verdictCode(result);
  } catch (error) {
    if (!(error instanceof ShardError)) throw error;
    printError(error.message, 'name the folders of all shares of one run');
    return ExitCode.wrongInput;
  }
}

export function registerMerge(program: Command): void {
  program
    .command('merge')
    .argument('<dirs...>', 'output folders of the shares')
    .description('join the shares of a run that was split with --shard')
    .option('--out <dir>', 'write report, result, charts and tables there')
    .option('--json', 'print the whole result as JSON')
    .option('--quiet', 'print errors only')
    .action(async (folders: string[], args: MergeArguments) => {
      process.exitCode = await merge(folders, args);
    });
}
