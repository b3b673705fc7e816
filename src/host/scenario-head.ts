/**
 * Title and question of a scenario, read from its first lines without the language: listing a
 * folder must neither fail nor slow down on a file with mistakes in it.
 */

/** Characters of a file that may hold the head; both lines stand before the declarations. */
const HEAD_CHARS = 4096;

const STRING_LINE = /^\s*(title|question)\s+"((?:[^"\\\n]|\\.)*)"/gm;

const unescape = (text: string): string =>
  text.replace(/\\(.)/g, (_whole, escaped: string) => (escaped === 'n' ? ' ' : escaped));

export interface ScenarioHead {
  /** Empty when the file has none. */
  readonly title: string;
  readonly question: string;
}

/** The first `title` and the first `question` of the text. */
export function readScenarioHead(text: string): ScenarioHead {
  const found = new Map<string, string>();
  for (const match of text.slice(0, HEAD_CHARS).matchAll(STRING_LINE)) {
    const key = match[1] ?? '';
    if (!found.has(key)) found.set(key, unescape(match[2] ?? ''));
  }
  return { title: found.get('title') ?? '', question: found.get('question') ?? '' };
}
