/** A scenario that brings its own design: the window asks before the code loads, and not again. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLabService, type Lab } from '../../src/host/create-lab.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';
import { openWindow } from '../support/window-session.js';
import type { WindowSession } from '../support/window-session.js';

const executable = browserPath();
const shipped = resolve('scenarios/plugins');

describe.skipIf(executable === undefined)('a design plugin in Chromium', () => {
  const userFolder = temporaryFolder();
  let browser: Browser;
  let lab: Lab;
  let session: WindowSession;

  beforeAll(async () => {
    for (const name of ['gate.xlab', 'buddy-text.ts']) {
      writeInto(userFolder, name, readFileSync(join(shipped, name)));
    }
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    lab = createLabService('browser', { userFolder, threads: 1 });
    session = await openWindow(browser, lab.service);
    const { page } = session;
    await page.getByTestId('open-scenarios').click();
    await page.locator('[data-scenario$="gate.xlab"]').click();
    await page.getByTestId('ask-plugin').click();
    await page.getByTestId('dialog').waitFor();
  });
  afterEach(async () => {
    const { problems } = session;
    await session.close();
    await lab.close();
    expect(problems).toEqual([]);
  });

  it('loads once the user has agreed, and its scenario can run', async () => {
    const { page } = session;
    expect(await page.getByTestId('dialog').innerText()).toContain('buddy-text.ts');
    await session.picture('plugin-dialog');
    await page.getByTestId('load-plugin').click();
    await page.getByTestId('hash').waitFor();
    expect(await page.getByTestId('problems').count()).toBe(0);
    expect(await page.getByTestId('ask-plugin').count()).toBe(0);
    await session.picture('plugin-loaded');
  });

  it('stays unloaded when the user says no', async () => {
    const { page } = session;
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByTestId('dialog').waitFor({ state: 'detached' });
    expect(await page.getByTestId('problems').innerText()).toContain(
      "plugin 'buddy-text.ts' is not loaded",
    );
    expect(await page.getByTestId('hash').count()).toBe(0);
  });
});
