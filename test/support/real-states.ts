/**
 * States of the window that only the real engine makes: two results side by side, shares, reports held
 * against the scenario, findings of imports and plugins, and the dialogs that ask the language service.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { dropFile, lineWith, openMaps, openScenario, runToEnd } from './lab-actions.js';
import { CLI } from './lab-window.js';
import { LONG, ODD_SEEDS, SIX_DESIGNS, TINY } from './lab-scenarios.js';
import { EVENT_STATES } from './event-states.js';
import { REPORT_STATES } from './report-states.js';
import { badPlugin, TROUBLE_FILES } from './trouble-scenarios.js';
import type { RealState } from './describe-states.js';

const SWEEP = TINY.replace('seeds 1..3', 'seeds 1..2\nsweep n over 20, 60, 120');
/** What lies in the user's folder. */
export const REAL_FILES: Readonly<Record<string, string>> = {
  ...TROUBLE_FILES,
  'tiny.xlab': TINY,
  'steps.xlab': SWEEP,
  'marked.xlab': TINY.replace('lifetime 1s }\n', 'lifetime 1s }\n  at 1s { mark "all loaded" }\n'),
  'six.xlab': SIX_DESIGNS,
  'odd.xlab': ODD_SEEDS,
  'long.xlab': LONG,
  'throws.xlab': (TROUBLE_FILES['mine.xlab'] ?? '').replace('mine.ts', 'throws.ts'),
  'throws.ts': badPlugin('throws'),
  'mine.ts': badPlugin('overlaps'),
};

/** The command line in the folder of the scenarios; 1 is a claim that failed. */
function command(folder: string, ...words: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, [CLI, ...words], { cwd: folder }, (error, stdout) => {
      if (error === null || error.code === 1) done(stdout);
      else fail(new Error(`xlab ${words.join(' ')} ended with ${String(error.code)}`));
    });
  });
}

async function resultOf(folder: string, ...words: readonly string[]): Promise<Buffer> {
  const out = join(folder, 'made');
  await command(folder, 'run', 'tiny.xlab', '--out', out, '--quiet', ...words);
  return readFileSync(join(out, 'result.json'));
}

const notice = (page: Page, id: string) => page.locator(`[data-notice="${id}"]`);

async function ran(page: Page, file: string): Promise<void> {
  await openScenario(page, file);
  await runToEnd(page);
}

async function chooseCommand(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.getByTestId('dialog').locator('input').fill(words);
  await page.keyboard.press('Enter');
}

/** Opens a scenario that has a mistake, or asks something, before it can run. */
async function openTroubled(page: Page, file: string, id: string): Promise<void> {
  await page.getByTestId('open-scenarios').click();
  await page.getByLabel('Find a scenario').fill(file);
  await page.locator(`[data-scenario$="${file}"]`).click();
  await (id === 'plugin' ? page.getByTestId('ask-plugin') : notice(page, id)).waitFor();
}

async function startNew(page: Page, from: string): Promise<void> {
  await page.getByTestId('open-scenarios').click();
  await page.getByTestId('dialog').getByRole('button', { name: 'New scenario' }).click();
  await page.locator(`[data-new="${from}"]`).waitFor();
}

async function misbehave(page: Page, file: string, action: string): Promise<void> {
  await openTroubled(page, file, 'plugin');
  await page.getByTestId('ask-plugin').click();
  await page.getByTestId('load-plugin').click();
  await page.getByTestId('hash').waitFor();
  await page.getByTestId('run').click();
  await notice(page, 'misbehaved').getByRole('button', { name: action, exact: true }).click();
  await page.getByTestId('why').waitFor();
}

