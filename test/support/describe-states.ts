/**
 * A look at states of the window, as one test a state: a picture for people, no finding of axe-core,
 * nothing cut off or lying over something else, no message in the console.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './axe.js';
import { browserPath, launchBrowser } from './browser.js';
import { fakeLab } from './fake-lab.js';
import { layoutProblems } from './layout-problems.js';
import { openWindow } from './window-session.js';
import type { SessionOptions } from './window-session.js';
import type { WindowState } from './window-states.js';

const executable = browserPath();

export function describeStates(
  name: string,
  states: readonly WindowState[],
  options: SessionOptions & { readonly suffix: string },
): void {
  describe.skipIf(executable === undefined)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser(executable ?? '');
    });
    afterAll(() => browser.close());

    it.each(states)(
      'state $name is whole and accessible',
      async ({ name: state, engine, reach }) => {
        const session = await openWindow(browser, fakeLab(engine).service, {
          ...options,
          reducedMotion: true,
        });
        try {
          await reach(session.page);
          await session.picture(`${state}-${options.suffix}`);
          expect(await accessibilityProblems(session.page)).toEqual([]);
          expect(await layoutProblems(session.page)).toEqual([]);
          expect(session.problems).toEqual([]);
        } finally {
          await session.close();
        }
      },
    );
  });
}
