/** The scoreboard as text, 72 columns, and as plain data. */
import type { FidelityResult } from './fidelity.js';
import type { FidelityScores, Score } from './fidelity-score.js';
import { distanceOf, type SplitDistance } from './fidelity-spread.js';

const COLUMNS: readonly (readonly [string, keyof FidelityScores])[] = [
  ['areas', 'areas'],
  ['slots', 'slots'],
  ['regions', 'regions'],
  ['snaps', 'snapshots'],
  ['text', 'textLeaves'],
  ['splits', 'splitsInRange'],
];

const NAME_WIDTH = 21;
const COLUMN_WIDTHS: readonly number[] = [9, 8, 10, 6, 6, 6];

const scoreText = (score: Score): string =>
  score.total === 0 ? '-' : `${String(score.exact)}/${String(score.total)}`;

const row = (name: string, cells: readonly string[]): string =>
  (
    name.padEnd(NAME_WIDTH) +
    cells.map((cell, index) => ` ${cell.padStart(COLUMN_WIDTHS[index] ?? 6)}`).join('')
  ).trimEnd();

/** True when every address, region, snapshot and leaf count is right. */
export const isExact = ({ scores }: FidelityResult): boolean =>
  [
    scores.events,
    scores.areas,
    scores.slots,
    scores.regions,
    scores.snapshots,
    scores.textLeaves,
  ].every((score) => score.exact === score.total);

/** Splits at the last snapshot: recorded, then default and range of the model. */
function splitLine(result: FidelityResult): string {
  const last = result.splits.at(-1);
  if (!last) return row(result.recording, ['no split counts recorded']);
  const range = `${String(last.default)} (${String(last.low)}..${String(last.high)})`;
  const near = scoreText(result.scores.splitsNear);
  return (
    result.recording.padEnd(NAME_WIDTH) +
    ` ${String(last.recorded).padStart(8)} ${range.padStart(16)} ` +
    `${(result.repeats === 0 ? '-' : String(last.spread)).padStart(6)} ${near.padStart(9)}`
  );
}

/** Distances of the model's default from every recorded count. */
export const distanceOfDefaults = (results: readonly FidelityResult[]): SplitDistance =>
  distanceOf(
    results.flatMap(({ splits }) =>
      splits.map((row) => ({ recorded: row.recorded, predicted: row.default })),
    ),
  );

function distanceLine(title: string, { pairs, near, mean, largest }: SplitDistance): string {
  const share = `${String(near)}/${String(pairs)}`;
  const cells = pairs === 0 ? ['-', '-', '-'] : [mean.toFixed(1), String(largest), share];
  return title.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(9)).join('');
}

const sumOf = (results: readonly FidelityResult[], key: keyof FidelityScores): string => {
  const exact = results.reduce((sum, { scores }) => sum + scores[key].exact, 0);
  return `${String(exact)}/${String(results.reduce((sum, { scores }) => sum + scores[key].total, 0))}`;
};

export function formatFidelity(
  results: readonly FidelityResult[],
  betweenBoots: SplitDistance,
): string {
  const lines = [
    'Fidelity: predicted against recorded, exact/total',
    '',
    row(
      'recording',
      COLUMNS.map(([title]) => title),
    ),
    ...results.map((result) =>
      row(
        result.recording,
        COLUMNS.map(([, key]) => scoreText(result.scores[key])),
      ),
    ),
    '',
    'New 2M splits of the direct map at the last snapshot',
    '',
    `${'recording'.padEnd(NAME_WIDTH)} recorded  model (low..high) spread      near`,
    ...results.map(splitLine),
    '',
    `${'distance in splits'.padEnd(NAME_WIDTH)}     mean  largest  in 15 %`,
    distanceLine('default to recorded', distanceOfDefaults(results)),
    distanceLine('boot to other boot', betweenBoots),
    '',
    'splits: snapshots inside the range over placements',
    'in 15 %: counts that the default, or the other boot, gives within 15 %',
    `near: default within 15 % or what repeats of it differ by: ${sumOf(results, 'splitsNear')}`,
    `within 15 % or the largest distance between two boots: ${sumOf(results, 'splitsWithin')}`,
  ];
  const different = results.filter((result) => result.differences.length > 0);
  if (different.length > 0) lines.push('', 'First differences');
  for (const result of different) {
    for (const difference of result.differences) {
      lines.push(
        '',
        `${result.recording}, ${difference.where}`,
        `  kernel ${difference.kernel}`,
        `  model  ${difference.model}`,
        `  why    ${difference.explanation}`,
      );
    }
    if (result.hiddenDifferences > 0) {
      lines.push(`  and ${String(result.hiddenDifferences)} more in ${result.recording}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
