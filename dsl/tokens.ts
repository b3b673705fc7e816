/**
 * Tokens that every part of the grammar shares. A keyword that belongs to one statement lives in that
 * statement's module (see statement.ts); `word` makes both kinds. Soft keywords are also names: they
 * carry the category `NameLike`, reserved words do not.
 */
import './polyfill-group-by.js';
import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';

export type AnyToken = TokenType;

/** Reserved words: never names. */
export const RESERVED_WORDS = [
  'all',
  'random',
  'oldest',
  'newest',
  'largest',
  'smallest',
  'in',
  'for',
  'of',
  'at',
  'on',
  'with',
  'from',
  'if',
  'else',
  'baseline',
  'over',
  'as',
  'no',
  'never',
  'into',
  'discard',
] as const;

const reserved: ReadonlySet<string> = new Set(RESERVED_WORDS);

/** Category of everything that may stand as a name: identifiers and soft keywords. */
export const NameLike = createToken({ name: 'NameLike', label: 'a name', pattern: Lexer.NA });

/** Category of reserved words. */
export const ReservedWord = createToken({
  name: 'ReservedWord',
  label: 'a reserved word',
  pattern: Lexer.NA,
});

/** Category of the six comparison signs. */
export const Compare = createToken({ name: 'Compare', label: 'a comparison', pattern: Lexer.NA });

export const Ident = createToken({
  name: 'Ident',
  label: 'a name',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [NameLike],
});

/** A keyword token, matched as a whole word only. */
export function word(text: string): TokenType {
  return createToken({
    name: `Word_${text}`,
    label: `'${text}'`,
    pattern: new RegExp(`${text}(?![A-Za-z0-9_])`),
    categories: [reserved.has(text) ? ReservedWord : NameLike],
    start_chars_hint: [text.charAt(0)],
  });
}

/** The word of a keyword token. */
export const wordText = (type: TokenType): string => type.name.replace(/^Word_/, '');

const sign = (name: string, text: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label: `'${text}'`, pattern: text, categories });

/** Number with an optional unit, or a rate (`40/s`), or a number torn from its unit (`5 min`). */
const DIGITS = '[0-9]+(?:_[0-9]+)*';
const NUMBER = `${DIGITS}(?:\\.${DIGITS})?(?:[eE][+-]?[0-9]+)?`;
const RATE_UNIT = 'ns|us|ms|s|min|h|sec|second|seconds|minute|minutes|hour|hours|m|msec|usec';
const TORN_UNIT = 'B|KiB|MiB|GiB|TiB|kB|KB|MB|GB|ns|us|ms|s|min|h|sec';

export const Quantity = createToken({
  name: 'Quantity',
  label: 'a number',
  pattern: new RegExp(
    `${NUMBER}(?:/(?:${RATE_UNIT})(?![A-Za-z0-9_])|%|[A-Za-z_\\u00b5][A-Za-z0-9_]*` +
      `|[ \\t]+(?:%|(?:${TORN_UNIT})(?![A-Za-z0-9_(=:.])))?`,
  ),
  start_chars_hint: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  line_breaks: false,
});

export const Text = createToken({
  name: 'Text',
  label: 'a text in quotes',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
  start_chars_hint: ['"'],
  line_breaks: false,
});
/** A text whose closing quote is missing on its line. */
export const OpenText = createToken({
  name: 'OpenText',
  label: 'a text without its closing quote',
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/,
  start_chars_hint: ['"'],
  line_breaks: false,
});

export const Semicolon = createToken({ name: 'Semicolon', label: "';'", pattern: ';' });
/** End of a statement: what the newline filter leaves of line ends and semicolons. */
export const StatementEnd = createToken({
  name: 'StatementEnd',
  label: 'the end of the line',
  pattern: Lexer.NA,
});
export const LineEnd = createToken({
  name: 'LineEnd',
  label: 'the end of the line',
  pattern: /\r\n|\n|\r/,
  line_breaks: true,
  start_chars_hint: ['\r', '\n'],
});
export const Space = createToken({ name: 'Space', pattern: /[ \t\uFEFF]+/, group: Lexer.SKIPPED });
export const Comment = createToken({
  name: 'Comment',
  pattern: /#[^\r\n]*/,
  group: 'comments',
  line_breaks: false,
  start_chars_hint: ['#'],
});

export const LeftBrace = sign('LeftBrace', '{');
export const RightBrace = sign('RightBrace', '}');
export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const Comma = sign('Comma', ',');
export const Colon = sign('Colon', ':');
export const DotDot = sign('DotDot', '..');
export const Dot = sign('Dot', '.');
export const AtSign = sign('AtSign', '@');
export const Tilde = sign('Tilde', '~');
export const Plus = sign('Plus', '+');
export const Minus = sign('Minus', '-');
export const Star = sign('Star', '*');
export const Slash = sign('Slash', '/');
export const EqualEqual = sign('EqualEqual', '==', [Compare]);
export const NotEqual = sign('NotEqual', '!=', [Compare]);
export const LessEqual = sign('LessEqual', '<=', [Compare]);
export const GreaterEqual = sign('GreaterEqual', '>=', [Compare]);
export const Less = sign('Less', '<', [Compare]);
export const Greater = sign('Greater', '>', [Compare]);
export const Equal = sign('Equal', '=');

/** Reserved words, and the soft keywords that more than one rule uses. */
export const Words = {
  all: word('all'),
  random: word('random'),
  oldest: word('oldest'),
  newest: word('newest'),
  largest: word('largest'),
  smallest: word('smallest'),
  in: word('in'),
  for: word('for'),
  of: word('of'),
  at: word('at'),
  on: word('on'),
  with: word('with'),
  from: word('from'),
  if: word('if'),
  else: word('else'),
  baseline: word('baseline'),
  over: word('over'),
  as: word('as'),
  no: word('no'),
  never: word('never'),
  into: word('into'),
  discard: word('discard'),
  size: word('size'),
  lifetime: word('lifetime'),
  node: word('node'),
  kind: word('kind'),
  every: word('every'),
  end: word('end'),
  mark: word('mark'),
  module: word('module'),
  arrive: word('arrive'),
} as const;

/** Signs in the order in which the lexer tries them: the longer ones first. */
export const SIGN_TOKENS: readonly TokenType[] = [
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equal,
  DotDot,
  Dot,
  LeftBrace,
  RightBrace,
  LeftParen,
  RightParen,
  Comma,
  Colon,
  AtSign,
  Tilde,
  Plus,
  Minus,
  Star,
  Slash,
  Semicolon,
];

export const CATEGORY_TOKENS: readonly TokenType[] = [
  NameLike,
  ReservedWord,
  Compare,
  StatementEnd,
];

export const isReservedWord = (text: string): boolean => reserved.has(text);

/**
 * Half-open end of a token; with offset-only tracking the lexer leaves `endOffset` out. While the
 * grammar is recorded, tokens are empty objects without an image.
 */
export const tokenEnd = (token: IToken): number =>
  token.startOffset + ((token.image as string | undefined)?.length ?? 0);

/** Does `token` have the type `type` or belong to the category `type`? */
export const isToken = (token: IToken, type: TokenType): boolean =>
  token.tokenType === type || (token.tokenType.CATEGORIES ?? []).includes(type);
