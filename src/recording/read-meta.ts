/** meta.json: which kernel, which machine, and what stood in the module area at the start. */
import {
  asAddress,
  asObject,
  asText,
  asWhole,
  FieldError,
  isObject,
  type JsonObject,
} from './json-fields.js';
import type { RecordedGuest, RecordedMeta } from './recording.js';

/** Node and CPU numbers the kernel could print at most. */
const LIST_NUMBER_MAX = 65535;

/** Count of a kernel list such as `0-3,8`; 1 for anything else. */
function countOfList(text: string): number {
  let count = 0;
  for (const part of text.trim().split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (!match) return 1;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first || last > LIST_NUMBER_MAX) return 1;
    count += last - first + 1;
  }
  return Math.max(1, count);
}

const textOf = (guest: JsonObject, key: string): string => {
  const value = guest[key];
  return typeof value === 'string' ? value : '';
};

const linesOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) {
    return (value as unknown[]).filter((line): line is string => typeof line === 'string');
  }
  return typeof value === 'string' ? value.split('\n') : [];
};

interface IoMemory {
  readonly ram: { start: number; end: number }[];
  imageStart?: number;
  imageEnd?: number;
}

function readIoMemory(value: unknown): IoMemory {
  const found: IoMemory = { ram: [] };
  for (const line of linesOf(value)) {
    const match = /^(\s*)([0-9a-f]{1,13})-([0-9a-f]{1,13}) : (.*)$/.exec(line);
    if (!match) continue;
    const start = parseInt(match[2] ?? '0', 16);
    const end = parseInt(match[3] ?? '0', 16) + 1;
    const title = match[4] ?? '';
    if (match[1] === '' && title === 'System RAM' && end > start) found.ram.push({ start, end });
    if (title.startsWith('Kernel ')) {
      found.imageStart = Math.min(found.imageStart ?? start, start);
      found.imageEnd = Math.max(found.imageEnd ?? end, end);
    }
  }
  found.ram.sort((a, b) => a.start - b.start);
  return found;
}

const VULNERABILITIES = '/sys/devices/system/cpu/vulnerabilities/';

function readGuest(guest: JsonObject): RecordedGuest {
  const memory = readIoMemory(guest['/proc/iomem']);
  const flags = new Set<string>();
  for (const line of linesOf(guest['cpuflags'])) {
    const match = /^flags\s*:(.*)$/.exec(line);
    for (const flag of (match?.[1] ?? '').trim().split(/\s+/)) if (flag !== '') flags.add(flag);
  }
  const mitigations = new Map<string, string>();
  for (const [key, value] of Object.entries(guest)) {
    if (key.startsWith(VULNERABILITIES) && typeof value === 'string') {
      mitigations.set(key.slice(VULNERABILITIES.length), value);
    }
  }
  return {
    commandLine: textOf(guest, '/proc/cmdline'),
    ram: memory.ram,
    possibleNodes: countOfList(textOf(guest, '/sys/devices/system/node/possible')),
    onlineNodes: countOfList(textOf(guest, '/sys/devices/system/node/online')),
    onlineCpus: countOfList(textOf(guest, '/sys/devices/system/cpu/online')),
    cpuFlags: flags,
    mitigations,
    levels: linesOf(guest['layout']).includes('l5 1') ? 5 : 4,
    ...(memory.imageStart === undefined ? {} : { imageStart: memory.imageStart }),
    ...(memory.imageEnd === undefined ? {} : { imageEnd: memory.imageEnd }),
  };
}

/** Release from `release`, or from /proc/version of the guest. */
function releaseOf(row: JsonObject, guest: JsonObject): string {
  if (typeof row['release'] === 'string') return asText(row['release'], 'release', 256);
  const match = /^Linux version (\S+)/.exec(textOf(guest, '/proc/version'));
  if (match?.[1] !== undefined) return match[1];
  throw new FieldError('no kernel release');
}

/** Throws FieldError or SyntaxError when the text is not a meta.json. */
export function readMeta(text: string, folder: string): RecordedMeta {
  const row = asObject(JSON.parse(text) as unknown, 'the file');
  const guest = isObject(row['guest']) ? row['guest'] : {};
  const release = releaseOf(row, guest);
  const version = /^(\d{1,3})\.(\d{1,3})/.exec(release);
  if (!version) throw new FieldError(`release '${release}' does not start with two numbers`);
  const initial = isObject(row['initial']) ? row['initial'] : {};
  const base = initial['module_area_base'];
  const chunks = initial['bpf_boot_chunks'];
  return {
    name:
      typeof row['recording'] === 'string' ? asText(row['recording'], 'recording', 256) : folder,
    release,
    version: version[0],
    workload: typeof row['workload'] === 'string' ? asText(row['workload'], 'workload', 256) : '',
    bpfBootChunks:
      chunks === undefined || chunks === null ? 0 : asWhole(chunks, 'bpf_boot_chunks', 0, 4194304),
    guest: readGuest(guest),
    ...(base === undefined || base === null
      ? {}
      : { moduleAreaBase: asAddress(base, 'module_area_base') }),
  };
}
