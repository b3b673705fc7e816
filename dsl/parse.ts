/**
 * Text to syntax tree. Bounded before anything looks at the whole: length, length of a line, depth of
 * braces and parentheses, number of mistakes. Gives a tree for any text, with what could be read.
 */
import './polyfill-group-by.js';
import { Lexer, type ISerializedGast, type IToken, type TokenType } from 'chevrotain';
import type { Diagnostic, Span } from '../src/contract/diagnostic.js';
import type { Expr, SyntaxTree } from './ast.js';
import { DECLARATIONS } from './declarations/index.js';
import {
  badEscape,
  lateFirstLine,
  openText,
  strangeText,
  tooDeep,
  tooLarge,
  tooManyOperators,
  unknownVersion,
  versionMissing,
  wrongFirstLine,
} from './diagnostics/syntax.js';
import { OPERATORS_MAX } from './grammar/expressions.js';
import { ScenarioParser, SYNTAX_ERRORS_MAX } from './grammar/scenario-parser.js';
import { filterNewlines } from './newline-filter.js';
import { STATEMENTS } from './statements/index.js';
import * as T from './tokens.js';
import { groupedNumber } from './values/units.js';

/** Longest text that is read, in UTF-16 units. */
export const TEXT_LENGTH_MAX = 8 * 1024 * 1024;
/** Longest line. */
export const LINE_LENGTH_MAX = 65_536;
/** Deepest nesting of braces and parentheses. */
export const DEPTH_MAX = 64;

const moduleWords = [...STATEMENTS.entries, ...DECLARATIONS.entries].flatMap((module) => [
  ...module.starts,
  ...module.words,
]);

/** All words of the language, each once. */
export const WORD_TOKENS: readonly TokenType[] = [
  ...new Set([...Object.values(T.Words), ...moduleWords]),
];

/** All tokens in the order in which the lexer tries them. */
const VOCABULARY: readonly TokenType[] = [
  T.Space,
  T.LineEnd,
  T.Comment,
  ...WORD_TOKENS,
  T.Ident,
  T.Quantity,
  T.Text,
  T.OpenText,
  ...T.SIGN_TOKENS,
  ...T.CATEGORY_TOKENS,
];

const lexer = new Lexer([...VOCABULARY], { positionTracking: 'onlyOffset' });

let builtParser: ScenarioParser | undefined;
/** Built with the first text: who only wants tokens does not wait for the analysis of the grammar. */
const parserNow = (): ScenarioParser =>
  (builtParser ??= new ScenarioParser(VOCABULARY, STATEMENTS.entries, DECLARATIONS.entries));

/** The grammar as data, for the reference: every rule as the parser records it. */
export const grammarProductions = (): readonly ISerializedGast[] =>
  parserNow().getSerializedGastProductions();

export interface Comment {
  readonly span: Span;
  readonly text: string;
}

export interface ParseResult {
  readonly tree: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
  readonly comments: readonly Comment[];
  /** A bound was passed and the text was not read. */
  readonly refused: boolean;
}

const emptyTree = (text: string): SyntaxTree => ({
  declarations: [],
  brokenNames: new Set(),
  span: { start: 0, end: text.length },
});

const refusal = (text: string, diagnostic: Diagnostic): ParseResult => ({
  tree: emptyTree(text),
  diagnostics: [diagnostic],
  comments: [],
  refused: true,
});

/** Texts that are too long to look at; undefined when the text may be read. */
function refuse(text: string): Diagnostic | undefined {
  if (text.length > TEXT_LENGTH_MAX) {
    const most = groupedNumber(TEXT_LENGTH_MAX);
    return tooLarge(`the scenario is longer than ${most} characters`, 'split it, or import lists');
  }
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start > LINE_LENGTH_MAX && !text.slice(start, end).includes('\r')) {
      const note = `at most ${groupedNumber(LINE_LENGTH_MAX)} are read`;
      const message = `a line is ${groupedNumber(end - start)} characters long`;
      const diagnostic = tooLarge(message, note);
      return { ...diagnostic, span: { start, end: start } };
    }
    start = end + 1;
  }
  return undefined;
}

export interface Lexed {
  /** Line ends included, comments not. */
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  readonly diagnostics: Diagnostic[];
}

/** Tokens of a text, for the formatter and the editor. Texts that are refused must not come here. */
export function lex(text: string): Lexed {
  const result = lexer.tokenize(text);
  const diagnostics: Diagnostic[] = [];
  for (const error of result.errors.slice(0, SYNTAX_ERRORS_MAX)) {
    const span = { start: error.offset, end: error.offset + error.length };
    diagnostics.push(strangeText(span, text.slice(span.start, span.end)));
  }
  const tokens: IToken[] = [];
  for (const token of result.tokens) {
    const span = { start: token.startOffset, end: T.tokenEnd(token) };
    if (token.tokenType === T.OpenText) {
      diagnostics.push(openText(span));
      tokens.push({ ...token, tokenType: T.Text, tokenTypeIdx: T.Text.tokenTypeIdx ?? 0 });
      continue;
    }
    if (token.tokenType === T.Text) checkEscapes(token, diagnostics);
    tokens.push(token);
  }
  const comments = (result.groups['comments'] ?? []).map((token) => ({
    span: { start: token.startOffset, end: T.tokenEnd(token) },
    text: token.image,
  }));
  return { tokens, comments, diagnostics: diagnostics.slice(0, SYNTAX_ERRORS_MAX) };
}

