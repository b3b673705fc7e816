/**
 * What is dropped on the window, as a file manager drops it, and what is pasted into it: each thing has an
 * answer of its own, in Chromium over `xlab serve` and in Electron, with the real engine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import {
  commandLine,
  dropPaths,
  openScenario,
  pasteText,
  runToEnd,
  saveByMenu,
} from '../support/lab-actions.js';
import { TINY } from '../support/lab-scenarios.js';

const OTHER = TINY.replace('"Tiny BPF programs come and go"', '"Another one"');

describeWindows('what comes in', { scenarios: { 'tiny.xlab': TINY } }, (now) => {
  const notice = (id: string) => now().page.locator(`[data-notice="${id}"]`);
  const said = (text: string): Promise<void> =>
    now().page.getByTestId('said').getByText(text).waitFor({ state: 'attached' });
  const alerted = (text: string): Promise<void> =>
    now().page.getByRole('alert').getByText(text).waitFor();
  const opened = (name: string): Promise<void> =>
    now().page.getByTestId('open-scenarios').getByText(name).waitFor();
  const beside = (...path: readonly string[]): string => join(now().folder, ...path);

  it('opens a dropped scenario as unsaved text, and the first one of several files', async () => {
    const { page } = now();
    await page.getByTestId('open-scenarios').waitFor();
    writeFileSync(beside('other.xlab'), OTHER);
    writeFileSync(beside('notes.txt.bak'), 'nothing');
    await dropPaths(page, [beside('other.xlab')]);
    await said('other.xlab opened');
    await opened('other.xlab');
    await page.getByText('not saved').waitFor();
    await dropPaths(page, [beside('notes.txt.bak'), beside('tiny.xlab')]);
    await said('tiny.xlab opened. The other file was left alone.');
    await opened('tiny.xlab');
  });

  it('shows a dropped folder of results, compares two at once, and opens a bundle', async () => {
    const window = now();
    const { page } = window;
    const run = (out: string, n: string) =>
      commandLine(window, ['run', 'tiny.xlab', '--out', out, '--quiet', '--set', `n=${n}`]);
    await run('few', '20');
    await run('many', '90');
    await dropPaths(page, [beside('few')]);
    await notice('from-file').getByText('Opened from few.').waitFor();
    await opened('tiny.xlab');
    await page.getByTestId('map').nth(2).waitFor();
    expect(await page.locator('[data-param="n"]').inputValue()).toBe('20');
    const [, bundle] = await saveByMenu(page, 'Save bundle');
    await dropPaths(page, [beside('few'), beside('many')]);
    await notice('comparison').getByText('Comparing few and many.').waitFor();
    await page.getByText('topdown_split [many]').first().waitFor();
    writeFileSync(beside('few.xlabrun'), bundle);
    await dropPaths(page, [beside('few.xlabrun')]);
    await notice('from-file').getByText('Opened from few.xlabrun.').waitFor();
    expect(await notice('comparison').count()).toBe(0);
  });

  it('says why something cannot be taken, and keeps what is on screen', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    mkdirSync(beside('empty'));
    await dropPaths(page, [beside('empty')]);
    await alerted('empty: the folder holds neither a result.json nor a share');
    mkdirSync(beside('bad'));
    writeFileSync(beside('bad', 'result.json'), '{"schema": 1, "runs": "<script>"}');
    await dropPaths(page, [beside('bad')]);
    await alerted('bad: ');
    writeFileSync(beside('report.txt'), 'Dear list,\n');
    await dropPaths(page, [beside('report.txt')]);
    await alerted('report.txt: no report of this lab stands in it');
    writeFileSync(beside('program.exe'), 'MZ');
    await dropPaths(page, [beside('program.exe')]);
    await alerted('program.exe: scenarios, bundles, results, shares and reports can be opened');
    await opened('tiny.xlab');
  });

  it('holds a pasted report against the scenario, opens a pasted scenario, and knows other text', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const report = await commandLine(window, ['run', 'tiny.xlab', '--set', 'n=40']);
    await pasteText(page, report.replace(/^/gm, '> '));
    await notice('hash-differs').getByText('The report says').waitFor();
    await pasteText(page, 'Lorem ipsum');
    await said('In the pasted text is neither a report nor a scenario of this lab.');
    await opened('tiny.xlab');
    await pasteText(page, `# from a mail\n${OTHER}`);
    await opened('pasted.xlab');
    await page.getByText('# from a mail').waitFor();
  });
});
