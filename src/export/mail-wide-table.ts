/**
 * The comparison table for four designs and more: designs are rows, at most five metrics are
 * columns, and the difference to the baseline stands under each value.
 */
import {
  worstRegression,
  type ComparisonRow,
  type ComparisonTable,
} from '../analysis/comparison.js';
import { metricRole, shortHeading } from '../analysis/metric-roles.js';
import { differenceCell, formatIn, type DisplayUnit } from '../analysis/quantity-text.js';
import { left, right, rule } from './mail-text.js';
import { rowUnit, wantWord } from './mail-table.js';

const DESIGN_COLUMNS = 20;
const METRIC_COUNT_MAX = 5;
/** One metric is wider than the others, the one with the longest heading; 72 in all. */
const WIDE_COLUMNS = 12;
const NARROW_COLUMNS = 10;

/** After the metrics of interest, these fill the columns in this order. */
const PREFERRED: readonly string[] = [
  'text.pte_4k',
  'direct_map_level2_splits',
  'text.reserved_bytes',
  'tlb.remote_flush',
  'DirectMap4k',
  'text.waste_pct',
];

/**
 * The metrics of the turned table: the headline, what the scenario asks about, then the usual ones;
 * at least one cost and, where there is one, a metric that got worse. Metrics that no design changes come
 * last.
 */
export function wideRows(
  table: ComparisonTable,
  interest: readonly string[],
): readonly ComparisonRow[] {
  const order = [...interest, ...PREFERRED];
  const rank = (row: ComparisonRow): number => {
    if (row.metric.name === table.headline?.name) return -1;
    const place = order.indexOf(row.metric.name);
    const still = row.cells.slice(1).every((cell) => cell.difference.kind === 'equal');
    return (place < 0 ? order.length : place) + (still ? 1000 : 0);
  };
  const count = METRIC_COUNT_MAX;
  const ranked = [...table.rows].sort((a, b) => rank(a) - rank(b));
  const chosen = ranked.slice(0, count);
  const isCost = (row: ComparisonRow): boolean => metricRole(row.metric.name) === 'cost';
  const cost = ranked.find(isCost);
  if (cost !== undefined && !chosen.some(isCost)) chosen[count - 1] = cost;
  const isWorse = (row: ComparisonRow): boolean => worstRegression(row) > 0;
  const worse = [...ranked].filter(isWorse).sort((a, b) => worstRegression(b) - worstRegression(a));
  if (worse[0] !== undefined && !chosen.some(isWorse)) chosen[count - 1] = worse[0];
  return table.rows.filter((row) => chosen.includes(row));
}

export function wideTable(
  table: ComparisonTable,
  rows: readonly ComparisonRow[],
): readonly string[] {
  const recorded = recordedLines(table, rows);
  const units = rows.map((row, column) =>
    rowUnit(
      row,
      { value: NARROW_COLUMNS, difference: NARROW_COLUMNS - 1 },
      recorded.flatMap(({ values }) => values[column] ?? []),
    ),
  );
  const unitOf = (column: number): DisplayUnit => units[column] ?? { suffix: '', divisor: 1 };
  const headings = rows.map((row) => shortHeading(row.metric) + (row.perSecond ? '/s' : ''));
  const widths = columnWidths(headings);
  const line = (head: string, texts: readonly string[]): string =>
    left(head, DESIGN_COLUMNS) +
    texts.map((text, i) => right(text, widths[i] ?? NARROW_COLUMNS)).join('');
  const suffixes = units.map((unit) => unit.suffix);
  const differences = (design: number): readonly string[] =>
    rows.map(({ cells }, column) => {
      const cell = cells[design];
      return cell === undefined ? '' : differenceCell(cell.difference, unitOf(column), 0);
    });
  return [
    line(
      'design',
      headings.map((text, i) => text.slice(0, (widths[i] ?? NARROW_COLUMNS) - 1)),
    ),
    ...(suffixes.every((suffix) => suffix === '') ? [] : [line('unit', suffixes)]),
    line('want', rows.map(wantWord)),
    rule(),
    ...table.designs.flatMap(({ letter, name }, i) => {
      const values = rows.map(({ cells }, column) => formatIn(cells[i]?.value, unitOf(column)));
      const head = line(`${letter} ${name}`, values);
      return i === 0 ? [head] : [head, line('', differences(i))];
    }),
    ...recorded.map(({ series, values }) =>
      line(
        `${series} (rec)`,
        values.map((value, i) => (value === undefined ? '' : formatIn(value, unitOf(i)))),
      ),
    ),
  ];
}

interface RecordedLine {
  readonly series: string;
  /** One for each metric of the table. */
  readonly values: readonly (number | undefined)[];
}

/** The recorded machines that tell of a metric shown. */
function recordedLines(
  { recorded }: ComparisonTable,
  rows: readonly ComparisonRow[],
): readonly RecordedLine[] {
  return [...new Set(recorded.map(({ series }) => series))].flatMap((series) => {
    const own = recorded.filter((one) => one.series === series);
    const values = rows.map(
      ({ metric }) => own.find((one) => one.metric.name === metric.name)?.value,
    );
    return values.every((value) => value === undefined) ? [] : [{ series, values }];
  });
}

function columnWidths(headings: readonly string[]): readonly number[] {
  const longest = Math.max(0, ...headings.map((text) => text.length));
  const wide = longest < NARROW_COLUMNS ? 0 : headings.findIndex((text) => text.length === longest);
  return headings.map((_, i) => (i === wide ? WIDE_COLUMNS : NARROW_COLUMNS));
}
