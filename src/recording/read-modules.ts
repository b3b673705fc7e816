/** modules.json: sections and symbol counts of every module file that the workload may load. */
import { asList, asObject, asText, asWhole, FieldError } from './json-fields.js';
import { RECORDING_LIMITS } from './limits.js';
import type { Findings } from './findings.js';
import type { ModuleFileSection, ModuleFileSymbols, RecordedModuleFile } from './recording.js';

const SECTION_ALIGN_MAX = 2097152;

function readSection(value: unknown, what: string): ModuleFileSection {
  const row = asList(value, what);
  const name = asText(row[0], `${what} name`, RECORDING_LIMITS.nameLengthMax);
  const flags = asText(row[2], `${name} flags`, 16);
  const align = asWhole(row[4], `alignment of ${name}`, 0, SECTION_ALIGN_MAX);
  if (align > 0 && !Number.isInteger(Math.log2(align))) {
    throw new FieldError(`alignment ${String(align)} of ${name} is not a power of two`);
  }
  return {
    name,
    writable: flags.includes('W'),
    executable: flags.includes('X'),
    sizeBytes: asWhole(row[3], `size of ${name}`, 0, RECORDING_LIMITS.sectionBytesMax),
    alignBytes: Math.max(1, align),
  };
}

function readSymbols(value: unknown, what: string): ModuleFileSymbols {
  const row = asList(value, what);
  const number = (index: number): number =>
    asWhole(row[index], what, 0, RECORDING_LIMITS.sectionBytesMax);
  return {
    count: number(0),
    stringBytes: number(1),
    keptCount: number(2),
    keptNameBytes: number(3),
  };
}

function readModule(name: string, value: unknown): RecordedModuleFile {
  const row = asObject(value, `module ${name}`);
  const sections = asList(row['sections'], `sections of ${name}`);
  if (sections.length > RECORDING_LIMITS.nameLengthMax) {
    throw new FieldError(`module ${name} has ${String(sections.length)} sections`);
  }
  const read = sections.map((section, index) =>
    readSection(section, `section ${String(index + 1)} of ${name}`),
  );
  const size = row['ko_size'];
  const fileBytes =
    size === undefined || size === null
      ? 0
      : asWhole(size, `file size of ${name}`, 0, RECORDING_LIMITS.sectionBytesMax);
  const file = { name, fileBytes, sections: read };
  const symbols = row['symbols'];
  return symbols === undefined || symbols === null
    ? file
    : { ...file, symbols: readSymbols(symbols, `symbols of ${name}`) };
}

/** Loaded names have `_` where file names have `-`. */
export const loadedModuleName = (name: string): string => name.replaceAll('-', '_');

/** Modules by loaded name. Unreadable ones are findings. */
export function readModules(text: string, findings: Findings): Map<string, RecordedModuleFile> {
  const modules = new Map<string, RecordedModuleFile>();
  const file = 'modules.json';
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    findings.error(file, 0, 'not a complete JSON object');
    return modules;
  }
  try {
    const entries = Object.entries(asObject(root, 'the file'));
    if (entries.length > RECORDING_LIMITS.modulesMax) {
      throw new FieldError(`${String(entries.length)} modules`);
    }
    for (const [name, value] of entries) {
      modules.set(loadedModuleName(name), readModule(name, value));
    }
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    findings.error(file, 0, error.message);
  }
  return modules;
}
