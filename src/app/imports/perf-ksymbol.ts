/**
 * `perf script --show-bpf-events`: text that comes and goes, one PERF_RECORD_KSYMBOL each. Type 1 is a
 * BPF program, type 2 out-of-line code: trampolines of BPF and ftrace, and pages of kprobe slots, which
 * do not tell what is in them and are dropped with a count. Addresses pair an end with its beginning
 * and go no further.
 *
 *   bash 311 [001] 12.500000: PERF_RECORD_KSYMBOL addr ffffffffc0201000 len 64 type 1 flags 0x0 name p
 */
import { createHash } from 'node:crypto';
import type { RecordedCreate, RecordedEvent } from '../../contract/scenario-plan.js';
import { importFailure, importText, type ImportFormat } from './import-format.js';
import { kernelPointer, pointersHidden } from './kernel-address.js';
import { LineAccount } from './line-account.js';

const RECORD =
  /\s(\d+\.\d+):\s+PERF_RECORD_KSYMBOL addr (?:0x)?([0-9a-f]+) len (\d+) type (\d+) flags 0x([0-9a-f]+) name (\S+)/;
const NS_PER_S = 1e9;
const GONE = 1;
const BYTES_MAX = 67_108_864;
const COMMAND = 'perf record -e dummy -a, then perf script --show-bpf-events';
const REMEDY = `record it as root: ${COMMAND}`;
/** Kinds by the number that the kernel writes; the block of the import may leave some out. */
const KINDS: Readonly<Record<string, 'bpf' | 'trampoline'>> = { '1': 'bpf', '2': 'trampoline' };

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
  readonly account = new LineAccount();
  hidden: 'hidden' | 'hashed' | undefined;
  private readonly live = new Map<string, string>();
  private startS: number | undefined;
  private lastNs = 0;

  constructor(private readonly types: ReadonlySet<string>) {}

  line(text: string, number: number): void {
    if (text.trim() === '' || text.startsWith('#')) return;
    const record = recordOf(text);
    if (record !== undefined) {
      this.record(record);
      return;
    }
    const other = /PERF_RECORD_[A-Z_]+/.exec(text)?.[0];
    if (other !== undefined && other !== 'PERF_RECORD_KSYMBOL') {
      this.account.leave(`${other}: no text comes or goes`);
      return;
    }
    this.account.unread(number, text);
  }

  private record(record: Ksymbol): void {
    const { type, address, bytes, name } = record;
    const pointer = kernelPointer(address);
    if (pointer.kind !== 'page') this.hidden ??= pointer.kind;
    else if (!this.types.has(type)) this.account.leave(`type ${type}: not asked for`);
    else if (name.startsWith('kprobe_')) {
      this.account.drop('page of kprobe slots: what is in it is not told');
    } else if (record.gone) this.release(record);
    else if (bytes === 0 || bytes > BYTES_MAX) this.account.drop('length that no text has');
    else if (this.live.has(address)) this.account.drop('address that is in use');
    else {
      const key = `${address}.${String(this.events.length)}`;
      this.live.set(address, key);
      this.add({ kind: 'create', timeNs: this.timeOf(record), key, create: creationOf(record) });
    }
  }

  private release(record: Ksymbol): void {
    const key = this.live.get(record.address);
    if (key === undefined) this.account.drop('was there before the record began');
    else {
      this.live.delete(record.address);
      this.add({ kind: 'release', timeNs: this.timeOf(record), key });
    }
  }

  private add(event: RecordedEvent): void {
    this.lastNs = event.timeNs;
    this.events.push(event);
    this.account.use();
  }

  /** Time since the first request; buffers of several CPUs may be a little out of order. */
  private timeOf({ timeS }: Ksymbol): number {
    this.startS ??= timeS;
    return Math.max(this.lastNs, Math.round((timeS - this.startS) * NS_PER_S));
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

export const perfKsymbol: ImportFormat = {
  name: 'perf_ksymbol',
  summary: '`perf script --show-bpf-events`: text coming and going',
  options: ['type'],
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
    if (stream.hidden !== undefined) return pointersHidden(request.path, stream.hidden, COMMAND);
    const { account, events } = stream;
    if (events.length === 0) {
      return importFailure(`'${request.path}' has no text that comes or goes`, { help: REMEDY });
    }
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const data = { sha256, stream: { name: request.path, events, account: account.finish() } };
    return account.reply(request.path, data);
  },
};
