/**
 * Runs seen from outside the page: progress in the task bar, a notification at the end when the window is
 * not in front, and one question when a window is closed during a run. A window that is told to keep
 * running in the background comes back when the last run has ended, so nothing runs on unseen.
 */
import { BrowserWindow, dialog, Notification } from 'electron';
import type { LabEvent } from '../src/contract/lab-api.js';

interface RunCount {
  readonly done: number;
  readonly total: number;
}

/** Value of Electron for "no bar". */
const NO_PROGRESS = -1;
const ANSWERS = ['Stop', 'Keep running in the background', 'Cancel'] as const;
const STOP = 0;
const KEEP_RUNNING = 1;
const CANCEL = 2;

export class RunWatch {
  private readonly running = new Map<string, RunCount>();
  private readonly hidden = new Set<BrowserWindow>();
  private readonly stop: (runId: string) => Promise<unknown>;

  /** `stop` cancels a run and keeps what it has finished. */
  constructor(stop: (runId: string) => Promise<unknown>) {
    this.stop = stop;
  }

  /** Takes every event of the lab. */
  receive(event: LabEvent): void {
    if (event.kind === 'progress') {
      this.running.set(event.runId, { done: event.done, total: event.total });
      this.showProgress();
      return;
    }
    const isOver = event.kind !== 'result' || event.result.complete;
    if (!isOver || !this.running.delete(event.runId)) return;
    this.showProgress();
    if (event.kind !== 'cancelled') this.notify(event.kind === 'failed' ? 'failed' : 'finished');
    if (this.running.size === 0) this.showHidden();
  }

  /** Asks before this window is closed during a run. */
  guard(window: BrowserWindow): void {
    let asking = false;
    window.on('closed', () => this.hidden.delete(window));
    window.on('close', (event) => {
      if (this.running.size === 0) return;
      event.preventDefault();
      if (asking) return;
      asking = true;
      void this.ask(window).finally(() => {
        asking = false;
      });
    });
  }

  private async ask(window: BrowserWindow): Promise<void> {
    const counts = [...this.running.values()];
    const done = counts.reduce((sum, count) => sum + count.done, 0);
    const total = counts.reduce((sum, count) => sum + count.total, 0);
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: 'A run is not finished.',
      detail: `${String(done)} of ${String(total)} runs are done.`,
      buttons: [...ANSWERS],
      defaultId: CANCEL,
      cancelId: CANCEL,
      noLink: true,
    });
    if (response === STOP) {
      await Promise.all([...this.running.keys()].map((runId) => this.stop(runId)));
      this.running.clear();
      window.close();
    } else if (response === KEEP_RUNNING && this.running.size > 0) {
      this.hidden.add(window);
      window.hide();
    }
  }

  private showProgress(): void {
    const counts = [...this.running.values()];
    const total = counts.reduce((sum, count) => sum + count.total, 0);
    const done = counts.reduce((sum, count) => sum + count.done, 0);
    const value = total === 0 ? NO_PROGRESS : done / total;
    for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(value);
  }

  private notify(what: 'finished' | 'failed'): void {
    const windows = BrowserWindow.getAllWindows();
    if (windows.some((window) => window.isFocused())) return;
    const notification = new Notification({ title: 'xlab', body: `A run has ${what}.` });
    notification.on('click', () => windows.find((window) => !window.isDestroyed())?.show());
    notification.show();
  }

  private showHidden(): void {
    for (const window of this.hidden) if (!window.isDestroyed()) window.showInactive();
    this.hidden.clear();
  }
}
