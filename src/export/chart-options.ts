/**
 * Options of the chart library for a time chart: the same for the window, SVG and PNG. A pure
 * function of the model; sizes are CSS pixels.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { formatNumber } from '../analysis/quantity-text.js';
import type { ChartLine, ChartModel, ChartPhase, ChartPoint } from './chart-model.js';
import { roundStep, spreadLabels, valueScale, type ValueScale } from './chart-scale.js';
import {
  designStyle,
  THEME_COLORS,
  type ChartTheme,
  type DesignStyle,
  type ThemeColors,
} from './chart-palette.js';

export interface ChartFormat {
  readonly theme: ChartTheme;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Title, subtitle and stamp inside the picture; the window shows them itself. */
  readonly framed: boolean;
  /** Scale of the value axis, where several charts share one. */
  readonly scale?: ValueScale;
  /** Margins, where several charts share one time axis. */
  readonly margins?: ChartMargins;
  /** False where the names of phases are written over the picture: the window has two lines for them. */
  readonly phaseNames?: boolean;
}

export const EXPORT_FORMAT: ChartFormat = {
  theme: 'light',
  widthPx: 960,
  heightPx: 540,
  framed: true,
};

/** Grid margins in pixels. */
export interface ChartMargins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const FONT = 'sans-serif';
/** Mean width of a bold 13 px character in the widest of the usual fonts. */
const CHARACTER_PX = 8.7;
/**
 * Longest name of a design beside its line: in a picture, where a joined result says where it comes from,
 * and in the window, where a chart has less room.
 */
const PICTURE_NAME_LENGTH_MAX = 34;
const WINDOW_NAME_LENGTH_MAX = 22;
/** Shortest rest of a phase's name that still tells which one it is. */
const PHASE_NAME_LENGTH_MIN = 6;
const PHASE_CHARACTER_PX = 6.8;
/** What a shortened name keeps beside where its result comes from, with the sign that it is cut. */
const SHORT_NAME_LENGTH_MIN = 7;
const MARKERS_PER_LINE = 5;
const LABEL_GAP_PX = 18;
/** Plots lower than this have no room for the word beside the lines: the axis says which way is better. */
const BETTER_NAME_PX_MIN = 90;
/** Room that a number of the value axis takes with the space around it. */
const TICK_LABEL_PX = 16;

const labelText = ({ letter, name }: ChartLine, framed: boolean): string =>
  `${letter} ${shortName(name, framed ? PICTURE_NAME_LENGTH_MAX : WINDOW_NAME_LENGTH_MAX)}`;

/** At most `max` characters; what tells two results apart, at the end, stays. */
export function shortName(name: string, max: number): string {
  if (name.length <= max) return name;
  const origin = / \[[^\]]*\]$/.exec(name)?.[0] ?? '';
  const tail = origin.length + SHORT_NAME_LENGTH_MIN <= max ? origin : '';
  return `${name.slice(0, max - 2 - tail.length)}..${tail}`;
}

/** The longest form of a phase's name that fits the room; empty when none does. */
export function phaseText(phase: Pick<ChartPhase, 'name' | 'discard'>, roomPx: number): string {
  const { name, discard } = phase;
  const room = Math.floor(roomPx / PHASE_CHARACTER_PX);
  const forms = [...(discard ? [`${name} (not counted)`] : []), name];
  const whole = forms.find((form) => form.length <= room);
  if (whole !== undefined) return whole;
  return room < PHASE_NAME_LENGTH_MIN ? '' : `${name.slice(0, room - 2)}..`;
}

/** Room for the line labels on the right and for title and stamp in exports. */
export function chartMargins(
  model: Pick<ChartModel, 'lines'>,
  format: Pick<ChartFormat, 'framed'>,
): ChartMargins {
  const longest = Math.max(...model.lines.map((line) => labelText(line, format.framed).length));
  return {
    top: format.framed ? 132 : 24,
    right: Math.round(longest * CHARACTER_PX) + 24,
    bottom: format.framed ? 78 : 26,
    left: 64,
  };
}

