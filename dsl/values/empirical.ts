/**
 * `empirical("file.csv", column=size)`: draws rows of a file. The first line names the columns; cells
 * are numbers in base units (bytes, nanoseconds) or quantities with their unit, as in the language.
 */
import { contradiction } from '../diagnostics/distributions.js';
import { fileMissing, unknownName } from '../diagnostics/names.js';
import type { Distribution, ReadData } from './distributions.js';
import type { CallExpr, Scope } from './scope.js';
import { quantityParts, quantityValue, type UnitKind } from './units.js';

/** Rows that a file may have. */
const ROWS_MAX = 1_000_000;

const cells = (line: string): string[] =>
  line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

export function empirical(call: CallExpr, scope: Scope, read: ReadData): Distribution | undefined {
  const file = call.args.find((argument) => argument.value.kind === 'text')?.value;
  const named = call.args.find((argument) => argument.name?.text === 'column')?.value;
  const asked = call.args.find((argument) => argument.name?.text === 'unit')?.value;
  const other = call.args.find(
    ({ name, value }) =>
      (name === undefined && value !== file) ||
      (name !== undefined && name.text !== 'column' && name.text !== 'unit'),
  );
  if (other !== undefined) {
    const candidates = ['column', 'unit'];
    const name = other.name?.text ?? scope.file.textOf(other.span);
    const where = "of 'empirical'";
    const { span } = other;
    scope.file.report(unknownName({ span, what: 'parameter', name, where, candidates }));
    return undefined;
  }
  if (file?.kind !== 'text') {
    const help = 'write empirical("file.csv", column=size)';
    scope.file.report(contradiction(call.span, "'empirical' needs a file", help));
    return undefined;
  }
  const text = read(file.value, scope);
  if (text === undefined) {
    scope.file.report(fileMissing(file.value, file.span));
    return undefined;
  }
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const header = cells(lines[0] ?? '');
  const column =
    named === undefined ? (header[0] ?? '') : scope.file.textOf(named.span).replace(/^"|"$/g, '');
  const index = header.indexOf(column);
  if (index < 0) {
    const span = named?.span ?? file.span;
    scope.file.report(unknownName({ span, what: 'column', name: column, candidates: header }));
    return undefined;
  }
  const unit = asked === undefined ? 'B' : scope.file.textOf(asked.span);
  return rows(lines.slice(1), index, { unit, call, scope });
}

function rows(
  lines: readonly string[],
  index: number,
  at: { readonly unit: string; readonly call: CallExpr; readonly scope: Scope },
): Distribution | undefined {
  const wrong = (message: string): Distribution | undefined => {
    at.scope.file.report(contradiction(at.call.span, message, 'check the file'));
    return undefined;
  };
  if (lines.length === 0) return wrong('the file has no rows');
  if (lines.length > ROWS_MAX) return wrong(`the file has more than ${ROWS_MAX} rows`);
  const values: number[] = [];
  let unit: UnitKind | undefined;
  for (const [row, line] of lines.entries()) {
    const cell = cells(line)[index] ?? '';
    const parts = /^[0-9]/.test(cell) ? quantityParts(cell) : undefined;
    const value =
      parts === undefined
        ? undefined
        : quantityValue(parts.unit === '' ? { ...parts, unit: at.unit } : parts);
    unit ??= value?.kind;
    if (value === undefined || value.kind !== unit) {
      return wrong(`row ${row + 2} of the file does not hold a quantity`);
    }
    values.push(value.value);
  }
  return { plan: { kind: 'empirical', values }, unit: unit ?? 'count' };
}
