/**
 * Names of bands on a bar, in two lines of text where one does not hold them: a name that is longer than its
 * band goes to the line beneath and may stand under the next bands; notes go where names leave room. What has no
 * room there has a short form, a number. Texts never lie over each other.
 */

export interface NamedSpan {
  readonly name: string;
  /** Stands for a name without room. */
  readonly short: string;
  readonly startPx: number;
  /** Half-open end. */
  readonly endPx: number;
}

export interface SpanLabel {
  /** What is written: a name or its short form. */
  readonly name: string;
  readonly leftPx: number;
  /** 0 the upper line of text, 1 the lower one. */
  readonly line: 0 | 1;
}

/** Mean width of a character of 13 px text in the widest of the usual fonts. */
const CHARACTER_PX = 8;
const PADDING_PX = 8;

/** True where some text stands in the second line. */
export const hasTwoLines = (labels: readonly SpanLabel[]): boolean =>
  labels.some(({ line }) => line === 1);

/** What a name takes on the bar, pixels. */
export const labelWidthPx = (name: string): number => name.length * CHARACTER_PX + PADDING_PX;

/** Two lines of text over a bar, and what of them is taken. */
class LabelLines {
  private readonly taken: [number, number][][] = [[], []];

  constructor(private readonly widthPx: number) {}

  /** Takes the first of the lines that is free there; null where none is. */
  place(name: string, wantedPx: number, order: readonly (0 | 1)[]): SpanLabel | null {
    const wide = labelWidthPx(name);
    if (wide > this.widthPx) return null;
    const leftPx = Math.max(0, Math.min(wantedPx, this.widthPx - wide));
    for (const line of order) {
      const own = this.taken[line] ?? [];
      if (own.some(([from, to]) => leftPx < to && leftPx + wide > from)) continue;
      own.push([leftPx, leftPx + wide]);
      return { name, leftPx, line };
    }
    return null;
  }
}

export interface Labels<Note> {
  readonly names: readonly SpanLabel[];
  /** The notes that have room. */
  readonly notes: readonly (SpanLabel & { readonly note: Note })[];
}

/** A moment with a name. */
export interface NamedMoment {
  readonly name: string;
  /** Stands for a name without room. */
  readonly short: string;
  readonly atPx: number;
}

/**
 * The names that have room, in order of their bands; where both lines are taken beside a narrow band stands its
 * short form, or none. A name that its band holds starts with the band or stands in its middle. Notes stand at their
 * place in what is left.
 */
export function spanLabels<Note extends NamedMoment>(
  spans: readonly NamedSpan[],
  widthPx: number,
  more: { readonly align?: 'start' | 'middle'; readonly notes?: readonly Note[] } = {},
): Labels<Note> {
  const lines = new LabelLines(widthPx);
  const roomPx = ({ name, startPx, endPx }: NamedSpan): number =>
    endPx - startPx - labelWidthPx(name);
  const placed = new Map<NamedSpan, SpanLabel | null>();
  // What stands within its band first: a long name beside it takes what is left.
  for (const span of spans.filter((one) => roomPx(one) >= 0)) {
    const wantedPx = span.startPx + (more.align === 'middle' ? roomPx(span) / 2 : 0);
    placed.set(span, lines.place(span.name, wantedPx, [0, 1]));
  }
  for (const span of spans.filter((one) => roomPx(one) < 0)) {
    const { name, short, startPx, endPx } = span;
    const middlePx = (startPx + endPx - labelWidthPx(short)) / 2;
    const label = lines.place(name, startPx, [1, 0]) ?? lines.place(short, middlePx, [0, 1]);
    placed.set(span, label);
  }
  const names = spans.flatMap((span) => placed.get(span) ?? []);
  const notes = (more.notes ?? []).flatMap((note) => {
    const label = beside(lines, note.name, note.atPx) ?? beside(lines, note.short, note.atPx);
    return label === null ? [] : { ...label, note };
  });
  return { names, notes };
}

/** Behind the place or before it; the upper line first, as a second line of text costs height. */
function beside(lines: LabelLines, text: string, atPx: number): SpanLabel | null {
  if (text === '') return null;
  for (const line of [0, 1] as const) {
    for (const leftPx of [atPx, atPx - labelWidthPx(text)]) {
      const label = lines.place(text, leftPx, [line]);
      if (label !== null) return label;
    }
  }
  return null;
}
