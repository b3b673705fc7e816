/**
 * A table with a header line; the block of the import names its columns. With `time` the rows are
 * requests, which `op` and `key` pair with their ends; without, a layout in the order of the rows.
 */
import { createHash } from 'node:crypto';
import type { ImportAccount, RecordedCreate, RecordedEvent } from '../../contract/scenario-plan.js';
import { guessSections } from '../../recording/event-steps.js';
import {
  CSV_KINDS,
  CSV_OPTIONS,
  csvColumns,
  type CsvColumns,
  type CsvKind,
  type ScaledColumn,
} from './csv-columns.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';
import { LineAccount } from './line-account.js';

const BYTES_MAX = 1 << 30;
const RELEASES: ReadonlySet<string> = new Set([
  'free',
  'unload',
  'release',
  'detach',
  'unregister',
  '-',
]);
const CREATIONS: ReadonlySet<string> = new Set(['alloc', 'load', 'create', 'register', '+']);

/** Cells of a line; undefined when a quote is not closed. */
export function csvCells(line: string): readonly string[] | undefined {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const sign = line[i] ?? '';
    if (sign === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (sign === ',' && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += sign;
  }
  if (quoted) return undefined;
  cells.push(cell.trim());
  return cells;
}

class TableReader {
  readonly account = new LineAccount();
  readonly objects: RecordedCreate[] = [];
  private readonly timed: { readonly at: number; readonly event: RecordedEvent }[] = [];
  private readonly live = new Map<string, string>();

  constructor(private readonly columns: CsvColumns) {}

  line(text: string, number: number): void {
    if (text.trim() === '') return;
    const cells = csvCells(text);
    if (cells === undefined || !this.row(cells, number)) this.account.unread(number, text);
  }

  /** In order of time, from 0. */
  events(): readonly RecordedEvent[] {
    const sorted = [...this.timed].sort((a, b) => a.event.timeNs - b.event.timeNs || a.at - b.at);
    const startNs = sorted[0]?.event.timeNs ?? 0;
    return sorted.map(({ event }) => ({ ...event, timeNs: event.timeNs - startNs }));
  }

  /** False when the row cannot be read. */
  private row(cells: readonly string[], number: number): boolean {
    const { columns } = this;
    const word = columns.op === undefined ? '+' : (cells[columns.op] ?? '').toLowerCase();
    const key = columns.key === undefined ? String(number) : (cells[columns.key] ?? '');
    const timeNs = columns.time === undefined ? 0 : scaledCell(cells, columns.time);
    if (timeNs === undefined || key === '') return false;
    if (RELEASES.has(word)) {
      this.release(key, timeNs, number);
      return true;
    }
    if (!CREATIONS.has(word)) return false;
    const made = this.creation(cells, number);
    if (made === undefined) return false;
    if (columns.time === undefined) this.objects.push(made.create);
    else if (this.live.has(key)) {
      this.account.drop('key that is in use');
      return true;
    } else {
      const own = `${key}.${String(number)}`;
      this.live.set(key, own);
      this.timed.push({
        at: number,
        event: { kind: 'create', timeNs, key: own, create: made.create },
      });
    }
    if (made.guessed) this.account.guess('module: sizes of regions guessed');
    else this.account.use();
    return true;
  }

  private release(key: string, timeNs: number, at: number): void {
    const own = this.live.get(key);
    if (own === undefined) {
      this.account.drop('end of a key that is not there');
      return;
    }
    this.live.delete(key);
    this.timed.push({ at, event: { kind: 'release', timeNs, key: own } });
    this.account.use();
  }

  private creation(
    cells: readonly string[],
    number: number,
  ): { readonly create: RecordedCreate; readonly guessed: boolean } | undefined {
    const { columns } = this;
    const word = typeof columns.kind === 'string' ? columns.kind : cells[columns.kind];
    const kind = CSV_KINDS.find((known) => known === word);
    if (kind === undefined) return undefined;
    const given = columns.name === undefined ? '' : (cells[columns.name] ?? '');
    const name = given === '' ? `${kind} ${String(number)}` : given;
    if (kind === 'kprobe') {
      return { create: { kind, name, optimized: false }, guessed: false };
    }
    const sizes = kind === 'module' ? this.sections(cells) : undefined;
    if (sizes === 'wrong') return undefined;
    if (sizes !== undefined) {
      return { create: { kind: 'module', name, sections: sizes }, guessed: false };
    }
    const sizeBytes = columns.size === undefined ? undefined : scaledCell(cells, columns.size);
    if (sizeBytes === undefined || sizeBytes < 1 || sizeBytes > BYTES_MAX) return undefined;
    if (kind !== 'module') return { create: sizedCreate(kind, name, sizeBytes), guessed: false };
    const sections = guessSections(sizeBytes)?.sections;
    return sections && { create: { kind, name, sections }, guessed: true };
  }

  /** Sizes by region when the block names any. */
  private sections(cells: readonly string[]): readonly number[] | 'wrong' | undefined {
    const { sections } = this.columns;
    if (sections.every((column) => column === undefined)) return undefined;
    const sizes = sections.map((column) => (column === undefined ? 0 : scaledCell(cells, column)));
    const known = sizes.filter((size) => size !== undefined && size <= BYTES_MAX);
    const total = known.reduce((sum: number, size) => sum + (size ?? 0), 0);
    return known.length === sizes.length && total > 0 ? sizes.map((size) => size ?? 0) : 'wrong';
  }
}

function sizedCreate(
  kind: Exclude<CsvKind, 'module' | 'kprobe'>,
  name: string,
  sizeBytes: number,
): RecordedCreate {
  switch (kind) {
    case 'bpf':
      return { kind, name, sizeBytes };
    case 'ftrace':
      return { kind: 'trampoline', name, sizeBytes, trampoline: 'ftrace' };
    case 'bpf_trampoline':
      return { kind: 'trampoline', name, sizeBytes, trampoline: 'bpf' };
    default:
      return { kind: 'alloc', name, memory: kind, sizeBytes };
  }
}

function scaledCell(cells: readonly string[], { index, scale }: ScaledColumn): number | undefined {
  const cell = cells[index] ?? '';
  if (!/^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$/.test(cell)) return undefined;
  const value = Math.round(Number(cell) * scale);
  return Number.isSafeInteger(value) ? value : undefined;
}

function tableReply(
  path: string,
  text: string,
  at: { readonly sha256: string; readonly options: Readonly<Record<string, readonly string[]>> },
): ImportReply {
  const { sha256, options } = at;
  const [head = '', ...lines] = text.split(/\r?\n/);
  const columns = csvColumns(csvCells(head.replace(/^\uFEFF/, '')) ?? [], options);
  if ('problem' in columns) {
    return importFailure(`'${path}': ${columns.problem}`, { help: columns.help });
  }
  const reader = new TableReader(columns);
  lines.forEach((line, index) => {
    reader.line(line, index + 2);
  });
  const { account, objects } = reader;
  const first = account.firstUnread;
  if (account.isForeign && first !== undefined) {
    return importFailure(
      `line ${String(first.line)} of '${path}' has other cells than the block says`,
      {
        notes: [`found '${first.text}'`],
        help: `columns: ${head.trim()}`,
      },
    );
  }
  const events = reader.events();
  if (objects.length === 0 && events.length === 0) {
    return importFailure(`'${path}' has no rows`, { help: 'write one request a line' });
  }
  const what: ImportAccount = account.finish();
  const data =
    columns.time === undefined
      ? { sha256, account: what, layout: { name: path, objects } }
      : { sha256, stream: { name: path, events, account: what } };
  return account.reply(path, data);
}

export const csv: ImportFormat = {
  name: 'csv',
  summary:
    'a table; the block names its columns, numbers with their unit: `time COLUMN ms`, `size COLUMN B`, `key COLUMN`, `op COLUMN`, `kind COLUMN` or one kind, `name COLUMN`, sections of modules; a stream with `time`, a layout without',
  options: CSV_OPTIONS,
  read: (request) => {
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return tableReply(request.path, file.text, { sha256, options: request.options });
  },
};
