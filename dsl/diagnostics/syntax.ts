/** Mistakes that the lexer and the parser find: X0001 to X0007, X0102. */
import { EOF, type IToken } from 'chevrotain';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import * as T from '../tokens.js';
import { make, replace, shortName, suggestion } from './make.js';

const spanOf = (token: IToken): Span =>
  Number.isNaN(token.startOffset)
    ? { start: 0, end: 0 }
    : { start: token.startOffset, end: T.tokenEnd(token) };

const foundText = (token: IToken): string => {
  if (token.tokenType === EOF) return 'the end of the file';
  if (token.tokenType === T.StatementEnd && token.image !== ';') return 'the end of the line';
  return token.image.startsWith('"') ? shortName(token.image) : `'${shortName(token.image)}'`;
};

/** What a rule with several choices waits for. */
const EXPECTED_BY_RULE: Readonly<Record<string, string>> = {
  primary: 'a value',
  argument: 'a value',
  term: 'an operator',
  expr: 'an operator',
  compare: 'a comparison',
  load: "'module' or 'bpf'",
  creationHead: 'a creation such as load or create',
  moduleHead: 'the name of a module shape',
  selector: 'whom to take',
  prop: 'a value',
  probe: "'every', 'at end' or 'on mark'",
  allocator: 'a design',
  sweep: 'what to sweep',
  machine: "'{' or 'from'",
  parallel: "a count, or '{' and a branch",
  churnProp: 'arrive, lifetime, live, hold_back or item',
  expectTail: "'in', 'at end', 'for' or 'with'",
  probeWhen: "'every', 'at end' or 'on mark'",
};

/** Words that may stand where a rule failed, for misspelt ones. */
const WORDS_BY_RULE: Readonly<Record<string, readonly string[]>> = {
  probeWhen: ['every', 'at', 'on'],
  load: ['module', 'bpf'],
  churn: ['arrive', 'lifetime', 'live', 'hold_back', 'item'],
  churnProp: ['arrive', 'lifetime', 'live', 'hold_back', 'item'],
  phase: ['for', 'discard'],
};

export interface Unexpected {
  readonly found: IToken;
  readonly previous: IToken;
  /** Name of the grammar rule. */
  readonly rule: string;
  /** Label of the wanted token; empty when several would do. */
  readonly expected: string;
  /** First word of the statement. */
  readonly keyword: string;
}

export function unexpectedToken(at: Unexpected): Diagnostic {
  const { found, keyword } = at;
  if (at.expected === T.NameLike.LABEL && T.isToken(found, T.ReservedWord)) {
    return reservedName(found.image, spanOf(found), keyword);
  }
  if (found.tokenType === T.Tilde) {
    const before = at.previous;
    const isWord = T.isToken(before, T.NameLike) || T.isToken(before, T.ReservedWord);
    return tildeOnConstant(spanOf(found), isWord ? before.image : keyword);
  }
  const expected =
    at.expected === '' ? (EXPECTED_BY_RULE[at.rule] ?? 'something else') : at.expected;
  // The end of a line has no width of its own worth pointing at: point behind the last token.
  const pointless = found.tokenType === EOF || found.tokenType === T.StatementEnd;
  const end = pointless && found.image !== ';' ? spanOf(at.previous).end : 0;
  const span = pointless && found.image !== ';' ? { start: end, end } : spanOf(found);
  const message = `expected ${expected}, found ${foundText(found)}`;
  return make('X0004', span, message, adviceFor(at, span));
}

/** `every ~ exp(mean=1s)`: what stands here is known before the run. */
const tildeOnConstant = (span: Span, keyword: string): Diagnostic =>
  make('X0404', span, `'${shortName(keyword)}' takes a fixed value, without '~'`, {
    help: "remove the '~' and write a fixed value",
    ...replace(span, '', "Remove '~'"),
  });

