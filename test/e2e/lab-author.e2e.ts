/** Authoring: margin, hover, outline, one phase, new scenarios, the list with sizes. */
import { expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { describeWindows } from '../support/each-window.js';
import {
  commandLine,
  lineWith,
  openScenario,
  runState,
  runToEnd,
  wordPlace,
} from '../support/lab-actions.js';
import { TINY, UNUSED_LINE } from '../support/lab-scenarios.js';

const scenarios = { 'tiny.xlab': TINY, 'unused.xlab': UNUSED_LINE };

describeWindows('authoring', { scenarios }, (now) => {
  it('counts in the margin what each line did in the run, and dims what never ran', async () => {
    const { page } = now();
    await openScenario(page, 'unused.xlab');
    const counts = page.locator('.cm-request-count');
    await counts.first().waitFor();
    expect(await counts.first().getAttribute('title')).toMatch(/^about \d+ requests expected/);
    await runToEnd(page);
    const title = async (i: number): Promise<string> =>
      (await counts.nth(i).getAttribute('title')) ?? '';
    await expect.poll(() => title(0)).toMatch(/^60 requests in seed 1; \d+ % of /);
    const unused = page.locator('.cm-line.cm-unused');
    await unused.first().waitFor();
    expect(await unused.allInnerTexts()).toEqual(['  repeat 0 { load bpf size 9KiB into progs }']);
    await page
      .locator('article[data-metric="direct_map_level2_splits"] [data-testid="chart"]')
      .click();
    await expect.poll(() => title(0)).toContain('% of direct_map_level2_splits in all designs');
    await now().picture('margin');
  });

  it('says what names and values are: distribution, quantity, phase', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    const tip = page.locator('.cm-hover');
    const hover = async (line: string, word: string): Promise<string> => {
      await page.mouse.move(5, 5);
      await tip.waitFor({ state: 'detached' });
      await lineWith(page, line).getByText(word, { exact: false }).first().hover();
      const { x, y } = await wordPlace(page, line, word);
      await page.mouse.move(x, y);
      await tip.waitFor();
      return tip.innerText();
    };
    const figures = await hover('every 200ms', 'uniform');
    expect(figures).toMatch(/mean [\d.]+KiB, p50 [\d.]+KiB, p99 [\d.]+KiB/);
    expect(figures).toMatch(/[▁▂▃▄▅▆▇█]{8}/);
    await now().picture('hover-distribution');
    expect(await hover('repeat n', '168')).toContain('168 bytes');
    expect(await hover('phase load', 'load')).toMatch(/about \d+ requests in 4s/);
  });

  it('lists the declarations of the file and goes to each', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    const outline = page.getByTestId('outline');
    await outline.getByText('Outline').click();
    await outline.getByRole('button', { name: /phase\s+drop/ }).click();
    await page.locator('.cm-activeLine', { hasText: 'phase drop' }).waitFor();
    await now().picture('outline');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('runs only the phase under the caret, and the report says how to repeat it', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await lineWith(page, 'phase load').click();
    await page.keyboard.press('Control+Enter');
    await runState(page, 'finished');
    await page.getByText('Only phase load was run, from the state before it.').waitFor();
    await page.getByTestId('copy-mail').click();
    await page.getByText('Mail report copied').waitFor();
    const copied = await now().readClipboard();
    const whole = copied.replace(/\\\n\s*/g, '');
    const command = /^\s*xlab (run .*--phase load.*)$/m.exec(whole)?.[1] ?? '';
    expect(await commandLine(now(), command.trim().split(/\s+/))).toBe(copied);
  });

  it('starts a scenario from a question, from a machine with the commands, or empty', async () => {
    const { page } = now();
    await page.getByTestId('open-scenarios').click();
    await page.getByTestId('dialog').getByRole('button', { name: 'New scenario' }).click();
    await page.locator('[data-new="machine"]').click();
    const commands = page.getByTestId('record-commands');
    expect(await commands.innerText()).toMatch(/Reveals kernel addresses/);
    await now().picture('record-commands');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy the command for host/bpf.json' }).click();
    await page.getByText('Command copied').waitFor({ state: 'attached' });
    expect(await now().readClipboard()).toBe('bpftool prog show -j > host/bpf.json\n');
    await page.getByRole('button', { name: 'Open the scenario for it' }).click();
    await lineWith(page, 'from "host/bpf.json"').waitFor();
    await page.getByTestId('problems').getByText("there is no 'host/bpf.json'").first().waitFor();
    await page.getByTestId('open-scenarios').click();
    await page.getByTestId('dialog').getByRole('button', { name: 'New scenario' }).click();
    await page.locator('[data-new="question"]').click();
    await page.getByLabel('Find a question').fill('one 2M leaf');
    await page.keyboard.press('Enter');
    await page.getByTestId('open-scenarios').getByText('my-one-leaf.xlab').waitFor();
    await page.getByTestId('open-scenarios').click();
    await page.getByTestId('dialog').getByRole('button', { name: 'New scenario' }).click();
    await page.locator('[data-new="empty"]').click();
    await page.locator('[data-notice="not-run"]').waitFor();
    expect(await page.getByTestId('run').isEnabled()).toBe(true);
  });

  it('lists scenarios with duration and size, last opened first, with the time that they take', async () => {
    const { page } = now();
    await page.getByTestId('open-scenarios').click();
    const entry = page.locator('[data-scenario$="tiny.xlab"]');
    await expect
      .poll(() => entry.innerText(), { timeout: 60_000 })
      .toMatch(/9 runs of 6 s, \d+ requests each; about \d+ s, guessed/);
    await now().picture('scenario-sizes');
    expect(await accessibilityProblems(page)).toEqual([]);
    await entry.click();
    await page.getByTestId('hash').waitFor();
    await runToEnd(page);
    await page.reload();
    await page.goto(page.url().replace(/#.*$/, ''));
    const notice = page.locator('[data-notice="not-run"]');
    await page.locator('[data-recent]').first().click();
    await notice.getByText(/^Not run\. 9 runs, about \d+ s here, on \d+ workers?\.$/).waitFor();
  });
});
