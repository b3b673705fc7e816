/**
 * The text as nested lines: a line is a statement, property or declaration with its tokens, the blocks
 * in it, the breaks that its author made, and its comments. Nothing of the text is lost but blanks.
 */
import type { IToken } from 'chevrotain';
import { filterNewlines } from '../newline-filter.js';
import type { Comment, Lexed } from '../parse.js';
import * as T from '../tokens.js';

export interface CommentLine {
  readonly text: string;
  /** An empty line stands before it. */
  readonly blankBefore: boolean;
}

export interface BlockPart {
  readonly kind: 'block';
  /** Offset of its `{`. */
  readonly start: number;
  readonly lines: readonly SourceLine[];
  /** Comment behind the `{` on its line. */
  readonly openComment?: string;
  /** Comments before the `}`. */
  readonly closing: readonly CommentLine[];
  /** Its author wrote it on several lines, or put a comment into it. */
  readonly tall: boolean;
}

export type LinePart =
  | { readonly kind: 'token'; readonly token: IToken }
  /** A comment inside a statement; a break follows. */
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'break' }
  | BlockPart;

export interface SourceLine {
  /** Comments above it. */
  readonly above: readonly CommentLine[];
  readonly blankBefore: boolean;
  readonly parts: readonly LinePart[];
  /** Comment behind it. */
  readonly trailing?: string;
  /** Offset of its first token. */
  readonly start: number;
}

export interface SourceFile {
  readonly lines: readonly SourceLine[];
  readonly closing: readonly CommentLine[];
}

type Item =
  | { readonly kind: 'token'; readonly at: number; readonly end: number; readonly token: IToken }
  | { readonly kind: 'comment'; readonly at: number; readonly end: number; readonly text: string };

/** Tokens and comments in the order of the text. */
function merge(tokens: readonly IToken[], comments: readonly Comment[]): Item[] {
  const items: Item[] = [
    ...tokens.map((token): Item => {
      const at = token.startOffset;
      return { kind: 'token', at, end: T.tokenEnd(token), token };
    }),
    ...comments.map(({ span, text }): Item => {
      return { kind: 'comment', at: span.start, end: span.end, text: text.trimEnd() };
    }),
  ];
  return items.sort((a, b) => a.at - b.at);
}

const typeOf = (item: Item | undefined): IToken['tokenType'] | undefined =>
  item?.kind === 'token' ? item.token.tokenType : undefined;

/** `branch a { ... } branch b { ... }`: branches may follow each other on one line. */
const startsBranch = (item: Item, { parts }: Draft): boolean =>
  item.kind === 'token' &&
  T.wordText(item.token.tokenType) === 'branch' &&
  parts.at(-1)?.kind === 'block';

/** Builds a line while its parts are read. */
interface Draft {
  readonly parts: LinePart[];
  trailing?: string;
}

class LineReader {
  private position = 0;
  private readonly items: readonly Item[];
  /** Offsets of the line ends and semicolons that end statements. */
  private readonly ends: ReadonlySet<number>;

  constructor(
    private readonly text: string,
    lexed: Lexed,
  ) {
    this.items = merge(lexed.tokens, lexed.comments);
    this.ends = new Set(
      filterNewlines(lexed.tokens)
        .filter((token) => token.tokenType === T.StatementEnd)
        .map((token) => token.startOffset),
    );
  }

  private get next(): Item | undefined {
    return this.items[this.position];
  }

  /** Is there an empty line between the item before and this one? */
  private blankBefore(): boolean {
    const item = this.next;
    const before = this.position === 0 ? 0 : this.previousEnd();
    const gap = this.text.slice(before, item?.at ?? this.text.length);
    return (gap.match(/\r\n|\n|\r/g)?.length ?? 0) > 1;
  }

  /** End of the last item that is not a line end. */
  private previousEnd(): number {
    for (let index = this.position - 1; index >= 0; index -= 1) {
      const item = this.items[index];
      if (item !== undefined && typeOf(item) !== T.LineEnd) return item.end;
    }
    return 0;
  }

  /** Does the item stand on the line on which the one before it ends? */
  private onSameLine(): boolean {
    const gap = this.text.slice(this.previousEnd(), this.next?.at ?? this.text.length);
    return this.position > 0 && !/[\r\n]/.test(gap);
  }

  /** Lines up to a `}` that is not theirs, or the end of the text. */
  readLines(): { lines: SourceLine[]; closing: readonly CommentLine[]; openComment?: string } {
    const lines: SourceLine[] = [];
    let above: CommentLine[] = [];
    let openComment: string | undefined;
    for (let item = this.next; item !== undefined; item = this.next) {
      const type = typeOf(item);
      if (type === T.RightBrace) break;
      if (type === T.LineEnd || type === T.Semicolon) this.position += 1;
      else if (item.kind === 'comment') {
        const blankBefore = this.blankBefore();
        const last = lines.at(-1);
        const behind = this.onSameLine() && above.length === 0;
        this.position += 1;
        if (!behind) above.push({ text: item.text, blankBefore });
        else if (last === undefined) openComment = joinComments(openComment, item.text);
        else
          lines[lines.length - 1] = { ...last, trailing: joinComments(last.trailing, item.text) };
      } else {
        lines.push(this.readLine(above));
        above = [];
      }
    }
    return { lines, closing: above, ...(openComment === undefined ? {} : { openComment }) };
  }

  private readLine(above: readonly CommentLine[]): SourceLine {
    const blankBefore = this.blankBefore();
    const start = this.next?.at ?? 0;
    const draft: Draft = { parts: [] };
    for (let item = this.next; item !== undefined; item = this.next) {
      if (typeOf(item) === T.RightBrace || startsBranch(item, draft)) break;
      if (this.ends.has(item.at) && item.kind === 'token') {
        this.position += 1;
        break;
      }
      this.readPart(item, draft);
    }
    while (draft.parts.at(-1)?.kind === 'break') draft.parts.pop();
    return { above, blankBefore, start, ...draft };
  }

  private readPart(item: Item, draft: Draft): void {
    const { parts } = draft;
    if (item.kind === 'comment') {
      this.position += 1;
      const after = this.items.slice(this.position).find((entry) => entry.kind === 'token');
      if (after === undefined || this.ends.has(after.at) || typeOf(after) === T.RightBrace) {
        draft.trailing = joinComments(draft.trailing, item.text);
      } else parts.push({ kind: 'comment', text: item.text });
    } else if (typeOf(item) === T.LineEnd) {
      this.position += 1;
      const last = parts.at(-1)?.kind;
      if (last !== 'break' && typeOf(this.next) !== T.Words.else) parts.push({ kind: 'break' });
    } else if (typeOf(item) === T.LeftBrace) parts.push(this.readBlock(item.at));
    else {
      this.position += 1;
      parts.push({ kind: 'token', token: item.token });
    }
  }

  private readBlock(start: number): BlockPart {
    this.position += 1;
    const inner = this.readLines();
    const end = this.next?.at ?? this.text.length;
    this.position += 1;
    const tall = /[\r\n#]/.test(withoutTexts(this.text.slice(start, end)));
    return { kind: 'block', start, ...inner, tall };
  }
}

/** A text in quotes may hold a `#`. */
const withoutTexts = (text: string): string => text.replace(/"(?:[^"\\\r\n]|\\[^\r\n])*"/g, '');

const joinComments = (first: string | undefined, second: string): string =>
  first === undefined ? second : `${first} ${second}`;

export function sourceLines(text: string, lexed: Lexed): SourceFile {
  const { lines, closing } = new LineReader(text, lexed).readLines();
  return { lines, closing };
}
