/** Progress of a run in words: speed and the time left as a range. */
import type { RunProgress } from '../stores/experiment.js';

/** `2.1e6 requests/s`; empty before anything was simulated. */
export function rateText(progress: RunProgress): string {
  const { requests, elapsedMs } = progress;
  if (requests === 0 || elapsedMs < 50) return '';
  const perSecond = (requests / elapsedMs) * 1000;
  const text =
    perSecond >= 1e5 ? perSecond.toExponential(1).replace('e+', 'e') : perSecond.toFixed(0);
  return `${text} requests/s`;
}

/** `about 12 to 18 s left`; empty until one run has finished. */
export function remainingText(progress: RunProgress): string {
  const { done, total, elapsedMs } = progress;
  const made = done - (progress.kept ?? 0);
  if (made <= 0 || total === 0) return '';
  if (done >= total) return 'finishing';
  const leftMs = (elapsedMs / made) * (total - done);
  const doubt = 1 / Math.sqrt(made + 1);
  return `about ${spanText(leftMs * (1 - doubt / 2), leftMs * (1 + doubt))} left`;
}

function spanText(lowMs: number, highMs: number): string {
  if (highMs >= 120_000) return rangeText(lowMs / 60_000, highMs / 60_000, 'min');
  return rangeText(lowMs / 1000, highMs / 1000, 's');
}

function rangeText(low: number, high: number, unit: string): string {
  const from = Math.max(1, Math.floor(low));
  const to = Math.max(1, Math.ceil(high));
  return from === to ? `${from} ${unit}` : `${from} to ${to} ${unit}`;
}

/** `6 s`, `14 min`, `2.5 h`. */
export function waitText(ms: number): string {
  if (ms < 90_000) return `${String(Math.max(1, Math.round(ms / 1000)))} s`;
  if (ms < 5_400_000) return `${String(Math.round(ms / 60_000))} min`;
  return `${String(Math.round(ms / 360_000) / 10)} h`;
}

/** `on 2 workers`. */
export const workersText = (workers: number): string =>
  `on ${String(workers)} worker${workers === 1 ? '' : 's'}`;