function checkEscapes(token: IToken, diagnostics: Diagnostic[]): void {
  for (const match of token.image.matchAll(/\\(.)/g)) {
    if (match[1] === 'n' || match[1] === '"' || match[1] === '\\') continue;
    const start = token.startOffset + match.index;
    diagnostics.push(badEscape({ start, end: start + 2 }, match[0]));
  }
}

/** The place where braces or parentheses get too deep. */
function depthError(tokens: readonly IToken[]): Diagnostic | undefined {
  let depth = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === T.LeftBrace || type === T.LeftParen) {
      depth += 1;
      if (depth > DEPTH_MAX) {
        return tooDeep({ start: token.startOffset, end: T.tokenEnd(token) }, DEPTH_MAX);
      }
    } else if (type === T.RightBrace || type === T.RightParen) depth = Math.max(0, depth - 1);
  }
  return undefined;
}

/** Reads and removes the line `xlab 1`. */
function readHeader(
  tokens: readonly IToken[],
  text: string,
): { readonly rest: readonly IToken[]; readonly diagnostic?: Diagnostic } {
  const first = tokens.find((token) => token.tokenType !== T.LineEnd);
  if (first === undefined) {
    const span = { start: 0, end: 0 };
    return { rest: [], diagnostic: wrongFirstLine(span, 'the scenario is empty') };
  }
  const index = tokens.indexOf(first);
  const onFirstLine = !/[\r\n]/.test(text.slice(0, first.startOffset));
  const firstSpan = { start: first.startOffset, end: T.tokenEnd(first) };
  if (first.image !== 'xlab') return { rest: tokens, diagnostic: wrongFirstLine(firstSpan) };
  const version = tokens[index + 1];
  const rest = tokens.slice(index + 2);
  if (version?.tokenType !== T.Quantity) {
    return { rest: tokens.slice(index + 1), diagnostic: versionMissing(firstSpan) };
  }
  if (!onFirstLine) {
    return {
      rest,
      diagnostic: lateFirstLine({ start: firstSpan.start, end: T.tokenEnd(version) }),
    };
  }
  if (version.image === '1') return { rest };
  const span = { start: version.startOffset, end: T.tokenEnd(version) };
  return { rest, diagnostic: unknownVersion(span, version.image) };
}

/** Runs of operators that no tree should grow from. */
function operatorErrors(tokens: readonly IToken[]): Diagnostic | undefined {
  let operators = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === T.Plus || type === T.Minus || type === T.Star || type === T.Slash) {
      operators += 1;
      if (operators > OPERATORS_MAX) {
        const span = { start: token.startOffset, end: T.tokenEnd(token) };
        return tooManyOperators(span, OPERATORS_MAX);
      }
    } else if (type === T.StatementEnd || type === T.Comma || type === T.LeftBrace) operators = 0;
  }
  return undefined;
}

/** Never throws, on any text. */
export function parseScenario(text: string): ParseResult {
  const refused = refuse(text);
  if (refused !== undefined) return refusal(text, refused);
  const { tokens, comments, diagnostics } = lex(text);
  const deep = depthError(tokens);
  if (deep !== undefined) return refusal(text, deep);
  const header = readHeader(tokens, text);
  if (header.diagnostic !== undefined) diagnostics.unshift(header.diagnostic);
  const filtered = filterNewlines(header.rest);
  const long = operatorErrors(filtered);
  if (long !== undefined) return refusal(text, long);
  const parser = parserNow();
  const declarations = parser.parse(filtered, columnZero(text));
  const tree: SyntaxTree = {
    declarations,
    brokenNames: parser.brokenNames,
    span: { start: 0, end: text.length },
  };
  const own = independent(parser.mistakes, diagnostics, text);
  return { tree, diagnostics: [...diagnostics, ...own], comments, refused: false };
}

/** Does an offset stand at the start of its line? */
const columnZero =
  (text: string) =>
  (offset: number): boolean =>
    offset === 0 || text[offset - 1] === '\n' || text[offset - 1] === '\r';

/** Leaves out what the parser says behind strange text on the same line: one mistake, one message. */
function independent(
  mistakes: readonly Diagnostic[],
  strange: readonly Diagnostic[],
  text: string,
): readonly Diagnostic[] {
  const starts = strange.flatMap(({ code, span }) => (code === 'X0005' && span ? [span.end] : []));
  if (starts.length === 0) return mistakes;
  return mistakes.filter(({ code, span }) => {
    if (code !== 'X0004' || span === undefined) return true;
    return !starts.some(
      (start) => start <= span.start && !/[\r\n]/.test(text.slice(start, span.start)),
    );
  });
}

/** A single expression, as `--set name=value` gives it; undefined after a mistake. */
export function parseExpression(text: string): {
  readonly expr?: Expr;
  readonly diagnostics: readonly Diagnostic[];
} {
  if (text.length > LINE_LENGTH_MAX) {
    return { diagnostics: [tooLarge('the value is too long', 'shorten it')] };
  }
  const { tokens, diagnostics } = lex(text);
  const significant = tokens.filter((token) => token.tokenType !== T.LineEnd);
  const deep = depthError(significant) ?? operatorErrors(significant);
  if (deep !== undefined) return { diagnostics: [deep] };
  if (diagnostics.length > 0) return { diagnostics };
  const parser = parserNow();
  const expr = parser.parseExpression([...significant]);
  return expr === undefined ? { diagnostics: parser.mistakes } : { expr, diagnostics: [] };
}
