/** What is written over the plot of a chart, in one or two lines of text: names of phases, of marks and of pins. */
import type { ChartModel } from '../../src/export/chart-model.js';
import { hasTwoLines, labelWidthPx, spanLabels } from './span-labels.js';
import type { Labels } from './span-labels.js';

/** Height of a line of text, pixels. */
export const NAME_LINE_PX = 15;

export interface AxisNote {
  readonly name: string;
  readonly timeNs: number;
  readonly kind: 'mark' | 'pin';
}

export type PlacedNote = AxisNote & {
  /** Of its line, from the start of the axis. */
  readonly atPx: number;
};

export interface OverPlot extends Labels<PlacedNote> {
  /** All in view, also those whose text has no room. */
  readonly lines: readonly PlacedNote[];
  readonly isTwoLines: boolean;
}

const SECOND_NS = 1e9;

/** What stands over the span in view; that a phase is not counted is said where its band has room for it. */
export function textsOverPlot(
  model: Pick<ChartModel, 'phases' | 'startSeconds' | 'endSeconds'>,
  widthPx: number,
  marked: readonly AxisNote[] = [],
): OverPlot {
  const { phases, startSeconds, endSeconds } = model;
  const px = widthPx / Math.max(1e-9, endSeconds - startSeconds);
  const spans = phases.flatMap((phase) => {
    const startPx = (Math.max(phase.startSeconds, startSeconds) - startSeconds) * px;
    const endPx = (Math.min(phase.endSeconds, endSeconds) - startSeconds) * px;
    if (endPx <= startPx) return [];
    const long = `${phase.name} (not counted)`;
    const isLong = phase.discard && labelWidthPx(long) <= endPx - startPx;
    return [{ name: isLong ? long : phase.name, startPx, endPx }];
  });
  const lines = marked.flatMap((note): PlacedNote[] => {
    const seconds = note.timeNs / SECOND_NS;
    if (seconds < startSeconds || seconds > endSeconds) return [];
    return [{ ...note, atPx: (seconds - startSeconds) * px }];
  });
  const labels = spanLabels(spans, widthPx, { align: 'middle', notes: lines });
  const isTwoLines = hasTwoLines(labels.names) || hasTwoLines(labels.notes);
  return { ...labels, lines, isTwoLines };
}