export function chartOptions(model: ChartModel, format: ChartFormat): EChartsOption {
  const colors = THEME_COLORS[format.theme];
  const margins = format.margins ?? chartMargins(model, format);
  const plotWidthPx = format.widthPx - margins.left - margins.right;
  const scale = format.scale ?? valueScale(model);
  const labelsPx = labelHeights(model, { scale, margins, heightPx: format.heightPx });
  return {
    animation: false,
    backgroundColor: colors.background,
    textStyle: { fontFamily: FONT, fontSize: 13, color: colors.text },
    ...(format.framed ? { title: frameTexts(model, format, colors) } : {}),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: timeAxis(model, colors, format.framed),
    yAxis: valueAxis(model, scale, {
      colors,
      named: format.framed,
      plotHeightPx: format.heightPx - margins.top - margins.bottom,
    }),
    series: [
      phaseSeries(model, { colors, plotWidthPx, named: format.phaseNames !== false }),
      ...betterHalf(model, scale, {
        colors,
        named: format.heightPx - margins.top - margins.bottom >= BETTER_NAME_PX_MIN,
      }),
      ...model.lines.flatMap((line, i) =>
        lineSeries(line, model, { format, labelPx: labelsPx[i] ?? margins.top }),
      ),
    ],
  };
}

/**
 * Heights of the line labels: beside the line's end or beside the given values, pushed apart, inside
 * the plot.
 */
export function labelHeights(
  model: ChartModel,
  plot: {
    readonly scale: ValueScale;
    readonly margins: ChartMargins;
    readonly heightPx: number;
    readonly values?: readonly (number | null)[];
  },
): readonly number[] {
  const { scale, margins, heightPx, values } = plot;
  // The last line of text above the axis, whose name stands at its end.
  const bottomPx = heightPx - margins.bottom - LABEL_GAP_PX;
  const axisPx = heightPx - margins.bottom;
  const wantedPx = model.lines.map((line, i) => {
    const end = line.points.findLast(([, value]) => value !== null)?.[1];
    const last = values?.[i] ?? end ?? scale.min;
    const share = (last - scale.min) / (scale.max - scale.min);
    return axisPx - share * (axisPx - margins.top);
  });
  return spreadLabels(wantedPx, { topPx: margins.top, bottomPx, gapPx: LABEL_GAP_PX });
}

function frameTexts(
  model: ChartModel,
  format: ChartFormat,
  colors: ThemeColors,
): NonNullable<EChartsOption['title']> {
  const fit = (text: string, size: number): string => {
    const most = Math.floor((format.widthPx - 40) / (size * 0.54));
    return text.length <= most ? text : `${text.slice(0, most - 2)}..`;
  };
  return [
    {
      text: fit(model.title, 20),
      left: 18,
      top: 14,
      padding: 0,
      textStyle: { fontFamily: FONT, fontSize: 20, fontWeight: 'bold', color: colors.text },
    },
    {
      text: [model.subject, model.statistic].map((text) => fit(text, 13)).join('\n'),
      left: 18,
      top: 44,
      padding: 0,
      textStyle: {
        fontFamily: FONT,
        fontSize: 13,
        lineHeight: 18,
        fontWeight: 'normal',
        color: colors.faintText,
      },
    },
    {
      text: fit(model.stamp, 12),
      left: 18,
      bottom: 12,
      padding: 0,
      textStyle: { fontFamily: FONT, fontSize: 12, fontWeight: 'normal', color: colors.faintText },
    },
  ];
}

interface TimeScale {
  readonly suffix: string;
  readonly perSecond: number;
}

const timeScale = (endSeconds: number): TimeScale =>
  endSeconds >= 2
    ? { suffix: 's', perSecond: 1 }
    : endSeconds >= 0.002
      ? { suffix: 'ms', perSecond: 1e3 }
      : { suffix: 'us', perSecond: 1e6 };

