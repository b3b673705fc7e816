/** States of the mail report before it is copied: whole, with remarks, refused, and with words of its sender. */
import type { Page } from 'playwright-core';
import { lineWith, openScenario, runToEnd } from './lab-actions.js';
import type { RealState } from './describe-states.js';

async function preview(page: Page, file: string): Promise<void> {
  await openScenario(page, file);
  await runToEnd(page);
  await page.getByTestId('copy-menu').click();
  await page.getByRole('menuitem', { name: 'Preview and check mail report' }).click();
  await page
    .getByTestId('report-lines')
    .getByText(/^\d\d+ lines/)
    .waitFor();
}

export const REPORT_STATES: readonly RealState[] = [
  { name: 'report', reach: (page) => preview(page, 'odd.xlab') },
  {
    name: 'report-words',
    reach: async (page) => {
      await preview(page, 'tiny.xlab');
      await page.getByTestId('report-words').fill('Packing keeps the direct map whole here.');
      await page.getByTestId('report').getByText('Packing keeps the direct map').waitFor();
      await page.locator('[data-section="chart"]').uncheck();
      await page.getByRole('button', { name: 'As generated' }).waitFor();
    },
  },
  {
    name: 'report-refused',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await runToEnd(page);
      await lineWith(page, 'phase drop for 2s').click();
      await page.keyboard.press('End');
      await page.keyboard.type(' # later');
      await page.locator('[data-notice="stale"]').waitFor();
      await page.getByTestId('copy-mail').click();
      await page.getByText("Not copied: 'tiny.xlab' changed since the run").waitFor();
    },
  },
  {
    name: 'report-end',
    reach: async (page) => {
      await preview(page, 'tiny.xlab');
      await page.getByTestId('report-findings').scrollIntoViewIfNeeded();
    },
  },
];