const COMPARISONS: readonly RealState[] = [
  {
    name: 'compare-folders',
    reach: async (page, folder) => {
      const other = await resultOf(folder, '--set', 'n=120');
      await ran(page, 'tiny.xlab');
      const chooser = page.waitForEvent('filechooser');
      await chooseCommand(page, 'result folder');
      await (await chooser).setFiles(join(folder, 'made'));
      if (other.length === 0) throw new Error('no result');
      await notice(page, 'comparison').waitFor();
      await page.getByTestId('map').nth(5).waitFor();
    },
  },
  {
    name: 'compare-points',
    reach: async (page) => {
      await ran(page, 'steps.xlab');
      const cell = (n: string) =>
        page.getByTestId('sweep').getByRole('button', { name: n, exact: true });
      await cell('20').click();
      await cell('20').click();
      await cell('120').click();
      await notice(page, 'comparison').waitFor();
    },
  },
  {
    name: 'sweep',
    reach: async (page) => {
      await ran(page, 'steps.xlab');
      await page.getByTestId('sweep').waitFor();
    },
  },
  {
    name: 'six',
    reach: async (page) => {
      await ran(page, 'six.xlab');
      await page.getByTestId('map').nth(5).waitFor();
    },
  },
  {
    name: 'six-side',
    reach: async (page) => {
      await ran(page, 'six.xlab');
      await page.getByRole('button', { name: 'side', exact: true }).click();
      await page.getByTestId('chart').nth(5).waitFor();
    },
  },
  {
    name: 'odd-seeds',
    reach: async (page) => {
      await ran(page, 'odd.xlab');
      await page.getByTestId('outliers').first().waitFor();
    },
  },
  {
    name: 'keep-both',
    reach: async (page, folder) => {
      const now = (await resultOf(folder)).toString('utf8');
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'old.json', Buffer.from(now.replace(/"model": \d+/, '"model": 0')));
      await notice(page, 'old-model').getByRole('button', { name: 'Keep both' }).click();
      await notice(page, 'comparison').waitFor();
    },
  },
];

const REPORTS: readonly RealState[] = [
  {
    name: 'old-model',
    reach: async (page, folder) => {
      const now = (await resultOf(folder)).toString('utf8');
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'old.json', Buffer.from(now.replace(/"model": \d+/, '"model": 0')));
      await notice(page, 'old-model').waitFor();
    },
  },
  {
    name: 'hash-differs',
    reach: async (page, folder) => {
      const report = await command(folder, 'run', 'tiny.xlab', '--set', 'n=40', '--seeds', '2..3');
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'mail.txt', Buffer.from(report.replace(/^/gm, '> ')));
      await notice(page, 'hash-differs').waitFor();
    },
  },
  {
    name: 'hash-list',
    reach: async (page, folder) => {
      const report = await command(folder, 'run', 'tiny.xlab', '--set', 'n=40', '--seeds', '2..3');
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'mail.txt', Buffer.from(report));
      const differs = notice(page, 'hash-differs');
      await differs.getByRole('button', { name: 'Show difference' }).click();
      await page.getByTestId('difference-list').waitFor();
    },
  },
  {
    name: 'same-hash',
    reach: async (page, folder) => {
      const report = await command(folder, 'run', 'tiny.xlab');
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'mail.txt', Buffer.from(report));
      await notice(page, 'same-hash').waitFor();
    },
  },
  {
    name: 'from-file',
    reach: async (page, folder) => {
      await openScenario(page, 'tiny.xlab');
      await dropFile(page, 'posted.json', await resultOf(folder));
      await notice(page, 'from-file').waitFor();
      await openMaps(page);
    },
  },
  {
    name: 'shards',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await page.getByTestId('copy-menu').waitFor();
      await chooseCommand(page, 'another machine');
      await page.getByTestId('shard-commands').waitFor();
    },
  },
  {
    name: 'share-joined',
    reach: async (page, folder) => {
      await command(folder, 'run', 'tiny.xlab', '--shard', '1/2', '--out', 's', '--quiet');
      await openScenario(page, 'tiny.xlab');
      const name = 'shard-1-of-2.xlabshard';
      await dropFile(page, name, readFileSync(join(folder, 's', name)));
      await notice(page, 'stopped').waitFor();
    },
  },
];