function timeAxis(
  model: ChartModel,
  colors: ThemeColors,
  framed: boolean,
): NonNullable<EChartsOption['xAxis']> {
  const scale = timeScale(model.endSeconds);
  const interval = roundStep(model.endSeconds - model.startSeconds);
  const round = roundTimes(model, interval);
  const place = framed
    ? { name: `simulated time, ${scale.suffix}`, nameLocation: 'middle' as const, nameGap: 30 }
    : { name: `time, ${scale.suffix}`, nameLocation: 'end' as const, nameGap: 8 };
  return {
    type: 'value',
    min: model.startSeconds,
    max: model.endSeconds,
    interval,
    ...place,
    nameTextStyle: { color: colors.text, fontFamily: FONT, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: colors.axis } },
    axisTick: { show: true, lineStyle: { color: colors.axis }, ...round },
    axisLabel: {
      ...round,
      color: colors.text,
      fontFamily: FONT,
      fontSize: 12,
      showMinLabel: model.startSeconds === 0,
      // Beside the last line of the window's axis stands its name.
      showMaxLabel: framed && isRound(model.endSeconds / interval),
      formatter: (value: number) => plainNumber(value * scale.perSecond),
    },
    splitLine: { show: false },
  };
}

/** Places of ticks at round times where the axis starts between them; the library counts from its start. */
function roundTimes(model: ChartModel, interval: number): { customValues?: number[] } {
  const { startSeconds, endSeconds } = model;
  if (isRound(startSeconds / interval)) return {};
  const first = Math.ceil(startSeconds / interval);
  const count = Math.floor(endSeconds / interval) - first + 1;
  return { customValues: Array.from({ length: count }, (_, i) => (first + i) * interval) };
}

const isRound = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;

/** Quantity, unit, better direction; and that the axis is cut where it is. */
export const valueAxisName = (model: ChartModel, scale: ValueScale): string =>
  `${model.axisName}${scale.min > 0 ? ', axis not from 0' : ''}`;

function valueAxis(
  model: ChartModel,
  scale: ValueScale,
  look: {
    readonly colors: ThemeColors;
    readonly named: boolean;
    readonly plotHeightPx: number;
  },
): NonNullable<EChartsOption['yAxis']> {
  const { colors, named } = look;
  const tickCount = Math.round((scale.max - scale.min) / scale.interval);
  /** In a low plot every second number is enough, counted from zero where zero is on the axis. */
  const isCrowded = tickCount * TICK_LABEL_PX > look.plotHeightPx;
  const isLeftOut = (value: number): boolean =>
    isCrowded && Math.abs(Math.round(value / scale.interval)) % 2 === 1;
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    interval: scale.interval,
    ...(named ? { name: valueAxisName(model, scale) } : {}),
    nameLocation: 'end',
    nameGap: 24,
    nameTextStyle: {
      color: colors.text,
      fontFamily: FONT,
      fontSize: 13,
      align: 'left',
      padding: [0, 0, 0, -46],
    },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: colors.text,
      fontFamily: FONT,
      fontSize: 12,
      formatter: (value: number) => (isLeftOut(value) ? '' : plainNumber(value)),
    },
    splitLine: { lineStyle: { color: colors.grid } },
  };
}

const plainNumber = (value: number): string =>
  Math.abs(value) >= 1000 ? formatNumber(Math.round(value)) : String(Number(value.toPrecision(6)));

/** Bands for phases with their names above, cut where they do not fit. */
function phaseSeries(
  model: ChartModel,
  look: { readonly colors: ThemeColors; readonly plotWidthPx: number; readonly named: boolean },
): LineSeriesOption {
  const { colors, plotWidthPx, named } = look;
  const spanSeconds = model.endSeconds - model.startSeconds;
  const text = (phase: ChartPhase): string => {
    const share = (phase.endSeconds - phase.startSeconds) / spanSeconds;
    return phaseText(phase, share * plotWidthPx - 6);
  };
  return {
    type: 'line',
    silent: true,
    data: [],
    markArea: {
      silent: true,
      label: {
        show: named,
        position: 'top',
        color: colors.faintText,
        fontFamily: FONT,
        fontSize: 12,
        // Above the markers of a line at the upper end of the axis.
        distance: 8,
      },
      data: visiblePhases(model).map((phase, i) => [
        {
          name: text(phase),
          xAxis: phase.startSeconds,
          itemStyle: {
            color: phase.discard ? colors.discard : i % 2 === 0 ? colors.phase : colors.background,
          },
        },
        { xAxis: phase.endSeconds },
      ]),
    },
  };
}

