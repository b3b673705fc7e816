/** Keys that can be changed: shown where commands are listed, kept between starts, never two on one key. */
import { expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { describeWindows } from '../support/each-window.js';
import { openScenario, runToEnd } from '../support/lab-actions.js';
import { TINY } from '../support/lab-scenarios.js';
import { listens } from '../support/lab-window.js';

describeWindows('keys', { scenarios: { 'tiny.xlab': TINY } }, (now) => {
  it('gives a command another key, which acts, is shown, and is kept', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await page.keyboard.press('?');
    const row = page.locator('[data-command="mode"]');
    await page.getByTestId('change-keys').click();
    await row.getByRole('button', { name: /^Change/ }).click();
    await page.keyboard.press('x');
    expect(await row.locator('kbd').allInnerTexts()).toEqual(['x']);
    await now().picture('keys');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const diff = page.getByRole('button', { name: 'diff', exact: true });
    await page.keyboard.press('m');
    expect(await diff.getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('x');
    expect(await diff.getAttribute('aria-pressed')).toBe('true');
    expect(await diff.getAttribute('title')).toMatch(/\(x\)$/);
    await page.reload();
    await listens(page);
    await page.keyboard.press('Control+Shift+P');
    const entry = page.getByRole('option', { name: /Side, over or difference/ });
    expect(await entry.locator('kbd').allInnerTexts()).toEqual(['x']);
  });

  it('leaves Esc to an open menu; refuses a key that another command has, says whose it is, and resets', async () => {
    const { page } = now();
    await page.getByTestId('view-menu').click();
    const menu = page.getByRole('menu');
    await menu.getByText('High contrast').waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByTestId('change-keys').click();
    const row = page.locator('[data-command="mode"]');
    const change = row.getByRole('button', { name: /^Change/ });
    await change.click();
    await page.keyboard.press('b');
    const problem = page.getByTestId('key-problem');
    expect(await problem.innerText()).toContain('b already does "Band over seeds on or off"');
    expect(await row.locator('kbd').allInnerTexts()).toEqual(['m']);
    await change.click();
    await page.keyboard.press('Escape');
    expect(await row.locator('kbd').allInnerTexts()).toEqual(['m']);
    await change.click();
    await page.keyboard.press('Control+Shift+K');
    expect(await row.locator('kbd').allInnerTexts()).toEqual(['Ctrl+Shift+K']);
    await row.getByRole('button', { name: /^Reset/ }).click();
    expect(await row.locator('kbd').allInnerTexts()).toEqual(['m']);
  });
});
