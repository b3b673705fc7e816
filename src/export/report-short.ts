/** The short form: five lines for a reply inside a thread. */
import { buildComparison, percentOf, worstRegression } from '../analysis/comparison.js';
import type { ComparisonRow, ComparisonTable } from '../analysis/comparison.js';
import { metricRole } from '../analysis/metric-roles.js';
import { differenceCell, formatIn } from '../analysis/quantity-text.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { hash12 } from './mail-context.js';
import { runTroubles } from './mail-head.js';
import { metricLabel, rowUnit } from './mail-table.js';
import { commandLines, reproduceCommands } from './mail-tail.js';
import { asciiLine, guardLine, left, paragraph, right } from './mail-text.js';

const METRIC_COLUMNS = 25;
/** Width of the baseline's and of the further designs' columns; 72 in all. */
const DESIGN_COLUMNS: readonly number[] = [14, 17, 16];
const DIFFERENCE_COLUMNS = 8;

export function renderShortReport(result: ExperimentResult): string {
  const table = buildComparison(result);
  const columns = shortColumns(table);
  const seeds = `${String(table.seedCount)} seed${table.seedCount === 1 ? '' : 's'}`;
  const where = table.pointLabel === '' ? '' : ` at ${table.pointLabel}`;
  const head =
    `${result.tool} ${hash12(result)}, model ${String(result.model)}, simulation, ${seeds}, ` +
    `phase ${table.phase}${where}, median`;
  const names = columns.map((column, i) => {
    const design = table.designs[column];
    const text = asciiLine(`${design?.letter ?? ''} ${design?.name ?? ''}`);
    const width = DESIGN_COLUMNS[i] ?? 16;
    return i === 0 ? right(text, METRIC_COLUMNS + width) : ` ${right(text, width - 1)}`;
  });
  const leftOut = table.designs.length - columns.length;
  const lines = [
    ...paragraph('', head),
    ...runTroubles(result).flatMap((text) => paragraph('', text)),
    names.join(''),
    ...shortRows(table).map((row) => shortRow(row, columns)),
    ...(leftOut > 0 ? [`(${String(leftOut)} more designs compared)`] : []),
    ...reproduceCommands(result).flatMap((words) =>
      commandLines(words).map((line, i) => (i === 0 ? line.trimStart() : line)),
    ),
  ];
  return `${lines.map(guardLine).join('\n')}\n`;
}

/** All designs up to three, else the baseline, the best and the worst. */
function shortColumns(table: ComparisonTable): readonly number[] {
  const all = table.designs.map((_, i) => i);
  if (all.length <= DESIGN_COLUMNS.length) return all;
  const row = table.rows.find((candidate) => candidate.metric.name === table.headline?.name);
  const sign = row?.metric.better === 'high' ? -1 : 1;
  const score = (column: number): number => {
    const cell = row?.cells[column];
    return cell === undefined ? 0 : sign * percentOf(cell.difference);
  };
  const others = all.slice(1).sort((a, b) => score(a) - score(b) || a - b);
  const picked = new Set([0, others[0] ?? 0, others[others.length - 1] ?? 0]);
  return [...picked].sort((a, b) => a - b);
}

/** The headline and the cost that got worst, or the reserved text when none did. */
function shortRows(table: ComparisonTable): readonly ComparisonRow[] {
  const headline = table.rows.filter((row) => row.metric.name === table.headline?.name);
  const costs = table.rows.filter(
    (row) => metricRole(row.metric.name) === 'cost' && !headline.includes(row),
  );
  const worst = [...costs].sort((a, b) => worstRegression(b) - worstRegression(a))[0];
  const reserved = costs.find((row) => row.metric.name === 'text.reserved_bytes');
  const cost = worst !== undefined && worstRegression(worst) > 0 ? worst : (reserved ?? worst);
  return cost === undefined ? headline : [...headline, cost];
}

function shortRow(row: ComparisonRow, columns: readonly number[]): string {
  const unit = rowUnit(row, { value: 8, difference: DIFFERENCE_COLUMNS });
  const want = row.metric.better === '-' ? '' : `, ${row.metric.better}`;
  const cells = columns.map((column, i) => {
    const cell = row.cells[column];
    const value = formatIn(cell?.value, unit);
    const width = DESIGN_COLUMNS[i] ?? 16;
    if (i === 0 || cell === undefined) return right(value, width);
    const difference = differenceCell(cell.difference, unit);
    return right(value, width - DIFFERENCE_COLUMNS) + right(difference, DIFFERENCE_COLUMNS);
  });
  return left(metricLabel(row, unit, METRIC_COLUMNS, want), METRIC_COLUMNS) + cells.join('');
}
