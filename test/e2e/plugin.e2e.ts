/** A scenario that brings its own design: the window asks before the code loads, and not again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';

const scenarios = Object.fromEntries(
  ['gate.xlab', 'buddy-text.ts'].map((name) => [
    name,
    readFileSync(join('scenarios', 'plugins', name), 'utf8'),
  ]),
);

describeWindows('a design plugin', { scenarios }, (now) => {
  /** Opens the scenario and asks for its plugin. */
  const ask = async (): Promise<Page> => {
    const { page } = now();
    await page.getByTestId('open-scenarios').click();
    await page.locator('[data-scenario$="gate.xlab"]').click();
    await page.getByTestId('ask-plugin').click();
    await page.getByTestId('dialog').waitFor();
    return page;
  };

  it('loads once the user has agreed, and its scenario can run', async () => {
    const page = await ask();
    expect(await page.getByTestId('dialog').innerText()).toContain('buddy-text.ts');
    await now().picture('plugin-dialog');
    await page.getByTestId('load-plugin').click();
    await page.getByTestId('hash').waitFor();
    expect(await page.getByTestId('problems').count()).toBe(0);
    expect(await page.getByTestId('ask-plugin').count()).toBe(0);
    await now().picture('plugin-loaded');
  });

  it('stays unloaded when the user says no', async () => {
    const page = await ask();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByTestId('dialog').waitFor({ state: 'detached' });
    expect(await page.getByTestId('problems').innerText()).toContain(
      "plugin 'buddy-text.ts' is not loaded",
    );
    expect(await page.getByTestId('hash').count()).toBe(0);
  });
});
