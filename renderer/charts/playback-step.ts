/**
 * Where playback moves the handle: over the whole run in a fixed real time, at every frame of the screen;
 * for those who want less motion in steps of a second.
 */

/** Real time for the whole run, ms. */
export const WHOLE_RUN_MS = 20_000;
/** Between two moves with reduced motion, ms. */
export const CALM_STEP_MS = 1000;

export interface Playback {
  /** Place of the handle, simulated ns. */
  readonly timeNs: number;
  readonly endNs: number;
  /** Real time since the handle moved last, ms. */
  readonly passedMs: number;
  readonly reducedMotion: boolean;
}

/** The handle's next place, at most the end; null while it rests where it is. */
export function playbackStep({ timeNs, endNs, passedMs, reducedMotion }: Playback): number | null {
  if (reducedMotion && passedMs < CALM_STEP_MS) return null;
  return Math.min(endNs, Math.round(timeNs + (passedMs / WHOLE_RUN_MS) * endNs));
}
