/** The rows of the benchmarks as a table: figures of this machine, each beside its reference. */
import { ratioOf, type BenchRow } from './measure.js';

const WHAT_COLUMNS = 36;
const FIGURE_COLUMNS = 12;

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return '-'.padStart(FIGURE_COLUMNS);
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return `${text} ${unit}`.padStart(FIGURE_COLUMNS);
}

/** Lines of at most 80 columns; a heading per group. */
export function benchTable(rows: readonly BenchRow[]): string {
  const lines = ['Times of this machine under its present load; compare the ratios.'];
  let group = '';
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      const columns = ['measured', 'reference', 'ratio'].map((name) =>
        name.padStart(FIGURE_COLUMNS),
      );
      lines.push('', `${group}; reference: ${row.against}`);
      lines.push(`  ${' '.repeat(WHAT_COLUMNS)}${columns.join('')}`);
    }
    const ratio = ratioOf(row);
    lines.push(
      `  ${row.what.padEnd(WHAT_COLUMNS)}${figure(row.value, row.unit)}` +
        `${figure(row.reference, row.unit)}${(ratio === undefined ? '-' : ratio.toFixed(2)).padStart(FIGURE_COLUMNS)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
