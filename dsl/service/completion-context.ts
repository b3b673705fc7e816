/**
 * Where the caret stands: the blocks around it with their first lines, and the tokens of the line
 * before it. Works on tokens, not on the tree, because the line is seldom complete.
 */
import type { IToken } from 'chevrotain';
import { filterNewlines } from '../newline-filter.js';
import { lex } from '../parse.js';
import * as T from '../tokens.js';
import type { LanguageDocument } from './document.js';

/** What stands in the braces around the caret. */
export type BlockKind =
  | 'top'
  | 'statements'
  | 'machine'
  | 'tlb'
  | 'tlb_array'
  | 'module'
  | 'allocator'
  | 'import'
  | 'churn'
  | 'execute'
  | 'mix'
  | 'branches';

export interface CaretBlock {
  readonly kind: BlockKind;
  /** Texts of the line that opens it: `allocator`, `big`, `=`, `execmem_rox`. */
  readonly head: readonly string[];
}

export interface CaretContext {
  readonly block: CaretBlock;
  /** Texts of the tokens of the line before the caret, the word being written left out. */
  readonly line: readonly string[];
  /** Texts of the tokens inside the innermost open parenthesis, and the name before it. */
  readonly call: { readonly name: string; readonly inside: readonly string[] } | undefined;
  /** The word being written, from its start to the caret, and to its end. */
  readonly word: { readonly start: number; readonly end: number };
  /** In a comment or a text: nothing is offered. */
  readonly quiet: boolean;
  /** Offset of the caret. */
  readonly offset: number;
}

const WORD_BEFORE = /[A-Za-z_][A-Za-z0-9_.]*$/;
const WORD_AFTER = /^[A-Za-z0-9_.]*/;

const BLOCK_OF_WORD: Readonly<Record<string, BlockKind>> = {
  machine: 'machine',
  module: 'module',
  allocator: 'allocator',
  import: 'import',
  churn: 'churn',
  execute: 'execute',
  mix: 'mix',
};

/** Kind of the block that a line opens, inside a block of kind `outer`. */
function blockKind(line: readonly string[], outer: BlockKind, branchNext: boolean): BlockKind {
  const word = line[0] === 'let' ? line[3] : line[0];
  if (outer === 'machine' && word === 'tlb') return 'tlb';
  if (outer === 'tlb') return 'tlb_array';
  if (outer === 'churn' || (outer !== 'top' && word === 'load')) return 'module';
  if (outer === 'top' && word !== undefined) return BLOCK_OF_WORD[word] ?? 'statements';
  if (outer === 'mix') {
    const statement = line.slice(line.indexOf(':') + 1);
    return blockKind(statement, 'statements', branchNext);
  }
  if (word === 'parallel' && line.length === 1 && branchNext) return 'branches';
  return word === 'churn' || word === 'execute' || word === 'mix'
    ? (BLOCK_OF_WORD[word] ?? 'statements')
    : 'statements';
}

const isEnd = (token: IToken): boolean => token.tokenType === T.StatementEnd;

/** Does the caret stand in a comment, or in a text that is open? */
function inQuiet(document: LanguageDocument, offset: number): boolean {
  const { comments, tokens } = document.lexed;
  if (comments.some(({ span }) => span.start < offset && offset <= span.end)) return true;
  return tokens.some((token) => {
    if (token.tokenType !== T.Text || token.startOffset >= offset) return false;
    const end = T.tokenEnd(token);
    const closed = token.image.length > 1 && token.image.endsWith('"');
    return offset < end || (offset === end && !closed);
  });
}

export function caretContext(document: LanguageDocument, offset: number): CaretContext {
  const { text } = document;
  const start =
    offset - (WORD_BEFORE.exec(text.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0);
  const end = offset + (WORD_AFTER.exec(text.slice(offset, offset + 200))?.[0].length ?? 0);
  const tokens = document.parsed.refused ? [] : tokensBefore(text.slice(0, start));
  const branchNext = /^\s*branch\b/;
  let blocks: CaretBlock[] = [{ kind: 'top', head: [] }];
  let line: string[] = [];
  const lines: string[][] = [];
  for (const token of tokens) {
    if (isEnd(token)) line = [];
    else if (token.tokenType === T.LeftBrace) {
      const outer = blocks.at(-1)?.kind ?? 'top';
      const after = branchNext.test(text.slice(T.tokenEnd(token)));
      blocks.push({ kind: blockKind(line, outer, after), head: line });
      lines.push(line);
      line = [];
    } else if (token.tokenType === T.RightBrace) {
      if (blocks.length > 1) blocks = blocks.slice(0, -1);
      line = lines.pop() ?? [];
      line = [...line, '{}'];
    } else line.push(token.image);
  }
  // Words of a caret that follows a line end directly belong to the next statement.
  return {
    block: blocks.at(-1) ?? { kind: 'top', head: [] },
    line,
    call: openCall(line),
    word: { start, end },
    quiet: inQuiet(document, offset),
    offset,
  };
}

/** Tokens for the parser up to the caret, the statement end before the caret included. */
function tokensBefore(text: string): readonly IToken[] {
  const { tokens } = lex(text);
  // A name after the caret decides whether the last line end ends anything.
  const probe = lex(`${text}_`).tokens;
  const last = probe.at(-1);
  if (last === undefined || tokens.length + 1 !== probe.length) return filterNewlines(tokens);
  return filterNewlines(probe).slice(0, -1);
}

function openCall(line: readonly string[]): CaretContext['call'] {
  const open: number[] = [];
  line.forEach((text, index) => {
    if (text === '(') open.push(index);
    else if (text === ')') open.pop();
  });
  const at = open.at(-1);
  if (at === undefined) return undefined;
  return { name: line[at - 1] ?? '', inside: line.slice(at + 1) };
}