/** A word that was meant, or what to write instead. */
function adviceFor(at: Unexpected, span: Span): Pick<Diagnostic, 'help' | 'fix'> {
  const { found, rule, expected, keyword } = at;
  const wanted = /^'(\w+)'$/.exec(expected)?.[1];
  const words = [...(wanted === undefined ? [] : [wanted]), ...(WORDS_BY_RULE[rule] ?? [])];
  const isWord = T.isToken(found, T.NameLike) || T.isToken(found, T.ReservedWord);
  const nearest = isWord ? suggestion(found.image, words) : undefined;
  if (nearest !== undefined && nearest !== found.image) {
    const help = `did you mean '${nearest}'?`;
    return { help, ...replace(span, nearest, `Change to '${nearest}'`) };
  }
  if (found.tokenType === T.Minus) {
    const isGlued = T.tokenEnd(at.previous) === found.startOffset;
    const isInName = isGlued && T.isToken(at.previous, T.NameLike);
    return {
      help: isInName
        ? "a name has letters, digits and '_' only"
        : 'no quantity of a scenario is negative',
    };
  }
  if (found.image === '>' && at.previous.tokenType === T.Equal) {
    const whole = { start: spanOf(at.previous).start, end: span.end };
    return { help: "write '>='", ...replace(whole, '>=', "Write '>='") };
  }
  if (found.tokenType === T.Words.if && at.previous.tokenType === T.Words.else) {
    return { help: "write 'else { if ... }'" };
  }
  if (rule === 'compare') return { help: 'compare it with a value, such as < 5MiB' };
  if (keyword === 'phase' && found.tokenType === T.Quantity) {
    const help = `write 'for ${shortName(found.image)}'`;
    return { help, ...replace({ start: span.start, end: span.start }, 'for ', "Insert 'for'") };
  }
  return {};
}

export const reservedName = (name: string, span: Span, keyword: string): Diagnostic => {
  const other = keyword === '' || keyword === name ? `my_${name}` : `${name}_${keyword}`;
  return make('X0003', span, `'${name}' is a reserved word and cannot be a name`, {
    help: `choose another name, for example '${other}'`,
    ...replace(span, other, `Rename to '${other}'`),
  });
};

export function unknownStatement(
  token: IToken,
  words: readonly string[],
  elsewhere: readonly string[],
): { readonly diagnostic: Diagnostic; readonly nearest?: string } {
  const span = spanOf(token);
  const name = token.image;
  const isWord = T.isToken(token, T.NameLike) || T.isToken(token, T.ReservedWord);
  if (!isWord) {
    const message = `expected a statement, found ${foundText(token)}`;
    return { diagnostic: make('X0004', span, message) };
  }
  const nearest = suggestion(name, words);
  if (elsewhere.includes(name)) {
    const top = words.includes('phase');
    const help = top ? 'put it into a phase or a workload' : 'move it out of the braces';
    return { diagnostic: make('X0004', span, `'${name}' cannot stand here`, { help }) };
  }
  const message = `no statement starts with '${shortName(name)}' here`;
  if (nearest === undefined) return { diagnostic: make('X0004', span, message) };
  const diagnostic = make('X0004', span, message, {
    help: `did you mean '${nearest}'?`,
    ...replace(span, nearest, `Change to '${nearest}'`),
  });
  return { diagnostic, nearest };
}

export const twoStatements = (span: Span): Diagnostic =>
  make('X0002', span, 'two statements on one line', {
    help: "put ';' or a new line before the second",
    ...replace({ start: span.start, end: span.start }, '; ', "Insert ';'"),
  });

/** Statements that take names one behind the other. */
const LISTS: ReadonlySet<string> = new Set(['compare', 'pool', 'probe', 'sweep', 'seeds']);

export const textAfterStatement = (token: IToken, keyword: string): Diagnostic => {
  const span = spanOf(token);
  const message = `expected the end of the line, found ${foundText(token)}`;
  if (token.tokenType === T.Equal) {
    return make('X0004', span, message, {
      help: "write the value behind the name, without '='",
      ...replace(span, '', "Remove '='"),
    });
  }
  if (keyword === 'compare' && token.tokenType === T.LeftBrace) {
    const help = 'options belong to a name of their own: allocator NAME = DESIGN { ... }';
    return make('X0004', span, message, { help });
  }
  if (keyword === 'load' && token.tokenType === T.LeftBrace) {
    return make('X0004', span, message, { help: "leave out the '~' before the name" });
  }
  if (keyword === 'alloc' && token.tokenType === T.Dot) {
    return make('X0004', span, message, { help: 'raw memory is text, data or rodata' });
  }
  const listed = T.isToken(token, T.NameLike) || token.tokenType === T.Quantity;
  if (LISTS.has(keyword) && listed) {
    return make('X0004', span, message, {
      help: "separate them with ','",
      ...replace({ start: span.start, end: span.start }, ', ', "Insert ','"),
    });
  }
  return make('X0004', span, message);
};

