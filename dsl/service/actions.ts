/** Diagnostics, the repairs that they offer, and formatting, as edits of the text. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { formatScenario } from '../format.js';
import type { LanguageDocument } from './document.js';

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

export interface CodeAction {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The finding that the edits repair. */
  readonly diagnostic: Diagnostic;
}

/** Findings of the document and of the files it uses; those of the document have no `source`. */
export const diagnosticsOf = (document: LanguageDocument): readonly Diagnostic[] =>
  document.elaboration.diagnostics;

const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/** Repairs of the findings that touch a range. */
export function codeActionsAt(document: LanguageDocument, range: Span): readonly CodeAction[] {
  return diagnosticsOf(document).flatMap((diagnostic) => {
    const { fix, span, source } = diagnostic;
    if (fix === undefined || span === undefined || source !== undefined) return [];
    return touches(span, range) ? [{ title: fix.title, edits: fix.edits, diagnostic }] : [];
  });
}

/** One edit that formats the whole text; none when it is formatted, or has mistakes of grammar. */
export function formatEdits(document: LanguageDocument): readonly TextEdit[] {
  const { text } = document;
  const { text: newText } = formatScenario(text);
  if (newText === text) return [];
  let start = 0;
  const shorter = Math.min(text.length, newText.length);
  while (start < shorter && text[start] === newText[start]) start += 1;
  let behind = 0;
  while (behind < shorter - start && text.at(-1 - behind) === newText.at(-1 - behind)) behind += 1;
  const span = { start, end: text.length - behind };
  return [{ span, newText: newText.slice(start, newText.length - behind) }];
}
