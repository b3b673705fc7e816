/** The import formats of the language, by name. */
import { createRegistry } from '../../base/registry.js';
import { bpftoolProg } from './bpftool-prog.js';
import { bpftrace } from './bpftrace.js';
import { csv } from './csv.js';
import { ftrace } from './ftrace.js';
import type { ImportFormat } from './import-format.js';
import { perfKsymbol } from './perf-ksymbol.js';
import { meminfoLog, vmstatLog } from './proc-log.js';
import { procModules } from './proc-modules.js';
import { recordingFormat } from './recording-format.js';
import { vmallocinfo } from './vmallocinfo.js';

const FORMATS: readonly ImportFormat[] = [
  bpftoolProg,
  bpftrace,
  csv,
  ftrace,
  meminfoLog,
  perfKsymbol,
  procModules,
  recordingFormat,
  vmallocinfo,
  vmstatLog,
];

export const importFormats = createRegistry('import format', FORMATS, (format) => format.name);
