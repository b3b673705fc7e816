/** A suite over every window that this machine can open, each test in a fresh one without problems. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { WINDOW_TARGETS } from './lab-window.js';
import type { LabWindow, LabWindowOptions } from './lab-window.js';

/** `now()` is the window of the test that runs. */
export function describeWindows(
  title: string,
  options: LabWindowOptions,
  tests: (now: () => LabWindow) => void,
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

      tests(() => {
        if (window === undefined) throw new Error('the window is not open');
        return window;
      });
    });
  });
}
