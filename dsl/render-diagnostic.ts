/**
 * Diagnostics as text: one line that says what is wrong, the source with a caret, related places,
 * notes, help. At most 72 columns apart from the path and the source line itself, which is cut around
 * the caret. Columns count characters as a terminal shows them: tabs are shown as one blank, wide
 * characters take two columns, combining marks none.
 */
import type { Diagnostic, Span } from '../src/contract/diagnostic.js';
import { LineIndex } from './source-map.js';

export const RENDER_WIDTH = 72;

export interface RenderInput {
  readonly diagnostic: Diagnostic;
  /** Name of the scenario as the user gave it. */
  readonly file: string;
  readonly text: string;
  /** Texts of other sources, by `diagnostic.source`. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Lines of texts that several diagnostics point into; filled as needed. */
  readonly lineIndexes?: Map<string, LineIndex>;
}

interface Mark {
  readonly line: number;
  /** Display columns from 0, half-open. */
  readonly start: number;
  readonly end: number;
  readonly sign: '^' | '-';
  readonly label: string;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
const NO_WIDTH = /[\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/u;

/** Columns that a character takes on a terminal. */
const charWidth = (char: string): number => (NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

const textWidth = (text: string): number => {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
};

/** A character as it is printed: control characters and lone surrogates as one sign. */
const shownChar = (char: string): string => {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\t') return ' ';
  if (NO_WIDTH.test(char) && code > 0x36f) return '';
  return code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code <= 0xdfff)
    ? '?'
    : char;
};

const shownText = (text: string): string => Array.from(text, shownChar).join('');

/** Breaks a text at blanks so that no line exceeds `width` columns. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Without a line break at the end. */
export function renderDiagnostic(input: RenderInput): string {
  const { diagnostic } = input;
  const { severity, code, message, span, source } = diagnostic;
  const head = wrapText(`${severity}[${code}]: ${shownText(message)}`, RENDER_WIDTH);
  const text = source === undefined ? input.text : input.sources?.[source];
  if (span === undefined || text === undefined) {
    return [...head, ...footer(diagnostic, ' ')].join('\n');
  }
  const lines = input.lineIndexes?.get(text) ?? new LineIndex(text);
  input.lineIndexes?.set(text, lines);
  const marks = marksOf(diagnostic, span, lines);
  const numbers = [...new Set(marks.map((mark) => mark.line))].sort((a, b) => a - b);
  const gutter = ' '.repeat(String(numbers.at(-1) ?? 1).length);
  const at = lines.position(span.start);
  const column = textWidth(lines.lineText(at.line).slice(0, at.column - 1)) + 1;
  const body = numbers.flatMap((line) =>
    sourceLines(
      line,
      marks.filter((mark) => mark.line === line),
      lines,
      gutter,
    ),
  );
  return [
    ...head,
    ` --> ${source ?? input.file}:${at.line}:${column}`,
    `${gutter} |`,
    ...body,
    ...footer(diagnostic, gutter),
  ].join('\n');
}

function marksOf(diagnostic: Diagnostic, span: Span, lines: LineIndex): readonly Mark[] {
  const related = (diagnostic.related ?? []).map(({ span: place, label }) =>
    markOf(place, '-', label, lines),
  );
  return [...related, markOf(span, '^', '', lines)];
}

/** A span that runs over several lines is marked to the end of its first. */
function markOf(span: Span, sign: Mark['sign'], label: string, lines: LineIndex): Mark {
  const { line, column } = lines.position(span.start);
  const text = lines.lineText(line);
  const from = Math.min(column - 1, text.length);
  const to = Math.min(text.length, Math.max(from, span.end - lines.startOf(line)));
  const start = textWidth(text.slice(0, from));
  const width = Math.max(1, textWidth(text.slice(from, to)));
  return { line, start, end: start + width, sign, label };
}

function sourceLines(
  line: number,
  marks: readonly Mark[],
  lines: LineIndex,
  gutter: string,
): readonly string[] {
  const room = RENDER_WIDTH - gutter.length - 3;
  const primary = marks.find((mark) => mark.sign === '^') ?? marks[0];
  const { text, offset } = cutLine(lines.lineText(line), primary?.start ?? 0, room);
  const below = marks.map((mark) => {
    const start = Math.max(0, mark.start - offset);
    const width = Math.max(1, Math.min(mark.end - offset, room) - start);
    const label = mark.label === '' ? '' : ` ${mark.label}`;
    return `${gutter} | ${' '.repeat(start)}${mark.sign.repeat(width)}${label}`;
  });
  const shown = `${String(line).padStart(gutter.length)} | ${text}`.trimEnd();
  return [shown, ...below];
}

/** The part of a line around a column that fits; `offset` is how many columns were cut off. */
function cutLine(
  text: string,
  column: number,
  room: number,
): { readonly text: string; readonly offset: number } {
  if (text.length <= room && textWidth(text) <= room) return { text: shownText(text), offset: 0 };
  const offset = column < room - 10 ? 0 : column - Math.floor(room / 3);
  let at = 0;
  let shown = '';
  let width = 0;
  for (const char of text) {
    const size = charWidth(char);
    if (at >= offset) {
      if (width + size > room) break;
      shown += shownChar(char);
      width += size;
    }
    at += size;
  }
  return { text: shown, offset };
}

function footer(diagnostic: Diagnostic, gutter: string): readonly string[] {
  const part = (name: string, text: string): readonly string[] => {
    const lead = `${gutter} = ${name}: `;
    const indent = ' '.repeat(lead.length);
    return wrapText(shownText(text), RENDER_WIDTH - lead.length).map(
      (line, index) => `${index === 0 ? lead : indent}${line}`,
    );
  };
  return [
    ...(diagnostic.notes ?? []).flatMap((note) => part('note', note)),
    ...(diagnostic.help === undefined ? [] : part('help', diagnostic.help)),
  ];
}

/** All diagnostics with a blank line between them. */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  at: Omit<RenderInput, 'diagnostic'>,
): string => {
  const lineIndexes = new Map<string, LineIndex>();
  return diagnostics
    .map((diagnostic) => renderDiagnostic({ lineIndexes, ...at, diagnostic }))
    .join('\n\n');
};
