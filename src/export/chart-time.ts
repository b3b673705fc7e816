/** The time axis of a chart: its unit, round times at its ticks, and the phases along it. */
import type { EChartsOption } from 'echarts';
import { CHART_FONT } from './chart-format.js';
import type { ChartModel, ChartPhase } from './chart-model.js';
import type { ThemeColors } from './chart-palette.js';
import { plainNumber, roundStep } from './chart-scale.js';

interface TimeScale {
  readonly suffix: string;
  readonly perSecond: number;
}

/** The unit in which times of a run of this length are written. */
export const timeScale = (endSeconds: number): TimeScale =>
  endSeconds >= 2
    ? { suffix: 's', perSecond: 1 }
    : endSeconds >= 0.002
      ? { suffix: 'ms', perSecond: 1e3 }
      : { suffix: 'us', perSecond: 1e6 };

/** Phases cut to the visible span. */
export const visiblePhases = (model: ChartModel): readonly ChartPhase[] =>
  model.phases.flatMap((phase) => {
    const startSeconds = Math.max(phase.startSeconds, model.startSeconds);
    const endSeconds = Math.min(phase.endSeconds, model.endSeconds);
    return endSeconds > startSeconds ? [{ ...phase, startSeconds, endSeconds }] : [];
  });

export function timeAxis(
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
    nameTextStyle: { color: colors.text, fontFamily: CHART_FONT, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: colors.axis } },
    axisTick: { show: true, lineStyle: { color: colors.axis }, ...round },
    axisLabel: {
      ...round,
      color: colors.text,
      fontFamily: CHART_FONT,
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
