/** Names for a file beside those that stand already: its own, then with a number before the extension. */
const NAMES_MAX = 1000;

/** `a.xlab`, `a-2.xlab`, `a-3.xlab`, ...: 1000 names. */
export function* numberedNames(file: string, extension: string): Generator<string> {
  yield file;
  const stem = file.slice(0, -extension.length);
  for (let number = 2; number <= NAMES_MAX; number += 1) {
    yield `${stem}-${String(number)}${extension}`;
  }
}
