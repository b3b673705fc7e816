/**
 * `npm run pictures`: the four pictures of the README, taken from the production build with the real engine in
 * Chromium: a comparison, why a split happened, and in the dark the TLB and the difference of maps.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openScenario, runState } from './lab-actions.js';
import { WINDOW_TARGETS } from './lab-window.js';

const FOLDER = fileURLToPath(new URL('../../renderer/pictures', import.meta.url));
const RUN_MS_MAX = 300_000;

async function run(page: Page, file: string): Promise<void> {
  await openScenario(page, file);
  await page.getByTestId('run').click();
  await page.getByTestId('run-state').getByText('finished').waitFor({ timeout: RUN_MS_MAX });
  await runState(page, 'finished');
  await page.getByTestId('map').nth(1).waitFor({ timeout: RUN_MS_MAX });
  await page.waitForTimeout(3000);
}

async function main(): Promise<void> {
  const target = WINDOW_TARGETS[0];
  if (target === undefined || target.missing !== null) throw new Error(target?.missing ?? '');
  mkdirSync(FOLDER, { recursive: true });
  const end = await target.prepare();
  const take = (page: Page, name: string): Promise<Buffer> =>
    page.screenshot({ path: join(FOLDER, `${name}.png`) });

  const light = await target.open({});
  await run(light.page, 'packed-programs.xlab');
  await take(light.page, 'compare');
  await light.page.keyboard.press('Shift+Comma');
  await light.page.getByTestId('why').getByText('split').first().waitFor();
  await light.page.waitForTimeout(1000);
  await take(light.page, 'why');
  await light.close();

  const dark = await target.open({ theme: 'dark' });
  await run(dark.page, 'packed-programs.xlab');
  await dark.page.getByRole('button', { name: 'TLB', exact: true }).click();
  await dark.page.waitForTimeout(3000);
  await take(dark.page, 'tlb');
  await dark.page.getByRole('button', { name: 'module area', exact: true }).click();
  await dark.page.getByRole('button', { name: 'diff', exact: true }).click();
  await dark.page.waitForTimeout(1500);
  await take(dark.page, 'difference');
  await dark.close();
  await end();
}

await main();
