/**
 * Options of the chart library for a time chart: the same for the window, SVG and PNG. A pure
 * function of the model; sizes are CSS pixels.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { CHART_FONT, type ChartFormat, type ChartMargins } from './chart-format.js';
import {
  chartFrame,
  frameTitles,
  lineLabel,
  PHASE_LINE_PX,
  type ChartFrame,
} from './chart-frame.js';
import type { ChartLine, ChartModel, ChartPoint } from './chart-model.js';
import { designStyle, THEME_COLORS, type DesignStyle, type ThemeColors } from './chart-palette.js';
import { plainNumber, spreadLabels, valueScale, type ValueScale } from './chart-scale.js';
import { timeAxis, visiblePhases } from './chart-time.js';

const MARKERS_PER_LINE = 5;
const LABEL_GAP_PX = 18;
/** Plots lower than this have no room for the word beside the lines: the axis says which way is better. */
const BETTER_NAME_PX_MIN = 90;
/** Room for the axes of a picture without texts around it. */
const BARE_MARGINS: ChartMargins = { top: 24, right: 24, bottom: 26, left: 64 };
/** From the plot to the name of the value axis, above one line of names of phases. */
const AXIS_NAME_GAP_PX = 26;
/** Room that a number of the value axis takes with the space around it. */
const TICK_LABEL_PX = 16;

export function chartOptions(model: ChartModel, format: ChartFormat): EChartsOption {
  const colors = THEME_COLORS[format.theme];
  const frame = format.framed ? chartFrame(model, format) : null;
  const margins = frame?.margins ?? format.margins ?? BARE_MARGINS;
  const heightPx = frame?.heightPx ?? format.heightPx;
  const plotHeightPx = heightPx - margins.top - margins.bottom;
  const scale = format.scale ?? valueScale(model);
  const labelsPx = labelHeights(model, { scale, margins, heightPx });
  return {
    animation: false,
    backgroundColor: colors.background,
    textStyle: { fontFamily: CHART_FONT, fontSize: 13, color: colors.text },
    ...(frame === null ? {} : { title: frameTitles(frame, colors) }),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: timeAxis(model, colors, format.framed),
    yAxis: valueAxis(model, scale, { colors, frame, plotHeightPx }),
    series: [
      phaseSeries(model, colors, frame),
      ...betterHalf(model, scale, { colors, named: plotHeightPx >= BETTER_NAME_PX_MIN }),
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

/** Quantity, unit, better direction; and that the axis is cut where it is. */
export const valueAxisName = (model: ChartModel, scale: ValueScale): string =>
  `${model.axisName}${scale.min > 0 ? ', axis not from 0' : ''}`;

function valueAxis(
  model: ChartModel,
  scale: ValueScale,
  look: {
    readonly colors: ThemeColors;
    readonly frame: ChartFrame | null;
    readonly plotHeightPx: number;
  },
): NonNullable<EChartsOption['yAxis']> {
  const { colors, frame } = look;
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
    ...(frame === null ? {} : { name: valueAxisName(model, scale) }),
    nameLocation: 'end',
    nameGap: AXIS_NAME_GAP_PX + PHASE_LINE_PX * ((frame?.phaseLineCount ?? 1) - 1),
    nameTextStyle: {
      color: colors.text,
      fontFamily: CHART_FONT,
      fontSize: 13,
      align: 'left',
      padding: [0, 0, 0, -46],
    },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: colors.text,
      fontFamily: CHART_FONT,
      fontSize: 12,
      formatter: (value: number) => (isLeftOut(value) ? '' : plainNumber(value)),
    },
    splitLine: { lineStyle: { color: colors.grid } },
  };
}

/** Bands for phases; in a framed picture with their names above. */
function phaseSeries(
  model: ChartModel,
  colors: ThemeColors,
  frame: ChartFrame | null,
): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    data: [],
    markArea: {
      silent: true,
      label: {
        show: frame !== null,
        position: 'top',
        color: colors.faintText,
        fontFamily: CHART_FONT,
        fontSize: 12,
        lineHeight: PHASE_LINE_PX,
        // Above the markers of a line at the upper end of the axis.
        distance: 8,
      },
      data: visiblePhases(model).map((phase, i) => [
        {
          name: frame?.phaseTexts[i] ?? '',
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
    fontFamily: CHART_FONT,
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
      formatter: lineLabel(line),
      color: style.color,
      fontFamily: CHART_FONT,
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
