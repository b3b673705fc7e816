/** Every state of the window that a test can reach over the fake engine, by name. */
import type { Page } from 'playwright-core';
import type { FakeLabEngineOptions } from './fake-lab-engine.js';

export interface WindowState {
  readonly name: string;
  readonly engine?: FakeLabEngineOptions;
  readonly reach: (page: Page) => Promise<void>;
}

async function openChurn(page: Page): Promise<void> {
  await page.getByTestId('open-scenarios').click();
  await page.locator('[data-scenario="fleet-churn.xlab"]').click();
  await page.getByTestId('hash').waitFor();
}

async function finish(page: Page): Promise<void> {
  await openChurn(page);
  await page.keyboard.press('F5');
  await page.getByTestId('run-state').getByText('finished').waitFor();
}

async function hoverChart(page: Page): Promise<void> {
  const box = await page.getByTestId('chart').first().boundingBox();
  if (box === null) throw new Error('the chart has no place on screen');
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
}

async function dragChart(page: Page): Promise<void> {
  const box = await page.getByTestId('chart').first().boundingBox();
  if (box === null) throw new Error('the chart has no place on screen');
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
}

export const WINDOW_STATES: readonly WindowState[] = [
  { name: 'start', reach: (page) => page.locator('[data-home-scenario]').first().waitFor() },
  {
    name: 'scenarios',
    reach: async (page) => {
      await page.getByTestId('open-scenarios').click();
      await page.getByTestId('dialog').waitFor();
    },
  },
  { name: 'not-run', reach: openChurn },
  {
    name: 'mistake',
    reach: async (page) => {
      await openChurn(page);
      await page.locator('.cm-line', { hasText: 'load bpf' }).getByText('size').dblclick();
      await page.keyboard.type('sise');
      await page.getByTestId('problems').waitFor();
    },
  },
  {
    name: 'running',
    engine: { runMs: 400 },
    reach: async (page) => {
      await openChurn(page);
      await page.keyboard.press('F5');
      await page.getByText(/^[2-9]\/18 runs$/).waitFor();
    },
  },
  { name: 'over', reach: async (page) => (await finish(page), hoverChart(page)) },
  {
    name: 'side',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'side', exact: true }).click();
    },
  },
  {
    name: 'diff',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'diff', exact: true }).click();
    },
  },
  {
    name: 'span',
    reach: async (page) => {
      await finish(page);
      await dragChart(page);
    },
  },
  {
    name: 'zoom',
    reach: async (page) => {
      await finish(page);
      await dragChart(page);
      await page.keyboard.press('z');
    },
  },
  {
    name: 'seed',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press(']');
      await page.keyboard.press('t');
    },
  },
  {
    name: 'explain',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('Alt+3');
      await page.getByTestId('events').waitFor();
      await page.getByTestId('map').first().waitFor();
      await page.keyboard.press('Shift+Comma');
      await page.getByTestId('why').getByText('level-2 split').waitFor();
    },
  },
  {
    name: 'cell',
    reach: async (page) => {
      await finish(page);
      await page
        .getByTestId('map')
        .first()
        .click({ position: { x: 14, y: 16 } });
      await page.getByTestId('why').getByText('History of the page').waitFor();
    },
  },
  {
    name: 'place-tip',
    reach: async (page) => {
      await finish(page);
      await page
        .getByTestId('map')
        .first()
        .hover({ position: { x: 14, y: 16 } });
      await page.getByTestId('hover-tip').getByText('page ').first().waitFor();
    },
  },
  {
    name: 'tick-tip',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'page tables' }).click();
      await page
        .getByTestId('table-map')
        .first()
        .locator('svg.table')
        .first()
        .hover({ position: { x: 1, y: 12 } });
      await page.getByTestId('hover-tip').waitFor();
    },
  },
  {
    name: 'page-tables',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'page tables' }).click();
      await page.getByTestId('table-map').first().waitFor();
    },
  },
  {
    name: 'direct-map',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'direct map' }).click();
      await page.getByTestId('table-map').first().waitFor();
    },
  },
  {
    name: 'tlb',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'TLB', exact: true }).click();
    },
  },
  {
    name: 'entries',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'page tables' }).click();
      await page.getByTestId('table-map').first().getByRole('button').first().click();
      await page.getByTestId('entries').first().waitFor();
    },
  },
  {
    name: 'map-kept',
    engine: { mapWeightMax: 600 },
    reach: async (page) => {
      await finish(page);
      const kept = page.locator('[data-notice="map-kept"]');
      await page.getByTestId('map').nth(2).waitFor();
      await kept.getByRole('button', { name: 'Details' }).click();
    },
  },
  {
    name: 'first-run',
    engine: { firstRun: true },
    reach: async (page) => {
      await page.getByTestId('hints').waitFor();
      await page.getByTestId('map').nth(2).waitFor();
    },
  },
  {
    name: 'find',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('/');
      await page.getByTestId('dialog').waitFor();
    },
  },
  {
    name: 'pin-menu',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('p');
      await page.getByText('pins: 1').click();
    },
  },
  {
    name: 'long-run',
    engine: { runMs: 500 },
    reach: async (page) => {
      await openChurn(page);
      await page.locator('.cm-line', { hasText: 'seeds 1..6' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type('00');
      await page.getByTestId('hash').waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('F5');
      await page.locator('[data-notice="long"]').waitFor();
    },
  },
  {
    name: 'difference',
    reach: async (page) => {
      await finish(page);
      await page.locator('.cm-line', { hasText: '# one program' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type('s');
      await page.getByRole('button', { name: 'Show difference' }).click();
      await page.getByTestId('difference').waitFor();
    },
  },
  {
    name: 'map-diff',
    reach: async (page) => {
      await finish(page);
      await page.getByTestId('map').nth(2).waitFor();
      await page.getByRole('button', { name: 'diff', exact: true }).click();
      await page.getByLabel('Legend').getByText('gained', { exact: false }).first().waitFor();
    },
  },
  {
    name: 'pinned',
    reach: async (page) => {
      await finish(page);
      // At the handle, and near borders of phases, where names leave little room.
      for (const key of ['p', '2', 'p', '3', 'p']) await page.keyboard.press(key);
      await page.getByText('pins: 3').waitFor();
    },
  },
  {
    name: 'metrics',
    reach: async (page) => {
      await finish(page);
      await page.getByRole('button', { name: 'Metrics' }).click();
    },
  },
  {
    name: 'view-menu',
    reach: async (page) => {
      await finish(page);
      await page.getByTestId('view-menu').click();
    },
  },
  {
    name: 'author',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('Alt+1');
    },
  },
  {
    name: 'editor-hidden',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('Control+Backslash');
      await page.getByTestId('editor-strip').waitFor();
    },
  },
  {
    name: 'failed',
    engine: { failure: 'worker 2 ended with code 139' },
    reach: async (page) => {
      await openChurn(page);
      await page.keyboard.press('F5');
      await page.locator('[data-notice="failed"]').waitFor();
    },
  },
  {
    name: 'stale',
    reach: async (page) => {
      await finish(page);
      await page.locator('.cm-line', { hasText: '# one program' }).click();
      await page.keyboard.press('End');
      await page.keyboard.type('s');
      await page.locator('[data-notice="stale"]').waitFor();
    },
  },
  {
    name: 'palette',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('Control+Shift+P');
      await page.getByTestId('dialog').waitFor();
    },
  },
  {
    name: 'keys',
    reach: async (page) => {
      await finish(page);
      await page.keyboard.press('?');
      await page.getByTestId('dialog').waitFor();
    },
  },
  {
    name: 'copy-menu',
    reach: async (page) => {
      await finish(page);
      await page.getByTestId('copy-menu').click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
];
