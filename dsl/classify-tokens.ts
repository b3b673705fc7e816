/**
 * Kinds of tokens for colouring, from the lexer of the language itself. Works on any slice of a text
 * that starts at the start of a line, because no token crosses a line.
 */
import './polyfill-group-by.js';
import { Lexer, type TokenType } from 'chevrotain';
import { WORD_TOKENS } from './parse.js';
import * as T from './tokens.js';

export type TokenKind = 'keyword' | 'name' | 'number' | 'text' | 'comment' | 'sign';

export interface ClassifiedToken {
  /** Half-open range of UTF-16 offsets in the slice. */
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}

const kinds = new Map<TokenType, TokenKind>([
  ...WORD_TOKENS.map((type): [TokenType, TokenKind] => [type, 'keyword']),
  [T.Ident, 'name'],
  [T.Quantity, 'number'],
  [T.Text, 'text'],
  [T.OpenText, 'text'],
  [T.Comment, 'comment'],
  ...T.SIGN_TOKENS.map((type): [TokenType, TokenKind] => [type, 'sign']),
]);

const lexer = new Lexer([T.Space, T.LineEnd, ...kinds.keys(), ...T.CATEGORY_TOKENS], {
  positionTracking: 'onlyOffset',
});

/** Tokens in the order of the text; what is outside the language is left out. */
export function classifyTokens(slice: string): readonly ClassifiedToken[] {
  const result = lexer.tokenize(slice);
  const tokens = [...result.tokens, ...(result.groups['comments'] ?? [])];
  return tokens
    .flatMap((token): ClassifiedToken[] => {
      const kind = kinds.get(token.tokenType);
      return kind === undefined ? [] : [{ start: token.startOffset, end: T.tokenEnd(token), kind }];
    })
    .sort((a, b) => a.start - b.start);
}
