/** A request stream as lines of text: `time  kind  object ...`, one request a line. */
import {
  createRequestRecord,
  RequestKind,
  REQUEST_KIND_NAMES,
  type RequestRecord,
  type RequestStream,
} from '../../src/contract/request.js';
import type { PointPlan } from '../../src/contract/scenario-plan.js';
import { ScenarioStream } from '../../src/engine/request-stream.js';

const OBJECTS: ReadonlySet<RequestKind> = new Set([
  RequestKind.loadModule,
  RequestKind.moduleInitDone,
  RequestKind.freeModuleInit,
  RequestKind.unloadModule,
  RequestKind.loadBpf,
  RequestKind.freeBpf,
  RequestKind.createTrampoline,
  RequestKind.freeTrampoline,
  RequestKind.registerKprobe,
  RequestKind.unregisterKprobe,
  RequestKind.alloc,
  RequestKind.free,
  RequestKind.poke,
]);

/** Milliseconds where they are whole, else nanoseconds. */
const timeText = (ns: number): string =>
  ns % 1_000_000 === 0 ? `${String(ns / 1_000_000)}ms` : `${String(ns)}ns`;

export function recordText(record: RequestRecord): string {
  const { kind, timeNs, object, index, amount, text } = record;
  const name = REQUEST_KIND_NAMES[kind] ?? '';
  const head = `${timeText(timeNs)} ${name}`;
  if (OBJECTS.has(kind)) return `${head} ${String(object)}`;
  if (kind === RequestKind.mark) return `${head} ${text}`;
  if (kind === RequestKind.note) return `${head} ${String(index)} x${String(amount)}`;
  if (kind === RequestKind.end) return head;
  return `${head} ${String(index)}`;
}

/** Calls `see` for every record of the stream, `end` included. */
export function eachRecord(stream: RequestStream, see: (record: RequestRecord) => void): void {
  const record = createRequestRecord();
  while (stream.next(record)) see(record);
}

/** Lines of all records without those of phases and the end. */
export function streamLines(point: PointPlan, seed = 1): readonly string[] {
  const lines: string[] = [];
  eachRecord(new ScenarioStream(point, seed), (record) => {
    const { kind } = record;
    const isBorder = kind === RequestKind.phaseStart || kind === RequestKind.phaseEnd;
    if (!isBorder && kind !== RequestKind.end) lines.push(recordText(record));
  });
  return lines;
}
