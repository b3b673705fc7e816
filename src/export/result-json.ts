/**
 * The whole result as JSON with keys in alphabetical order at every depth: the same result gives the
 * same bytes. One line per top-level entry and per run, so that two files can be compared by line.
 */
import type { ExperimentResult } from '../contract/run-result.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A copy with sorted keys; entries that are undefined are left out, like JSON does. */
function sortedCopy(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((entry: unknown) => sortedCopy(entry));
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortedCopy(entry)]));
}

/** JSON on one line, equal for equal values; numbers that JSON lacks become null. */
export const stableJson = (value: unknown): string => JSON.stringify(sortedCopy(value));

/** JSON with a newline at the end. Non-finite numbers become null. */
export function renderJson(result: ExperimentResult): string {
  const copy = sortedCopy(result);
  if (copy === null || typeof copy !== 'object' || Array.isArray(copy)) return 'null\n';
  const lines = Object.entries(copy).map(([key, value]) => {
    const text =
      key === 'runs' && Array.isArray(value) && value.length > 0
        ? `[\n${value.map((run) => JSON.stringify(run)).join(',\n')}\n]`
        : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
