/** A document with a caret: `^` in the text marks the place, `$` is not special. */
import { LanguageDocument } from '../../../dsl/service/index.js';
import { CATALOG, hostOf } from './lab-double.js';

export interface CaretDocument {
  readonly document: LanguageDocument;
  readonly offset: number;
}

export const documentOf = (
  text: string,
  files: Readonly<Record<string, string>> = {},
): LanguageDocument =>
  new LanguageDocument({ text, file: 'a.xlab', catalog: CATALOG, host: hostOf(files) });

/** The text around the one `^`. */
export function withCaret(
  marked: string,
  files: Readonly<Record<string, string>> = {},
): CaretDocument {
  const offset = marked.indexOf('^');
  if (offset < 0 || marked.indexOf('^', offset + 1) >= 0) throw new Error('one caret, please');
  return { document: documentOf(marked.replace('^', ''), files), offset };
}
