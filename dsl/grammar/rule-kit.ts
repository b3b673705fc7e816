/**
 * What a rule may use: Chevrotain's grammar methods, which the library declares protected, and the
 * rules that all modules share. Rules are recorded once with empty tokens before they parse, so they
 * build nodes only from tokens and from values that they pass on untouched.
 */
import type { IToken, TokenType } from 'chevrotain';
import { tokenEnd } from '../tokens.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type {
  Block,
  Body,
  CompareSign,
  CreateNode,
  Expr,
  Name,
  Path,
  Selector,
  Argument,
  Statement,
  TextNode,
  Value,
} from '../ast.js';

/** A rule without arguments, as `RULE` returns it. */
export type Rule<T> = (this: unknown) => T;

export interface Alternative<T> {
  readonly GATE?: () => boolean;
  readonly ALT: () => T;
}

interface Gated<T> {
  readonly GATE: () => boolean;
  readonly DEF: () => T;
}

/** Digits tell occurrences of the same thing in one rule apart. */
export interface RuleKit {
  RULE<T>(name: string, body: () => T): Rule<T>;
  CONSUME(type: TokenType): IToken;
  CONSUME1(type: TokenType): IToken;
  CONSUME2(type: TokenType): IToken;
  CONSUME3(type: TokenType): IToken;
  CONSUME4(type: TokenType): IToken;
  SUBRULE<T>(rule: Rule<T>): T;
  SUBRULE1<T>(rule: Rule<T>): T;
  SUBRULE2<T>(rule: Rule<T>): T;
  SUBRULE3<T>(rule: Rule<T>): T;
  SUBRULE4<T>(rule: Rule<T>): T;
  OPTION<T>(action: (() => T) | Gated<T>): T | undefined;
  OPTION1<T>(action: (() => T) | Gated<T>): T | undefined;
  OPTION2<T>(action: (() => T) | Gated<T>): T | undefined;
  OPTION3<T>(action: (() => T) | Gated<T>): T | undefined;
  OPTION4<T>(action: (() => T) | Gated<T>): T | undefined;
  OR<T>(alternatives: Alternative<T>[]): T;
  OR1<T>(alternatives: Alternative<T>[]): T;
  OR2<T>(alternatives: Alternative<T>[]): T;
  MANY(action: (() => void) | Gated<void>): void;
  MANY1(action: (() => void) | Gated<void>): void;
  MANY2(action: (() => void) | Gated<void>): void;
  LA(offset: number): IToken;
  /** Start offset of the next token. */
  here(): number;
  /** From `start` to the end of the last consumed token. */
  spanFrom(start: number): Span;
  readonly shared: SharedRules;
}

export interface SharedRules {
  readonly name: Rule<Name>;
  readonly path: Rule<Path>;
  readonly text: Rule<TextNode>;
  readonly expr: Rule<Expr>;
  readonly value: Rule<Value>;
  readonly values: Rule<Value[]>;
  readonly args: Rule<Argument[]>;
  readonly compare: Rule<CompareSign>;
  readonly block: Rule<Block>;
  readonly body: Rule<Body>;
  readonly statement: Rule<Statement>;
  readonly creation: Rule<CreateNode>;
  readonly selector: Rule<Selector>;
}

export const tokenSpan = (token: IToken): Span => ({
  start: token.startOffset,
  end: tokenEnd(token),
});
