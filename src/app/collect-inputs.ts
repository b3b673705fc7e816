/**
 * The files beside a scenario that a result was made from, for a bundle: whatever the compiler reads, and
 * what the result names besides (a plugin that nobody has agreed to load is carried, not loaded). Files
 * of the shipped library stay out. Invariant: paths are relative to the scenario's folder and inside it.
 */
import { createHash } from 'node:crypto';
import {
  INPUT_BYTES_MAX,
  INPUT_FILES_MAX,
  isInputPath,
  tooLarge,
  type CollectedInputs,
} from '../contract/bundle-form.js';
import type { ScenarioNow } from '../contract/lab-engine.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { changedInputs, compileNow } from './changed-inputs.js';
import { ConfinedFolder } from './confined-folder.js';

/** Nothing, with the reason, where the files are too many or too large for a bundle. */
export function collectInputs(result: ExperimentResult, now: ScenarioNow): CollectedInputs {
  const found = filesOf(result, now);
  const bytes = [...found.values()].reduce((sum, content) => sum + content.length, 0);
  if (bytes > INPUT_BYTES_MAX) return without(tooLarge(bytes));
  if (found.size > INPUT_FILES_MAX) {
    return without(
      `the inputs are ${String(found.size)} files, a bundle takes ${String(INPUT_FILES_MAX)}`,
    );
  }
  const strange = [...found.keys()].find((path) => !isInputPath(path));
  if (strange !== undefined) return without(`the name '${strange}' does not fit into a bundle`);
  const inputs = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => ({
      path,
      sha256: createHash('sha256').update(content).digest('hex'),
      data: content.toString('base64'),
    }));
  return { inputs, problem: changeText(result, now) };
}

const without = (problem: string): CollectedInputs => ({ inputs: [], problem });

function filesOf(result: ExperimentResult, now: ScenarioNow): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  const keep = (path: string, bytes: Buffer): void => void found.set(path, bytes);
  compileNow(result, now, keep);
  const folder = new ConfinedFolder(now.folder, keep);
  for (const { path } of result.scenario.inputs.slice(1)) {
    if (!path.startsWith('std/') && !found.has(path)) folder.read(path, INPUT_BYTES_MAX);
  }
  return found;
}

/** The inputs that are no longer those of the result, the scenario itself aside: its text is carried. */
function changeText(result: ExperimentResult, now: ScenarioNow): string {
  if (result.scenario.joined !== undefined) return '';
  const others = result.scenario.inputs.slice(1);
  const changed = changedInputs(result, now).filter(({ path }) =>
    others.some((input) => input.path === path),
  );
  const [first] = changed;
  if (first === undefined) return '';
  const words = { changed: 'has changed since the run', missing: 'is gone', unknown: 'is unknown' };
  const more = changed.length > 1 ? `, and ${String(changed.length - 1)} more` : '';
  return `'${first.path}' ${words[first.how]}${more}`;
}
