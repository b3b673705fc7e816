/**
 * Timestamped series of /proc/meminfo and /proc/vmstat: each sample is a line with the time in seconds
 * (`date +%s.%N`), then the file as the kernel printed it. Times count from the first sample; sizes
 * become bytes. A line that is neither is a mistake of the file, named with its number.
 */
import { createHash } from 'node:crypto';
import type { ImportedData } from '../../contract/catalog.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';

const NS_PER_S = 1e9;
const BYTES_PER_KB = 1024;
const TIME = /^\d+(?:\.\d+)?$/;
/** `DirectMap4k:      87900 kB`, `HugePages_Total:  0`, `Active(anon): 12 kB`. */
const MEMINFO = /^([A-Za-z_][\w()]*):\s+(\d+)(?: (kB))?$/;
/** `direct_map_level2_splits 12` */
const VMSTAT = /^([a-z_]\w*) (\d+)$/;

interface LogKind {
  readonly file: string;
  readonly line: RegExp;
  readonly command: string;
}

type Series = Record<string, { readonly timesNs: number[]; readonly values: number[] }>;

/** The series, or the number (from 1) and the text of the first line that cannot be read. */
function seriesOf(
  text: string,
  kind: LogKind,
):
  | { readonly series: Series; readonly samples: number }
  | { readonly line: number; readonly found: string } {
  const series: Series = {};
  let startS: number | undefined;
  let lastS = -Infinity;
  let samples = 0;
  const lines = text.split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const wrong = { line: index + 1, found: line.slice(0, 60) };
    if (TIME.test(line)) {
      const atS = Number(line);
      if (atS < lastS) return wrong;
      lastS = atS;
      startS ??= atS;
      samples += 1;
      continue;
    }
    const [, name = '', digits = '', unit] = kind.line.exec(line) ?? [];
    if (name === '' || startS === undefined) return wrong;
    const entry = (series[name] ??= { timesNs: [], values: [] });
    entry.timesNs.push(Math.round((lastS - startS) * NS_PER_S));
    entry.values.push(Number(digits) * (unit === undefined ? 1 : BYTES_PER_KB));
  }
  return { series, samples };
}

function reply(path: string, text: string, sha256: string, kind: LogKind): ImportReply {
  const found = seriesOf(text, kind);
  if ('line' in found) {
    return importFailure(`line ${String(found.line)} of '${path}' is not of a ${kind.file} log`, {
      notes: [`found '${found.found}'`, 'each sample is a line with the seconds, then the file'],
      help: kind.command,
    });
  }
  // Names with parentheses cannot be written in a scenario.
  const named = Object.entries(found.series).filter(([name]) => /^\w+$/.test(name));
  if (named.length === 0) {
    return importFailure(`'${path}' has no sample of ${kind.file}`, { help: kind.command });
  }
  const data: ImportedData = { sha256, series: Object.fromEntries(named) };
  return { data, diagnostics: [] };
}

const logFormat = (name: string, kind: LogKind): ImportFormat => ({
  name,
  summary: `a timestamped series of ${kind.file}`,
  options: [],
  read: (request) => {
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return reply(request.path, file.text, sha256, kind);
  },
});

const recordWith = (file: string): string =>
  `record it: while sleep 1; do date +%s.%N; cat ${file}; done`;

export const meminfoLog = logFormat('meminfo_log', {
  file: '/proc/meminfo',
  line: MEMINFO,
  command: recordWith('/proc/meminfo'),
});

export const vmstatLog = logFormat('vmstat_log', {
  file: '/proc/vmstat',
  line: VMSTAT,
  command: recordWith('/proc/vmstat'),
});
