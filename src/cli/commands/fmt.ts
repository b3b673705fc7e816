/** `xlab fmt [--check] FILE...`: standard layout. A file with mistakes of grammar is left alone. */
import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { formatScenario } from '../../../dsl/format.js';
import { ExitCode } from '../exit-codes.js';
import { readScenarioFile, reasonOf, UnreadableFile } from '../scenario-file.js';
import { printDiagnostics, printError, printNote } from '../terminal.js';
import { writeWhole } from './recording-io.js';

interface FormatArguments {
  readonly check?: boolean;
}

/** Formats one file in place; standard input goes to standard output. */
function formatFile(path: string, args: FormatArguments): ExitCode {
  try {
    const source = readScenarioFile(path);
    const { text, diagnostics } = formatScenario(source.text);
    if (diagnostics.length > 0) {
      printDiagnostics(diagnostics, source);
      return ExitCode.wrongInput;
    }
    if (args.check === true) {
      if (text === source.text) return ExitCode.ok;
      printNote(`${path}: not in standard layout`);
      return ExitCode.expectationFailed;
    }
    if (path === '-') process.stdout.write(text);
    else if (text !== source.text) writeWhole(realpathSync(path), text);
    return ExitCode.ok;
  } catch (error) {
    const why = error instanceof UnreadableFile ? error.message : reasonOf(error);
    printError(`cannot format '${path}': ${why}`);
    return ExitCode.wrongInput;
  }
}

export function registerFmt(program: Command): void {
  program
    .command('fmt')
    .argument('<files...>', 'scenarios, - for standard input')
    .description('bring scenarios into standard layout')
    .option('--check', 'change nothing; exit code 1 when a file would change')
    .action((files: string[], args: FormatArguments) => {
      process.exitCode = Math.max(...files.map((file) => formatFile(file, args)));
    });
}
