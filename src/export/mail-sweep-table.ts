/**
 * A sweep: one metric, its values down the page, one column per design, and the difference of one
 * design to the baseline with its 95 % interval at the end.
 */
import type { ExperimentResult } from '../contract/run-result.js';
import { buildSweep, type SweepPointRow, type SweepTable } from '../analysis/sweep.js';
import type { ComparisonTable } from '../analysis/comparison.js';
import { isPerSecond } from '../analysis/metric-roles.js';
import type { Difference } from '../analysis/difference.js';
import {
  displayUnits,
  differenceCell,
  formatFactor,
  formatIn,
  rowLabel,
  unitLimit,
  unitOfRow,
  type DisplayUnit,
} from '../analysis/quantity-text.js';
import { asciiLine, left, paragraph, REPORT_WIDTH, right, rule } from './mail-text.js';

const LABEL_COLUMNS_MIN = 12;
const LABEL_COLUMNS_MAX = 24;
const VALUE_COLUMNS_MAX = 12;
const VALUE_COLUMNS_MIN = 8;
const DIFFERENCE_COLUMNS = 11;
const INTERVAL_COLUMNS = 13;

/** Lines of the sweep of the table's headline metric; none without a sweep. */
export function sweepLines(result: ExperimentResult, table: ComparisonTable): readonly string[] {
  const { headline } = table;
  if (headline === undefined) return [];
  const sweep = buildSweep(result, headline, table.phase);
  if (sweep === undefined) return [];
  const unit = sweepUnit(sweep);
  const name = rowLabel(headline, unit, isPerSecond(headline));
  const by = sweep.names.filter((part) => part !== '').join(', ');
  const seeds = `${String(table.seedCount)} seed${table.seedCount === 1 ? '' : 's'}`;
  const title = `${name} (want ${headline.better}), phase ${table.phase}, median over ${seeds}`;
  return [
    ...paragraph('', by === '' ? title : `${title}; by ${by}`),
    '',
    ...sweepBlocks(sweep, unit, by).flatMap((block, i) => (i === 0 ? block : ['', ...block])),
  ];
}

function sweepUnit(sweep: SweepTable): DisplayUnit {
  const values = sweep.rows.flatMap(({ row }) => row.cells.map((cell) => cell.value ?? 0));
  const largest = Math.max(0, ...values.map((value) => Math.abs(value)));
  const units = displayUnits(sweep.metric);
  const match = units.find((unit) => {
    return largest / unit.divisor < unitLimit(sweep.metric, unit);
  });
  return unitOfRow(match ?? units[units.length - 1] ?? { suffix: '', divisor: 1 }, values);
}

/** Blocks of as many designs as fit beside each other; each starts with the baseline. */
function sweepBlocks(
  sweep: SweepTable,
  unit: DisplayUnit,
  by: string,
): readonly (readonly string[])[] {
  const longest = Math.max(
    ...sweep.rows.map((row) => labelText(row).length + 1),
    Math.min(by.length + 1, LABEL_COLUMNS_MAX),
    LABEL_COLUMNS_MIN,
  );
  const labelColumns = Math.min(longest, LABEL_COLUMNS_MAX);
  const compared = sweep.letters.length > 1;
  const tail = compared ? DIFFERENCE_COLUMNS + INTERVAL_COLUMNS : 0;
  const room = REPORT_WIDTH - labelColumns - tail;
  const perBlock = Math.max(2, Math.floor(room / VALUE_COLUMNS_MIN));
  const blocks: number[][] = [];
  const others = sweep.letters.map((_, i) => i).slice(1);
  do {
    blocks.push([0, ...others.splice(0, perBlock - 1)]);
  } while (others.length > 0);
  const shown = sweep.letters.length - 1;
  return blocks.map((columns) => {
    const width = Math.min(VALUE_COLUMNS_MAX, Math.floor(room / columns.length));
    const last = columns.includes(shown) ? shown : (columns[columns.length - 1] ?? 0);
    return block({ sweep, unit, by, columns, width, labelColumns, shown: compared ? last : 0 });
  });
}

interface BlockLayout {
  readonly sweep: SweepTable;
  readonly unit: DisplayUnit;
  readonly by: string;
  readonly columns: readonly number[];
  readonly width: number;
  readonly labelColumns: number;
  /** Column whose difference is shown; 0 for none. */
  readonly shown: number;
}

function block(layout: BlockLayout): readonly string[] {
  const { sweep, columns, width, labelColumns, shown, unit } = layout;
  const letters = columns.map((i) => right(sweep.letters[i] ?? '', width)).join('');
  const tail =
    shown === 0
      ? ''
      : right(`${sweep.letters[shown] ?? ''}-A`, DIFFERENCE_COLUMNS) +
        right('95% CI', INTERVAL_COLUMNS);
  return [
    left(layout.by === '' ? 'point' : layout.by, labelColumns) + letters + tail,
    rule(),
    ...sweep.rows.flatMap((point) => {
      const values = columns
        .map((i) => right(formatIn(point.row.cells[i]?.value, unit), width))
        .join('');
      const difference = point.row.cells[shown]?.difference;
      const end =
        shown === 0 || difference === undefined
          ? ''
          : right(differenceCell(difference, unit), DIFFERENCE_COLUMNS) +
            right(intervalText(difference, unit), INTERVAL_COLUMNS);
      const label = labelText(point);
      return label.length < labelColumns
        ? [left(label, labelColumns) + values + end]
        : [...paragraph('', label), ' '.repeat(labelColumns) + values + end];
    }),
  ];
}

const labelText = (point: SweepPointRow): string => {
  const text = asciiLine(point.values.join(', '));
  return text === '' ? String(point.point + 1) : text;
};

/** `-24..-18` in percent, or in the row's unit where the baseline is zero. */
function intervalText(difference: Difference, unit: DisplayUnit): string {
  const { interval } = difference;
  if (interval === undefined || difference.kind === 'equal' || difference.kind === 'none')
    return '';
  if (difference.kind === 'absolute') {
    return `${formatIn(interval.low, unit)}..${formatIn(interval.high, unit)}`;
  }
  if (difference.kind === 'factor') {
    const factor = (percent: number): string => formatFactor(Math.round(percent / 100 + 1));
    return `x${factor(interval.low)}..${factor(interval.high)}`.replace(/\.0(?=\.\.|$)/g, '');
  }
  return `${interval.low.toFixed(0)}..${interval.high.toFixed(0)}`;
}
