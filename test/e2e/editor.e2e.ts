/** The editor over the real language service: completion, hover, format on save, rename, definition. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { fakeLab } from '../support/fake-lab.js';
import { openWindow } from '../support/window-session.js';
import type { WindowSession } from '../support/window-session.js';

const executable = browserPath();

describe.skipIf(executable === undefined)('the editor in Chromium', () => {
  let browser: Browser;
  let session: WindowSession;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    session = await openWindow(browser, fakeLab().service);
    await session.page.getByTestId('open-scenarios').click();
    await session.page.locator('[data-scenario="fleet-churn.xlab"]').click();
    await session.page.getByTestId('hash').waitFor();
  });
  afterEach(async () => {
    const { problems } = session;
    await session.close();
    expect(problems).toEqual([]);
  });

  const textOf = async (): Promise<string> =>
    (await session.page.locator('.cm-line').allInnerTexts()).join('\n');
  const lineWith = (text: string) => session.page.locator('.cm-line', { hasText: text });

  it('completes designs behind compare', async () => {
    const { page } = session;
    await lineWith('compare module_alloc').click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Space');
    const list = page.locator('.cm-tooltip-autocomplete');
    await list.waitFor();
    expect(await list.innerText()).toContain('module_alloc');
    await session.picture('completion-light');
    await page.keyboard.press('Escape');
  });

  it('completes keywords at the start of a line with their form', async () => {
    const { page } = session;
    await lineWith('load bpf size').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('re');
    const list = page.locator('.cm-tooltip-autocomplete');
    await list.getByText('repeat', { exact: false }).first().waitFor();
    expect(await list.innerText()).toContain('register');
    // The list ignores keys for a moment after it appears, against typing into it by accident.
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    expect(await textOf()).toMatch(/\n\s+(?:repeat|register|replay)/);
  });

  it('explains a word on hover', async () => {
    const { page } = session;
    await lineWith('load bpf size').getByText('4KiB').hover();
    const tip = page.locator('.cm-hover');
    await tip.waitFor();
    expect(await tip.innerText()).toContain('4,096 bytes');
    await session.picture('hover-light');
  });

  it('formats the text when it is saved and keeps the caret line', async () => {
    const { page } = session;
    await lineWith('load bpf size').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Home');
    await page.keyboard.type('        ');
    await page.keyboard.press('Control+S');
    await page.getByText('not saved').waitFor({ state: 'detached' });
    expect(await textOf()).toContain('\n  load bpf size 4KiB lifetime 8s');
  });

  it('keeps what was typed and not saved when another scenario is opened, and over a reload', async () => {
    const { page } = session;
    const open = async (scenario: string): Promise<void> => {
      await page.getByTestId('open-scenarios').click();
      await page.locator(`[data-scenario="${scenario}"]`).click();
    };
    await lineWith('load bpf size').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # tried 8KiB');
    await page.getByTestId('open-scenarios').click();
    await page.locator('[data-scenario]:not([data-scenario="fleet-churn.xlab"])').last().click();
    await lineWith('# tried 8KiB').waitFor({ state: 'detached' });
    await page.reload();
    await open('draft:fleet-churn.xlab');
    await lineWith('# tried 8KiB').waitFor();
    await page.getByText('not saved').waitFor();
    await page.keyboard.press('Control+S');
    await page.getByText('not saved').waitFor({ state: 'detached' });
    await page.getByTestId('open-scenarios').click();
    expect(await page.locator('[data-scenario^="draft:"]').count()).toBe(0);
  });

  it('lets Tab pass through the text until something is typed, and indents then', async () => {
    const { page } = session;
    const inEditor = (): Promise<boolean> =>
      page.evaluate(() => document.activeElement?.closest('.cm-editor') != null);
    const before = await textOf();
    await page.getByRole('button', { name: 'Collapse the editor' }).focus();
    await page.keyboard.press('Tab');
    expect(await inEditor()).toBe(true);
    await page.keyboard.press('Tab');
    expect([await inEditor(), await textOf()]).toEqual([false, before]);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('#');
    await page.keyboard.press('Tab');
    expect(await inEditor()).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await inEditor()).toBe(false);
  });

  it('renames a name everywhere and goes to its declaration', async () => {
    const { page } = session;
    await lineWith('param churn').getByText('churn', { exact: false }).click();
    await lineWith('param churn').click({ position: { x: 65, y: 8 } });
    await page.keyboard.press('F2');
    const field = page.getByLabel('New name');
    const chosen = (): Promise<string> =>
      field.evaluate(({ value, selectionStart, selectionEnd }: HTMLInputElement) =>
        value.slice(selectionStart ?? 0, selectionEnd ?? 0),
      );
    await expect.poll(chosen).toBe('churn');
    await page.keyboard.type('speed');
    await page.keyboard.press('Enter');
    await lineWith('param speed').waitFor();
    expect(await textOf()).not.toContain('churn = ');
  });
});
