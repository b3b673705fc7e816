/** Stop and continue; bundles saved and opened again; files from strangers. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { fakeLab } from '../support/fake-lab.js';
import { openWindow } from '../support/window-session.js';
import type { WindowSession } from '../support/window-session.js';

const executable = browserPath();

/** Drops a file on the window. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const binary = atob(base64);
      const data = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([data], fileName));
      return made;
    },
    [name, bytes.toString('base64')] as const,
  );
  await page.dispatchEvent('#app', 'drop', { dataTransfer: transfer });
}

describe.skipIf(executable === undefined)('files in Chromium', () => {
  let browser: Browser;
  let session: WindowSession;

  beforeAll(async () => {
    browser = await launchBrowser(executable ?? '');
  });
  afterAll(() => browser.close());
  const openChurn = async (runMs: number): Promise<void> => {
    session = await openWindow(browser, fakeLab({ runMs }).service);
    await session.page.getByTestId('open-scenarios').click();
    await session.page.locator('[data-scenario="fleet-churn.xlab"]').click();
    await session.page.getByTestId('hash').waitFor();
  };
  beforeEach(() => openChurn(60));
  afterEach(async () => {
    const { problems } = session;
    await session.close();
    expect(problems).toEqual([]);
  });

  const finish = async (): Promise<void> => {
    await session.page.getByTestId('run').click();
    await session.page.getByTestId('run-state').getByText('finished').waitFor();
  };

  it('continues a stopped run without doing finished runs again', async () => {
    // Long enough that it still runs when the button is reached.
    await session.close();
    await openChurn(250);
    const { page } = session;
    await page.getByTestId('run').click();
    await page.getByText(/^[2-9]\/18 runs$/).waitFor();
    await page.getByTestId('stop').click();
    const notice = page.locator('[data-notice="stopped"]');
    await notice.waitFor();
    const done = Number(/after (\d+) of/.exec(await notice.innerText())?.[1]);
    expect(done).toBeGreaterThan(0);
    await notice.getByRole('button', { name: 'Continue' }).click();
    await page.getByTestId('run-state').getByText('finished').waitFor();
    expect(await page.getByTestId('runs').innerText()).toBe('18/18 runs');
  });

  it('saves a bundle that opens to the same screen, read only until taken over', async () => {
    const { page } = session;
    await finish();
    const table = await page.getByTestId('table').innerText();
    await page.getByTestId('copy-menu').click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Save bundle' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('fleet-churn.xlabrun');
    const bytes = await readFile(await saved.path());
    await page.goto(new URL(page.url()).origin);
    await page.locator('[data-home-scenario]').first().waitFor();
    await drop(page, 'fleet-churn.xlabrun', bytes);
    const notice = page.locator('[data-notice="from-file"]');
    await notice.waitFor();
    expect(await page.getByTestId('table').innerText()).toBe(table);
    await session.picture('bundle-light');
    await page.locator('.cm-line', { hasText: '# one program' }).click();
    await page.keyboard.type('zzz');
    expect(await page.getByTestId('editor').innerText()).not.toContain('zzz');
    await notice.getByRole('button', { name: 'Take over' }).click();
    await page.locator('.cm-line', { hasText: '# one program' }).click();
    await page.keyboard.type('zzz');
    expect(await page.getByTestId('editor').innerText()).toContain('zzz');
  });

  it('shows the same result, mode and handle after the page is loaded again', async () => {
    const { page } = session;
    await finish();
    await page.getByRole('button', { name: 'diff', exact: true }).click();
    await page.getByTestId('scrubber').focus();
    await page.keyboard.press('PageDown');
    const now = await page.getByTestId('scrubber').getAttribute('aria-valuetext');
    const table = await page.getByTestId('table').innerText();
    await page.waitForFunction(() => window.location.hash.startsWith('#view='));
    await page.waitForTimeout(1000);
    await page.reload();
    await page.getByTestId('table').waitFor();
    expect(await page.getByTestId('table').innerText()).toBe(table);
    await page.locator(`[data-testid=scrubber][aria-valuetext="${now ?? ''}"]`).waitFor();
    const diff = page.getByRole('button', { name: 'diff', exact: true });
    expect(await diff.getAttribute('aria-pressed')).toBe('true');
  });

  it('opens a dropped scenario as unsaved text', async () => {
    const { page } = session;
    await drop(page, 'mine.xlab', Buffer.from('xlab 1\ncompare module_alloc\n# mine\n'));
    await page.locator('.cm-line', { hasText: '# mine' }).waitFor();
    await page.getByText('not saved').waitFor();
  });

  it.each([
    ['a.xlabrun', Buffer.from('not gzip'), 'cannot be unpacked'],
    ['b.xlabrun', gzipSync('no json'), 'no JSON'],
    ['c.xlabrun', gzipSync('{"format":"other"}'), 'not a bundle of this lab'],
    ['d.xlabrun', gzipSync(Buffer.alloc(70 * 1024 * 1024, 32)), 'more than 60 MiB'],
    [
      'e.xlabrun',
      gzipSync(
        JSON.stringify({
          format: 'xlabrun',
          version: 1,
          file: '../../etc/passwd',
          text: '<img src=x onerror=alert(1)>',
          settings: {},
          seeds: '',
          view: null,
          result: { schema: 1 },
        }),
      ),
      'e.xlabrun: ',
    ],
    ['f.exe', Buffer.from('MZ'), 'scenarios, bundles, results, shares and reports'],
  ])('refuses %s with a reason and keeps what is on screen', async (name, bytes, reason) => {
    const { page } = session;
    await drop(page, name, bytes);
    await page.getByRole('alert').getByText(reason).waitFor();
    expect(await page.getByTestId('editor').innerText()).toContain('# one program');
  });
});
