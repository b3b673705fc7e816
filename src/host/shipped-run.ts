/**
 * The result that comes with the program, made with its build. It is handed on as the text that it is:
 * the first start waits neither for its parsing nor for the engine. What has to be known before, its
 * model and its seeds, stands in lines of its own (export/result-json.ts).
 */
import type { ScenarioText } from '../contract/lab-api.js';

/** Files of the build. */
export interface ShippedFiles {
  /** Id of the shipped scenario. */
  readonly id: string;
  /** Its text when the result was made. */
  readonly scenario: string;
  /** result.json as the lab writes it. */
  readonly result: string;
}

export interface ShippedRun {
  readonly scenario: ScenarioText;
  /** Seeds that the result was made with, as in RunRequest. */
  readonly seeds: string;
  readonly text: string;
}

/**
 * The shipped result as the first start shows it; null when it is of another model or when the scenario,
 * as it lies there now, is not the one that it was made with.
 */
export function shippedRun(
  files: ShippedFiles,
  scenario: ScenarioText,
  model: number,
): ShippedRun | null {
  if (scenario.text !== files.scenario || modelOf(files.result) !== model) return null;
  const seeds = seedsOf(files.result);
  return seeds === undefined ? null : { scenario, seeds, text: files.result };
}

/**
 * JSON of the reply to `firstRun` with the id of the run; null where the text leaves out what only a
 * parsed result has.
 */
export function firstRunText({
  scenario,
  seeds,
  text,
}: ShippedRun): ((runId: string) => string) | null {
  // Numbers that JSON lacks are null in the file and have another form on the line.
  if (text.includes('null')) return null;
  return (runId) => {
    const rest = JSON.stringify({ runId, scenario, seeds });
    return `${rest.slice(0, -1)},"result":${text}}`;
  };
}

function modelOf(text: string): number | undefined {
  const found = /\n"model": (\d+),\n/.exec(text);
  return found === null ? undefined : Number(found[1]);
}

const SCENARIO_KEY = '\n"scenario": ';

function seedsOf(text: string): string | undefined {
  const start = text.lastIndexOf(SCENARIO_KEY);
  const end = text.indexOf(',\n', start + 1);
  if (start < 0 || end < 0) return undefined;
  try {
    const digest: unknown = JSON.parse(text.slice(start + SCENARIO_KEY.length, end));
    const seeds: unknown =
      typeof digest === 'object' && digest !== null ? Reflect.get(digest, 'seedsText') : undefined;
    return typeof seeds === 'string' ? seeds : undefined;
  } catch {
    return undefined;
  }
}