const DIALOGS: readonly RealState[] = [
  { name: 'new', reach: (page) => startNew(page, 'question') },
  {
    name: 'new-question',
    reach: async (page) => {
      await startNew(page, 'question');
      await page.locator('[data-new="question"]').click();
      await page.getByLabel('Find a question').fill('what');
    },
  },
  {
    name: 'new-machine',
    reach: async (page) => {
      await startNew(page, 'machine');
      await page.locator('[data-new="machine"]').click();
      await page.getByTestId('record-commands').waitFor();
    },
  },
  {
    name: 'add-design',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await page.getByTestId('add-design-button').click();
      await page.locator('[data-design]').first().waitFor();
    },
  },
  {
    name: 'add-options',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await page.getByTestId('add-design-button').click();
      await page.getByLabel('Find a design').fill('bpf_prog_pack');
      await page.keyboard.press('Enter');
      await page.getByTestId('add-design').waitFor();
    },
  },
  {
    name: 'rename',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await lineWith(page, 'pool progs').click();
      await page.keyboard.press('F2');
      await page.getByLabel('New name').waitFor();
    },
  },
  {
    name: 'outline',
    reach: async (page) => {
      await openScenario(page, 'tiny.xlab');
      await page.getByTestId('outline').getByText('Outline').click();
      await page.getByTestId('outline').getByRole('button').first().waitFor();
    },
  },
  {
    name: 'axis-menu',
    reach: async (page) => {
      await ran(page, 'tiny.xlab');
      await page.getByTestId('axis-menu').first().click();
      await page.getByRole('menuitem', { name: 'Hide' }).waitFor();
    },
  },
  {
    name: 'plugin',
    reach: async (page) => {
      await openTroubled(page, 'mine.xlab', 'plugin');
      await page.getByTestId('ask-plugin').click();
      await page.getByTestId('load-plugin').waitFor();
    },
  },
  {
    name: 'causes',
    reach: async (page) => {
      await ran(page, 'tiny.xlab');
      await openMaps(page);
      const row = page.locator('article[data-metric="direct_map_level2_splits"]');
      await row.getByTestId('chart').click({ position: { x: 300, y: 60 } });
      await page.keyboard.press('i');
      await page.getByTestId('why').waitFor();
    },
  },
];

const TROUBLES: readonly RealState[] = [
  {
    name: 'overran',
    reach: async (page) => {
      await openScenario(page, 'short.xlab');
      await page.getByTestId('run').click();
      await notice(page, 'overran').waitFor();
    },
  },
  {
    name: 'design-threw',
    reach: (page) => misbehave(page, 'throws.xlab', 'Open state before it'),
  },
  {
    name: 'overlap',
    reach: (page) => misbehave(page, 'mine.xlab', 'Show both owners'),
  },
  {
    name: 'import-lines',
    reach: async (page) => {
      await openScenario(page, 'partial.xlab');
      const partial = notice(page, 'partial-input');
      await partial.getByRole('button', { name: 'Show lines' }).click();
    },
  },
  {
    name: 'pointers',
    reach: (page) => openTroubled(page, 'hidden.xlab', 'pointers'),
  },
  {
    name: 'file-moved',
    reach: (page) => openTroubled(page, 'moved.xlab', 'file-moved'),
  },
  {
    name: 'locate',
    reach: async (page) => {
      await openTroubled(page, 'moved.xlab', 'file-moved');
      await notice(page, 'file-moved').getByRole('button', { name: 'Locate' }).click();
      await page.getByLabel('Path, relative to the scenario').waitFor();
    },
  },
  {
    name: 'not-probed',
    reach: async (page) => {
      await ran(page, 'good.xlab');
      await page.getByRole('button', { name: 'Metrics' }).click();
      await page.getByRole('menuitemcheckbox', { name: /vmap\.holes/ }).click();
      await page.keyboard.press('Escape');
      await page.locator('article[data-metric="vmap.holes"]').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'stopped',
    reach: async (page) => {
      await openScenario(page, 'long.xlab');
      await page.getByTestId('run').click();
      await page.getByText(/^(?:[3-9]|\d\d+)\/600 runs$/).waitFor();
      await page.getByTestId('stop').click();
      await notice(page, 'stopped').waitFor();
    },
  },
];

export const REAL_STATES: readonly RealState[] = [
  ...COMPARISONS,
  ...REPORTS,
  ...REPORT_STATES,
  ...EVENT_STATES,
  ...DIALOGS,
  ...TROUBLES,
];
