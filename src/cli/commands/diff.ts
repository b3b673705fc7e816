/** `xlab diff A B`: two result folders, of the same scenario or not. */
import type { Command } from 'commander';
import { diffResults } from '../../analysis/result-diff.js';
import {
  differenceText,
  factsOf,
  scenarioDifferences,
} from '../../analysis/scenario-differences.js';
import { resultDiffText } from '../../export/result-diff-text.js';
import { ExitCode } from '../exit-codes.js';
import { readResult } from '../result-folder.js';

interface DiffArguments {
  readonly json?: boolean;
}

function diff(first: string, second: string, args: DiffArguments): number {
  const a = readResult(first);
  const b = readResult(second);
  if (a === undefined || b === undefined) return ExitCode.wrongInput;
  const found = diffResults(a, b);
  const scenario = scenarioDifferences(factsOf(a), factsOf(b));
  process.stdout.write(
    args.json === true
      ? `${JSON.stringify({ ...found, scenario }, null, 2)}\n`
      : resultDiffText(found, scenario.map(differenceText)),
  );
  const isEqual = found.differences.length + found.onlyA.length + found.onlyB.length === 0;
  return isEqual && found.sameLogs ? ExitCode.ok : ExitCode.expectationFailed;
}

export function registerDiff(program: Command): void {
  program
    .command('diff')
    .argument('<a>', 'output folder of a run, or its result.json')
    .argument('<b>', 'another')
    .description('compare two results; exit code 1 when they differ')
    .option('--json', 'differences as JSON')
    .action((a: string, b: string, args: DiffArguments) => {
      process.exitCode = diff(a, b, args);
    });
}
