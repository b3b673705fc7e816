/** Blanks between two tokens of one line. */
import type { TokenType } from 'chevrotain';
import * as T from '../tokens.js';

export interface Neighbour {
  readonly type: TokenType;
  /** A `(` that belongs to the name before it. */
  readonly call: boolean;
}

const NONE_BEFORE: ReadonlySet<TokenType> = new Set([
  T.Comma,
  T.Colon,
  T.RightParen,
  T.Dot,
  T.DotDot,
  T.Semicolon,
]);

const NONE_AFTER: ReadonlySet<TokenType> = new Set([T.LeftParen, T.Dot, T.DotDot]);

/** `tightEqual`: `=` names an argument. */
export function gapBetween(
  before: Neighbour | undefined,
  next: Neighbour,
  tightEqual: boolean,
): '' | ' ' {
  if (before === undefined) return '';
  if (NONE_BEFORE.has(next.type) || NONE_AFTER.has(before.type) || next.call) return '';
  const equal = before.type === T.Equal || next.type === T.Equal;
  return equal && tightEqual ? '' : ' ';
}
