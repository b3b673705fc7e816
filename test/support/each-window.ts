/** A suite over every window that this machine can open, each test in a fresh one without problems. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { WINDOW_TARGETS } from './lab-window.js';
import type { LabWindow, LabWindowOptions, WindowTarget } from './lab-window.js';

export interface WindowSuite {
  readonly target: WindowTarget;
  /** Takes another window in the place of the one of the test that runs. */
  reopen(options: LabWindowOptions): Promise<void>;
}

/** `now()` is the window of the test that runs. */
export function describeWindows(
  title: string,
  options: LabWindowOptions,
  tests: (now: () => LabWindow, suite: WindowSuite) => void,
): void {
  describe.each(WINDOW_TARGETS)(`${title} in $name`, (target) => {
    describe.skipIf(target.missing !== null)(target.missing ?? 'with the real engine', () => {
      let end: (() => Promise<void>) | undefined;
      let window: LabWindow | undefined;

      beforeAll(async () => {
        end = await target.prepare();
      });
      afterAll(() => end?.());
      beforeEach(async () => {
        window = await target.open(options);
      });
      afterEach(async () => {
        const problems = window?.problems;
        await window?.close();
        expect(problems).toEqual([]);
      });

      const now = (): LabWindow => {
        if (window === undefined) throw new Error('the window is not open');
        return window;
      };
      const reopen = async (other: LabWindowOptions): Promise<void> => {
        await window?.close();
        window = await target.open(other);
      };
      tests(now, { target, reopen });
    });
  });
}
