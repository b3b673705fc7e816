/** `xlab diff A B`: two result folders, of the same scenario or not. */
import type { Command } from 'commander';
import { formatNumber } from '../../analysis/quantity-text.js';
import { diffResults, type ResultDiff, type ResultDifference } from '../../app/result-diff.js';
import { ExitCode } from '../exit-codes.js';
import { readResult } from '../result-folder.js';

interface DiffArguments {
  readonly json?: boolean;
}

function percentText({ a, b }: ResultDifference): string {
  if (a === 0) return '';
  const percent = ((b - a) / Math.abs(a)) * 100;
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)}%`;
}

/** Rows under a heading per point, phase and design. */
function differenceLines(differences: readonly ResultDifference[]): readonly string[] {
  let heading = '';
  return differences.flatMap((entry) => {
    const { point, phase, design, metric, unit, a, b } = entry;
    const place = `phase ${phase}, ${design}${point === '' ? '' : `, ${point}`}`;
    const head = place === heading ? [] : ['', place];
    heading = place;
    const name = unit === 'count' ? metric : `${metric}, ${unit}`;
    const cells = [formatNumber(a), formatNumber(b)].map((text) => text.padStart(16));
    return [...head, `  ${name.padEnd(36)}${cells.join('')}${percentText(entry).padStart(10)}`];
  });
}

function logText({ commonRuns, sameLogs }: ResultDiff): string {
  if (commonRuns === 0) return 'no run is in both';
  const count = `${String(commonRuns)} common run${commonRuns === 1 ? '' : 's'}`;
  return `event logs of ${count} ${sameLogs ? 'are equal' : 'differ'}`;
}

function diffText(diff: ResultDiff): string {
  const { sameHash, sameModel, equalCount, differences, onlyA, onlyB } = diff;
  const lines = [
    sameHash ? 'same scenario hash' : 'different scenario hashes',
    ...(sameModel ? [] : ['different models: the figures are not comparable']),
    logText(diff),
    ...onlyA.map((name) => `only in A: ${name}`),
    ...onlyB.map((name) => `only in B: ${name}`),
    `${String(equalCount)} medians equal, ${String(differences.length)} different`,
    ...differenceLines(differences),
  ];
  return `${lines.join('\n')}\n`;
}

function diff(first: string, second: string, args: DiffArguments): number {
  const a = readResult(first);
  const b = readResult(second);
  if (a === undefined || b === undefined) return ExitCode.wrongInput;
  const found = diffResults(a, b);
  process.stdout.write(
    args.json === true ? `${JSON.stringify(found, null, 2)}\n` : diffText(found),
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
