/**
 * Symbols of the event strip, so that kinds are told apart without colour: a split opens downwards, a
 * collapse closes upwards, a failure is a cross, and a diamond marks what is selected.
 */

const HALF_PX = 3;
const HEIGHT_PX = 6;

export type EventSymbol = 'split' | 'collapse' | 'failed' | 'selected';

/** Path of one symbol around `x` with its top at `y`, pixels. */
export function symbolPath(symbol: EventSymbol, x: number, y: number): string {
  const left = round(x - HALF_PX);
  const right = round(x + HALF_PX);
  const middle = round(x);
  const bottom = y + HEIGHT_PX;
  switch (symbol) {
    case 'split':
      return `M${left} ${bottom}L${middle} ${y}L${right} ${bottom}`;
    case 'collapse':
      return `M${left} ${y}L${middle} ${bottom}L${right} ${y}`;
    case 'failed':
      return `M${left} ${y}L${right} ${bottom}M${right} ${y}L${left} ${bottom}`;
    case 'selected':
      return `M${middle} ${y}L${right} ${y + HEIGHT_PX / 2}L${middle} ${bottom}L${left} ${y + HEIGHT_PX / 2}z`;
  }
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** From the middle of a symbol to the next, so that each is told from its neighbour. */
const STEP_PX = HALF_PX * 2 + 1;

/** Symbols where something happened; those that would touch the one before are one with it. */
export function symbolsAt(
  symbol: EventSymbol,
  timesNs: readonly number[],
  strip: { readonly durationNs: number; readonly widthPx: number; readonly y: number },
): string {
  const { durationNs, widthPx, y } = strip;
  const places = timesNs
    .map((timeNs) => Math.round((timeNs / Math.max(1, durationNs)) * widthPx))
    // Whole at both ends.
    .map((x) => Math.max(HALF_PX, Math.min(widthPx - HALF_PX, x)))
    .sort((a, b) => a - b);
  let lastPx = -STEP_PX;
  const parts: string[] = [];
  for (const x of places) {
    if (x - lastPx < STEP_PX) continue;
    parts.push(symbolPath(symbol, x, y));
    lastPx = x;
  }
  return parts.join('');
}
