/** events.jsonl: one request a line, in order, with what the kernel was seen to do. */
import {
  asAddress,
  asList,
  asObject,
  asText,
  asWhole,
  FieldError,
  isObject,
  optional,
  type JsonObject,
} from './json-fields.js';
import { visitJsonLines } from './json-lines.js';
import { RECORDING_LIMITS } from './limits.js';
import { isModuleArea, readArea } from './read-areas.js';
import { loadedModuleName } from './read-modules.js';
import type { Findings } from './findings.js';
import {
  RECORDED_OPS,
  type ObservedEvent,
  type RecordedArea,
  type RecordedOp,
  type RecordingEvent,
} from './recording.js';

const FILE = 'events.jsonl';
const KNOWN_OPS: ReadonlySet<string> = new Set(RECORDED_OPS);
/** Milliseconds since boot: a hundred years. */
const TIME_MS_MAX = 3155760000000;
const ERRNO_MAX = 4095;
const KB_MAX = 2 ** 50;
const COUNT_MAX = 2 ** 50;

export interface ReadEvents {
  readonly events: readonly RecordingEvent[];
  /** Lines of the file, unreadable and unknown ones included. */
  readonly lines: number;
  /** Lines that were not taken, with the reason. */
  readonly dropped: ReadonlyMap<string, number>;
}

function readResults(value: unknown): readonly number[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (list.length > 16) throw new FieldError(`rc has ${String(list.length)} entries`);
  return list.map((entry) => asWhole(entry, 'rc', -ERRNO_MAX, 2147483647));
}

function readAreaRows(value: unknown, what: string): readonly RecordedArea[] {
  const rows = asList(value, what);
  if (rows.length > RECORDING_LIMITS.rowsMax) throw new FieldError(`${what} has too many rows`);
  return rows.map((row) => readArea(row, what)).filter(isModuleArea);
}

function readDirectMap(value: unknown): readonly [number, number, number] {
  const row = asList(value, 'dm');
  const number = (index: number): number => asWhole(row[index] ?? 0, 'dm', 0, KB_MAX);
  return [number(0), number(1), number(2)];
}

function readSectionAddresses(value: unknown): ReadonlyMap<string, bigint> {
  const sections = new Map<string, bigint>();
  for (const [name, address] of Object.entries(asObject(value, 'sections'))) {
    sections.set(name, asAddress(address, `address of ${name}`));
  }
  return sections;
}

function readObserved(row: JsonObject): ObservedEvent {
  const observed: { -readonly [K in keyof ObservedEvent]: ObservedEvent[K] } = {};
  const added = optional(row['vadd'], readAreaRows, 'vadd');
  if (added) observed.added = added;
  const removed = optional(row['vdel'], readAreaRows, 'vdel');
  if (removed) observed.removed = removed;
  const address = optional(row['addr'], asAddress, 'addr');
  if (address !== undefined) observed.address = address;
  const sections = optional(row['sections'], readSectionAddresses, 'sections');
  if (sections) observed.sections = sections;
  if (row['op'] === 'modload' && row['size'] !== undefined && row['size'] !== null) {
    observed.moduleBytes = asWhole(row['size'], 'size', 0, RECORDING_LIMITS.sectionBytesMax);
  }
  const directMap = optional(row['dm'], readDirectMap, 'dm');
  if (directMap) observed.directMapKb = directMap;
  if (isObject(row['vs'])) {
    const level2 = row['vs']['level2_splits'];
    const level3 = row['vs']['level3_splits'];
    if (level2 !== undefined)
      observed.level2Splits = asWhole(level2, 'level2_splits', 0, COUNT_MAX);
    if (level3 !== undefined)
      observed.level3Splits = asWhole(level3, 'level3_splits', 0, COUNT_MAX);
  }
  return observed;
}

const nameOfRow = (row: JsonObject, op: RecordedOp): string => {
  const named = op === 'modload' || op === 'modunload';
  const value = row['name'];
  if (!named) return '';
  return loadedModuleName(asText(value, 'name', RECORDING_LIMITS.nameLengthMax));
};

function readEvent(row: JsonObject, op: RecordedOp, line: number): RecordingEvent {
  const text = (key: string): string =>
    row[key] === undefined || row[key] === null
      ? ''
      : asText(row[key], key, RECORDING_LIMITS.nameLengthMax);
  const whole = (key: string, missing: number, min: number, max: number): number =>
    row[key] === undefined || row[key] === null ? missing : asWhole(row[key], key, min, max);
  const jited = whole('jited_len', 0, 0, RECORDING_LIMITS.programBytesMax);
  return {
    seq: whole('seq', line - 1, 0, COUNT_MAX),
    line,
    timeMs: whole('t', 0, 0, TIME_MS_MAX),
    op,
    results: readResults(row['rc']),
    name: nameOfRow(row, op),
    id: whole('id', -1, -1, COUNT_MAX),
    jitedBytes: jited,
    bytecodeBytes: whole('xlated_len', 0, 0, RECORDING_LIMITS.programBytesMax),
    attachResult: whole('attach_rc', 0, -ERRNO_MAX, 2147483647),
    instanceRemoved: row['rm'] === 1 || row['rm'] === true,
    optimizable: row['optprobe'] !== false,
    path: text('path'),
    value: text('val'),
    observed: readObserved(row),
  };
}

/** Ids and names that an operation cannot do without. */
function checkSubject(event: RecordingEvent): void {
  const needsId = ['bpfload', 'bpfclose', 'kpadd', 'fton', 'ftoff', 'trampadd', 'trampdel'];
  if (needsId.includes(event.op) && event.id < 0) throw new FieldError(`${event.op} without id`);
  if (event.op === 'write' && event.path === '') throw new FieldError('write without path');
}

export function readEvents(text: string, findings: Findings): ReadEvents {
  const events: RecordingEvent[] = [];
  const dropped = new Map<string, number>();
  let lastSeq = -1;
  const lines = visitJsonLines(
    { file: FILE, text, linesMax: RECORDING_LIMITS.eventsMax },
    findings,
    (row, line) => {
      const op = asText(row['op'], 'op', 64);
      if (!KNOWN_OPS.has(op)) {
        findings.warn(FILE, line, `operation '${op}' is not known`);
        const reason = `${op}: operation not known`;
        dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
        return;
      }
      const event = readEvent(row, op as RecordedOp, line);
      checkSubject(event);
      if (event.seq <= lastSeq) {
        throw new FieldError(`seq ${String(event.seq)} after ${String(lastSeq)}`);
      }
      lastSeq = event.seq;
      events.push(event);
    },
  );
  return { events, lines, dropped };
}
