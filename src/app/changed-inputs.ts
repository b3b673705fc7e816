/**
 * Whether the files behind a result are still what they were when it was made: the scenario, what it uses
 * and imports, its plugins. A result whose inputs have changed cannot be repeated, so no report of it
 * is copied. Plugins are compared by their bytes and never loaded here.
 */
import { createHash } from 'node:crypto';
import type { CompileReply, ScenarioNow } from '../contract/lab-engine.js';
import type { InputChange } from '../contract/report-check.js';
import type { ExperimentResult } from '../contract/run-result.js';
import type { ScenarioInput } from '../contract/scenario-plan.js';
import { compileScenario } from './compile-scenario.js';
import { ConfinedFolder } from './confined-folder.js';
import { readShippedLibrary } from './shipped-files.js';

/** Largest input whose bytes are compared directly. */
const BYTES_MAX = 268_435_456;

const sha256Of = (bytes: Buffer | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The inputs of a result that are not what they were, the scenario first. */
export function changedInputs(result: ExperimentResult, now: ScenarioNow): readonly InputChange[] {
  const [scenario, ...others] = result.scenario.inputs;
  if (scenario === undefined) return [];
  const isSame = sha256Of(now.text) === scenario.sha256;
  const own: readonly InputChange[] = isSame ? [] : [{ path: scenario.path, how: 'changed' }];
  const folder = new ConfinedFolder(now.folder);
  const doubtful = others.filter(({ path, sha256 }) => bytesSum(folder, path) !== sha256);
  if (doubtful.length === 0) return own;
  const { plan, diagnostics } = compileNow(result, now);
  const lookup = {
    folder,
    compiled: plan?.inputs,
    isSame,
    isHidden:
      !isSame ||
      diagnostics.some(({ plugin }) => plugin !== undefined) ||
      doubtful.some(({ path }) => isGone(folder, path)),
  };
  return [...own, ...doubtful.flatMap((input) => changeOf(input, lookup))];
}

/** Sum of a file's bytes; undefined where there is no such file. Imports of folders have none. */
function bytesSum(folder: ConfinedFolder, path: string): string | undefined {
  if (path.startsWith('std/')) {
    const text = readShippedLibrary(path);
    return text === undefined ? undefined : sha256Of(text);
  }
  const file = folder.read(path, BYTES_MAX);
  return file.kind === 'bytes' ? sha256Of(file.bytes) : undefined;
}

interface InputLookup {
  readonly folder: ConfinedFolder;
  /** What the scenario reads now; undefined when it has a mistake. */
  readonly compiled: readonly ScenarioInput[] | undefined;
  /** The scenario's own text is unchanged. */
  readonly isSame: boolean;
  /** Something else than this input keeps the scenario from being read. */
  readonly isHidden: boolean;
}

const isGone = (folder: ConfinedFolder, path: string): boolean =>
  !path.startsWith('std/') && folder.locate(path) === undefined;

/** Some imports are summed over several files: only their reader can tell. */
function changeOf({ path, sha256 }: ScenarioInput, lookup: InputLookup): readonly InputChange[] {
  const { folder, compiled, isSame, isHidden } = lookup;
  const found = compiled?.find((input) => input.path === path);
  if (found !== undefined) return found.sha256 === sha256 ? [] : [{ path, how: 'changed' }];
  if (isGone(folder, path)) return [{ path, how: 'missing' }];
  if (compiled === undefined && isHidden) return [{ path, how: 'unknown' }];
  // A scenario that was edited may read it no longer; that the scenario changed is said already.
  return compiled === undefined || isSame ? [{ path, how: 'changed' }] : [];
}

/** The scenario as it is now, with the settings of a result. */
export function compileNow(
  { scenario }: ExperimentResult,
  { file, folder, text, plugins = [] }: ScenarioNow,
  onRead?: (path: string, bytes: Buffer) => void,
): CompileReply {
  const settings = Object.fromEntries(scenario.settings.map((entry) => [entry.name, entry.text]));
  const only = scenario.only ?? [];
  const seeds = scenario.seedsText;
  return compileScenario({ file, folder, text, settings, only, plugins, seeds }, onRead);
}
