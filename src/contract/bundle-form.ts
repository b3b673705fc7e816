/**
 * What stands in a bundle (`.xlabrun`): scenario, the files that it reads, settings, result, view and report.
 * Bundles come from mails: every field is checked here, by window and command line alike, and names of
 * inputs cannot lead out of a folder. Invariant: a form that was parsed is safe to unpack. Pure.
 */
export const BUNDLE_EXTENSION = '.xlabrun';
/** Longest unpacked bundle, bytes. */
export const BUNDLE_BYTES_MAX = 60 * 1024 * 1024;
/** Most inputs of a bundle: the section addresses of a machine are one file a section. */
export const INPUT_FILES_MAX = 10_000;
/** Bytes of all inputs together. */
export const INPUT_BYTES_MAX = 24 * 1024 * 1024;
const PATH_CHARS_MAX = 512;
const NAME_CHARS_MAX = 200;
const FORMAT = 'xlabrun';
const VERSION = 1;
/** No folder, nothing that cannot be seen, nothing that a shell or a system reads as something else. */
const SCENARIO_NAME = /^[^\p{C}\p{Z}.\-\\/:*?"<>|][^\p{C}\p{Zl}\p{Zp}\\/:*?"<>|]*\.xlab$/u;
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)\./i;
const NAME_BYTES_MAX = 240;
const CONTROL = /[\u0000-\u001f\u007f]/g;
const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/** A file that the scenario reads. */
export interface BundleInput {
  /** Relative to the scenario, with `/`. */
  readonly path: string;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** The bytes in base64. */
  readonly data: string;
}

/** What is opened: a scenario with the files beside it. */
export interface BundledScenario {
  /** File name without folders. */
  readonly file: string;
  readonly text: string;
  readonly inputs: readonly BundleInput[];
}

/** Files of a scenario on their way into a bundle. */
export interface CollectedInputs {
  readonly inputs: readonly BundleInput[];
  /** Why inputs are left out, in one sentence; empty: all are there, as they were in the run. */
  readonly problem: string;
}

/** Where a scenario is after it was taken over. */
export interface TakenOver {
  readonly id: string;
  /** Inputs in whose place another file stood. */
  readonly leftAlone: readonly string[];
}

export interface BundleForm extends BundledScenario {
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
  /** Unchecked: the window reads them. */
  readonly view: unknown;
  readonly report: unknown;
  /** Unchecked: the lab reads it. */
  readonly result: unknown;
}

export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** Names of scenarios that the host has unpacked from bundles: they are read only until taken over. */
export const bundledId = (number: number, file: string): string =>
  `bundle-${String(number)}/${file}`;
export const isBundledId = (id: string): boolean => /^bundle-\d+\//.test(id);

/** The fields that make a bundle readable, around the others. */
export const bundleFields = <T extends object>(fields: T) => ({
  format: FORMAT,
  version: VERSION,
  ...fields,
});

/** Checks everything but view, report and result; throws BundleError with the reason. */
export function parseBundleForm(value: unknown): BundleForm {
  if (!isRecord(value) || value['format'] !== FORMAT) {
    throw new BundleError('the file is not a bundle of this lab');
  }
  if (value['version'] !== VERSION) {
    throw new BundleError(`the bundle has version ${String(value['version'])}, this lab reads 1`);
  }
  const { file, text, settings, seeds, view, report, result } = value;
  if (typeof file !== 'string' || typeof text !== 'string' || typeof seeds !== 'string') {
    throw new BundleError('the bundle has no scenario');
  }
  if (!isRecord(settings) || !Object.values(settings).every((entry) => typeof entry === 'string')) {
    throw new BundleError('the settings of the bundle cannot be read');
  }
  const inputs = inputsOf(value['inputs']);
  const name = safeScenarioName(file);
  const problem = inputsProblem(inputs, name);
  if (problem !== '') throw new BundleError(problem);
  const known = settings as Readonly<Record<string, string>>;
  return { file: name, text, settings: known, seeds, inputs, view, report, result };
}

/** The last part of a name, where it is one of a scenario. */
function safeScenarioName(file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? '';
  return isScenarioName(name) ? name : 'bundle.xlab';
}

/** A name that a scenario can be kept under on every system; letters of any script. */
export const isScenarioName = (name: string): boolean =>
  name.length <= NAME_CHARS_MAX &&
  new TextEncoder().encode(name).length <= NAME_BYTES_MAX &&
  SCENARIO_NAME.test(name) &&
  !DEVICE_NAME.test(name);

/** Bundles of an older window have none. */
function inputsOf(value: unknown): readonly BundleInput[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new BundleError('the inputs of the bundle cannot be read');
  return value.map((entry: unknown) => {
    if (!isRecord(entry)) throw new BundleError('the inputs of the bundle cannot be read');
    const { path, sha256, data } = entry;
    if (typeof path !== 'string' || typeof sha256 !== 'string' || typeof data !== 'string') {
      throw new BundleError('the inputs of the bundle cannot be read');
    }
    return { path, sha256, data };
  });
}

/** Why files may not be laid beside a scenario of this name; empty when they may. */
export function inputsProblem(inputs: readonly BundleInput[], scenario: string): string {
  if (inputs.length > INPUT_FILES_MAX) {
    return `the bundle has ${String(inputs.length)} inputs, at most ${String(INPUT_FILES_MAX)} are read`;
  }
  const bytes = inputs.reduce((sum, { data }) => sum + bytesOfBase64Length(data), 0);
  if (bytes > INPUT_BYTES_MAX) return tooLarge(bytes);
  // Some file systems do not tell `A` from `a`.
  const files = new Set([scenario.toLowerCase()]);
  const folders = new Set<string>();
  for (const { path, sha256, data } of inputs) {
    if (!isInputPath(path)) return `the bundle has an input with the name '${shown(path)}'`;
    if (!/^[0-9a-f]{64}$/.test(sha256) || !isBase64(data)) {
      return `the input '${shown(path)}' of the bundle cannot be read`;
    }
    const name = path.toLowerCase();
    if (files.has(name)) return `the bundle has two files with the name '${shown(path)}'`;
    files.add(name);
    const parts = name.split('/');
    parts.forEach((_, depth) => folders.add(parts.slice(0, depth).join('/')));
  }
  const both = [...files].find((name) => folders.has(name));
  return both === undefined ? '' : `the bundle has '${shown(both)}' as a file and as a folder`;
}

export const tooLarge = (bytes: number): string =>
  `the inputs have ${mebibytes(bytes)} MiB, a bundle takes ${mebibytes(INPUT_BYTES_MAX)} MiB`;

const mebibytes = (bytes: number): string => String(Math.ceil(bytes / 1024 ** 2));

/** Looks for a stray letter: matching the whole of a long text would need as much memory again. */
const isBase64 = (data: string): boolean =>
  data.length % 4 === 0 && !NOT_BASE64.test(data.replace(/={1,2}$/, ''));

const bytesOfBase64Length = (data: string): number => Math.floor((data.length / 4) * 3);

/** Relative, forwards only, no name that a system reads as something else. */
export function isInputPath(path: string): boolean {
  if (path.length > PATH_CHARS_MAX || path.includes('\\') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((name) => {
    const isPlain = name !== '' && name !== '.' && name !== '..' && name.length <= NAME_CHARS_MAX;
    return isPlain && name.search(CONTROL) < 0;
  });
}

/** A name from a stranger, short and in one line. */
const shown = (path: string): string => path.slice(0, 80).replace(CONTROL, '?');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
