/**
 * What stands around the plot of a picture that is read without its window: title, subject and statistic above
 * it; under it the names that had no room beside their lines and bands, and the stamp. No text is cut: it goes on
 * in a next line, and the picture grows by that.
 */
import type { EChartsOption } from 'echarts';
import type { ChartLine, ChartModel } from './chart-model.js';
import { CHART_FONT, type ChartFormat, type ChartMargins } from './chart-format.js';
import type { ThemeColors } from './chart-palette.js';
import { timeScale, visiblePhases } from './chart-time.js';
import { wrapWords } from './mail-text.js';
import { phaseLabels } from './phase-labels.js';
import { shortName } from './short-name.js';

export interface ChartFrame {
  readonly margins: ChartMargins;
  readonly heightPx: number;
  /** Text over each visible phase. */
  readonly phaseTexts: readonly string[];
  /** Over the plot: one or two. */
  readonly phaseLineCount: number;
  readonly blocks: readonly TextBlock[];
}

interface TextBlock {
  readonly lines: readonly string[];
  readonly sizePx: number;
  readonly linePx: number;
  readonly bold?: true;
  /** Distance of its upper or lower edge from that of the picture. */
  readonly place: { readonly top: number } | { readonly bottom: number };
}

/** Line height of names over the plot. */
export const PHASE_LINE_PX = 15;

/** Mean width of a bold 13 px character in the widest of the usual fonts. */
const CHARACTER_PX = 8.7;
/** Longest name of a design beside its line, where a joined result says where it comes from. */
const NAME_LENGTH_MAX = 34;
const SIDE_PX = 18;
const TITLE_TOP_PX = 14;
/** From the end of the statistic to the plot: name of the axis, names of phases. */
const AXIS_NAME_PX = 52;
/** From the plot to what stands under the time axis. */
const TIME_AXIS_PX = 48;
const STAMP_BOTTOM_PX = 12;

/** Letter and name beside a line of the picture. */
export const lineLabel = ({ letter, name }: ChartLine): string =>
  `${letter} ${shortName(name, NAME_LENGTH_MAX)}`;

/** The texts around the plot and the room that they take. */
export function chartFrame(model: ChartModel, format: ChartFormat): ChartFrame {
  const longest = Math.max(...model.lines.map((line) => lineLabel(line).length));
  const left = 64;
  const right = Math.round(longest * CHARACTER_PX) + 24;
  const seconds = Math.max(1e-9, model.endSeconds - model.startSeconds);
  const scale = timeScale(model.endSeconds);
  const labels = phaseLabels(
    visiblePhases(model),
    (format.widthPx - left - right) / seconds,
    (at) => `${String(Number((at * scale.perSecond).toPrecision(6)))} ${scale.suffix}`,
  );
  const legend = [listed('phases', labels.legend), listed('designs', cutNames(model))];
  const wrapped = (texts: readonly string[], sizePx: number, emPerCharacter: number) => {
    const columns = Math.floor((format.widthPx - 2 * SIDE_PX) / (sizePx * emPerCharacter));
    return texts.flatMap((text) => wrapWords(text, columns));
  };
  const title = wrapped([model.title], 20, 0.66);
  const about = wrapped([model.subject, model.statistic], 13, 0.57);
  const notes = wrapped(legend, 12, 0.57);
  const stamp = wrapped([model.stamp], 12, 0.57);

  const aboutTop = TITLE_TOP_PX + 6 + 24 * title.length;
  const phaseLineCount = labels.texts.some((text) => text.includes('\n')) ? 2 : 1;
  const top = aboutTop + 18 * about.length + AXIS_NAME_PX + PHASE_LINE_PX * (phaseLineCount - 1);
  const notesBottom = STAMP_BOTTOM_PX + 16 * stamp.length + 6;
  const bottom = TIME_AXIS_PX + notesBottom + (notes.length === 0 ? -4 : 16 * notes.length + 4);
  const plotPx = format.heightPx - LEAST.top - LEAST.bottom;
  return {
    margins: { top, right, bottom, left },
    heightPx: plotPx + Math.max(LEAST.top, top) + Math.max(LEAST.bottom, bottom),
    phaseTexts: labels.texts,
    phaseLineCount,
    blocks: [
      { lines: title, sizePx: 20, linePx: 24, bold: true, place: { top: TITLE_TOP_PX } },
      { lines: about, sizePx: 13, linePx: 18, place: { top: aboutTop } },
      { lines: notes, sizePx: 12, linePx: 16, place: { bottom: notesBottom } },
      { lines: stamp, sizePx: 12, linePx: 16, place: { bottom: STAMP_BOTTOM_PX } },
    ],
  };
}

/** Margins of a picture whose every text has one line and whose names all have room. */
const LEAST = { top: 132, bottom: 78 };

const listed = (what: string, entries: readonly string[]): string =>
  entries.length === 0 ? '' : `${what}: ${entries.join('; ')}`;

/** Whole names of the designs that are cut beside their lines. */
const cutNames = ({ lines }: ChartModel): readonly string[] =>
  lines.flatMap((line) =>
    line.name.length > NAME_LENGTH_MAX ? `${line.letter} ${line.name}` : [],
  );

/** The blocks of text as titles of the chart library. */
export const frameTitles = (
  frame: ChartFrame,
  colors: ThemeColors,
): NonNullable<EChartsOption['title']> =>
  frame.blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ lines, sizePx, linePx, bold, place }) => ({
      text: lines.join('\n'),
      left: SIDE_PX,
      ...place,
      padding: 0,
      textStyle: {
        fontFamily: CHART_FONT,
        fontSize: sizePx,
        lineHeight: linePx,
        fontWeight: bold === true ? ('bold' as const) : ('normal' as const),
        color: bold === true ? colors.text : colors.faintText,
      },
    }));
