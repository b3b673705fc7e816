/** Definition, references and rename, from the places where names stand. */
import type { Span } from '../../src/contract/diagnostic.js';
import { isReservedWord } from '../tokens.js';
import type { LanguageDocument } from './document.js';
import type { NamedThing, Occurrence } from './occurrences.js';

export interface Location {
  /** Path relative to the scenario's folder, or `std/...`; absent: the document itself. */
  readonly source?: string;
  readonly span: Span;
}

/** The name at an offset; of several that overlap, the shortest. */
export function occurrenceAt(document: LanguageDocument, offset: number): Occurrence | undefined {
  let best: Occurrence | undefined;
  for (const entry of document.occurrences) {
    const { start, end } = entry.span;
    if (start > offset) break;
    if (offset > end) continue;
    if (best === undefined || end - start < best.span.end - best.span.start) best = entry;
  }
  return best;
}

const locationOf = ({ declaration, source }: NamedThing): Location | undefined => {
  if (declaration === undefined) return undefined;
  return source === undefined ? { span: declaration } : { source, span: declaration };
};

/** Where the name at an offset is declared; a used file opens at its first line. */
export function definitionAt(document: LanguageDocument, offset: number): Location | undefined {
  const found = occurrenceAt(document, offset);
  if (found !== undefined) return locationOf(found.thing);
  const use = document.parsed.tree.declarations.find(
    (node) => node.kind === 'use' && node.file.span.start <= offset && offset <= node.file.span.end,
  );
  if (use?.kind !== 'use') return undefined;
  const symbol = [...document.symbols.names.values()].find(
    (entry) => entry.kind === 'use' && entry.decl === use,
  );
  const source = symbol?.kind === 'use' ? symbol.file?.source : undefined;
  return source === undefined ? undefined : { source, span: { start: 0, end: 0 } };
}

/** Places in this document that mean the same as the name at an offset. */
export function referencesAt(
  document: LanguageDocument,
  offset: number,
  withDeclaration = true,
): readonly Span[] {
  const found = occurrenceAt(document, offset);
  if (found === undefined) return [];
  const { thing } = found;
  const same = ({ thing: other }: Occurrence): boolean =>
    other === thing ||
    (thing.declaration === undefined &&
      thing.symbol === undefined &&
      other.role === thing.role &&
      other.name === thing.name);
  return document.occurrences
    .filter((entry) => same(entry) && (withDeclaration || !entry.isDeclaration))
    .map((entry) => entry.span);
}

export type RenameTarget =
  | { readonly span: Span; readonly name: string; readonly problem?: undefined }
  | { readonly span?: undefined; readonly problem: string };

/** What a rename at an offset would change, or why it cannot. */
export function renameTarget(document: LanguageDocument, offset: number): RenameTarget {
  const found = occurrenceAt(document, offset);
  if (found === undefined) return { problem: 'there is no name here' };
  const { thing, span } = found;
  if (thing.source !== undefined)
    return { problem: `'${thing.name}' is declared in ${thing.source}` };
  if (thing.declaration === undefined) {
    return { problem: `'${thing.name}' is part of the language or of the lab` };
  }
  return { span, name: thing.name };
}

export type RenameResult =
  | {
      readonly edits: readonly { readonly span: Span; readonly newText: string }[];
      readonly problem?: undefined;
    }
  | { readonly edits?: undefined; readonly problem: string };

/** Edits that give the name at an offset another one. */
export function renameAt(
  document: LanguageDocument,
  offset: number,
  newName: string,
): RenameResult {
  const target = renameTarget(document, offset);
  if (target.problem !== undefined) return { problem: target.problem };
  const found = occurrenceAt(document, offset);
  if (found === undefined) return { problem: 'there is no name here' };
  const { thing } = found;
  if (thing.role === 'mark') {
    if (/["\\\r\n]/.test(newName)) return { problem: 'a mark may not hold quotes or line ends' };
  } else {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName)) return { problem: `'${newName}' is not a name` };
    if (isReservedWord(newName)) return { problem: `'${newName}' is a reserved word` };
    const taken = clash(document, thing, newName);
    if (taken !== undefined) return { problem: taken };
  }
  const edits = referencesAt(document, offset).map((span) => ({ span, newText: newName }));
  return { edits };
}

/** A name that would mean two things after the rename. */
function clash(document: LanguageDocument, thing: NamedThing, newName: string): string | undefined {
  if (newName === thing.name) return undefined;
  const message = `'${newName}' is declared already`;
  if (document.symbols.names.has(newName)) return message;
  const local = document.occurrences.some(
    ({ thing: other, isDeclaration }) =>
      isDeclaration && other.name === newName && other.role !== 'mark' && other.role !== 'branch',
  );
  return local ? message : undefined;
}
