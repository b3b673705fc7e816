/**
 * Text that survives a mailing list: 7-bit ASCII, at most 72 columns, no trailing blanks, and no
 * line that a mail program, mbox tool, patch tool or commit editor would take for something else.
 */

/** Four levels of `> ` quoting fit into 80 columns. */
export const REPORT_WIDTH = 72;

const ASCII_FORMS: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c-\u201e\u2033]/g, '"'],
  [/\u2026/g, '...'],
  [/[\u00a0\u2000-\u200a\u202f\t]/g, ' '],
  [/\u00b1/g, '+-'],
  [/\u00d7/g, 'x'],
  [/\u00b5|\u03bc/g, 'u'],
  [/\u2192/g, '->'],
  [/\u2264/g, '<='],
  [/\u2265/g, '>='],
  [/\u00df/g, 'ss'],
];

/** The text in printable 7-bit ASCII on one line; accents are dropped, unknown signs become `?`. */
export function asciiLine(text: string): string {
  let out = text;
  for (const [pattern, form] of ASCII_FORMS) out = out.replace(pattern, form);
  out = out.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  return out
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Starts that end a message body, a commit message or a quote, or count as a trailer. */
export const FORBIDDEN_STARTS: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /^-- ?$/, why: 'starts a mail signature' },
  { pattern: /^---(?:\s|$)/, why: 'ends a commit message for git am' },
  { pattern: /^diff -/, why: 'starts a patch for git am' },
  { pattern: /^Index: /, why: 'starts a patch for git am' },
  { pattern: /^From /, why: 'is rewritten by mbox tools' },
  { pattern: /^>/, why: 'reads as a quote' },
  { pattern: /^#/, why: 'disappears in a commit-message editor' },
  { pattern: /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:/, why: 'reads as a trailer' },
  { pattern: /^(?:Link|Fixes|Closes|Cc|BugLink|Message-Id):/i, why: 'reads as a trailer' },
];

/** Why this line must not start a report line; undefined when it may. */
export const forbiddenStart = (line: string): string | undefined =>
  FORBIDDEN_STARTS.find(({ pattern }) => pattern.test(line))?.why;

/** Removes trailing blanks and moves a line off a forbidden start by one column. */
export function guardLine(line: string): string {
  const trimmed = line.trimEnd();
  return forbiddenStart(trimmed) === undefined ? trimmed : ` ${trimmed}`.slice(0, REPORT_WIDTH);
}

/** Breaks a word that is longer than a line into pieces. */
function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const out: string[] = [];
  for (let start = 0; start < word.length; start += width) {
    out.push(word.slice(start, start + width));
  }
  return out;
}

/** A number as reports write it, a range, `x23.5`; with what may stand before or behind it. */
const NUMBER_WORD = /^[(<>=~+x-]*\d[\d.,]*(?:e\d+)?(?:\.\.[x+-]?\d[\d.]*)?$/;
const UNIT_WORD =
  /^(?:[KMGT]iB|B|[num]?s|min|h|cpus?|nodes?|pages?|(?:[kMGTP])?cycles|thousand|(?:m|b|tr|quadr)illion|designs?|seeds?|runs?|[a-z]*\/(?:s|kinst))[.,;:)]*$/;
/** What a number belongs to that stands behind it: `seed 1`. */
const COUNTED_WORD = /^\(?(?:seed|model|line|lines|point|phase)$/;

/** Words, and a number with its unit as one: a line must not end between them. */
function unbreakable(text: string, width: number): readonly string[] {
  const out: string[] = [];
  for (const word of text.split(' ').filter((entry) => entry !== '')) {
    const before = out[out.length - 1];
    const last = before?.slice(before.lastIndexOf(' ') + 1) ?? '';
    const isPair =
      (NUMBER_WORD.test(last) && UNIT_WORD.test(word)) ||
      (COUNTED_WORD.test(last) && NUMBER_WORD.test(word.replace(/[.,;:)]+$/, '')));
    if (before !== undefined && isPair && before.length + 1 + word.length <= width) {
      out[out.length - 1] = `${before} ${word}`;
    } else out.push(word);
  }
  return out;
}

/**
 * Words of `text` in lines of at most `width` columns (at least 1), the first of at most
 * `firstWidth`; no line for no words. A number and its unit stay on one line.
 */
export function wrapWords(text: string, width: number, firstWidth = width): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const narrow = Math.min(width, firstWidth);
  for (const word of unbreakable(text, narrow).flatMap((entry) => pieces(entry, narrow))) {
    const room = lines.length === 0 ? firstWidth : width;
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/**
 * `lead` and the text behind it, wrapped to the report's width with a hanging indent. One column
 * stays free for guardLine.
 */
export function paragraph(lead: string, text: string, indent = lead.length): readonly string[] {
  const room = REPORT_WIDTH - 1;
  const lines = wrapWords(asciiLine(text), room - indent, room - lead.length);
  if (lines.length === 0) return [lead.trimEnd()];
  return lines.map((line, i) => (i === 0 ? lead : ' '.repeat(indent)) + line);
}

/** A rule: at least ten dashes, so that no tool takes it for a separator. */
export const rule = (width = REPORT_WIDTH): string => '-'.repeat(Math.max(10, width));

/** At most `width` characters, the cut marked with `..`. */
export const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`.slice(0, width);

/** Right-aligned in `width`, clipped. */
export const right = (text: string, width: number): string => clip(text, width).padStart(width);

/** Left-aligned in `width`, clipped so that one blank follows. */
export const left = (text: string, width: number): string =>
  clip(text, Math.max(0, width - 1)).padEnd(width);
