/** The line that shows how far an experiment is: on a terminal only, on standard error. */
import { createLogUpdate } from 'log-update';
import type { RunProgress } from '../contract/lab-engine.js';

export interface ProgressLine {
  update(progress: RunProgress): void;
  /** Takes the line away. */
  done(): void;
}

const BAR_COLUMNS = 24;
const SILENT: ProgressLine = { update: () => undefined, done: () => undefined };

/** `[######      ] 12/36 runs, 1204331 requests, 14 s` */
export function progressText(progress: RunProgress, elapsedMs: number): string {
  const { done, total, requests } = progress;
  const filled = total === 0 ? BAR_COLUMNS : Math.floor((done / total) * BAR_COLUMNS);
  const bar = '#'.repeat(filled).padEnd(BAR_COLUMNS);
  const seconds = Math.floor(elapsedMs / 1000);
  const left =
    done > 0 && done < total && seconds >= 5
      ? `, about ${String(Math.ceil(((elapsedMs / done) * (total - done)) / 1000))} s left`
      : '';
  return `[${bar}] ${String(done)}/${String(total)} runs, ${String(requests)} requests, ${String(seconds)} s${left}`;
}

/** A line when standard error is a terminal, nothing otherwise. */
export function startProgress(quiet: boolean): ProgressLine {
  if (quiet || !process.stderr.isTTY) return SILENT;
  const startedMs = performance.now();
  const line = createLogUpdate(process.stderr);
  return {
    update: (progress) => line(progressText(progress, performance.now() - startedMs)),
    done: () => line.clear(),
  };
}
