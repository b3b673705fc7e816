/**
 * Two results on one screen, shares of other machines, reports held against the scenario: in Chromium
 * over `xlab serve` and in Electron, on the production build with its real engine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import { commandLine, dropFile, openScenario, runState, runToEnd } from '../support/lab-actions.js';
import { TINY } from '../support/lab-scenarios.js';

/** The report is made by the program. */
const LATE = { timeout: 30_000 };
const SWEEP = TINY.replace('seeds 1..3', 'seeds 1..2\nsweep n over 20, 60, 120');
const SCENARIOS = { 'tiny.xlab': TINY, 'steps.xlab': SWEEP };

describeWindows('results from elsewhere', { scenarios: SCENARIOS }, (now) => {
  /** Runs on the command line, into a folder beside the scenarios. */
  const run = (out: string, ...words: readonly string[]) =>
    commandLine(now(), ['run', 'tiny.xlab', '--out', out, '--quiet', ...words]);
  const file = (...path: readonly string[]) => readFileSync(join(now().folder, ...path));
  const notice = (id: string) => now().page.locator(`[data-notice="${id}"]`);
  const chips = () => now().page.getByLabel('Designs, baseline first').innerText();

  it('sets a result folder beside the result on screen, and says in what they differ', async () => {
    const window = now();
    const { page } = window;
    await run('many', '--set', 'n=120');
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const table = await page.getByTestId('table').innerText();
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+Shift+P');
    await page.getByTestId('dialog').locator('input').fill('result folder');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(join(window.folder, 'many'));
    await notice('comparison').getByText('Comparing here and many.').waitFor();
    expect(await page.getByTestId('differences').innerText()).toContain('n as in the file and 120');
    expect(await chips()).toContain('topdown_split [many]');
    const head = await page.getByTestId('table').locator('thead').innerText();
    expect(head).toContain('F-A');
    await page.getByTestId('map').nth(5).waitFor();
    await window.picture('compare-folders');
    await page.getByTestId('copy-mail').click();
    await expect
      .poll(() => window.readClipboard(), LATE)
      .toContain('differs   n as in the file and 120');
    const report = await window.readClipboard();
    expect(report).toMatch(/^many: scenario [0-9a-f]{12}, xlab /m);
    expect(report).toContain('--set n=120');
    await notice('comparison').getByRole('button', { name: 'Close the comparison' }).click();
    await notice('comparison').waitFor({ state: 'detached' });
    expect(await page.getByTestId('table').innerText()).toBe(table);
  });

  it('compares two sweep points after two clicks', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'steps.xlab');
    await runToEnd(page);
    const strip = page.getByTestId('sweep');
    await strip.getByRole('button', { name: '20', exact: true }).click();
    await strip.getByRole('button', { name: '20', exact: true }).click();
    await strip.getByText('click the point to compare n=20 with').waitFor();
    await strip.getByRole('button', { name: '120' }).click();
    await notice('comparison').getByText('Comparing n=20 and n=120.').waitFor();
    expect(await chips()).toContain('bpf_prog_pack [n=120]');
    await window.picture('compare-points');
    await notice('comparison').getByRole('button').click();
    await strip.waitFor();
  });

  it('joins the shares of other machines after checking hash and model', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await page.getByTestId('copy-menu').waitFor();
    await page.keyboard.press('Control+Shift+P');
    await page.getByTestId('dialog').locator('input').fill('another machine');
    await page.keyboard.press('Enter');
    const commands = await page.getByTestId('shard-commands').locator('code').allInnerTexts();
    await window.picture('shard-commands');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const [program, ...words] = command.split(' ');
      expect(program).toBe('xlab');
      await commandLine(window, [...words, '--quiet']);
    }
    await run('other', '--set', 'n=61', '--shard', '1/2');
    await dropFile(page, 'shard-1-of-2.xlabshard', file('other', 'shard-1-of-2.xlabshard'));
    await page.getByText(/is of scenario [0-9a-f]{12}, this one is [0-9a-f]{12}: n 61/).waitFor();
    const first = 'shard-1-of-2.xlabshard';
    await dropFile(page, first, file('shard-1', first));
    await notice('stopped').getByText('Stopped after 5 of 9 runs').waitFor();
    const second = 'shard-2-of-2.xlabshard';
    await dropFile(page, second, file('shard-2', second));
    await runState(page, 'finished');
    expect(await page.getByTestId('runs').innerText()).toBe('9/9 runs');
    await page.getByTestId('copy-mail').click();
    const wanted = await commandLine(window, ['run', 'tiny.xlab']);
    await page.waitForFunction(
      async (text) => (await navigator.clipboard.readText()) === text,
      wanted,
    );
  });

  it('holds a report against the scenario and takes over its settings', async () => {
    const window = now();
    const { page } = window;
    const report = await commandLine(window, [
      'run',
      'tiny.xlab',
      '--set',
      'n=40',
      '--seeds',
      '2..3',
    ]);
    await openScenario(page, 'tiny.xlab');
    const quoted = report.replace(/^/gm, '> ');
    await dropFile(page, 'mail.txt', Buffer.from(quoted));
    const hash = /^scenario ([0-9a-f]{12})/m.exec(report)?.[1] ?? '';
    await notice('hash-differs').getByText(`The report says ${hash}`).waitFor();
    await notice('hash-differs').getByText('n 40 and 60').waitFor();
    await window.picture('hash-differs');
    await notice('hash-differs').getByRole('button', { name: 'Show difference' }).click();
    expect(await page.getByTestId('difference-list').innerText()).toContain('n 40 and 60');
    await page.getByRole('button', { name: 'Close' }).click();
    await notice('hash-differs').getByRole('button', { name: 'Use theirs' }).click();
    await notice('same-hash').getByText('has the hash of this scenario').waitFor();
    await runToEnd(page);
    await page.getByTestId('copy-mail').click();
    await page.waitForFunction(
      async (wanted) => (await navigator.clipboard.readText()).includes(wanted),
      `scenario ${hash}`,
    );
  });

  it('says whether the numbers of a result from elsewhere agree', async () => {
    const window = now();
    const { page } = window;
    await run('posted');
    await openScenario(page, 'tiny.xlab');
    await dropFile(page, 'posted.json', file('posted', 'result.json'));
    await notice('same-hash').getByText('Run it to compare the numbers.').waitFor();
    await notice('from-file').getByRole('button', { name: 'Take over' }).click();
    await runToEnd(page);
    await notice('same-hash')
      .getByText(/medians agree, and the event logs of 9 common runs/)
      .waitFor();
  });

  it('keeps the result of an old model beside the new one', async () => {
    const window = now();
    const { page } = window;
    await run('old');
    const text = file('old', 'result.json')
      .toString('utf8')
      .replace(/"model": \d+/, '"model": 0');
    await openScenario(page, 'tiny.xlab');
    await dropFile(page, 'old.json', Buffer.from(text));
    await notice('old-model').getByText('Results of model 0, this is model').waitFor();
    await notice('old-model').getByRole('button', { name: 'Keep both' }).click();
    await notice('comparison').getByText('Comparing model 0 and model').waitFor();
    expect(await page.getByTestId('differences').innerText()).toMatch(
      /model 0 and \d+: numbers are not comparable/,
    );
    await window.picture('keep-both');
  });
});