/** In a chart of differences: a tint over the half that is better than the baseline, and the word. */
function betterHalf(
  model: ChartModel,
  scale: ValueScale,
  look: { readonly colors: ThemeColors; readonly named: boolean },
): readonly LineSeriesOption[] {
  const { colors, named } = look;
  const better = model.difference?.better ?? '-';
  const edge = better === 'low' ? scale.min : scale.max;
  if (better === '-' || edge === 0) return [];
  const label = {
    show: named,
    position: better === 'low' ? ('insideBottomLeft' as const) : ('insideTopLeft' as const),
    color: colors.faintText,
    fontFamily: FONT,
    fontSize: 12,
    distance: better === 'low' ? 5 : 22,
  };
  const area = { name: 'better than A', yAxis: 0, itemStyle: { color: colors.better } };
  return [
    {
      type: 'line',
      silent: true,
      data: [],
      markArea: { silent: true, label, data: [[area, { yAxis: edge }]] },
    },
  ];
}

/** Phases cut to the visible span. */
const visiblePhases = (model: ChartModel): readonly ChartPhase[] =>
  model.phases.flatMap((phase) => {
    const startSeconds = Math.max(phase.startSeconds, model.startSeconds);
    const endSeconds = Math.min(phase.endSeconds, model.endSeconds);
    return endSeconds > startSeconds ? [{ ...phase, startSeconds, endSeconds }] : [];
  });

const mutable = (points: readonly ChartPoint[]): [number, number | null][] =>
  points.map(([time, value]) => [time, value]);

function lineSeries(
  line: ChartLine,
  model: ChartModel,
  look: { readonly format: ChartFormat; readonly labelPx: number },
): readonly LineSeriesOption[] {
  const style = designStyle(line.style, look.format.theme);
  const main: LineSeriesOption = {
    type: 'line',
    name: `${line.letter} ${line.name}`,
    data: mutable(line.points),
    lineStyle: { color: style.color, width: 2.25, type: dashOf(style) },
    itemStyle: { color: style.color },
    symbolSize: 9,
    showSymbol: true,
    showAllSymbol: true,
    symbol: markerAt(line, style, model),
    z: 10 - Math.min(line.style, 6),
    endLabel: {
      show: look.format.framed,
      formatter: labelText(line, look.format.framed),
      color: style.color,
      fontFamily: FONT,
      fontSize: 13,
      fontWeight: 'bold',
      distance: 8,
    },
    ...(look.format.framed
      ? { labelLayout: () => ({ y: look.labelPx, verticalAlign: 'middle' as const }) }
      : {}),
    emphasis: { disabled: true },
  };
  return line.band === undefined ? [main] : [...bandSeries(line, style), main];
}

const dashOf = (style: DesignStyle): 'solid' | number[] =>
  style.dash === 'solid' ? 'solid' : [...style.dash];

/** Markers at even times, shifted from design to design so that they do not cover each other. */
function markerAt(
  line: ChartLine,
  style: DesignStyle,
  model: ChartModel,
): (value: unknown, params: { readonly dataIndex?: number }) => string {
  const step = (model.endSeconds - model.startSeconds) / MARKERS_PER_LINE;
  const shift = (line.style + 0.5) / Math.max(1, ...model.lines.map((other) => other.style + 1));
  const marked = new Set<number>();
  let next = model.startSeconds + shift * step;
  line.points.forEach(([time], i) => {
    if (time < next) return;
    marked.add(i);
    while (next <= time) next += step;
  });
  return (_value, params) => (marked.has(params.dataIndex ?? -1) ? style.marker : 'none');
}

/**
 * Over the areas of phases, which the library draws at 1: at the same height they would cover the band with
 * every drawing after the first.
 */
const BAND_Z = 2;

/** The band as a transparent lower line with the width of the band stacked on it. */
function bandSeries(line: ChartLine, style: DesignStyle): readonly LineSeriesOption[] {
  const { band } = line;
  if (band === undefined) return [];
  const stack = `band ${line.letter}`;
  const invisible = { width: 0, opacity: 0 };
  const widths = band.high.map(([time, high], i): [number, number | null] => {
    const low = band.low[i]?.[1] ?? null;
    return [time, high === null || low === null ? null : high - low];
  });
  const common: LineSeriesOption = {
    type: 'line',
    stack,
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: invisible,
    z: BAND_Z,
  };
  return [
    { ...common, data: mutable(band.low) },
    { ...common, data: widths, areaStyle: { color: style.color, opacity: 0.13 } },
  ];
}
