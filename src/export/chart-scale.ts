/** Round axis ends and places for line labels: what a picture needs to know before it is drawn. */
import { formatNumber } from '../analysis/quantity-text.js';
import type { ChartModel } from './chart-model.js';

export interface ValueScale {
  readonly min: number;
  readonly max: number;
  /** Distance of ticks; divides the range without remainder. */
  readonly interval: number;
}

const STEPS: readonly number[] = [1, 2, 2.5, 5, 10];
const TICK_COUNT_MAX = 6;
/** Starts at zero unless every value lies in the upper part of the axis. */
const ZERO_START_RATIO = 0.75;
const FLAT_RATIO = 1e-9;

/** The smallest round step that covers `span` with at most TICK_COUNT_MAX steps. */
export function roundStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / TICK_COUNT_MAX));
  const step = STEPS.find((candidate) => candidate * power * TICK_COUNT_MAX >= span * (1 - 1e-9));
  return (step ?? 10) * power;
}

/** Ends of the value axis for all lines and bands of a model. */
export function valueScale(model: ChartModel): ValueScale {
  let low = Infinity;
  let high = -Infinity;
  for (const line of model.lines) {
    for (const list of [line.points, line.band?.low ?? [], line.band?.high ?? []]) {
      for (const [, value] of list) {
        if (value === null) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  if (low > high || (low === 0 && high === 0)) return { min: 0, max: 1, interval: 1 };
  // Less than the numbers can tell apart is no difference to draw.
  if (high - low <= Math.abs(high) * FLAT_RATIO) low = high;
  const fromZero = low >= 0 && (low < high * ZERO_START_RATIO || low === high);
  if (fromZero) low = 0;
  else if (high <= 0 && high > low * ZERO_START_RATIO) high = 0;
  const interval = roundStep(high - low > 0 ? high - low : Math.abs(high));
  const first = Math.floor(low / interval + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / interval - 1e-9));
  return { min: tidy(first * interval), max: tidy(last * interval), interval: tidy(interval) };
}

/** Removes the binary dust of products like 3 x 0.1. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/**
 * Heights in pixels for labels that want `wantedPx`, at least `gapPx` apart and inside the bounds;
 * order is kept. Labels that do not fit are squeezed evenly.
 */
export function spreadLabels(
  wantedPx: readonly number[],
  room: { readonly topPx: number; readonly bottomPx: number; readonly gapPx: number },
): readonly number[] {
  const { topPx, bottomPx } = room;
  const count = wantedPx.length;
  const gapPx = count < 2 ? 0 : Math.min(room.gapPx, (bottomPx - topPx) / (count - 1));
  const order = wantedPx.map((_, i) => i);
  order.sort((a, b) => (wantedPx[a] ?? 0) - (wantedPx[b] ?? 0) || a - b);
  const groups: { centrePx: number; members: number[] }[] = [];
  const clamp = (centrePx: number, size: number): number => {
    const half = ((size - 1) * gapPx) / 2;
    return Math.min(bottomPx - half, Math.max(topPx + half, centrePx));
  };
  for (const index of order) {
    let group = { centrePx: clamp(wantedPx[index] ?? 0, 1), members: [index] };
    for (;;) {
      const above = groups[groups.length - 1];
      if (above === undefined) break;
      const aboveEnd = above.centrePx + ((above.members.length - 1) * gapPx) / 2;
      const ownStart = group.centrePx - ((group.members.length - 1) * gapPx) / 2;
      if (ownStart - aboveEnd >= gapPx - 1e-9) break;
      groups.pop();
      const members = [...above.members, ...group.members];
      const mean = members.reduce((sum, member) => sum + (wantedPx[member] ?? 0), 0);
      group = { centrePx: clamp(mean / members.length, members.length), members };
    }
    groups.push(group);
  }
  const placed = new Array<number>(count).fill(0);
  for (const { centrePx, members } of groups) {
    members.forEach((member, i) => {
      placed[member] = centrePx + (i - (members.length - 1) / 2) * gapPx;
    });
  }
  return placed;
}

/** A number beside an axis. */
export const plainNumber = (value: number): string =>
  Math.abs(value) >= 1000 ? formatNumber(Math.round(value)) : String(Number(value.toPrecision(6)));
