/**
 * The output folder of a run: report, result, charts, tables, event logs. Everything is made in a
 * temporary folder inside and renamed into place, result.json last: a folder with a result.json is
 * whole. Files of an earlier run are replaced, leavings of a killed one removed; files of somebody else
 * are left alone.
 */
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ExperimentResult } from '../contract/run-result.js';
import { exportFileName } from '../export/file-name.js';
import { exporterRegistry } from '../export/index.js';
import { makeFolder } from './make-folder.js';

export const RESULT_FILE = 'result.json';
/** Where the statements stood in the text that was run. */
export const LINES_FILE = 'lines.json';
const REPORT_FILE = 'report.txt';
/** Folders of exported files; each file name holds the hash of its run. */
const EXPORT_FOLDERS = ['charts', 'data'];
const EXPORTED = /^[a-z0-9.-]+-[0-9a-f]{12}-[a-z0-9.-]+\.(?:svg|png|csv)$/;
export const EVENTS_FOLDER = 'events';
const EVENT_LOG = /\.jsonl\.gz(?:\.tmp)?$/;
const UNFINISHED = '.tmp';
const TEMPORARY = '.xlab-tmp-';

export interface OutputOptions {
  /** The report as it was printed. */
  readonly report: string;
  /** Table of lines of the plan. */
  readonly lines: string;
  /** Event logs to be in `events/`; absent: none were asked for. */
  readonly events?: EventLogs;
}

/** The logs of a result: those that are in `events/` already stay, the others are copied there. */
export interface EventLogs {
  /** Folders that may hold new logs; they stay as they are. */
  readonly from: readonly string[];
  /** File names of all logs of the result. */
  readonly names: readonly string[];
}

/** Why a folder cannot take results; undefined when it can. Creates nothing. */
export function outputProblem(folder: string): string | undefined {
  if (existsSync(folder)) {
    return statSync(folder).isDirectory() ? undefined : 'it is a file, not a folder';
  }
  const parent = dirname(folder);
  return parent === folder ? 'it cannot be made' : outputProblem(parent);
}

/** Why a file cannot be written at this path; undefined when it can. Creates nothing. */
export function outputFileProblem(path: string): string | undefined {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known?.isDirectory() === true) return 'it is a folder, not a file';
  const parent = dirname(resolve(path));
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return `there is no folder ${parent}`;
  }
  try {
    accessSync(parent, constants.W_OK);
    return undefined;
  } catch {
    return `the folder ${parent} cannot be written`;
  }
}

/** Makes the folder for results before anything runs; the reason when the system refuses. */
export function makeOutputFolder(folder: string): string | undefined {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return `it cannot be made or written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Charts of every metric that has series, as file name and content. */
async function chartFiles(
  result: ExperimentResult,
): Promise<readonly (readonly [string, string | Uint8Array])[]> {
  const { renderChartSvg } = await import('../export/chart-svg.js');
  const { rasterizeSvg } = await import('../export/chart-png.js');
  const files: (readonly [string, string | Uint8Array])[] = [];
  for (const { name } of result.metrics) {
    const svg = renderChartSvg(result, name);
    if (svg === undefined) continue;
    files.push([exportFileName(result, name, 'svg'), svg]);
    files.push([exportFileName(result, name, 'png'), await rasterizeSvg(svg)]);
  }
  return files;
}

/** Writes the form of a result part by part: whole, it may be longer than a string can be. */
function writeForm(path: string, result: ExperimentResult, form: string): void {
  const descriptor = openSync(path, 'w');
  try {
    for (const part of exporterRegistry.get(form).parts(result)) writeFileSync(descriptor, part);
  } finally {
    closeSync(descriptor);
  }
}

function writeTables(folder: string, result: ExperimentResult): void {
  for (const form of ['csv', 'series']) {
    const { what, extension } = exporterRegistry.get(form);
    writeForm(join(folder, exportFileName(result, what, extension)), result, form);
  }
}

/** Removes what an earlier run left, by the names that runs give; `logs` stay. */
function removeEarlier(folder: string, logs: ReadonlySet<string>): void {
  rmSync(join(folder, RESULT_FILE), { force: true });
  for (const name of EXPORT_FOLDERS) {
    removeFiles(join(folder, name), (file) => EXPORTED.test(file));
  }
  const events = join(folder, EVENTS_FOLDER);
  removeFiles(events, (file) => EVENT_LOG.test(file) && !logs.has(file));
  if (existsSync(events) && readdirSync(events).length === 0) rmdirSync(events);
}

function removeFiles(folder: string, isOld: (name: string) => boolean): void {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) if (isOld(file)) rmSync(join(folder, file));
}

function moveFiles(from: string, to: string): void {
  makeFolder(to);
  for (const file of readdirSync(from)) renameSync(join(from, file), join(to, file));
}

/** Temporary folders of a process that was killed while it wrote. */
function removeTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(TEMPORARY)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Copies logs that are not yet in `events/` of the folder; each appears whole. */
export function copyLogs(folder: string, { from, names }: EventLogs): void {
  const to = join(folder, EVENTS_FOLDER);
  makeFolder(to);
  for (const name of names) {
    const source = from.map((place) => join(place, name)).find((path) => existsSync(path));
    if (source === undefined || dirname(source) === to) continue;
    copyFileSync(source, join(to, `${name}${UNFINISHED}`));
    renameSync(join(to, `${name}${UNFINISHED}`), join(to, name));
  }
}

/** Writes all files of a result. On failure the folder is as it was, but for a missing result.json. */
export async function writeOutput(
  folder: string,
  result: ExperimentResult,
  options: OutputOptions,
): Promise<void> {
  makeFolder(folder);
  removeTemporaries(folder);
  const temporary = mkdtempSync(join(folder, TEMPORARY));
  try {
    const write = (name: string, content: string | Uint8Array): void =>
      writeFileSync(join(temporary, name), content);
    for (const name of EXPORT_FOLDERS) mkdirSync(join(temporary, name));
    for (const [name, content] of await chartFiles(result)) write(join('charts', name), content);
    writeTables(join(temporary, 'data'), result);
    write(REPORT_FILE, options.report);
    write(LINES_FILE, options.lines);
    writeForm(join(temporary, RESULT_FILE), result, 'json');
    const { events } = options;
    removeEarlier(folder, new Set(events?.names));
    for (const name of EXPORT_FOLDERS) moveFiles(join(temporary, name), join(folder, name));
    if (events !== undefined) copyLogs(folder, events);
    renameSync(join(temporary, REPORT_FILE), join(folder, REPORT_FILE));
    renameSync(join(temporary, LINES_FILE), join(folder, LINES_FILE));
    renameSync(join(temporary, RESULT_FILE), join(folder, RESULT_FILE));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
