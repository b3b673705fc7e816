/** `xlab merge DIR... --out DIR`: joins the shares of `xlab run --shard`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { assembleExperiment } from '../../app/assemble-experiment.js';
import { outputProblem, writeOutput } from '../../app/output-folder.js';
import { joinShards, ShardError } from '../../app/shard-file.js';
import { exporterRegistry } from '../../export/index.js';
import { renderMailReport } from '../../export/report-mail.js';
import { ExitCode } from '../exit-codes.js';
import { printError, printNote } from '../terminal.js';
import { verdictCode } from '../verdict-code.js';

interface MergeArguments {
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

async function merge(folders: readonly string[], args: MergeArguments): Promise<number> {
  const { out } = args;
  const problem = out === undefined ? undefined : outputProblem(resolve(out));
  if (problem !== undefined) {
    printError(`--out ${out ?? ''}: ${problem}`);
    return ExitCode.wrongInput;
  }
  try {
    const result = assembleExperiment(joinShards(folders));
    const report = renderMailReport(result);
    if (out !== undefined) await writeOutput(resolve(out), result, { report });
    if (args.json === true) process.stdout.write(exporterRegistry.get('json').render(result));
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
