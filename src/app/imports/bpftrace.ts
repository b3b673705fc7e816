/**
 * `bpftrace -f json text.bt` with the script of std/record: the requests of ftrace with their callers.
 * Each line of output is a JSON object; the script's own lines are its `printf` texts:
 *
 *   alloc NS TASK 0xADDRESS SIZE FAILED, then the stack, one function a line
 *   free NS TASK 0xADDRESS      load NS TASK MODULE      unload NS TASK MODULE
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';
import { kernelPointer, pointersHidden, type KernelPointer } from './kernel-address.js';
import { LineAccount, shownText } from './line-account.js';
import { MATCH_HELP, matchTolerance } from './match-tolerance.js';
import { VmapEvents } from './vmap-events.js';

const COMMAND = 'bpftrace -f json text.bt > trace.json';
const REQUEST = /^alloc (\d+) (\d+) 0x([0-9a-f]+) (\d+) (-?\d+)$/;
const FREE = /^free (\d+) (\d+) 0x([0-9a-f]+)$/;
const MODULE = /^(load|unload) (\d+) (\d+) (\S+)$/;

const PrintSchema = v.object({ type: v.literal('printf'), data: v.string() });
const LostSchema = v.object({
  type: v.literal('lost_events'),
  data: v.object({ events: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
});
const OtherSchema = v.object({ type: v.string() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

class OutputReader {
  readonly account = new LineAccount();
  readonly events: VmapEvents;
  hidden: 'hidden' | 'hashed' | undefined;

  constructor(tolerancePages: number) {
    this.events = new VmapEvents(this.account, tolerancePages);
  }

  line(text: string, number: number): void {
    if (text.trim() === '') return;
    const value = parsed(text);
    const lost = v.safeParse(LostSchema, value);
    if (lost.success) {
      this.account.lose('events that bpftrace lost', lost.output.data.events);
      return;
    }
    const print = v.safeParse(PrintSchema, value);
    if (!print.success) {
      // What bpftrace says of itself: attached probes, the time.
      if (!v.is(OtherSchema, value)) this.account.unread(number, text);
      return;
    }
    const [head = '', ...stack] = print.output.data.trim().split('\n');
    if (!this.event(head.trim(), stack)) this.account.unread(number, text);
  }

  private event(head: string, stack: readonly string[]): boolean {
    const [, at = '', task = '', digits = '', size = '', failed = ''] = REQUEST.exec(head) ?? [];
    if (at !== '') {
      const page = failed === '0' ? this.pageOf(kernelPointer(digits)) : 0;
      if (page === undefined) return true;
      const request = { task, timeNs: Number(at), page, bytes: Number(size) };
      this.events.request({ ...request, failed: failed !== '0' }).push(...stack);
      return true;
    }
    const free = FREE.exec(head);
    if (free !== null) {
      const page = this.pageOf(kernelPointer(free[3] ?? ''));
      if (page !== undefined) this.events.free(Number(free[1]), page);
      return true;
    }
    const module = MODULE.exec(head);
    if (module === null) return false;
    const [, verb, time = '', pid = '', name = ''] = module;
    if (verb === 'load') this.events.load(pid, name);
    else this.events.unload(Number(time), name);
    return true;
  }

  private pageOf(pointer: KernelPointer): number | undefined {
    if (pointer.kind === 'page') return pointer.page;
    this.hidden ??= pointer.kind;
    return undefined;
  }
}

function streamReply(
  path: string,
  text: string,
  sha256: string,
  reader: OutputReader,
): ImportReply {
  text.split(/\r?\n/).forEach((line, index) => {
    reader.line(line, index + 1);
  });
  const { account } = reader;
  if (reader.hidden !== undefined) return pointersHidden(path, reader.hidden, COMMAND);
  const first = account.firstUnread;
  if (account.isForeign && first !== undefined) {
    return importFailure(`line ${String(first.line)} of '${path}' is not of std/record/text.bt`, {
      notes: [`found '${shownText(first.text)}'`],
      help: `record it as root: ${COMMAND}`,
    });
  }
  const { events, unnamed } = reader.events.finish();
  if (events.length === 0) {
    return importFailure(`'${path}' has no request of the module range`, {
      help: `load a module or a BPF program while it records: ${COMMAND}`,
    });
  }
  const stream = { name: path, events, account: account.finish() };
  const data = { sha256, stream, unnamed: { objects: [], keys: unnamed } };
  return account.reply(path, data);
}

export const bpftrace: ImportFormat = {
  name: 'bpftrace',
  summary: '`bpftrace -f json` with std/record/text.bt: the requests of ftrace with who asked',
  options: ['match'],
  read: (request) => {
    const tolerance = matchTolerance(request.options['match']);
    if (tolerance === undefined) {
      return importFailure("'match' of bpftrace cannot be read", { help: MATCH_HELP });
    }
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return streamReply(request.path, file.text, sha256, new OutputReader(tolerance));
  },
};
