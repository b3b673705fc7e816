/**
 * The newline rule: turns line ends and semicolons into statement ends, and drops those that end
 * nothing. A line end is dropped inside parentheses, after `, : = @ ~ ( {`, an arithmetic sign or a
 * comparison, before a comparison, `*`, `/` or `else`, and at the top level before `in`, `for`,
 * `with` and `baseline`. A parenthesis that no `)` closes before the next brace does not count, so
 * that a forgotten one spoils its line only.
 */
import type { IToken, TokenType } from 'chevrotain';
import * as T from './tokens.js';

const CONTINUES_AFTER: ReadonlySet<TokenType> = new Set([
  T.Comma,
  T.Colon,
  T.Equal,
  T.AtSign,
  T.Tilde,
  T.LeftParen,
  T.LeftBrace,
  T.Plus,
  T.Minus,
  T.Star,
  T.Slash,
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.Greater,
  T.GreaterEqual,
]);

const CONTINUES_BEFORE: ReadonlySet<TokenType> = new Set([
  T.EqualEqual,
  T.NotEqual,
  T.Less,
  T.LessEqual,
  T.Greater,
  T.GreaterEqual,
  T.Star,
  T.Slash,
  T.Words.else,
]);

const CONTINUES_BEFORE_AT_TOP: ReadonlySet<TokenType> = new Set([
  T.Words.in,
  T.Words.for,
  T.Words.with,
  T.Words.baseline,
]);

/** Indexes of the `(` that a `)` closes before the next brace. */
function closedParens(tokens: readonly IToken[]): ReadonlySet<number> {
  const closed = new Set<number>();
  let open: number[] = [];
  tokens.forEach((token, index) => {
    if (token.tokenType === T.LeftParen) open.push(index);
    else if (token.tokenType === T.RightParen) {
      const start = open.pop();
      if (start !== undefined) closed.add(start);
    } else if (token.tokenType === T.LeftBrace || token.tokenType === T.RightBrace) open = [];
  });
  return closed;
}

const asStatementEnd = (token: IToken): IToken => ({
  ...token,
  tokenType: T.StatementEnd,
  tokenTypeIdx: T.StatementEnd.tokenTypeIdx ?? 0,
});

/** Tokens for the parser. Line ends must still be in `tokens`. */
export function filterNewlines(tokens: readonly IToken[]): IToken[] {
  const closed = closedParens(tokens);
  const kept: IToken[] = [];
  let parenDepth = 0;
  let braceDepth = 0;
  let lineEnd: IToken | undefined;
  tokens.forEach((token, index) => {
    const type = token.tokenType;
    if (type === T.LineEnd) {
      if (parenDepth === 0) lineEnd ??= token;
      return;
    }
    if (lineEnd !== undefined) {
      const previous = kept.at(-1);
      const joins =
        previous === undefined ||
        previous.tokenType === T.StatementEnd ||
        CONTINUES_AFTER.has(previous.tokenType) ||
        CONTINUES_BEFORE.has(type) ||
        (braceDepth === 0 && CONTINUES_BEFORE_AT_TOP.has(type));
      if (!joins) kept.push(asStatementEnd(lineEnd));
      lineEnd = undefined;
    }
    if (type === T.LeftParen && closed.has(index)) parenDepth += 1;
    else if (type === T.RightParen && parenDepth > 0) parenDepth -= 1;
    else if (type === T.LeftBrace) braceDepth += 1;
    else if (type === T.RightBrace && braceDepth > 0) braceDepth -= 1;
    kept.push(type === T.Semicolon ? asStatementEnd(token) : token);
  });
  if (lineEnd !== undefined) kept.push(asStatementEnd(lineEnd));
  return kept;
}
