/**
 * A small keyed list that refuses duplicates. Index files (designs, profiles, metrics, statements,
 * exporters) are explicit arrays wrapped in one.
 */
import { assert } from './assert.js';

export interface Registry<T> {
  /** All entries in the order of the index file. */
  readonly entries: readonly T[];
  readonly names: readonly string[];
  /** The entry of this name, or undefined. */
  find(name: string): T | undefined;
  /** The entry of this name; asserts that it exists. */
  get(name: string): T;
}

/** Builds a registry keyed by `nameOf`; asserts that names are unique. */
export function createRegistry<T>(
  kind: string,
  list: readonly T[],
  nameOf: (entry: T) => string,
): Registry<T> {
  const byName = new Map<string, T>();
  for (const entry of list) {
    const name = nameOf(entry);
    assert(!byName.has(name), `duplicate ${kind} '${name}'`);
    byName.set(name, entry);
  }
  return {
    entries: list,
    names: list.map(nameOf),
    find: (name) => byName.get(name),
    get: (name) => {
      const entry = byName.get(name);
      assert(entry !== undefined, `no ${kind} named '${name}'`);
      return entry;
    },
  };
}
