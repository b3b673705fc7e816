/**
 * A look at states of the window, as one test a state: a picture for people, no finding of axe-core,
 * nothing cut off or lying over something else, no message in the console.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabApi } from '../../src/contract/lab-api.js';
import { createLabService } from '../../src/host/create-lab.js';
import { accessibilityProblems } from './axe.js';
import { browserPath, launchBrowser } from './browser.js';
import { fakeLab } from './fake-lab.js';
import { layoutProblems } from './layout-problems.js';
import { writeInto } from './temporary-folder.js';
import { openWindow } from './window-session.js';
import type { SessionOptions, WindowSession } from './window-session.js';
import type { WindowState } from './window-states.js';

const executable = browserPath();

export type Theme = NonNullable<SessionOptions['theme']>;

export type LookOptions = SessionOptions & {
  /** Ends the names of the pictures. */
  readonly suffix: string;
  /** More themes in which the same state is looked at, with suffixes of their own. */
  readonly otherThemes?: readonly Theme[];
};

/** A state that the real engine makes out of files in the user's folder. */
export interface RealState {
  readonly name: string;
  /** `folder`: of the user's scenarios. */
  readonly reach: (page: Page, folder: string) => Promise<void>;
}

async function look(
  session: WindowSession,
  name: string,
  { suffix, otherThemes }: LookOptions,
): Promise<void> {
  const { page } = session;
  await session.picture(`${name}-${suffix}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await layoutProblems(page)).toEqual([]);
  for (const theme of otherThemes ?? []) {
    await page.emulateMedia({
      colorScheme: theme === 'light' ? 'light' : 'dark',
      contrast: theme === 'contrast' ? 'more' : 'no-preference',
    });
    await page.locator(`:root[data-theme="${theme}"]`).waitFor({ state: 'attached' });
    await session.picture(`${name}-${theme}`);
    expect(await accessibilityProblems(page), theme).toEqual([]);
  }
  expect(session.problems).toEqual([]);
}

function describeLooks<State extends { readonly name: string }>(
  name: string,
  states: readonly State[],
  see: (state: State, open: (api: LabApi) => Promise<WindowSession>) => Promise<void>,
  options: LookOptions,
): void {
  describe.skipIf(executable === undefined)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser(executable ?? '');
    });
    afterAll(() => browser.close());

    it.each(states)('state $name is whole and accessible', async (state) => {
      const opened: WindowSession[] = [];
      try {
        await see(state, async (api) => {
          const session = await openWindow(browser, api, { ...options, reducedMotion: true });
          opened.push(session);
          return session;
        });
      } finally {
        for (const session of opened) await session.close();
      }
    });
  });
}

/** States over the engine that makes up its numbers: no work, the same at every run. */
export function describeStates(
  name: string,
  states: readonly WindowState[],
  options: LookOptions,
): void {
  const see = async (
    state: WindowState,
    open: (api: LabApi) => Promise<WindowSession>,
  ): Promise<void> => {
    const session = await open(fakeLab(state.engine).service);
    await state.reach(session.page);
    await look(session, state.name, options);
  };
  describeLooks(name, states, see, options);
}

/** States over the real engine, each with these files in a folder of its own. */
export function describeRealStates(
  name: string,
  states: readonly RealState[],
  options: LookOptions & { readonly files: Readonly<Record<string, string>> },
): void {
  const see = async (
    state: RealState,
    open: (api: LabApi) => Promise<WindowSession>,
  ): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'xlab-states-'));
    for (const [file, text] of Object.entries(options.files)) writeInto(folder, file, text);
    const lab = createLabService('browser', { userFolder: folder, threads: 1 });
    try {
      const session = await open(lab.service);
      await session.page.getByTestId('open-scenarios').waitFor();
      await state.reach(session.page, folder);
      await look(session, state.name, options);
    } finally {
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
  describeLooks(name, states, see, options);
}
