/**
 * Documentation of declarations: the comment directly above one. Hover shows it, and reports list it.
 * A comment with an empty line below it belongs to no declaration.
 */
import type { ScenarioNote } from '../src/contract/scenario-plan.js';
import type { Declaration } from './ast.js';
import type { FileSymbols } from './names/file-symbols.js';

/** Characters of a note in a plan; a longer comment is cut. */
const NOTE_LENGTH_MAX = 2000;

const isLineEnd = (char: string | undefined): boolean => char === '\n' || char === '\r';

/** The comment directly above a place, without its signs; empty without one. */
export function commentAbove(text: string, offset: number): string {
  const lines: string[] = [];
  let start = offset;
  while (start > 0 && !isLineEnd(text[start - 1])) start -= 1;
  while (start > 0) {
    let end = start - 1;
    if (text[end] === '\n' && text[end - 1] === '\r') end -= 1;
    start = end;
    while (start > 0 && !isLineEnd(text[start - 1])) start -= 1;
    const match = /^\s*#\s?(.*)$/.exec(text.slice(start, end));
    if (match === null) break;
    lines.unshift(match[1]?.trimEnd() ?? '');
  }
  return lines.join('\n');
}

/** What a note calls its declaration: `phase steady`, `expect no alloc.failed`. */
function labelOf(declaration: Declaration, file: FileSymbols): string | undefined {
  switch (declaration.kind) {
    case 'title':
    case 'question':
      return undefined;
    case 'expect':
    case 'warn':
      return file.textOf(declaration.span).replace(/\s+/g, ' ');
    case 'sweep':
      return `sweep ${declaration.targets.map(({ text }) => text).join(', ')}`;
    case 'pool':
      return `pool ${declaration.names.map(({ text }) => text).join(', ')}`;
    case 'use':
      return `use ${declaration.file.value}`;
    default:
      return 'name' in declaration
        ? `${declaration.kind} ${declaration.name.text}`
        : declaration.kind;
  }
}

/** Notes on the declarations of a file, in their order. */
export function notesOf(file: FileSymbols): readonly ScenarioNote[] {
  return file.tree.declarations.flatMap((declaration) => {
    const text = commentAbove(file.text, declaration.span.start).trim();
    const about = text === '' ? undefined : labelOf(declaration, file);
    if (about === undefined) return [];
    const { line } = file.lines.position(declaration.span.start);
    return [{ about, line, text: text.slice(0, NOTE_LENGTH_MAX) }];
  });
}
