/** The import formats of the language, by name. */
import { createRegistry } from '../../base/registry.js';
import { bpftoolProg } from './bpftool-prog.js';
import type { ImportFormat } from './import-format.js';
import { perfKsymbol } from './perf-ksymbol.js';
import { meminfoLog, vmstatLog } from './proc-log.js';
import { recordingFormat } from './recording-format.js';

const FORMATS: readonly ImportFormat[] = [
  bpftoolProg,
  { name: 'bpftrace', summary: 'requests with callers of the scripts in std/record' },
  { name: 'csv', summary: 'events or sizes, columns named in the block' },
  { name: 'ftrace', summary: 'text of `trace` with events vmalloc and module: requests' },
  meminfoLog,
  perfKsymbol,
  { name: 'proc_modules', summary: '/proc/modules: names and total sizes' },
  recordingFormat,
  { name: 'vmallocinfo', summary: '/proc/vmallocinfo: a layout of ranges' },
  vmstatLog,
];

export const importFormats = createRegistry('import format', FORMATS, (format) => format.name);
