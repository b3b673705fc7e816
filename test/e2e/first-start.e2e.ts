/** The first start, and what a window remembers: hints, layouts with their strip, recent and new scenarios. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { fakeLab } from '../support/fake-lab.js';
import { openWindow } from '../support/window-session.js';
import type { WindowSession } from '../support/window-session.js';

const executable = browserPath();

describe.skipIf(executable === undefined)('the first start in Chromium', () => {
  let browser: Browser;
  let session: WindowSession;
  let lab: ReturnType<typeof fakeLab>;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    lab = fakeLab({ firstRun: true });
    session = await openWindow(browser, lab.service);
    await session.page.getByTestId('hints').waitFor();
  });
  afterEach(async () => {
    const { problems } = session;
    await session.close();
    expect(problems).toEqual([]);
  });

  /** The window as at its very first start: nothing remembered, no view in the address. */
  async function startAgain(): Promise<void> {
    const { page, host } = session;
    await page.evaluate(() => {
      localStorage.clear();
    });
    await page.goto('about:blank');
    await page.goto(host.url);
  }

  it('says what the next run is, and runs that: all seeds of the scenario, not those shipped', async () => {
    const { page } = session;
    const hints = page.getByTestId('hints');
    await hints.getByText('3 designs, 6 seeds: 18 runs').waitFor();
    expect(await hints.innerText()).toContain('came with the program');
    expect(await page.getByTestId('runs').innerText()).toBe('9/9 runs');
    expect(await page.locator('[data-notice]').count()).toBe(0);
    await page.keyboard.press('Control+Shift+C');
    await page.getByRole('menuitem', { name: 'Copy command line' }).click();
    await page.getByText('Command line copied').waitFor({ state: 'attached' });
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    const hash = await page.getByTestId('hash').innerText();
    const command = `xlab run fleet-churn.xlab --seeds 1..3 --expect-hash ${hash}`;
    expect(await copied()).toBe(command);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.keyboard.press('y');
    await expect.poll(copied).toBe(command);
    expect(await page.getByTestId('copy-mail').innerText()).toBe('Copy command line');
    await page.keyboard.press('F5');
    await page.getByTestId('runs').getByText('18/18 runs').waitFor();
    await hints.waitFor({ state: 'detached' });
  });

  it('opens a menu whose button is pressed before the first chart is drawn', async () => {
    const { page } = session;
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        const button = document.querySelector<HTMLElement>('[data-testid="view-menu"]');
        if (button === null) return;
        observer.disconnect();
        const isDrawn = document.querySelector('[data-drawn="true"]') !== null;
        button.click();
        document.documentElement.dataset.pressed = isDrawn ? 'late' : 'early';
      }).observe(document, { subtree: true, childList: true });
    });
    await startAgain();
    await page.getByRole('menuitemradio', { name: 'Explain' }).waitFor();
    expect(await page.locator('html').getAttribute('data-pressed')).toBe('early');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.locator('[data-testid="chart"][data-drawn="true"]').first().waitFor();
    await page.getByTestId('view-menu').click();
    await page.getByRole('menuitemradio', { name: 'Explain' }).click();
    await page.getByTestId('maps').first().waitFor();
  });

  it('tells the end of a run to those who look elsewhere, once they allow it', async () => {
    const { page, context } = session;
    await page.addInitScript(() => {
      const told: string[] = [];
      class Told extends EventTarget {
        static permission = 'default';
        static requestPermission(): Promise<string> {
          Told.permission = 'granted';
          return Promise.resolve('granted');
        }
        constructor(title: string, { body = '' }: { readonly body?: string }) {
          super();
          told.push(`${title}: ${body}`);
        }
      }
      Object.assign(window, { Notification: Told, told });
    });
    await startAgain();
    await page.getByTestId('hints').waitFor();
    const told = (): Promise<unknown> => page.evaluate((): unknown => Reflect.get(window, 'told'));
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('Tell when a run ends');
    await page.keyboard.press('Enter');
    await page.getByText('The end of a run will be told').waitFor({ state: 'attached' });
    const elsewhere = await context.newPage();
    await elsewhere.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    expect(await told()).toEqual([]);
    await page.getByTestId('run').dispatchEvent('click');
    await expect.poll(told).toEqual([expect.stringContaining('fleet-churn.xlab: Run finished')]);
    await elsewhere.close();
  });

  it('closes the hints without making the result stale, and starts with the scenarios next time', async () => {
    const { page } = session;
    await page.getByTestId('hints').getByRole('button', { name: 'Done' }).click();
    await page.getByTestId('hints').waitFor({ state: 'detached' });
    expect(await page.locator('[data-notice="stale"]').count()).toBe(0);
    await page.goto(new URL(page.url()).origin);
    await page.locator('[data-home-scenario]').first().waitFor();
  });

  it('collapses the editor to a strip that keeps its text, its history and its layout', async () => {
    const { page } = session;
    /** Whatever else is in sight. */
    const scrubber = page.getByTestId('scrubber');
    const editor = page.getByTestId('editor');
    const strip = page.getByTestId('editor-strip');
    await page.locator('.cm-line', { hasText: '# one program' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type('s');
    await page.keyboard.press('Control+Backslash');
    await strip.waitFor();
    expect(await editor.isVisible()).toBe(false);
    expect(await scrubber.isVisible()).toBe(true);
    await page.keyboard.press('Alt+1');
    await editor.waitFor();
    expect(await scrubber.isVisible()).toBe(true);
    expect(await strip.count()).toBe(0);
    await page.keyboard.press('Alt+2');
    await strip.waitFor();
    await page.waitForFunction(() => window.location.hash.startsWith('#view='));
    await page.reload();
    await strip.waitFor();
    const charts = await page.getByTestId('charts').boundingBox();
    expect(charts?.width).toBeGreaterThan(1350);
    await scrubber.waitFor();
    await strip.getByRole('button', { name: 'Show the editor' }).click();
    await editor.waitFor();
    const column = await editor.boundingBox();
    expect(column?.width).toBeGreaterThan(300);
  });

  it('gives each layout its own shares of the height, and both go on showing the same maps', async () => {
    const { page } = session;
    const chartsPx = async (): Promise<number> =>
      (await page.getByTestId('chart-pane').boundingBox())?.height ?? 0;
    await page.getByTestId('map').nth(2).waitFor();
    const openMap = vi.spyOn(lab.engine.maps, 'open');
    const compare = await chartsPx();
    await page.keyboard.press('Alt+3');
    await expect.poll(chartsPx).toBeLessThan(compare);
    await page.getByTestId('map').nth(2).waitFor();
    await page.keyboard.press('Alt+2');
    await expect.poll(chartsPx).toBe(compare);
    await page.getByTestId('map').nth(2).waitFor();
    expect(openMap).not.toHaveBeenCalled();
  });

  it('takes typing back after the strip was open meanwhile', async () => {
    const { page } = session;
    const line = page.locator('.cm-line', { hasText: '# one program' });
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type('zzz');
    await page.getByTestId('collapse-editor').click();
    await page.keyboard.press('e');
    await page.locator('.cm-editor.cm-focused').waitFor();
    await page.keyboard.press('Control+Z');
    expect(await line.innerText()).not.toContain('zzz');
  });

  it('goes from a problem to its line out of the strip', async () => {
    const { page } = session;
    await page.locator('.cm-line', { hasText: 'load bpf' }).getByText('size').dblclick();
    await page.keyboard.type('sise');
    await page.locator('[data-notice="error"]').waitFor();
    await page.keyboard.press('Control+Backslash');
    const strip = page.getByTestId('editor-strip');
    await strip.getByText('1 problem', { exact: true }).waitFor();
    await session.picture('strip-light');
    await page.locator('[data-notice="error"]').getByRole('button', { name: 'Go to line' }).click();
    await page.locator('.cm-editor.cm-focused').waitFor();
    expect(await page.locator('.cm-activeLine').innerText()).toContain('sise');
  });
});
