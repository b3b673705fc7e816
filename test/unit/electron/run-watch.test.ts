import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LabEvent } from '../../../src/contract/lab-api.js';

class FakeWindow extends EventEmitter {
  progress = -1;
  focused = true;
  readonly done: string[] = [];
  setProgressBar(value: number): void {
    this.progress = value;
  }
  isFocused(): boolean {
    return this.focused;
  }
  isDestroyed(): boolean {
    return false;
  }
  show(): void {
    this.done.push('show');
  }
  showInactive(): void {
    this.done.push('showInactive');
  }
  hide(): void {
    this.done.push('hide');
  }
  /** As Electron: the listeners may prevent it. */
  close(): void {
    const event = { prevented: false, preventDefault: () => (event.prevented = true) };
    this.emit('close', event);
    this.done.push(event.prevented ? 'stays' : 'closed');
  }
}

const windows: FakeWindow[] = [];
const questions: { detail: string; buttons: string[] }[] = [];
const notes: string[] = [];
let answer = 2;
vi.mock('electron', () => ({
  BrowserWindow: { getAllWindows: () => windows },
  dialog: {
    showMessageBox: (_window: unknown, question: { detail: string; buttons: string[] }) => {
      questions.push(question);
      return Promise.resolve({ response: answer });
    },
  },
  Notification: class extends EventEmitter {
    private readonly body: string;
    constructor(options: { body: string }) {
      super();
      this.body = options.body;
    }
    show(): void {
      notes.push(this.body);
    }
  },
}));
const { RunWatch } = await import('../../../electron/run-watch.js');

const stopped: string[] = [];
const progress = (done: number): LabEvent => ({
  kind: 'progress',
  runId: 'run-1',
  done,
  total: 8,
  requests: 100,
});
const failed: LabEvent = { kind: 'failed', runId: 'run-1', message: 'gone', diagnostics: [] };

function guarded() {
  const watch = new RunWatch((runId) => Promise.resolve(stopped.push(runId)));
  const window = new FakeWindow();
  windows.splice(0, windows.length, window);
  watch.guard(window as never);
  return { watch, window };
}

/** Until the answer has been acted on. */
const acted = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  questions.length = 0;
  notes.length = 0;
  stopped.length = 0;
});

describe('run watch', () => {
  test('the task bar shows how much is done and is cleared at the end', () => {
    const { watch, window } = guarded();
    watch.receive(progress(2));
    expect(window.progress).toBe(0.25);
    watch.receive({ kind: 'cancelled', runId: 'run-1', done: 2, total: 8 });
    expect(window.progress).toBe(-1);
  });

  test('a window closes without a question when nothing runs', () => {
    const { window } = guarded();
    window.close();
    expect(questions).toEqual([]);
    expect(window.done).toEqual(['closed']);
  });

  test('closing during a run asks once, and Cancel keeps everything', async () => {
    answer = 2;
    const { watch, window } = guarded();
    watch.receive(progress(3));
    window.close();
    window.close();
    await acted();
    expect(questions).toHaveLength(1);
    expect(questions[0]?.detail).toBe('3 of 8 runs are done.');
    expect(questions[0]?.buttons).toEqual(['Stop', 'Keep running in the background', 'Cancel']);
    expect(window.done).toEqual(['stays', 'stays']);
    expect(stopped).toEqual([]);
  });

  test('Stop stops the run and closes', async () => {
    answer = 0;
    const { watch, window } = guarded();
    watch.receive(progress(3));
    window.close();
    await acted();
    expect(stopped).toEqual(['run-1']);
    expect(window.done).toEqual(['stays', 'closed']);
  });

  test('a window kept running in the background comes back with the end of the run', async () => {
    answer = 1;
    const { watch, window } = guarded();
    watch.receive(progress(3));
    window.close();
    await acted();
    expect(window.done).toEqual(['stays', 'hide']);
    watch.receive(failed);
    expect(window.done).toEqual(['stays', 'hide', 'showInactive']);
  });

  test('the end is notified only when no window is in front', () => {
    const { watch, window } = guarded();
    watch.receive(progress(1));
    watch.receive(failed);
    expect(notes).toEqual([]);
    window.focused = false;
    watch.receive(progress(1));
    watch.receive(failed);
    expect(notes).toEqual(['A run has failed.']);
  });
});
