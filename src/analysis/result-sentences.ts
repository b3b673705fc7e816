/**
 * One to three generated sentences: what happened to the headline metric, what it cost, and where
 * the other designs stand. They claim nothing that the table does not show.
 */
import type { ExperimentResult } from '../contract/run-result.js';
import type { ComparisonCell, ComparisonRow, ComparisonTable } from './comparison.js';
import { percentOf } from './comparison.js';
import { NO_DIFFERENCE, type Difference } from './difference.js';
import { metricRole } from './metric-roles.js';
import {
  chooseUnit,
  formatDifference,
  formatFactor,
  formatIn,
  formatPercent,
  formatQuantity,
} from './quantity-text.js';
import type { Interval } from './statistics.js';

/** Positive when `cell` is better than the baseline. A metric without direction counts change. */
function improvement(row: ComparisonRow, cell: ComparisonCell): number {
  const percent = percentOf(cell.difference);
  if (row.metric.better === '-') return Math.abs(percent);
  return row.metric.better === 'low' ? -percent : percent;
}

/** `41.2% lower`, `x23.5 as high`, `9 higher`. */
function differencePhrase(row: ComparisonRow, difference: Difference): string {
  const direction = difference.absolute < 0 ? 'lower' : 'higher';
  const unit = chooseUnit(row.metric, [difference.absolute]);
  switch (difference.kind) {
    case 'factor':
      return `${formatDifference({ ...difference, significant: false }, unit)} as high`;
    case 'absolute':
      return `${formatQuantity(row.metric, Math.abs(difference.amount), row.perSecond)} ${direction}`;
    case 'percent': {
      const text = formatPercent(Math.abs(difference.amount), 1).slice(1);
      return `${text} ${difference.amount < 0 ? 'lower' : 'higher'}`;
    }
    default:
      return 'the same';
  }
}

const seedsText = (count: number): string => `${String(count)} seed${count === 1 ? '' : 's'}`;

/** `(95% CI 38.2..43.9%, 30 seeds, paired)`, or why there is none. */
function certainty(row: ComparisonRow, difference: Difference): string {
  const seeds = seedsText(difference.pairCount);
  if (difference.interval === undefined) return `(${seeds}: too few for an interval)`;
  const { low, high } = difference.interval;
  const doubt = difference.significant ? '' : ': may be chance';
  if (difference.kind === 'absolute' || difference.kind === 'equal') {
    const unit = chooseUnit(row.metric, [low, high]);
    const suffix = unit.suffix === '' ? '' : ` ${unit.suffix}`;
    const range = `${formatIn(low, unit)}..${formatIn(high, unit)}${suffix}`;
    return `(95% CI ${range}, ${seeds}, paired${doubt})`;
  }
  const range =
    difference.kind === 'factor'
      ? factorRange(difference.interval)
      : difference.amount < 0
        ? percentRange(-high, -low)
        : percentRange(low, high);
  return `(95% CI ${range}, ${seeds}, paired${doubt})`;
}

const PERCENT_WHOLE_FROM = 99.95;

/** Said of a cost whose interval covers zero. */
const doubtText = ({ interval, significant }: Difference): string =>
  interval === undefined || significant ? '' : ' (may be chance)';

/** As precise as the difference itself: whole from 100 % on. */
function percentRange(low: number, high: number): string {
  const decimals = Math.max(Math.abs(low), Math.abs(high)) < PERCENT_WHOLE_FROM ? 1 : 0;
  return `${low.toFixed(decimals)}..${high.toFixed(decimals)}%`;
}

/** An interval in percent as factors: `x10.2..x12.0`. */
const factorRange = ({ low, high }: Interval): string =>
  `x${formatFactor(low / 100 + 1)}..x${formatFactor(high / 100 + 1)}`;

/**
 * What got worse the most in one design, whatever its role; what may be chance counts only where
 * nothing else got worse. Undefined when nothing did.
 */
