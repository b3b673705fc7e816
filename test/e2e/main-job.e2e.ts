/**
 * The main job in a real browser on the built window: open a scenario, type a mistake and mend it,
 * run, watch, stop, compare, copy the report, save charts.
 */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { browserPath, launchBrowser } from '../support/browser.js';
import { fakeLab } from '../support/fake-lab.js';
import { openWindow } from '../support/window-session.js';
import type { WindowSession } from '../support/window-session.js';

const executable = browserPath();
const METRICS = ['DirectMap4k', 'itlb.walks_per_kinst'];

/** What a browser asks the page before it closes it. */
const asksBeforeClosing = (page: Page): Promise<boolean> =>
  page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));

describe.skipIf(executable === undefined)('the main job in Chromium', () => {
  let browser: Browser;
  let session: WindowSession;

  const openChurn = async (): Promise<void> => {
    await session.page.getByTestId('open-scenarios').click();
    await session.page.locator('[data-scenario="fleet-churn.xlab"]').click();
    await session.page.getByTestId('hash').waitFor();
  };
  const run = async (): Promise<void> => {
    await session.page.getByTestId('run').click();
    await session.page.getByTestId('run-state').getByText('finished').waitFor();
  };

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await openWindow(browser, fakeLab({ runMs: 100 }).service);
  });
  afterEach(async () => {
    const { problems } = session;
    await session.close();
    expect(problems).toEqual([]);
  });

  it('lists scenarios by question and opens one', async () => {
    const { page } = session;
    await page.getByTestId('open-scenarios').click();
    const entries = page.locator('[data-scenario]');
    expect(await entries.count()).toBe(2);
    expect(await entries.first().innerText()).toContain('Which design keeps the iTLB quiet');
    await session.picture('scenarios-light');
    await entries.first().click();
    expect(await page.getByTestId('editor').innerText()).toContain('compare module_alloc');
    await page.locator('[data-notice="not-run"]').waitFor();
  });

  it('colours the text with the tokens of the language', async () => {
    await openChurn();
    const keyword = session.page.locator('.tok-keyword', { hasText: 'phase' });
    await keyword.first().waitFor();
    expect(await session.page.locator('.tok-comment').innerText()).toBe('# one program');
  });

  it('shows a mistake while typing and mends it with the fix', async () => {
    const { page } = session;
    await openChurn();
    await page.locator('.cm-line', { hasText: 'load bpf' }).getByText('size').dblclick();
    await page.keyboard.type('sise');
    const problem = page.getByTestId('problems');
    await problem.waitFor();
    expect(await problem.innerText()).toContain("unknown property 'sise'");
    expect(await page.getByTestId('run').isDisabled()).toBe(true);
    await session.picture('mistake-light');
    await page.locator('.cm-lintRange-error').hover();
    await page.locator('.cm-diagnosticAction').click();
    await problem.waitFor({ state: 'detached' });
    expect(await page.getByTestId('run').isDisabled()).toBe(false);
  });

  it('runs and shows two linked time charts and the table over all designs', async () => {
    const { page } = session;
    await openChurn();
    await run();
    expect(await page.getByTestId('runs').innerText()).toBe('18/18 runs');
    const metrics = await page
      .locator('article[data-metric]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-metric')));
    expect(metrics).toEqual(METRICS);
    const first = page.getByTestId('chart').first();
    const box = await first.boundingBox();
    if (box === null) throw new Error('the chart has no place on screen');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const times = await page
      .getByTestId('chart')
      .evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-valuenow')));
    expect(new Set(times).size).toBe(1);
    expect(Number(times[0])).toBeGreaterThan(100);
    const header = await page.getByTestId('table').locator('thead').innerText();
    expect(header.replace(/\s+/g, ' ')).toContain('C-A');
    expect(await page.getByTestId('table').locator('tbody tr').count()).toBeGreaterThan(4);
    expect(await page.getByTestId('verdicts').innerText()).toContain('p99(text.waste_pct) < 60%');
    await session.picture('result-light');
  });

  it('stops a run and says how many runs are shown', async () => {
    const { page } = session;
    await openChurn();
    await page.getByTestId('run').click();
    await page.getByText(/^[3-9]\/18 runs$/).waitFor();
    expect(await asksBeforeClosing(page)).toBe(true);
    await page.getByTestId('stop').click();
    await page.getByTestId('run-state').getByText('stopped').waitFor();
    expect(await asksBeforeClosing(page)).toBe(false);
    const notice = await page.locator('[data-notice="stopped"]').innerText();
    expect(notice).toMatch(/Stopped after \d+ of 18 runs/);
    await session.picture('stopped-light');
  });

  it('copies the mail report that the host renders', async () => {
    const { page } = session;
    await openChurn();
    await run();
    await page.getByTestId('copy-mail').click();
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^report mail of [0-9a-f]{64}, 18 runs\n$/);
  });

  it('shows the mail report before it is copied, with sections off and a result in own words', async () => {
    const { page } = session;
    await openChurn();
    await run();
    await page.getByTestId('copy-menu').click();
    await page.getByRole('menuitem', { name: 'Preview and check mail report' }).click();
    const text = page.getByTestId('report');
    await text.getByText('report mail of').waitFor();
    expect(await page.getByTestId('report-lines').innerText()).toMatch(/^1 line, \d+ characters$/);
    await page.locator('[data-section="chart"]').uncheck();
    await text.getByText('without chart').waitFor();
    await page.getByTestId('report-words').fill('B wins.');
    await text.getByText('B wins.').waitFor();
    await session.picture('report-preview');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByTestId('report-copy').click();
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/18 runs\nwithout chart\nB wins\.\n$/);
  });

  it('copies no mail report of a text that has changed, and says why', async () => {
    const { page } = session;
    await openChurn();
    await run();
    await page.getByTestId('editor').locator('.cm-line').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # changed');
    await page.locator('[data-notice="stale"]').waitFor();
    await page.getByTestId('copy-mail').click();
    await page.getByText("Not copied: 'fleet-churn.xlab' changed since the run").waitFor();
    expect(await page.getByTestId('report-copy').isDisabled()).toBe(true);
    await session.picture('report-refused');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('saves a chart as SVG and as PNG', async () => {
    const { page } = session;
    await openChurn();
    await run();
    const save = async (title: string): Promise<Buffer> => {
      await page.getByTestId('copy-menu').click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: title }).click();
      return readFile(await (await download).path());
    };
    expect((await save('Save chart as SVG')).toString('utf8')).toContain('<desc>DirectMap4k');
    expect([...(await save('Save chart as PNG')).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  it('marks results as stale when a parameter changes and keeps them on screen', async () => {
    const { page } = session;
    await openChurn();
    await run();
    await page.locator('[data-param="churn"]').fill('60/s');
    await page.locator('[data-param="churn"]').press('Enter');
    const notice = page.locator('[data-notice="stale"]');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('the parameters changed');
    expect(await page.getByTestId('chart').count()).toBe(2);
  });
});
