/**
 * The comparison table for four designs and more: designs are rows, at most five metrics are
 * columns, and the difference to the baseline stands under each value.
 */
import type { ComparisonRow, ComparisonTable } from '../analysis/comparison.js';
import { metricRole, shortHeading } from '../analysis/metric-roles.js';
import { formatDifference, formatIn } from '../analysis/quantity-text.js';
import { left, right, rule } from './mail-text.js';
import { rowUnit, wantWord } from './mail-table.js';

const DESIGN_COLUMNS = 20;
/** First metric wider than the others; 72 in all. */
const METRIC_COLUMNS: readonly number[] = [12, 10, 10, 10, 10];

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
 * at least one cost. Metrics that no design changes come last.
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
  const count = METRIC_COLUMNS.length;
  const ranked = [...table.rows].sort((a, b) => rank(a) - rank(b));
  const chosen = ranked.slice(0, count);
  const isCost = (row: ComparisonRow): boolean => metricRole(row.metric.name) === 'cost';
  const cost = ranked.find(isCost);
  if (cost !== undefined && !chosen.some(isCost)) chosen[count - 1] = cost;
  return table.rows.filter((row) => chosen.includes(row));
}

export function wideTable(
  table: ComparisonTable,
  rows: readonly ComparisonRow[],
): readonly string[] {
  const units = rows.map((row) => rowUnit(row, { value: 10, difference: 9 }));
  const columns = (texts: readonly string[]): string =>
    texts.map((text, i) => right(text, METRIC_COLUMNS[i] ?? 10)).join('');
  const headings = rows.map((row) => shortHeading(row.metric) + (row.perSecond ? '/s' : ''));
  const suffixes = units.map((unit) => unit.suffix);
  return [
    left('design', DESIGN_COLUMNS) + columns(headings.map((text) => text.slice(0, 10))),
    ...(suffixes.every((suffix) => suffix === '')
      ? []
      : [left('unit', DESIGN_COLUMNS) + columns(suffixes)]),
    left('want', DESIGN_COLUMNS) + columns(rows.map(wantWord)),
    rule(),
    ...table.designs.flatMap((design, i) => {
      const values = rows.map((row, j) =>
        formatIn(row.cells[i]?.value, units[j] ?? { suffix: '', divisor: 1 }),
      );
      const differences = rows.map((row, j) => {
        const cell = row.cells[i];
        return cell === undefined
          ? ''
          : formatDifference(cell.difference, units[j] ?? { suffix: '', divisor: 1 }, 0);
      });
      const name = left(`${design.letter} ${design.name}`, DESIGN_COLUMNS);
      const lines = [name + columns(values)];
      if (i > 0) lines.push(' '.repeat(DESIGN_COLUMNS) + columns(differences));
      return lines;
    }),
  ];
}
