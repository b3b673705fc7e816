/**
 * Everything in which two results differ besides their numbers: model, version, scenario, machine, load,
 * settings, seeds, designs, inputs. What stands here decides whether figures may be set side by side.
 */
import type { ExperimentResult } from '../contract/run-result.js';

export interface ScenarioDifference {
  /** `model`, `seeds`, `param churn`, `option of rox_big`. */
  readonly what: string;
  /** Empty where only the other has it. */
  readonly a: string;
  readonly b: string;
  /** What follows from it; empty for nothing special. */
  readonly remark: string;
}

/** What is known of a result before its numbers: a report in a mail tells less than a file. */
export interface ScenarioFacts {
  readonly scenarioHash: string;
  readonly model?: number;
  readonly toolVersion?: string;
  readonly file?: string;
  readonly machine?: string;
  readonly load?: string;
  readonly baseline?: string;
  readonly seedsText?: string;
  readonly phase?: string;
  readonly settings: readonly { readonly name: string; readonly text: string }[];
  readonly points?: readonly string[];
  /** Designs by name, with what they are and their options. */
  readonly designs?: readonly { readonly name: string; readonly text: string }[];
  readonly inputs?: readonly { readonly path: string; readonly sha256: string }[];
}

export function factsOf(result: ExperimentResult): ScenarioFacts {
  const { scenario, scenarioHash, model, toolVersion } = result;
  return {
    scenarioHash,
    model,
    toolVersion,
    file: scenario.file.split(/[\\/]/).pop() ?? '',
    machine: scenario.machine,
    load: scenario.load,
    baseline: scenario.baseline,
    seedsText: scenario.seedsText,
    phase: scenario.phase ?? '',
    settings: scenario.settings,
    points: scenario.points.map(({ label }) => label),
    designs: scenario.designs.map(({ name, design, options }) => ({
      name,
      text: [design, options === '' ? '' : `{ ${options} }`]
        .filter((part) => part !== '')
        .join(' '),
    })),
    inputs: scenario.inputs,
  };
}

export function scenarioDifferences(
  a: ScenarioFacts,
  b: ScenarioFacts,
): readonly ScenarioDifference[] {
  const list: ScenarioDifference[] = [];
  const compare = (what: string, left?: string, right?: string, remark = ''): void => {
    if (left === undefined || right === undefined || left === right) return;
    list.push({ what, a: left, b: right, remark });
  };
  compare('model', text(a.model), text(b.model), 'numbers are not comparable');
  compare('version', a.toolVersion, b.toolVersion);
  compare('hash', a.scenarioHash.slice(0, 12), b.scenarioHash.slice(0, 12));
  compare('file', a.file, b.file);
  compare('seeds', a.seedsText, b.seedsText, 'only seeds that both have are compared');
  compare('phase', a.phase, b.phase);
  compareNamed(list, 'param', a.settings, b.settings);
  compare('machine', a.machine, b.machine);
  compare('load', a.load, b.load);
  compare('baseline', a.baseline, b.baseline);
  if (a.designs !== undefined && b.designs !== undefined) {
    compareNamed(list, 'design', a.designs, b.designs);
  }
  compare('sweep points', a.points?.join('; '), b.points?.join('; '));
  if (a.inputs !== undefined && b.inputs !== undefined) {
    const hashes = (facts: ScenarioFacts) =>
      (facts.inputs ?? []).map(({ path, sha256 }) => ({ name: path, text: sha256.slice(0, 12) }));
    compareNamed(list, 'input', hashes(a), hashes(b));
  }
  return list;
}

const text = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

type Named = readonly { readonly name: string; readonly text: string }[];

function compareNamed(list: ScenarioDifference[], kind: string, a: Named, b: Named): void {
  const names = new Set([...a, ...b].map(({ name }) => name));
  for (const name of names) {
    const left = a.find((entry) => entry.name === name)?.text ?? '';
    const right = b.find((entry) => entry.name === name)?.text ?? '';
    if (left !== right) list.push({ what: `${kind} ${name}`, a: left, b: right, remark: '' });
  }
}

/** `churn 40/s and 60/s`, `model 6 and 7: numbers are not comparable`. */
export function differenceText({ what, a, b, remark }: ScenarioDifference): string {
  const missing = what.startsWith('param ') ? 'as in the file' : 'none';
  const values = `${a === '' ? missing : a} and ${b === '' ? missing : b}`;
  return `${what.replace(/^param /, '')} ${values}${remark === '' ? '' : `: ${remark}`}`;
}
