/** `xlab diff` in words: what differs between two scenarios, then medians under a heading a design. */
import { formatNumber } from '../analysis/quantity-text.js';
import type { ResultDiff, ResultDifference } from '../analysis/result-diff.js';

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

/** `scenario`: in what the two scenarios differ, a line each. */
export function resultDiffText(diff: ResultDiff, scenario: readonly string[]): string {
  const { sameHash, sameModel, equalCount, differences, onlyA, onlyB } = diff;
  const lines = [
    sameHash ? 'same scenario hash' : 'different scenario hashes',
    ...(sameModel ? [] : ['different models: the figures are not comparable']),
    ...scenario.map((line) => `differs: ${line}`),
    logText(diff),
    ...onlyA.map((name) => `only in A: ${name}`),
    ...onlyB.map((name) => `only in B: ${name}`),
    `${String(equalCount)} medians equal, ${String(differences.length)} different`,
    ...differenceLines(differences),
  ];
  return `${lines.join('\n')}\n`;
}
