/**
 * The comparison table for one to three designs: metric 25 columns, want 5, A 8, then value 9 and
 * difference 8 for each further design. Four designs and more turn the table (mail-wide-table.ts).
 */
import type { ComparisonRow, ComparisonTable, RecordedRow } from '../analysis/comparison.js';
import {
  displayUnits,
  differenceCell,
  formatIn,
  unitLimit,
  unitOfRow,
  type DisplayUnit,
} from '../analysis/quantity-text.js';
import { STAR_SEED_COUNT_MIN } from '../analysis/statistics.js';
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
  recorded: readonly number[] = [],
): DisplayUnit {
  const values = [...row.cells.flatMap((cell) => cell.value ?? []), ...recorded];
  const units = displayUnits(row.metric).map((unit) => unitOfRow(unit, values));
  const fits = (unit: DisplayUnit): boolean =>
    row.cells.every((cell) => {
      if (Math.abs(cell.value ?? 0) / unit.divisor >= unitLimit(row.metric, unit)) return false;
      return (
        formatIn(cell.value, unit).length < columns.value &&
        differenceCell(cell.difference, unit).length < columns.difference
      );
    });
  const fitsRecorded = (unit: DisplayUnit): boolean =>
    recorded.every((value) => formatIn(value, unit).length < columns.value);
  return (
    units.find((unit) => fits(unit) && fitsRecorded(unit)) ??
    units[units.length - 1] ?? { suffix: '', divisor: 1 }
  );
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
  const recorded =
    table.recorded.length === 0 ? '' : '; (rec): recorded on a machine, over all of it';
  return paragraph(
    '',
    `phase ${table.phase}${where}, median over ${seeds}${base}${stars}${recorded}`,
  );
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
  return [header, rule(), ...table.rows.flatMap((row) => rowLines(row, table))];
}

/** The row, and below it in the same unit what a recorded machine showed. */
function rowLines(row: ComparisonRow, { recorded }: ComparisonTable): readonly string[] {
  const known = recorded.filter(({ metric }) => metric.name === row.metric.name);
  const columns = { value: BASE_COLUMNS, difference: DIFFERENCE_COLUMNS };
  const unit = rowUnit(
    row,
    columns,
    known.map(({ value }) => value),
  );
  return [
    columnRow(row, unit),
    ...known.map(
      ({ value, series }) =>
        left(
          metricLabel(row, unit, METRIC_COLUMNS, '', recordedMark(known, series)),
          METRIC_COLUMNS,
        ) +
        left(wantWord(row), WANT_COLUMNS) +
        right(formatIn(value, unit), BASE_COLUMNS),
    ),
  ];
}

/** ` (rec)`, with the name of the import where several tell of the metric. */
export const recordedMark = (all: readonly RecordedRow[], series: string): string =>
  all.length < 2 ? ' (rec)' : ` (rec ${asciiLine(series)})`;

function columnRow(row: ComparisonRow, unit: DisplayUnit): string {
  const cells = row.cells.map((cell, i) =>
    i === 0
      ? right(formatIn(cell.value, unit), BASE_COLUMNS)
      : right(formatIn(cell.value, unit), VALUE_COLUMNS) +
        right(differenceCell(cell.difference, unit), DIFFERENCE_COLUMNS),
  );
  return (
    left(metricLabel(row, unit, METRIC_COLUMNS), METRIC_COLUMNS) +
    left(wantWord(row), WANT_COLUMNS) +
    cells.join('')
  );
}

/**
 * Label with `mark`, unit and `tail`, shorter than `columns`; they survive when the label has to be cut.
 */
export function metricLabel(
  row: ComparisonRow,
  unit: DisplayUnit,
  columns: number,
  tail = '',
  mark = '',
): string {
  const { label } = row.metric;
  const rate = row.perSecond && !label.endsWith('/s') ? '/s' : '';
  const own = unit.suffix.startsWith('/') ? unit.suffix : '';
  const suffix = unit.suffix === '' || own !== '' ? '' : `, ${unit.suffix}`;
  const end = own + rate + mark + suffix + tail;
  const head = asciiLine(label);
  return head.length + end.length < columns
    ? head + end
    : clip(head, columns - 1 - end.length) + end;
}

/** What stands under a table: folded rows, sums that do not hold. */
export function tableFooter(table: ComparisonTable): readonly string[] {
  const folded = table.unchanged.map((row) => row.metric.label);
  return [
    ...(folded.length === 0 ? [] : paragraph('unchanged: ', folded.join(', '), 2)),
    ...table.warnings.flatMap((text) => paragraph('WARNING: ', text, 2)),
  ];
}
