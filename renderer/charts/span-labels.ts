/**
 * Names of bands on a bar, in two lines of text where one does not hold them: a name that is longer than its
 * band goes to the line beneath and may stand under the next bands; notes go where names leave room. Texts never
 * lie over each other.
 */

export interface NamedSpan {
  readonly name: string;
  readonly startPx: number;
  /** Half-open end. */
  readonly endPx: number;
}

export interface SpanLabel {
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

/**
 * The names that have room, in order of their bands; a band so narrow that both lines are taken has none. A name
 * that its band holds starts with the band or stands in its middle. Notes stand at their place in what is left.
 */
export function spanLabels<Note extends { readonly name: string; readonly atPx: number }>(
  spans: readonly NamedSpan[],
  widthPx: number,
  more: { readonly align?: 'start' | 'middle'; readonly notes?: readonly Note[] } = {},
): Labels<Note> {
  const lines = new LabelLines(widthPx);
  const names = spans.flatMap(({ name, startPx, endPx }) => {
    const room = endPx - startPx - labelWidthPx(name);
    if (room < 0) return lines.place(name, startPx, [1, 0]) ?? [];
    const wantedPx = more.align === 'middle' ? startPx + room / 2 : startPx;
    return lines.place(name, wantedPx, [0, 1]) ?? [];
  });
  const notes = (more.notes ?? []).flatMap((note) => {
    // Behind its place or before it: a second line of text costs height.
    const placesPx = [note.atPx, note.atPx - labelWidthPx(note.name)];
    for (const line of [0, 1] as const) {
      for (const leftPx of placesPx) {
        const label = lines.place(note.name, leftPx, [line]);
        if (label !== null) return { ...label, note };
      }
    }
    return [];
  });
  return { names, notes };
}
