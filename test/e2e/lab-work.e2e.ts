/**
 * The work of the window with the real engine, from opening a scenario to the report on the clipboard:
 * in Chromium over `xlab serve` and in Electron, on the production build.
 */
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import {
  commandLine,
  lineWith,
  mapPixels,
  mapsShow,
  openMaps,
  openScenario,
  runState,
  runToEnd,
  saveByMenu,
  selectWord,
} from '../support/lab-actions.js';
import { LONG, SIX_DESIGNS, TINY } from '../support/lab-scenarios.js';

const SCENARIOS = { 'tiny.xlab': TINY, 'six.xlab': SIX_DESIGNS, 'long.xlab': LONG };

describeWindows('work', { scenarios: SCENARIOS }, (now) => {
  it('lists shipped scenarios and own ones by their question', async () => {
    const window = now();
    const { page } = window;
    await page.getByTestId('open-scenarios').click();
    await page.locator('[data-scenario$="tiny.xlab"]').waitFor();
    const shipped = page.locator('[data-scenario="one-leaf.xlab"]');
    expect(await shipped.innerText()).toContain('What does one 2M leaf save and waste');
  });

  it('names a mistake while it is typed, offers the fix, and runs what was mended', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await selectWord(page, 'compare', 'bpf_prog_pack');
    await page.keyboard.type('bpf_prog_pak');
    const problems = page.getByTestId('problems');
    await problems.getByText("unknown design 'bpf_prog_pak'").waitFor();
    expect(await page.getByTestId('run').isDisabled()).toBe(true);
    await page.locator('[data-notice="error"]').getByText('in line 16').waitFor();
    await window.picture('mistake');
    await page.locator('.cm-lintRange-error').first().hover();
    await page.locator('.cm-diagnosticAction').first().click();
    await problems.waitFor({ state: 'detached' });
    expect(await lineWith(page, 'compare').innerText()).toContain(', bpf_prog_pack,');
    await runToEnd(page);
    expect(await page.getByTestId('runs').innerText()).toBe('9/9 runs');
  });

  it('copies the mail report byte for byte as the command line prints it', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await page.keyboard.press('y');
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    const copied = await window.readClipboard();
    expect(copied).toBe(await commandLine(window, ['run', 'tiny.xlab']));
    const quoted = copied.split('\n').map((line) => `> > > > ${line}`);
    expect(quoted.filter((line) => line.length > 80)).toEqual([]);
    await window.picture('result');
  });

  it('shows one result in three ways, with the same scale side by side', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const charts = page.getByTestId('chart');
    const row = page.locator('article[data-metric="direct_map_level2_splits"]');
    expect(await row.getByTestId('chart').count()).toBe(1);
    await page.getByRole('button', { name: 'side', exact: true }).click();
    await row.getByTestId('chart').nth(2).waitFor();
    expect(await row.innerText()).not.toContain('scales differ');
    await window.picture('side');
    await page.getByRole('button', { name: 'diff', exact: true }).click();
    await row.getByTestId('chart').nth(1).waitFor({ state: 'detached' });
    expect(await charts.first().getAttribute('aria-valuetext')).toContain('B');
    await page.keyboard.press('m');
    await page.keyboard.press('m');
    const over = page.getByRole('button', { name: 'over', exact: true });
    expect(await over.getAttribute('aria-pressed')).toBe('true');
  });

  it('scrubs the maps forwards and backwards to the same state', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await openMaps(page);
    const scrubber = page.getByTestId('scrubber');
    const at = async (seconds: number, shown: string): Promise<string> => {
      const box = await scrubber.boundingBox();
      if (box === null) throw new Error('the scrubber has no place on screen');
      await scrubber.click({ position: { x: (box.width * seconds) / 6, y: box.height / 2 } });
      await mapsShow(page, shown);
      await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(done)));
      return mapPixels(page, 'module_alloc');
    };
    const early = await at(1.3, 'at 1.2');
    const late = await at(5.5, 'at 4.');
    expect(late).not.toBe(early);
    expect(await at(1.3, 'at 1.2')).toBe(early);
    expect(await at(5.5, 'at 4.')).toBe(late);
  });

  it('explains a split down to the line of the scenario, in two actions', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await openMaps(page);
    await page.keyboard.press('Home');
    await mapsShow(page, 'at 0.000 s');
    await page.keyboard.press('Shift+Period');
    const why = page.getByTestId('why');
    await why.getByText('level-2 split').first().waitFor();
    const text = await why.innerText();
    expect(text).toContain('load bpf');
    expect(text).toContain('set_memory_ro');
    expect(text).toMatch(/in B: .*in C: /);
    await window.picture('why');
    const link = why.getByRole('button', { name: /^line \d+: load bpf/ }).first();
    const line = /^line (\d+)/.exec(await link.innerText())?.[1] ?? '';
    await link.click();
    await page.locator('.cm-activeLineGutter').getByText(line, { exact: true }).waitFor();
    await page.locator('.cm-activeLine', { hasText: 'load bpf' }).waitFor();
  });

  it('leads from a number of the table to its causes and on to their line, in two actions', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const why = page.getByTestId('why');
    const rows = page.getByTestId('table').locator('tbody tr button');
    expect(await rows.count()).toBeGreaterThan(4);
    for (let row = 0; row < (await rows.count()); row += 1) {
      await rows.nth(row).click();
      await why
        .getByRole('button', { name: /^line \d+: / })
        .first()
        .waitFor();
    }
    await page
      .getByTestId('table')
      .getByRole('button', { name: /^text\.pte_4k/ })
      .click();
    await why.getByText('vmap.alloc').first().waitFor();
    await window.picture('causes');
    await why
      .getByRole('button', { name: /^line \d+: load bpf/ })
      .first()
      .click();
    await page.locator('.cm-activeLine', { hasText: 'load bpf' }).waitFor();
  });

  it('saves the charts that the command line draws', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'six.xlab');
    await runToEnd(page);
    const [name, svg] = await saveByMenu(page, 'Save chart as SVG');
    expect(name.suggestedFilename()).toMatch(/^six-[0-9a-f]{12}-[a-z0-9.-]+\.svg$/);
    const text = svg.toString('utf8');
    expect(text).toMatch(/<desc>[^<]*F perm_alloc/);
    // With the colour gone, one line is solid and five have dashes of their own.
    const dashes = [...text.matchAll(/stroke-dasharray="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(dashes).size).toBe(5);
    const [, png] = await saveByMenu(page, 'Save chart as PNG');
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(png.readUInt32BE(16)).toBeGreaterThan(1000);
  });

  it('stops a run, says honestly in every place how much is shown, and continues', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'long.xlab');
    await page.getByTestId('run').click();
    await page.getByText(/^(?:[6-9]|\d\d+)\/600 runs$/).waitFor({ timeout: 60_000 });
    await page.getByTestId('stop').click();
    await runState(page, 'stopped');
    const notice = page.locator('[data-notice="stopped"]');
    const done = Number(/after (\d+) of 600/.exec(await notice.innerText())?.[1]);
    expect(done).toBeGreaterThan(5);
    // A report of half a run is shown with what is missing, and not copied.
    await page.keyboard.press('y');
    await page.getByText(`Not copied: ${String(600 - done)} of 600 runs missing`).waitFor();
    const report = await page.getByTestId('report').innerText();
    expect(report).toMatch(new RegExp(`\\b${String(done)} of 600`));
    expect(await page.getByTestId('report-copy').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByTestId('chart-pane').getByText('of 200 seeds').first().waitFor();
    const seeds = /(\d+) of 200 seeds/.exec(await page.getByTestId('chart-pane').innerText());
    expect(Number(seeds?.[1])).toBeLessThanOrEqual(done / 3 + 1);
    await notice.getByRole('button', { name: 'Continue' }).click();
    await runState(page, 'running');
    const runsNow = async (): Promise<number> =>
      Number(/^(\d+)/.exec(await page.getByTestId('runs').innerText())?.[1]);
    await expect.poll(runsNow, { timeout: 60_000 }).toBeGreaterThan(done);
    await page.getByTestId('stop').click();
    await runState(page, 'stopped');
  });

  it('gives the same hash, event logs and picture for the same file and seed', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await openMaps(page);
    const first = await mapPixels(page, 'module_alloc');
    const [, json] = await saveByMenu(page, 'Save result as JSON');
    const hash = await page.getByTestId('hash').innerText();
    await page.reload();
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await openMaps(page);
    expect(await page.getByTestId('hash').innerText()).toBe(hash);
    expect(await mapPixels(page, 'module_alloc')).toBe(first);
    const printed = await commandLine(window, ['run', 'tiny.xlab', '--report', 'json']);
    expect(json.toString('utf8')).toBe(printed);
  });

  it('takes a parameter from the bar into the next run and its report', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await page.locator('[data-param="n"]').fill('30');
    await page.locator('[data-param="n"]').press('Enter');
    await runToEnd(page);
    await page.getByTestId('copy-mail').click();
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    const printed = await commandLine(window, ['run', 'tiny.xlab', '--set', 'n=30']);
    expect(await window.readClipboard()).toBe(printed);
  });
});
