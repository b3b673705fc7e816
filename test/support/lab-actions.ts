/** What a person does in the window, for tests of the whole program. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { CLI } from './lab-window.js';
import type { LabWindow } from './lab-window.js';

export async function openScenario(page: Page, file: string): Promise<void> {
  await page.getByTestId('open-scenarios').click();
  await page.getByLabel('Find a scenario').fill(file);
  await page.locator(`[data-scenario$="${file}"]`).click();
  // The result of the first start has a hash too: only the name tells that the scenario is open.
  await page.getByTestId('open-scenarios').getByText(file).waitFor();
  await page.getByTestId('hash').waitFor();
}

export const runState = (page: Page, state: string): Promise<void> =>
  page.getByTestId('run-state').getByText(state).waitFor();

export async function runToEnd(page: Page): Promise<void> {
  await page.getByTestId('run').click();
  await runState(page, 'finished');
}

export async function openMaps(page: Page): Promise<void> {
  await page.getByTestId('map').nth(2).waitFor();
}

/** Waits until the maps say that they show this moment. */
export const mapsShow = (page: Page, moment: string): Promise<void> =>
  page.getByLabel('Maps', { exact: true }).locator('header').getByText(moment).waitFor();

export const lineWith = (page: Page, text: string) => page.locator('.cm-line', { hasText: text });

/** Middle of a word in a line of the editor, on the screen. */
export async function wordPlace(
  page: Page,
  lineText: string,
  word: string,
): Promise<{ readonly x: number; readonly y: number }> {
  const place = await lineWith(page, lineText).evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const start = node.textContent?.indexOf(wanted) ?? -1;
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + wanted.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    return null;
  }, word);
  if (place === null) throw new Error(`no ${word} in the line of ${lineText}`);
  return place;
}

/** Selects a word in a line of the editor, as two clicks on it do. */
export async function selectWord(page: Page, lineText: string, word: string): Promise<void> {
  const { x, y } = await wordPlace(page, lineText, word);
  await page.mouse.dblclick(x, y);
}

/** What the built command line prints in the folder of the user's scenarios; 1 is a failed claim. */
export function commandLine(window: LabWindow, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const options = { cwd: window.folder, maxBuffer: 2 ** 26 };
    execFile(process.execPath, [CLI, ...args], options, (error, stdout) => {
      if (error === null || error.code === 1) done(stdout);
      else fail(new Error(`xlab ${args.join(' ')} ended with ${String(error.code)}`));
    });
  });
}

export async function saveByMenu(page: Page, title: string): Promise<[Download, Buffer]> {
  await page.getByTestId('copy-menu').click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: title }).click();
  const download = await waiting;
  return [download, await readFile(await download.path())];
}

/** Drops a file on the window. */
export async function dropFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const binary = atob(base64);
      const data = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([data], fileName));
      return made;
    },
    [name, Buffer.from(bytes).toString('base64')] as const,
  );
  await page.dispatchEvent('#app', 'drop', { dataTransfer: transfer });
}

/** Pixels of the map of a design, as a data URL. */
export const mapPixels = (page: Page, design: string): Promise<string> =>
  page
    .locator(`[data-testid="map"][data-design="${design}"] canvas`)
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/**
 * Moves the focus on with Tab until it is on an element that the selector fits; fails when none is. In
 * the editor Tab indents, and Escape before it leaves.
 */
export async function tabTo(page: Page, selector: string, limit = 120): Promise<void> {
  for (let presses = 0; presses < limit; presses += 1) {
    const place = await page.evaluate((wanted) => {
      const active = document.activeElement;
      if (active?.matches(wanted) === true) return 'there';
      return active?.closest('.cm-editor') == null ? 'elsewhere' : 'editor';
    }, selector);
    if (place === 'there') return;
    if (place === 'editor') await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${selector}`);
}

/** Drops files or folders of the disk on the window, as a file manager does. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const line = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await line.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await line.detach();
}

/** Pastes a text into the window, outside of every field. */
export async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((own) => navigator.clipboard.writeText(own), text);
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  await page.keyboard.press('Control+V');
}
