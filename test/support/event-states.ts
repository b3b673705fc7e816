/** States of what stands on the time axes of charts: marks, named pins, lanes of events, events of a selected pool. */
import type { Page } from 'playwright-core';
import { openMaps, openScenario, runToEnd } from './lab-actions.js';
import type { RealState } from './describe-states.js';

async function ran(page: Page): Promise<void> {
  await openScenario(page, 'marked.xlab');
  await runToEnd(page);
  await openMaps(page);
}

async function showEvents(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Metrics' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Events in charts' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await page.getByTestId('chart-events').first().waitFor();
}

async function pin(page: Page, share: number, name: string): Promise<void> {
  const chart = page.getByTestId('chart').first();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place on screen');
  await chart.click({ position: { x: 64 + share * (box.width - 280), y: box.height / 2 } });
  await page.getByTestId('pins').locator('summary').click();
  const field = page.getByRole('textbox', { name: 'Name of the pin' }).last();
  await field.fill(name);
  await field.press('Enter');
  await page.getByTestId('pins').locator('summary').click();
}

export const EVENT_STATES: readonly RealState[] = [
  {
    name: 'events',
    reach: async (page) => {
      await ran(page);
      await showEvents(page);
      await pin(page, 0.3, 'before the drop');
    },
  },
  {
    name: 'events-side',
    reach: async (page) => {
      await ran(page);
      await page.getByRole('button', { name: 'side', exact: true }).click();
      await showEvents(page);
    },
  },
  {
    name: 'selected-pool',
    reach: async (page) => {
      await ran(page);
      await page.keyboard.press('/');
      await page.getByTestId('dialog').locator('input').fill('progs');
      await page.keyboard.press('Enter');
      await page.getByTestId('chart-selected').first().waitFor();
    },
  },
];
