/**
 * Prints nested lines: two spaces per level, one statement or property per line, keys of neighbouring
 * properties aligned, comments behind neighbouring lines too. A block that its author wrote on one
 * line stays there while it fits. Breaks inside a statement stay where they are; what follows one is
 * aligned behind the last open parenthesis, the colon of a list, or the first word. Printing what was
 * printed changes nothing.
 */
import type { IToken } from 'chevrotain';
import type { Declaration } from '../ast.js';
import * as T from '../tokens.js';
import { quantityParts } from '../values/units.js';
import type { LayoutFacts } from './layout-facts.js';
import type { BlockPart, CommentLine, LinePart, SourceFile, SourceLine } from './source-lines.js';
import { gapBetween, type Neighbour } from './spacing.js';

/** Widest line that holds a whole block. */
export const FORMAT_WIDTH = 72;

const INDENT = 2;

/** Page sizes stay as the kernel writes them. */
const PAGE_SIZES: ReadonlySet<string> = new Set(['4K', '2M', '1G']);

/** `8G` as `8GiB`; texts of other tokens as they are. */
export function tokenText(token: IToken): string {
  const { image } = token;
  if (token.tokenType !== T.Quantity || PAGE_SIZES.has(image)) return image;
  const { unit, torn } = quantityParts(image);
  return /^[KMGT]$/.test(unit) && !torn ? `${image}iB` : image;
}

/** Declarations that stand together; between others a blank line is put. */
const GROUPS: Readonly<Record<Declaration['kind'], number>> = {
  title: 0,
  question: 0,
  use: 1,
  import: 1,
  param: 2,
  sweep: 2,
  seeds: 2,
  machine: 3,
  allocator: 4,
  compare: 4,
  dist: 5,
  module: 6,
  pool: 7,
  workload: 8,
  phase: 9,
  probe: 10,
  expect: 11,
  warn: 11,
  limit: 11,
};

class Printer {
  private readonly out: string[] = [];
  /** Comments behind lines, by the index of the line. */
  private readonly trailing = new Map<number, string>();
  private line = '';

  constructor(private readonly facts: LayoutFacts) {}

  file(source: SourceFile): string {
    let group = 0;
    const widths = keyWidths(source.lines, this.facts);
    source.lines.forEach((line, index) => {
      const kind = this.facts.declarations.get(line.start);
      const own = kind === undefined ? 0 : GROUPS[kind];
      const apart = index > 0 && own !== group && !line.blankBefore;
      const blankAbove = line.above.some((comment) => comment.blankBefore);
      if (apart && !blankAbove) this.blank();
      group = own;
      this.sourceLine(line, 0, index === 0, widths[index] ?? 0);
    });
    this.comments(source.closing, 0, source.lines.length === 0);
    this.placeTrailing();
    return this.out.join('\n');
  }

  /** Puts the comments behind their lines; those of neighbouring lines stand in one column. */
  private placeTrailing(): void {
    const { out, trailing } = this;
    let column = 0;
    for (const [index, text] of trailing) {
      if (!trailing.has(index - 1)) {
        column = 0;
        for (let at = index; trailing.has(at); at += 1) {
          column = Math.max(column, (out[at]?.length ?? 0) + INDENT);
        }
      }
      out[index] = (out[index] ?? '').padEnd(column) + text;
    }
  }

  private blank(): void {
    if (this.out.length > 0 && this.out.at(-1) !== '') this.out.push('');
  }

  private endLine(): void {
    this.out.push(this.line.trimEnd());
    this.line = '';
  }

  private comments(list: readonly CommentLine[], indent: number, first: boolean): void {
    list.forEach(({ text, blankBefore }, index) => {
      if (blankBefore && !(first && index === 0)) this.blank();
      this.out.push(' '.repeat(indent) + text);
    });
  }

  private sourceLines(lines: readonly SourceLine[], indent: number): void {
    const widths = keyWidths(lines, this.facts);
    lines.forEach((line, index) => {
      this.sourceLine(line, indent, index === 0, widths[index] ?? 0);
    });
  }

  /** `keyWidth`: columns of the key, 0 when it is not aligned. */
  private sourceLine(line: SourceLine, indent: number, first: boolean, keyWidth: number): void {
    this.comments(line.above, indent, first);
    if (line.blankBefore && !(first && line.above.length === 0)) this.blank();
    this.line = ' '.repeat(indent);
    this.parts(line, indent, keyWidth);
    if (line.trailing !== undefined) this.trailing.set(this.out.length, line.trailing);
    this.endLine();
  }

  private parts({ parts, start }: SourceLine, indent: number, keyWidth: number): void {
    const keyEnd = keyWidth > 0 ? this.facts.keys.get(start) : undefined;
    const state = new LineState(indent, firstLength(parts), this.facts);
    parts.forEach((part, index) => {
      switch (part.kind) {
        case 'comment':
          if (this.line.trim() !== '') this.line += '  ';
          this.line += part.text;
          this.breakLine(state.continuation);
          return;
        case 'break':
          if (this.line.trim() !== '') this.breakLine(state.continuation);
          return;
        case 'block':
          this.block(part, parts.slice(index + 1), indent);
          state.after(part, this.line.length);
          return;
        case 'token': {
          const { token } = part;
          const fresh = this.line.trim() === '';
          const padded = keyEnd !== undefined && state.previousEnd === keyEnd;
          if (padded) {
            this.line = this.line.padEnd(indent + keyWidth + 1);
            state.valueColumn = this.line.length;
          } else if (!fresh) this.line += state.gap(token);
          this.line += tokenText(token);
          state.after(part, this.line.length);
        }
      }
    });
  }

