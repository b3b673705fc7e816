/**
 * `perf script --show-bpf-events`: text that comes and goes, one PERF_RECORD_KSYMBOL each. Type 1 is a
 * BPF program, type 2 out-of-line code: trampolines of BPF and ftrace, and pages of kprobe slots, which
 * do not tell what is in them and are dropped with a count. Addresses pair an end with its beginning
 * and go no further.
 *
 *   bash 311 [001] 12.500000: PERF_RECORD_KSYMBOL addr ffffffffc0201000 len 64 type 1 flags 0x0 name p
 */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../../contract/diagnostic.js';
import type {
  RecordedCreate,
  RecordedEvent,
  RecordedStreamPlan,
} from '../../contract/scenario-plan.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';

const RECORD =
  /\s(\d+\.\d+):\s+PERF_RECORD_KSYMBOL addr (?:0x)?([0-9a-f]+) len (\d+) type (\d+) flags 0x([0-9a-f]+) name (\S+)/;
const NS_PER_S = 1e9;
const GONE = 1;
const BYTES_MAX = 67_108_864;
const REMEDY = 'record it as root: perf record -e dummy -a, then perf script --show-bpf-events';
/** Kinds by the number that the kernel writes; the block of the import may leave some out. */
const KINDS: Readonly<Record<string, 'bpf' | 'trampoline'>> = { '1': 'bpf', '2': 'trampoline' };
/** Reasons of single lines that are listed; the others are counted together. */
const LINES_SHOWN = 5;

interface Ksymbol {
  readonly timeS: number;
  readonly address: string;
  readonly bytes: number;
  readonly type: string;
  readonly gone: boolean;
  readonly name: string;
}

function recordOf(line: string): Ksymbol | undefined {
  const match = RECORD.exec(line);
  if (match === null) return undefined;
  const [, time = '', address = '', bytes = '', type = '', flags = '', name = ''] = match;
  const gone = (Number.parseInt(flags, 16) & GONE) !== 0;
  return { timeS: Number(time), address, bytes: Number(bytes), type, gone, name };
}

function creationOf({ type, name, bytes }: Ksymbol): RecordedCreate {
  if (KINDS[type] === 'bpf') return { kind: 'bpf', name, sizeBytes: bytes };
  const trampoline = name.startsWith('bpf_') ? 'bpf' : 'ftrace';
  return { kind: 'trampoline', name, sizeBytes: bytes, trampoline };
}

/** Pairs records to requests and keeps the account of all of them. */
class StreamBuilder {
  readonly events: RecordedEvent[] = [];
  records = 0;
  hidden = 0;
  private readonly live = new Map<string, string>();
  private readonly reasons = new Map<string, number>();
  private unreadable = 0;
  private startS: number | undefined;
  private lastNs = 0;

  constructor(private readonly types: ReadonlySet<string>) {}

  line(text: string, number: number): void {
    if (text.trim() === '' || text.startsWith('#')) return;
    this.records += 1;
    const record = recordOf(text);
    if (record !== undefined) {
      this.record(record);
      return;
    }
    const other = /PERF_RECORD_[A-Z_]+/.exec(text)?.[0];
    if (other !== undefined && other !== 'PERF_RECORD_KSYMBOL') {
      this.drop(`${other}: no text comes or goes`);
      return;
    }
    this.unreadable += 1;
    this.drop(
      this.unreadable <= LINES_SHOWN
        ? `line ${String(number)}: cannot be read`
        : 'further lines that cannot be read',
    );
  }

  account(): RecordedStreamPlan['account'] {
    const reasons = [...this.reasons].map(([reason, count]) => ({ reason, count }));
    const used = this.events.length;
    return { records: this.records, used, dropped: this.records - used, guessed: 0, reasons };
  }

  private record(record: Ksymbol): void {
    const { type, address, bytes, name } = record;
    if (/^0+$/.test(address)) {
      this.hidden += 1;
      this.drop('kernel pointer hidden');
    } else if (!this.types.has(type)) this.drop(`type ${type}: not asked for`);
    else if (name.startsWith('kprobe_'))
      this.drop('page of kprobe slots: what is in it is not told');
    else if (record.gone) this.release(record);
    else if (bytes === 0 || bytes > BYTES_MAX) this.drop('length that no text has');
    else if (this.live.has(address)) this.drop('address that is in use');
    else {
      const key = `${address}.${String(this.events.length)}`;
      this.live.set(address, key);
      this.add({ kind: 'create', timeNs: this.timeOf(record), key, create: creationOf(record) });
    }
  }

  private release(record: Ksymbol): void {
    const key = this.live.get(record.address);
    if (key === undefined) this.drop('was there before the record began');
    else {
      this.live.delete(record.address);
      this.add({ kind: 'release', timeNs: this.timeOf(record), key });
    }
  }

  private add(event: RecordedEvent): void {
    this.lastNs = event.timeNs;
    this.events.push(event);
  }

  /** Time since the first request; buffers of several CPUs may be a little out of order. */
  private timeOf({ timeS }: Ksymbol): number {
    this.startS ??= timeS;
    return Math.max(this.lastNs, Math.round((timeS - this.startS) * NS_PER_S));
  }

  private drop(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}

/** `type 1 bpf` of the block: the types that are taken, all by default; or the line that is wrong. */
function typesOf(lines: readonly string[]): ReadonlySet<string> | string {
  const types = new Set<string>();
  for (const line of lines) {
    const [type = '', kind = ''] = line.split(/\s+/);
    if (KINDS[type] === undefined || KINDS[type] !== kind) return line;
    types.add(type);
  }
  return lines.length === 0 ? new Set(Object.keys(KINDS)) : types;
}

function hiddenPointers(path: string): ImportReply {
  const diagnostic: Diagnostic = {
    code: 'X0702',
    severity: 'error',
    message: `kernel pointers are hidden in '${path}'`,
    help: 'record it as root, with kernel.kptr_restrict=0',
  };
  return { diagnostics: [diagnostic] };
}

export const perfKsymbol: ImportFormat = {
  name: 'perf_ksymbol',
  summary: '`perf script --show-bpf-events`: text coming and going',
  read: (request) => {
    const types = typesOf(request.options['type'] ?? []);
    if (typeof types === 'string') {
      const help = "write 'type 1 bpf' or 'type 2 trampoline'";
      return importFailure(`'type ${types}' is no type of perf_ksymbol`, { help });
    }
    const file = importText(request);
    if (file.reply) return file.reply;
    const stream = new StreamBuilder(types);
    file.text.split(/\r?\n/).forEach((line, index) => {
      stream.line(line, index + 1);
    });
    if (stream.hidden > 0) return hiddenPointers(request.path);
    const { events } = stream;
    if (events.length === 0) {
      return importFailure(`'${request.path}' has no text that comes or goes`, { help: REMEDY });
    }
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const data = { sha256, stream: { name: request.path, events, account: stream.account() } };
    return { data, diagnostics: [] };
  },
};
