/**
 * The whole result as JSON with keys in alphabetical order at every depth: the same result gives the
 * same bytes. One line per top-level entry and per run, so that two files can be compared by line.
 */
import type { ExperimentResult, RunResult } from '../contract/run-result.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A copy with sorted keys; entries that are undefined are left out, like JSON does. Lists of numbers,
 * which are most of a result, stay what they are: JSON itself writes null for those that it lacks.
 */
function sortedCopy(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return isNumbers(list) ? list : list.map(sortedCopy);
  }
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortedCopy(entry)]));
}

const isNumbers = (list: readonly unknown[]): list is readonly number[] =>
  list.every((entry) => typeof entry === 'number');

/** JSON on one line, equal for equal values; numbers that JSON lacks become null. */
export const stableJson = (value: unknown): string => JSON.stringify(sortedCopy(value));

/**
 * JSON with a newline at the end, in parts: the whole may be longer than a string can be. Non-finite
 * numbers become null.
 */
export function* jsonParts(result: ExperimentResult): Generator<string> {
  const entries = Object.entries(result).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let before = '{\n';
  for (const [key, value] of entries) {
    yield `${before}${JSON.stringify(key)}: `;
    before = ',\n';
    if (key === 'runs' && result.runs.length > 0) yield* runParts(result.runs);
    else yield stableJson(value);
  }
  yield '\n}\n';
}

/** A line a run. */
function* runParts(runs: readonly RunResult[]): Generator<string> {
  let before = '[\n';
  for (const run of runs) {
    yield before + stableJson(run);
    before = ',\n';
  }
  yield '\n]';
}

export const renderJson = (result: ExperimentResult): string => [...jsonParts(result)].join('');