  private breakLine(column: number): void {
    this.endLine();
    this.line = ' '.repeat(column);
  }

  private block(block: BlockPart, rest: readonly LinePart[], indent: number): void {
    if (this.line.trim() !== '') this.line += ' ';
    const flat = block.tall ? undefined : flatBlock(block, this.facts);
    const behind = flat === undefined ? undefined : flatParts(rest, this.facts);
    const fits =
      flat !== undefined &&
      (block.lines.length === 0 ||
        this.line.length + flat.length + (behind?.length ?? 0) <= FORMAT_WIDTH);
    if (fits) {
      this.line += flat;
      return;
    }
    const empty = block.lines.length === 0 && block.closing.length === 0;
    if (empty && block.openComment === undefined) {
      this.line += '{ }';
      return;
    }
    this.line += block.openComment === undefined ? '{' : `{  ${block.openComment}`;
    this.endLine();
    this.sourceLines(block.lines, indent + INDENT);
    this.comments(block.closing, indent + INDENT, block.lines.length === 0);
    this.line = `${' '.repeat(indent)}}`;
  }
}

const firstLength = (parts: readonly LinePart[]): number => {
  const [first] = parts;
  return first?.kind === 'token' ? tokenText(first.token).length : 0;
};

/** Where the printer stands inside a line. */
class LineState {
  valueColumn: number | undefined;
  previousEnd = -1;
  private previous: Neighbour | undefined;
  private readonly open: { column: number; workload: boolean }[] = [];
  private colonColumn: number | undefined;

  constructor(
    private readonly indent: number,
    private readonly first: number,
    private readonly facts: LayoutFacts,
  ) {}

  /** Column at which the line goes on after a break. */
  get continuation(): number {
    return (
      this.open.at(-1)?.column ??
      this.colonColumn ??
      this.valueColumn ??
      this.indent + (this.first === 0 ? INDENT : this.first + 1)
    );
  }

  gap(token: IToken): string {
    const inside = this.open.at(-1);
    const tightEqual = inside !== undefined && !inside.workload;
    const call = token.tokenType === T.LeftParen && this.facts.calls.has(this.previousEnd);
    return gapBetween(this.previous, { type: token.tokenType, call }, tightEqual);
  }

  after(part: Extract<LinePart, { kind: 'token' | 'block' }>, column: number): void {
    if (part.kind === 'block') {
      this.previous = { type: T.RightBrace, call: false };
      this.previousEnd = -1;
      return;
    }
    const { token } = part;
    const { tokenType } = token;
    if (tokenType === T.LeftParen) {
      const workload = this.facts.workloadArgs.has(T.tokenEnd(token));
      this.open.push({ column, workload });
    } else if (tokenType === T.RightParen) this.open.pop();
    else if (tokenType === T.Colon && this.open.length === 0) this.colonColumn = column + 1;
    this.previous = { type: tokenType, call: false };
    this.previousEnd = T.tokenEnd(token);
  }
}

/** Parts on one line; undefined when a comment, a break or a tall block stands in the way. */
function flatParts(parts: readonly LinePart[], facts: LayoutFacts): string | undefined {
  const state = new LineState(0, 0, facts);
  let text = '';
  for (const part of parts) {
    if (part.kind === 'comment' || part.kind === 'break') return undefined;
    if (part.kind === 'block') {
      const flat = part.tall ? undefined : flatBlock(part, facts);
      if (flat === undefined) return undefined;
      text += text === '' ? flat : ` ${flat}`;
    } else {
      text += text === '' ? '' : state.gap(part.token);
      text += tokenText(part.token);
    }
    state.after(part, text.length);
  }
  return text;
}

function flatBlock(block: BlockPart, facts: LayoutFacts): string | undefined {
  const lines: string[] = [];
  for (const line of block.lines) {
    const flat = flatParts(line.parts, facts);
    if (flat === undefined) return undefined;
    lines.push(flat);
  }
  return lines.length === 0 ? '{ }' : `{ ${lines.join('; ')} }`;
}

/** Widths of the keys of lines, common to neighbouring properties; 0 for other lines. */
function keyWidths(lines: readonly SourceLine[], facts: LayoutFacts): number[] {
  const widths = lines.map((line) => {
    const end = facts.keys.get(line.start);
    if (end === undefined) return 0;
    const key = line.parts.filter((part) => part.kind === 'token' && part.token.startOffset < end);
    return flatParts(key, facts)?.length ?? 0;
  });
  let start = 0;
  for (let index = 0; index <= lines.length; index += 1) {
    const line = lines[index];
    const goesOn =
      index > start &&
      line !== undefined &&
      widths[index] !== 0 &&
      !line.blankBefore &&
      line.above.length === 0 &&
      widths[start] !== 0;
    if (goesOn) continue;
    const most = Math.max(0, ...widths.slice(start, index));
    for (let at = start; at < index; at += 1) widths[at] = widths[at] === 0 ? 0 : most;
    start = index;
  }
  return widths;
}

export const printLines = (source: SourceFile, facts: LayoutFacts): string =>
  new Printer(facts).file(source);