function largestCost(
  table: ComparisonTable,
  column: number,
): { readonly row: ComparisonRow; readonly cell: ComparisonCell } | undefined {
  let best: { readonly row: ComparisonRow; readonly cell: ComparisonCell } | undefined;
  let worst = 0;
  let isSure = false;
  const rows = table.rows.filter((row) => row.metric.name !== table.headline?.name);
  // Of equal ones a cost is named.
  const ordered = [
    ...rows.filter((row) => metricRole(row.metric.name) === 'cost'),
    ...rows.filter((row) => metricRole(row.metric.name) !== 'cost'),
  ];
  for (const row of ordered) {
    const cell = row.cells[column];
    if (cell === undefined || row.metric.better === '-') continue;
    const worse = -improvement(row, cell);
    const { significant } = cell.difference;
    if (worse <= 0 || (isSure && !significant)) continue;
    if (worse > worst || (significant && !isSure)) {
      worst = worse;
      isSure = significant;
      best = { row, cell };
    }
  }
  return best;
}

function othersSentence(
  table: ComparisonTable,
  row: ComparisonRow,
  best: number,
): string | undefined {
  const others = table.designs
    .map((design, column) => ({ design, column }))
    .filter(({ column }) => column !== 0 && column !== best);
  if (others.length === 0) return undefined;
  const target = improvement(row, row.cells[best] ?? emptyCell);
  const between: string[] = [];
  const worse: string[] = [];
  for (const { design, column } of others) {
    const cell = row.cells[column];
    if (cell?.value === undefined) continue;
    const gain = improvement(row, cell);
    if (gain < 0 && row.metric.better !== '-') worse.push(design.letter);
    else if (gain <= target) between.push(design.letter);
  }
  const parts = [
    between.length === 0 ? '' : `${listOf(between)} ${between.length > 1 ? 'lie' : 'lies'} between`,
    worse.length === 0 ? '' : `${listOf(worse)} ${worse.length > 1 ? 'are' : 'is'} worse than A`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
}

const emptyCell: ComparisonCell = {
  value: undefined,
  bySeed: new Map(),
  difference: NO_DIFFERENCE,
};

const listOf = (names: readonly string[]): string =>
  names.length < 2
    ? (names[0] ?? '')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;

/** Sentences without leading capital: the first starts with `in phase ...`. */
export function resultSentences(result: ExperimentResult, table: ComparisonTable): string {
  if (result.runs.length === 0) return 'no run has finished yet.';
  const row = table.rows.find((candidate) => candidate.metric.name === table.headline?.name);
  const where = table.pointLabel === '' ? '' : ` at ${table.pointLabel}`;
  const start = `in phase ${table.phase}${where}, `;
  if (row === undefined) return `${start}no metric was recorded.`;
  const base = row.cells[0];
  const label = row.metric.label + (row.perSecond ? '/s' : '');
  if (base?.value === undefined) return `${start}${label} was not recorded for the baseline.`;
  const value = formatQuantity(row.metric, base.value, row.perSecond);
  if (row.cells.length === 1) {
    return `${start}${label} is ${value} (median over ${seedsText(base.bySeed.size)}).`;
  }
  const best = bestColumn(row);
  const cell = row.cells[best];
  if (best === 0 || cell === undefined) return noBetter(start, label, value, row);
  const phrase = differencePhrase(row, cell.difference);
  const letter = table.designs[best]?.letter ?? '';
  const than = cell.difference.kind === 'factor' ? 'as' : 'than';
  const lead = `${start}${label} is ${phrase} in ${letter} ${than} in A`;
  const cost = largestCost(table, best);
  const costText =
    cost === undefined
      ? `. No other metric of the table is worse in ${letter}.`
      : `; the largest cost there: ${cost.row.metric.label} is ` +
        `${differencePhrase(cost.row, cost.cell.difference)}${doubtText(cost.cell.difference)}.`;
  const sentence = `${lead} ${certainty(row, cell.difference)}${costText}`;
  return [sentence, othersSentence(table, row, best)]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** Column with the largest improvement over the baseline; 0 when none improves. */
function bestColumn(row: ComparisonRow): number {
  let best = 0;
  let gain = 0;
  row.cells.forEach((cell, column) => {
    if (column === 0 || cell.value === undefined) return;
    const own = improvement(row, cell);
    if (own > gain) {
      gain = own;
      best = column;
    }
  });
  return best;
}

function noBetter(start: string, label: string, value: string, row: ComparisonRow): string {
  const others = row.cells.slice(1).filter((cell) => cell.value !== undefined);
  if (others.length === 0) return `${start}${label} is ${value} in A; no other design has run.`;
  const same = others.every((cell) => cell.difference.kind === 'equal');
  if (same) return `${start}${label} is the same in all designs (${value}).`;
  return `${start}no design has a better ${label} than A (${value}).`;
}
