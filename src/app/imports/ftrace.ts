/**
 * Text of tracefs' `trace` with events of the groups vmalloc and module: requests with size and range,
 * and their ends. `va_start` of alloc_vmap_area is decimal, everything else hexadecimal. With the trace
 * option stacktrace each request also tells who asked.
 *
 *   modprobe-812  [001] .....  61.204518: alloc_vmap_area: va_start: 18446744072637906944 size=20480
 *     align=1 vstart=0xffffffffc0000000 vend=0xffffffffff000000 failed=0
 */
import { createHash } from 'node:crypto';
import { nearestName } from '../../base/nearest-name.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';
import { kernelPointer, pageOfDecimal, pointersHidden } from './kernel-address.js';
import { LineAccount } from './line-account.js';
import { MATCH_HELP, matchTolerance } from './match-tolerance.js';
import { VmapEvents } from './vmap-events.js';

const NS_PER_S = 1e9;
const EVENT =
  /^\s*(.{1,32})-(\d+)\s+(?:\(\s*[\d-]+\)\s+)?\[(\d+)\]\s+(?:[^\s:]{4,8}\s+)?(\d+\.\d+): (?:(\w+): (.*)|<stack trace>\s*)$/;
const FRAME = /^\s*=>\s*(\S+)/;
const LOST = /^CPU:\d+ \[LOST (\d+) EVENTS\]$/;
const REQUEST =
  /^va_start: (\d+) size=(\d+) align=\d+ vstart=0x[0-9a-f]+ vend=0x[0-9a-f]+ failed=(\d+)$/;
const FREE = /^va_start=0x([0-9a-f]+) /;
const NAME = /^(\S+)(?: \S+)?\s*$/;
/** Events that are read, by name. */
const EVENTS = ['alloc_vmap_area', 'free_vmap_area_noflush', 'module_load', 'module_free'] as const;
type EventName = (typeof EVENTS)[number];
/** Events that may be named and tell of no request: a purge gives back what was freed before. */
const SILENT = ['purge_vmap_area_lazy', 'module_get', 'module_put', 'module_request'];
const COMMAND = 'cat /sys/kernel/tracing/trace > trace.txt';

interface EventLine {
  readonly task: string;
  readonly timeNs: number;
  readonly text: string;
}

class TraceReader {
  readonly account = new LineAccount();
  readonly events: VmapEvents;
  hidden: 'hidden' | 'hashed' | undefined;
  /** Where the frames that follow go, by CPU. */
  private stack: string[] | undefined;
  private readonly lastStack = new Map<string, string[]>();

  constructor(
    private readonly asked: ReadonlySet<string>,
    tolerancePages: number,
  ) {
    this.events = new VmapEvents(this.account, tolerancePages);
  }

  line(text: string, number: number): void {
    if (text.trim() === '' || text.startsWith('#')) return;
    const frame = FRAME.exec(text)?.[1];
    if (frame !== undefined) {
      this.stack?.push(frame);
      return;
    }
    this.stack = undefined;
    const lost = LOST.exec(text.trim())?.[1];
    if (lost !== undefined) {
      this.account.lose('events that the ring buffer lost', Number(lost));
      return;
    }
    const [, , pid = '', cpu = '', time = '', name, rest = ''] = EVENT.exec(text) ?? [];
    if (pid === '') {
      this.account.unread(number, text);
      return;
    }
    if (name === undefined) {
      this.stack = this.lastStack.get(`${pid} ${cpu}`);
      return;
    }
    const at = { task: pid, timeNs: Math.round(Number(time) * NS_PER_S), text: rest.trim() };
    const stack = this.event(name, at);
    if (stack === undefined) this.account.unread(number, text);
    else this.lastStack.set(`${pid} ${cpu}`, stack);
  }

  /** Where frames of its stack go; undefined when the event cannot be read. */
  private event(name: string, at: EventLine): string[] | undefined {
    const known = EVENTS.find((event) => event === name);
    if (known === undefined || !this.asked.has(name)) {
      this.account.leave(`${name}: ${known === undefined ? 'no request' : 'not asked for'}`);
      return [];
    }
    return known === 'alloc_vmap_area' ? this.request(at) : this.other(known, at);
  }

  private request({ task, timeNs, text }: EventLine): string[] | undefined {
    const [, start = '', size = '', failed = ''] = REQUEST.exec(text) ?? [];
    if (start === '') return undefined;
    if (failed === '0' && BigInt(start) === 0n) this.hidden ??= 'hidden';
    return this.events.request({
      task,
      timeNs,
      page: pageOfDecimal(start),
      bytes: Number(size),
      failed: failed !== '0',
    });
  }

  private other(name: EventName, { task, timeNs, text }: EventLine): string[] | undefined {
    if (name === 'free_vmap_area_noflush') {
      const digits = FREE.exec(text)?.[1];
      if (digits === undefined) return undefined;
      const pointer = kernelPointer(digits);
      if (pointer.kind === 'page') this.events.free(timeNs, pointer.page);
      else this.hidden ??= pointer.kind;
      return [];
    }
    const module = NAME.exec(text)?.[1];
    if (module === undefined) return undefined;
    if (name === 'module_load') this.events.load(task, module);
    else this.events.unload(timeNs, module);
    return [];
  }
}

/** Events that the block asks for, all without it; or the name that is wrong. */
function askedEvents(names: readonly string[] = []): ReadonlySet<string> | string {
  const known: readonly string[] = [...EVENTS, ...SILENT];
  const wrong = names.find((name) => !known.includes(name));
  return wrong ?? new Set(names.length === 0 ? EVENTS : names);
}

function streamReply(path: string, text: string, sha256: string, reader: TraceReader): ImportReply {
  text.split(/\r?\n/).forEach((line, index) => {
    reader.line(line, index + 1);
  });
  const { account } = reader;
  if (reader.hidden !== undefined) return pointersHidden(path, reader.hidden, COMMAND);
  const first = account.firstUnread;
  if (account.isForeign && first !== undefined) {
    return importFailure(`line ${String(first.line)} of '${path}' is no line of a trace`, {
      notes: [`found '${first.text}'`],
      help: `record it as root: ${COMMAND}`,
    });
  }
  const { events, unnamed } = reader.events.finish();
  if (events.length === 0) {
    return importFailure(`'${path}' has no request of the module range`, {
      help: 'enable events/vmalloc and events/module of tracefs while recording',
    });
  }
  const stream = { name: path, events, account: account.finish() };
  const data = { sha256, stream, unnamed: { objects: [], keys: unnamed } };
  return account.reply(path, data);
}

export const ftrace: ImportFormat = {
  name: 'ftrace',
  summary:
    'text of `trace` with the events of vmalloc and module: requests; `event NAME, ...` takes these only, `match size within N pages` is the tolerance between loads of one module',
  options: ['event', 'match'],
  read: (request) => {
    const asked = askedEvents(request.options['event']);
    if (typeof asked === 'string') {
      const names = [...EVENTS, ...SILENT];
      const nearest = nearestName(asked, names);
      return importFailure(`'${asked}' is no event of ftrace`, {
        help: nearest === undefined ? `events: ${EVENTS.join(' ')}` : `did you mean '${nearest}'?`,
      });
    }
    const tolerance = matchTolerance(request.options['match']);
    if (tolerance === undefined) {
      return importFailure("'match' of ftrace cannot be read", { help: MATCH_HELP });
    }
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return streamReply(request.path, file.text, sha256, new TraceReader(asked, tolerance));
  },
};
