/**
 * What is written over the plot of a chart, in one or two lines of text: names of phases, of marks and of pins.
 * A phase without room for its name has the number of the key that jumps to it, a pin that of its flag.
 */
import type { ChartModel } from '../../src/export/chart-model.js';
import { hasTwoLines, labelWidthPx, spanLabels } from './span-labels.js';
import type { Labels } from './span-labels.js';
import { timeText } from './time-text.js';

/** Height of a line of text, pixels. */
export const NAME_LINE_PX = 15;

export interface AxisNote {
  readonly name: string;
  /** Stands for a name without room; empty for none. */
  readonly short: string;
  readonly timeNs: number;
  readonly kind: 'mark' | 'pin';
}

export type PlacedNote = AxisNote & {
  /** Of its line, from the start of the axis. */
  readonly atPx: number;
};

/** A phase as far as it is in view. */
export interface PhaseBand {
  /** All there is to say of it, for its tip. */
  readonly about: string;
  readonly startPx: number;
  readonly endPx: number;
}

export interface OverPlot extends Labels<PlacedNote> {
  readonly bands: readonly PhaseBand[];
  /** All in view, also those whose text has no room. */
  readonly lines: readonly PlacedNote[];
  /** Those of them whose number has no room above the plot either: it stands in the plot, where it covers none. */
  readonly flags: readonly PlacedNote[];
  readonly isTwoLines: boolean;
}

const SECOND_NS = 1e9;

/** Most phases that a digit key can jump to. */
const DIGIT_KEYS = 9;
/** Of a flag in the plot: apart from the next one by a pixel. */
const FLAG_PX = 17;

/** The whole of what a phase's name stands for: `warm-up (not counted), 0.00 s to 20.00 s, key 1`. */
export function phaseAbout(
  phase: {
    readonly name: string;
    readonly startNs: number;
    readonly endNs: number;
    readonly discard: boolean;
  },
  index: number,
  runEndNs: number,
): string {
  const { name, startNs, endNs, discard } = phase;
  const from = timeText(startNs, runEndNs);
  const to = timeText(endNs, runEndNs);
  const key = index < DIGIT_KEYS ? `, key ${index + 1}` : '';
  return `${name}${discard ? ' (not counted)' : ''}, ${from} to ${to}${key}`;
}

/** What stands over the span in view; that a phase is not counted is said where its band has room for it. */
export function textsOverPlot(
  model: Pick<ChartModel, 'phases' | 'startSeconds' | 'endSeconds'>,
  widthPx: number,
  marked: readonly AxisNote[] = [],
): OverPlot {
  const { phases, startSeconds, endSeconds } = model;
  const px = widthPx / Math.max(1e-9, endSeconds - startSeconds);
  const runEndNs = Math.max(0, ...phases.map((phase) => phase.endSeconds)) * SECOND_NS;
  const spans = phases.flatMap((phase, i) => {
    const startPx = (Math.max(phase.startSeconds, startSeconds) - startSeconds) * px;
    const endPx = (Math.min(phase.endSeconds, endSeconds) - startSeconds) * px;
    if (endPx <= startPx) return [];
    const long = `${phase.name} (not counted)`;
    const isLong = phase.discard && labelWidthPx(long) <= endPx - startPx;
    const [startNs, endNs] = [phase.startSeconds * SECOND_NS, phase.endSeconds * SECOND_NS];
    const about = phaseAbout({ ...phase, startNs, endNs }, i, runEndNs);
    const name = isLong ? long : phase.name;
    return [{ name, short: String(i + 1), startPx, endPx, about }];
  });
  const lines = marked.flatMap((note): PlacedNote[] => {
    const seconds = note.timeNs / SECOND_NS;
    if (seconds < startSeconds || seconds > endSeconds) return [];
    return [{ ...note, atPx: (seconds - startSeconds) * px }];
  });
  const labels = spanLabels(spans, widthPx, { align: 'middle', notes: lines });
  const isTwoLines = hasTwoLines(labels.names) || hasTwoLines(labels.notes);
  return { ...labels, bands: spans, lines, flags: flagsOf(lines, labels), isTwoLines };
}

/** Flags in the plot of the notes that have no text above it; where two would meet, the first stands. */
function flagsOf(
  lines: readonly PlacedNote[],
  { notes }: Labels<PlacedNote>,
): readonly PlacedNote[] {
  const named = new Set(notes.map(({ note }) => note));
  const flags: PlacedNote[] = [];
  for (const note of lines) {
    const before = flags[flags.length - 1]?.atPx ?? -FLAG_PX;
    const isFree = note.atPx - before >= FLAG_PX;
    if (note.short !== '' && !named.has(note) && isFree) flags.push(note);
  }
  return flags;
}
