/** Entries of a list that is searched by words. */

export interface SearchEntry {
  readonly key: string;
  readonly title: string;
  /** A second line; empty for none. */
  readonly note: string;
  /** At the end of the first line. */
  readonly aside: string;
  /** What is searched. */
  readonly search: string;
}

/** Those that hold every typed word, in any order and case. */
export function fitting<T extends Pick<SearchEntry, 'search'>>(
  entries: readonly T[],
  typed: string,
): readonly T[] {
  const words = typed.toLowerCase().split(/\s+/);
  return entries.filter(({ search }) => {
    const text = search.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
