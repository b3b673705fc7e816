/**
 * The comparison table for one to three designs: metric 25 columns, want 5, A 8, then value 9 and
 * difference 8 for each further design. Four designs and more turn the table (mail-wide-table.ts).
 */
import type { ComparisonRow, ComparisonTable } from '../analysis/comparison.js';
import {
  displayUnits,
  formatDifference,
  formatIn,
  rowLabel,
  type DisplayUnit,
} from '../analysis/quantity-text.js';
import { STAR_SEED_COUNT_MIN } from '../analysis/statistics.js';
import { KIB } from '../base/units.js';
import { asciiLine, clip, left, paragraph, right, rule } from './mail-text.js';

const METRIC_COLUMNS = 25;
const WANT_COLUMNS = 5;
const BASE_COLUMNS = 8;
const VALUE_COLUMNS = 9;
const DIFFERENCE_COLUMNS = 8;

/** Designs as columns up to this many. */
export const COLUMN_DESIGN_COUNT_MAX = 3;

/**
 * The smallest unit in which all values and differences of a row fit their columns; sizes of a KiB
 * and more never print in bytes.
 */
export function rowUnit(
  row: ComparisonRow,
  columns: { readonly value: number; readonly difference: number },
): DisplayUnit {
  const units = displayUnits(row.metric);
  const fits = (unit: DisplayUnit): boolean =>
    row.cells.every((cell) => {
      const size = Math.abs(cell.value ?? 0);
      if (row.metric.unit === 'bytes' && unit.divisor === 1 && size >= KIB) return false;
      if (size / unit.divisor >= 100_000) return false;
      return (
        formatIn(cell.value, unit).length < columns.value &&
        formatDifference(cell.difference, unit).length < columns.difference
      );
    });
  return units.find(fits) ?? units[units.length - 1] ?? { suffix: '', divisor: 1 };
}

/** One line above the table: phase, point, statistic, seeds, and what a star means. */
export function tableHeader(table: ComparisonTable): readonly string[] {
  const where = table.pointLabel === '' ? '' : ` at ${table.pointLabel}`;
  const least = Math.min(table.seedCount, ...table.designs.map((design) => design.seedCount));
  const count = least < table.seedCount ? `${String(least)}..` : '';
  const seeds = `${count}${String(table.seedCount)} seed${table.seedCount === 1 ? '' : 's'}`;
  const base = table.designs.length > 1 ? '; A is the baseline' : '';
  const stars =
    table.designs.length < 2
      ? ''
      : table.starsPossible
        ? " ('*': 95% CI of the paired difference excludes 0)"
        : ` (no stars: fewer than ${String(STAR_SEED_COUNT_MIN)} seeds)`;
  return paragraph('', `phase ${table.phase}${where}, median over ${seeds}${base}${stars}`);
}

/** `low`, `high` or `-`. */
export const wantWord = (row: ComparisonRow): string => row.metric.better;

export function columnTable(table: ComparisonTable): readonly string[] {
  const header =
    left('metric', METRIC_COLUMNS) +
    left('want', WANT_COLUMNS) +
    table.designs
      .map(({ letter }, i) =>
        i === 0
          ? right(letter, BASE_COLUMNS)
          : right(letter, VALUE_COLUMNS) + right(`${letter}-A`, DIFFERENCE_COLUMNS),
      )
      .join('');
  return [header, rule(), ...table.rows.map(columnRow)];
}

function columnRow(row: ComparisonRow): string {
  const unit = rowUnit(row, { value: BASE_COLUMNS, difference: DIFFERENCE_COLUMNS });
  const cells = row.cells.map((cell, i) =>
    i === 0
      ? right(formatIn(cell.value, unit), BASE_COLUMNS)
      : right(formatIn(cell.value, unit), VALUE_COLUMNS) +
        right(formatDifference(cell.difference, unit), DIFFERENCE_COLUMNS),
  );
  return (
    left(metricLabel(row, unit, METRIC_COLUMNS), METRIC_COLUMNS) +
    left(wantWord(row), WANT_COLUMNS) +
    cells.join('')
  );
}

/**
 * Label with unit (and `tail`), shorter than `columns`; they survive when the label has to be cut.
 */
export function metricLabel(
  row: ComparisonRow,
  unit: DisplayUnit,
  columns: number,
  tail = '',
): string {
  const end = (unit.suffix === '' || unit.suffix.startsWith('/') ? '' : `, ${unit.suffix}`) + tail;
  const full = asciiLine(rowLabel(row.metric, unit, row.perSecond) + tail);
  if (full.length < columns) return full;
  const head = full.slice(0, full.length - end.length);
  return clip(head, columns - 1 - end.length) + end;
}

/** What stands under a table: folded rows, sums that do not hold, recorded rows. */
export function tableFooter(table: ComparisonTable): readonly string[] {
  const folded = table.unchanged.map((row) => row.metric.label);
  return [
    ...(folded.length === 0 ? [] : paragraph('unchanged: ', folded.join(', '), 2)),
    ...table.warnings.flatMap((text) => paragraph('WARNING: ', text, 2)),
  ];
}
