/** The line to the lab: lost and opened again, refused, and a page that is not the lab's own. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowserHost } from '../../src/host/browser-host.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { fakeLab } from '../support/fake-lab.js';
import { openWindow, TEST_TOKEN, WINDOW_ROOT } from '../support/window-session.js';

const executable = browserPath();

describe.skipIf(executable === undefined)('the connection in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());

  it('is opened again after the lab was gone, and what was on screen stays', async () => {
    const { service } = fakeLab({ runMs: 5 });
    const session = await openWindow(browser, service);
    const { page, host } = session;
    await page.getByTestId('open-scenarios').click();
    await page.locator('[data-scenario="fleet-churn.xlab"]').click();
    await page.getByTestId('hash').waitFor();
    await page.keyboard.press('F5');
    await page.getByTestId('run-state').getByText('finished').waitFor();
    await host.close();
    await page.locator('[data-notice="lost"]').waitFor();
    expect(await page.getByTestId('chart').count()).toBe(2);
    await session.picture('lost-light');
    const again = await startBrowserHost({
      api: service,
      root: WINDOW_ROOT,
      port: host.port,
      token: TEST_TOKEN,
    });
    await page.locator('[data-notice="lost"]').waitFor({ state: 'detached' });
    await page.getByTestId('copy-mail').click();
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    await session.context.close();
    await again.close();
  });

  it('keeps the token out of the address after the start', async () => {
    const session = await openWindow(browser, fakeLab().service);
    await session.page.locator('[data-home-scenario]').first().waitFor();
    expect(session.page.url()).not.toContain(TEST_TOKEN);
    await session.page.reload();
    await session.page.locator('[data-home-scenario]').first().waitFor();
    await session.close();
  });

  it('is refused without the token, and the window says what to do', async () => {
    const session = await openWindow(browser, fakeLab().service);
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    await page.goto(`http://127.0.0.1:${String(session.host.port)}/`);
    const notice = page.locator('[data-notice="refused"]');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('xlab serve');
    await stranger.close();
    await session.close();
  });
});
