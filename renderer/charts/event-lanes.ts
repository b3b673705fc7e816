/** Places on the time axis of a chart, and ticks of events in lanes. */

export interface AxisPlace {
  readonly startNs: number;
  /** Half-open end. */
  readonly endNs: number;
  readonly widthPx: number;
}

/** Height of a lane with the gap to the next, pixels. */
export const LANE_PX = 11;

const TICK_PX = 7;

/** Pixels from the start of the axis at which something happened, ascending, each once. */
export function placesOf(timesNs: readonly number[], axis: AxisPlace): readonly number[] {
  const { startNs, endNs, widthPx } = axis;
  const seen = new Set<number>();
  for (const timeNs of timesNs) {
    if (timeNs < startNs || timeNs > endNs) continue;
    seen.add(Math.round(((timeNs - startNs) / Math.max(1, endNs - startNs)) * widthPx));
  }
  return [...seen].sort((a, b) => a - b);
}

/** Upright ticks of one lane, counted from the top. */
export const lanePath = (timesNs: readonly number[], axis: AxisPlace, lane: number): string =>
  placesOf(timesNs, axis)
    .map((x) => `M${x + 0.5} ${lane * LANE_PX + 2}v${TICK_PX}`)
    .join('');
