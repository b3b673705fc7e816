/** Values of drawn lines at a time. Lines are steps between samples when they are one run's own. */
import type { ChartLine, ChartModel } from '../../src/export/chart-model.js';
import { formatNumber } from '../../src/analysis/quantity-text.js';

/** Index of the last point at or before `seconds`, -1 before the first. O(log points). */
export function pointIndexAt(line: ChartLine, seconds: number): number {
  let low = 0;
  let high = line.points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((line.points[middle]?.[0] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Value in the unit of the axis; null outside the line. */
export function lineValueAt(line: ChartLine, seconds: number): number | null {
  const index = pointIndexAt(line, seconds);
  return line.points[Math.max(0, index)]?.[1] ?? null;
}

/** Time of the next point of any line in this direction, seconds. */
export function nextPointTime(model: ChartModel, seconds: number, step: 1 | -1): number {
  let best: number | null = null;
  for (const line of model.lines) {
    const at = pointIndexAt(line, seconds);
    const exact = line.points[at]?.[0] === seconds;
    const index = step > 0 ? at + 1 : exact ? at - 1 : at;
    const time = line.points[index]?.[0];
    if (time === undefined || time === seconds) continue;
    if (best === null || (step > 0 ? time < best : time > best)) best = time;
  }
  return best ?? (step > 0 ? model.endSeconds : model.startSeconds);
}

/** `A 1.84, B 1.43 itlb walks/kinst`: what a screen reader says of a moment. */
export function momentText(model: ChartModel, seconds: number): string {
  const values = model.lines.map((line) => {
    const value = lineValueAt(line, seconds);
    return `${line.letter} ${value === null ? 'none' : formatNumber(value)}`;
  });
  const phase = model.phases.find(
    ({ startSeconds, endSeconds }) => seconds >= startSeconds && seconds < endSeconds,
  );
  const where = phase === undefined ? '' : `, phase ${phase.name}`;
  return `${values.join(', ')}, ${model.axisName}, at ${String(Number(seconds.toFixed(3)))} seconds${where}`;
}
