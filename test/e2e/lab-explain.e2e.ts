/** Explaining: what is selected shows in every pane, pins, steps to events, verdicts, one level back. */
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import {
  dropFile,
  mapsShow,
  openMaps,
  openScenario,
  runState,
  runToEnd,
  saveByMenu,
} from '../support/lab-actions.js';
import { LONG, TINY } from '../support/lab-scenarios.js';
import { listens } from '../support/lab-window.js';

const scenarios = { 'tiny.xlab': TINY, 'long.xlab': LONG };

describeWindows('explaining', { scenarios }, (now) => {
  const runTiny = async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await openMaps(page);
    return page;
  };

  it('shows a chosen object in the editor, in every map and in the strip, until Esc', async () => {
    const page = await runTiny();
    await mapsShow(page, 'at 4.');
    const map = page.locator('[data-testid="map"][data-design="module_alloc"]');
    const line = page.locator('.cm-line.cm-selected-object');
    await map.focus();
    for (let i = 0; i < 300 && (await map.getAttribute('data-marked')) === '0'; i += 1) {
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(20);
    }
    await line.waitFor({ state: 'attached' });
    expect(await line.textContent()).toContain('load bpf size');
    for (const design of ['module_alloc', 'bpf_prog_pack', 'topdown_split']) {
      const marked = page.locator(`[data-testid="map"][data-design="${design}"]`);
      await expect.poll(() => marked.getAttribute('data-marked')).not.toBe('0');
    }
    const events = page.getByTestId('selected-events');
    expect(await events.getAttribute('d')).toMatch(/^M/);
    await now().picture('selected-object');
    const step = page.locator('.scrub output').nth(1);
    await page.keyboard.press('f');
    await expect.poll(() => step.innerText()).toMatch(/^#\d+$/);
    const owner = page.getByTestId('why').getByText(/born at ([\d.]+) s/);
    const born = /born at ([\d.]+) s/.exec(await owner.innerText())?.[1] ?? '';
    await mapsShow(page, `at ${Number(born).toFixed(3)} s`);
    await page.keyboard.press('Escape');
    await line.waitFor({ state: 'detached' });
    expect(await events.count()).toBe(0);
  });

  it('undoes one level at a time: selection, pin, zoom', async () => {
    const page = await runTiny();
    const chart = page.getByTestId('chart').first();
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart has no place on screen');
    const y = box.y + box.height / 2;
    await page.mouse.click(box.x + 300, y);
    await page.mouse.move(box.x + 400, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 600, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.press('z');
    await page.keyboard.press('n');
    const span = page.locator('.scrub .selected');
    const pin = page.locator('.scrub .pin.focused');
    const zoom = page.locator('.scrub .zoom');
    const levels = async (): Promise<number[]> =>
      Promise.all([span.count(), pin.count(), zoom.count()]);
    expect(await levels()).toEqual([1, 1, 1]);
    await page.keyboard.press('Escape');
    expect(await levels()).toEqual([0, 1, 1]);
    await page.keyboard.press('Escape');
    expect(await levels()).toEqual([0, 0, 1]);
    await page.keyboard.press('Escape');
    expect(await levels()).toEqual([0, 0, 0]);
  });

  it('puts the values at the pins into the report when that is asked for', async () => {
    const page = await runTiny();
    await page.keyboard.press('Home');
    await page.keyboard.press('p');
    await page.keyboard.press('y');
    await page.getByText('Mail report copied').waitFor();
    expect(await now().readClipboard()).not.toContain('Values at pins');
    await page.getByTestId('pins').locator('summary').click();
    await page.getByLabel('Name of the pin').fill('before load');
    await page.getByLabel('Values at the pins in copied reports').check();
    await page.keyboard.press('Escape');
    await page.getByTestId('copy-mail').click();
    await expect
      .poll(() => now().readClipboard())
      .toMatch(/Values at pins \(median of 3 seeds\)\n\nbefore load, 0\.0+ s\s+A\s+B\s+C\n/);
  });

  it('says that there is no further event of the kind and stays where it is', async () => {
    const page = await runTiny();
    await page.keyboard.press('End');
    await mapsShow(page, 'at ');
    const where = page.locator('.scrub output').first();
    const before = await where.innerText();
    await page.keyboard.press('Shift+Period');
    await page
      .getByTestId('said')
      .getByText(/There is no later direct_map\.split_2m in/)
      .waitFor();
    expect(await where.innerText()).toBe(before);
    expect(await page.getByTestId('why').count()).toBe(0);
  });

  it('goes to the line of a verdict, and with Shift to its moment and seed', async () => {
    const page = await runTiny();
    const verdict = page.getByTestId('verdicts').getByRole('button', { name: /direct_map_level2/ });
    await verdict.click();
    await page.locator('.cm-activeLine', { hasText: 'expect direct_map_level2_splits' }).waitFor();
    await page.keyboard.press('Control+\\');
    await page.keyboard.press('Control+\\');
    await verdict.click({ modifiers: ['Shift'] });
    const seed = page.locator('header label', { hasText: 'seed' }).locator('select');
    const named = /seed (\d)/.exec(await verdict.innerText())?.[1] ?? '';
    await expect.poll(() => seed.inputValue()).toBe(named);
  });

  it('announces each design at the cursor with Alt and the arrow keys', async () => {
    const page = await runTiny();
    await page.getByTestId('chart').first().focus();
    const said = page.getByTestId('said');
    await page.keyboard.press('Alt+ArrowDown');
    await said.getByText(/^A module_alloc: [\d.]+$/).waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await said.getByText(/^B bpf_prog_pack: [\d.]+$/).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await said.getByText(/^A module_alloc: /).waitFor();
  });

  it('opens a bundle with its view and its maps', async () => {
    const page = await runTiny();
    await page.getByRole('button', { name: 'side', exact: true }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('p');
    const [name, bytes] = await saveByMenu(page, 'Save bundle');
    await page.reload();
    await listens(page);
    await dropFile(page, name.suggestedFilename(), bytes);
    await page.locator('[data-notice="from-file"]').waitFor();
    const side = page.getByRole('button', { name: 'side', exact: true });
    expect(await side.getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByTestId('pins').innerText()).toContain('pins: 1');
    await openMaps(page);
    await mapsShow(page, 'at 0.000 s');
  });

  it('shows in another window what a copied link says', async () => {
    const page = await runTiny();
    await page.keyboard.press('m');
    await page.getByTestId('copy-menu').click();
    await page.getByRole('menuitem', { name: 'Copy link to this view' }).click();
    await page.getByText('Link copied').waitFor();
    const link = await now().readClipboard();
    await page.goto('about:blank');
    await page.goto(link);
    await runState(page, 'finished');
    const diff = page.getByRole('button', { name: 'diff', exact: true });
    await expect.poll(() => diff.getAttribute('aria-pressed')).toBe('true');
  });

  it('goes on counting from what a stopped run has kept', async () => {
    const { page } = now();
    await openScenario(page, 'long.xlab');
    await page.getByTestId('run').click();
    const runs = page.getByTestId('runs');
    await runs.getByText(/^(?:[3-9]|\d\d+)\/600 runs$/).waitFor({ timeout: 90_000 });
    await page.getByTestId('stop').click();
    await runState(page, 'stopped');
    const kept = Number(/^(\d+)/.exec(await runs.innerText())?.[1]);
    const seen: number[] = [];
    await page.exposeFunction('seenRuns', (text: string) => {
      seen.push(Number(/^(\d+)/.exec(text)?.[1]));
    });
    await runs.evaluate((element) => {
      const tell = (window as unknown as { seenRuns: (text: string) => void }).seenRuns;
      new MutationObserver(() => tell(element.innerHTML)).observe(element, {
        subtree: true,
        characterData: true,
        childList: true,
      });
    });
    await page.locator('[data-notice="stopped"]').getByRole('button', { name: 'Continue' }).click();
    await runState(page, 'running');
    await page.getByTestId('stop').click();
    await runState(page, 'stopped');
    expect(Math.min(kept, ...seen)).toBe(kept);
  });
});