/** `load bpf sise 64B`: the word before a value is a misspelt option, which reads as a name. */
export function misspeltOption(word: IToken, value: IToken): Diagnostic | undefined {
  const isValue = value.tokenType === T.Quantity || value.tokenType === T.Tilde;
  if (!isValue || !T.isToken(word, T.NameLike)) return undefined;
  const nearest = suggestion(word.image, ['size', 'lifetime', 'node', 'kind', 'into']);
  if (nearest === undefined) return undefined;
  const span = spanOf(word);
  return make('X0004', span, `expected '${nearest}', found '${shortName(word.image)}'`, {
    help: `did you mean '${nearest}'?`,
    ...replace(span, nearest, `Change to '${nearest}'`),
  });
}

export const strayBrace = (span: Span): Diagnostic =>
  make('X0004', span, "this '}' closes nothing", {
    help: "remove it, or add the missing '{'",
    ...replace(span, '', "Remove '}'"),
  });

export const unclosedBrace = (span: Span): Diagnostic =>
  make('X0004', span, "this '{' is never closed", { help: "add the missing '}'" });

const FIRST_LINE = "the first line must be 'xlab 1'";

export const wrongFirstLine = (span: Span, found?: string): Diagnostic =>
  make('X0001', span, FIRST_LINE, {
    ...(found === undefined ? {} : { notes: [found] }),
    help: "write 'xlab 1' as the first line",
    ...replace({ start: 0, end: 0 }, 'xlab 1\n', "Insert 'xlab 1'"),
  });

/** The line stands, but behind others. */
export const lateFirstLine = (span: Span): Diagnostic =>
  make('X0001', span, FIRST_LINE, {
    notes: ['lines stand before it'],
    help: 'move it to the top',
    fix: {
      title: 'Move it to the top',
      edits: [
        { span: { start: 0, end: 0 }, newText: 'xlab 1\n' },
        { span, newText: '' },
      ],
    },
  });

export const versionMissing = (span: Span): Diagnostic =>
  make('X0001', span, FIRST_LINE, {
    notes: ['the version is missing'],
    help: "write 'xlab 1'",
    ...replace(span, 'xlab 1', "Write 'xlab 1'"),
  });

export const unknownVersion = (span: Span, version: string): Diagnostic =>
  make('X0001', span, `language version '${shortName(version)}' is not known`, {
    notes: ['this lab reads version 1'],
    help: "write 'xlab 1'",
    ...replace(span, '1', "Change to '1'"),
  });

const codePoint = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

export const strangeText = (span: Span, text: string): Diagnostic => {
  const [first = ''] = text;
  const printable = /^[!-~]$/.test(first);
  const shown = printable ? `'${first}'` : codePoint(first);
  return make('X0005', span, `character ${shown} is not part of the language`, {
    help: 'remove it, or put the text into quotes',
  });
};

export const openText = (span: Span): Diagnostic =>
  make('X0005', span, 'the text has no closing quote on its line', {
    help: `add '"' at its end`,
    ...replace({ start: span.end, end: span.end }, '"', 'Add the quote'),
  });

export const badEscape = (span: Span, escape: string): Diagnostic =>
  make('X0005', span, `'${shortName(escape)}' is not an escape`, {
    help: 'write \\", \\\\ or \\n',
  });

export const tooLarge = (what: string, note: string): Diagnostic =>
  make('X0006', { start: 0, end: 0 }, what, { notes: [note] });

export const tooDeep = (span: Span, max: number): Diagnostic =>
  make('X0006', span, `blocks are nested more than ${max} deep`, {
    help: 'move the inner part into a workload',
  });

export const tooManyOperators = (span: Span, max: number): Diagnostic =>
  make('X0006', span, `an expression has more than ${max} operators`, {
    help: 'split it with params',
  });

export const tooLongChain = (span: Span, max: number): Diagnostic =>
  make('X0006', span, `values refer to each other more than ${max} deep`, {
    help: 'give one of the params in between a fixed value',
  });

export const tornUnit = (span: Span, joined: string): Diagnostic =>
  make('X0102', span, 'space between the number and its unit', {
    help: `write ${joined}`,
    ...replace(span, joined, `Write ${joined}`),
  });

export const missingPart = (span: Span, message: string, help: string): Diagnostic =>
  make('X0007', span, message, { help });

/** `free p` where `p` is a pool. */
export const poolAsHandle = (span: Span, name: string, verb: string): Diagnostic =>
  make('X0007', span, `'${shortName(name)}' is a pool`, {
    help: `write '${verb} all ${shortName(name)}'`,
    ...replace({ start: span.start, end: span.start }, 'all ', "Insert 'all'"),
  });
