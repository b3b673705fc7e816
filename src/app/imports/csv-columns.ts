/**
 * Columns of a table as the block of an import names them: what a key means, which column it is, and
 * the unit of its numbers, which is never assumed.
 *
 *   time at ms      size len B      key id      op what      kind type      text core KiB
 */
import { nearestName } from '../../base/nearest-name.js';
import { MODULE_SECTIONS } from '../../contract/scenario-plan.js';

const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1048576,
  GiB: 1073741824,
};

/** What a row asks for, as a cell of the `kind` column or the block says. */
export const CSV_KINDS = [
  'bpf',
  'ftrace',
  'bpf_trampoline',
  'kprobe',
  'module',
  'text',
  'data',
  'rodata',
] as const;
export type CsvKind = (typeof CSV_KINDS)[number];

export const CSV_OPTIONS: readonly string[] = [
  'time',
  'size',
  'key',
  'op',
  'kind',
  'name',
  ...MODULE_SECTIONS,
];

export interface ScaledColumn {
  readonly index: number;
  /** Bytes or nanoseconds in one of the column's unit. */
  readonly scale: number;
}

export interface CsvColumns {
  readonly time?: ScaledColumn;
  readonly size?: ScaledColumn;
  readonly key?: number;
  readonly op?: number;
  readonly name?: number;
  /** A column, or the kind of every row. */
  readonly kind: number | CsvKind;
  /** By region, order of MODULE_SECTIONS. */
  readonly sections: readonly (ScaledColumn | undefined)[];
}

/** What is wrong with the block, and what to write. */
export interface CsvProblem {
  readonly problem: string;
  readonly help: string;
}

type Options = Readonly<Record<string, readonly string[]>>;

const words = (line: string): readonly string[] =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'));

class ColumnReader {
  problem: CsvProblem | undefined;

  constructor(
    private readonly header: readonly string[],
    private readonly options: Options,
  ) {}

  plain(key: string): number | undefined {
    const line = this.options[key]?.[0];
    if (line === undefined) return undefined;
    const [column = '', extra] = words(line);
    if (extra !== undefined) {
      this.fail(`'${key}' takes one column`, `write '${key} COLUMN'`);
      return undefined;
    }
    return this.index(column);
  }

  scaled(key: string, units: Readonly<Record<string, number>>): ScaledColumn | undefined {
    const line = this.options[key]?.[0];
    if (line === undefined) return undefined;
    const [column = '', unit = '', extra] = words(line);
    const scale = units[unit];
    if (scale === undefined || extra !== undefined) {
      const example = Object.keys(units)[0] ?? '';
      const help = `write '${key} ${column} ${example}'; units: ${Object.keys(units).join(' ')}`;
      this.fail(`'${key}' takes a column and its unit`, help);
      return undefined;
    }
    const index = this.index(column);
    return index === undefined ? undefined : { index, scale };
  }

  kind(): number | CsvKind {
    const line = this.options['kind']?.[0];
    if (line === undefined) return 'bpf';
    const [word = ''] = words(line);
    const fixed = CSV_KINDS.find((kind) => kind === word);
    if (fixed !== undefined) return fixed;
    if (this.header.includes(word)) return this.plain('kind') ?? 'bpf';
    const help = `one of ${CSV_KINDS.join(' ')}, or a column`;
    this.fail(`'kind' is neither a column nor a kind: '${word}'`, help);
    return 'bpf';
  }

  private index(column: string): number | undefined {
    const found = this.header.indexOf(column);
    if (found >= 0) return found;
    const nearest = nearestName(column, this.header);
    const help =
      nearest === undefined ? `columns: ${this.header.join(' ')}` : `did you mean '${nearest}'?`;
    this.fail(`there is no column '${column}'`, help);
    return undefined;
  }

  private fail(problem: string, help: string): void {
    this.problem ??= { problem, help };
  }
}

/** The columns that the block names in a table with this header. */
export function csvColumns(header: readonly string[], options: Options): CsvColumns | CsvProblem {
  const reader = new ColumnReader(header, options);
  const time = reader.scaled('time', TIME_UNITS);
  const size = reader.scaled('size', SIZE_UNITS);
  const key = reader.plain('key');
  const op = reader.plain('op');
  const name = reader.plain('name');
  const kind = reader.kind();
  const sections = MODULE_SECTIONS.map((section) =>
    // `text`, `data` and `rodata` are sections here; kinds of those names have their size in `size`.
    reader.scaled(section, SIZE_UNITS),
  );
  if (reader.problem !== undefined) return reader.problem;
  if (size === undefined && sections.every((column) => column === undefined)) {
    return { problem: "the block names no 'size'", help: "write 'size COLUMN B'" };
  }
  if (op !== undefined && (key === undefined || time === undefined)) {
    const help = "write 'time COLUMN ms' and 'key COLUMN'";
    return { problem: "'op' needs 'time' and 'key'", help };
  }
  return {
    ...(time === undefined ? {} : { time }),
    ...(size === undefined ? {} : { size }),
    ...(key === undefined ? {} : { key }),
    ...(op === undefined ? {} : { op }),
    ...(name === undefined ? {} : { name }),
    kind,
    sections,
  };
}
