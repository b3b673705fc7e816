/**
 * Files, the line to the program and the keyboard, with the real engine: bundles, files from strangers, a
 * tunnel that breaks and comes back, and everything that a person does without a pointer.
 */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import {
  commandLine,
  dropFile,
  lineWith,
  mapsShow,
  openMaps,
  openScenario,
  runState,
  runToEnd,
  saveByMenu,
  tabTo,
} from '../support/lab-actions.js';
import { TINY } from '../support/lab-scenarios.js';
import { Tunnel } from '../support/tunnel.js';

const STRANGE_TITLE = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
const STRANGE = TINY.replace(/^title .*$/m, `title "${STRANGE_TITLE.replaceAll('"', "'")}"`);

/** Reads a file beside it. */
const OWN = TINY.replace('machine {', 'use "sizes.xlab" as own\n\nmachine {').replace(
  'repeat n { load bpf size 168B',
  'repeat n { load bpf size ~ own.small',
);
const SIZES = 'xlab 1\ndist small = uniform(100B, 200B)\n';

describeWindows('files and keys', { scenarios: { 'tiny.xlab': TINY } }, (now, suite) => {
  it('saves a bundle that opens to the same numbers and the same report', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const table = await page.getByTestId('table').innerText();
    const [download, bytes] = await saveByMenu(page, 'Save bundle');
    expect(download.suggestedFilename()).toBe('tiny.xlabrun');
    await page.reload();
    await page.getByTestId('open-scenarios').waitFor();
    await dropFile(page, 'tiny.xlabrun', bytes);
    await page.locator('[data-notice="from-file"]').waitFor();
    expect(await page.getByTestId('table').innerText()).toBe(table);
    await page.getByTestId('copy-mail').click();
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    expect(await window.readClipboard()).toBe(await commandLine(window, ['run', 'tiny.xlab']));
    await window.picture('bundle');
  });

  it('runs a bundle where none of its inputs are, and takes them over with it', async () => {
    await suite.reopen({ scenarios: { 'own.xlab': OWN, 'sizes.xlab': SIZES } });
    const first = now().page;
    await openScenario(first, 'own.xlab');
    await runToEnd(first);
    const table = await first.getByTestId('table').innerText();
    const hash = await first.getByTestId('hash').innerText();
    await first.getByTestId('copy-menu').click();
    await first.getByRole('menuitem', { name: 'Preview and check mail report' }).click();
    await first.locator('[data-section="strip"]').uncheck();
    await first.getByTestId('report-words').fill('Packing wins.');
    await first.getByTestId('report-link').fill('https://example.org/r/');
    const report = first.getByTestId('report');
    await report.getByText(/^ {2}results {2}https:\/\/example\.org\/r\/$/m).waitFor();
    const words = await report.innerText();
    await first.keyboard.press('Escape');
    await first.getByTestId('dialog').waitFor({ state: 'detached' });
    const [, bytes] = await saveByMenu(first, 'Save bundle');

    await suite.reopen({ scenarios: {} });
    const window = now();
    const { page } = window;
    await page.getByTestId('open-scenarios').waitFor();
    await dropFile(page, 'own.xlabrun', bytes);
    await page.locator('[data-notice="from-file"]').waitFor();
    expect(await page.getByTestId('table').innerText()).toBe(table);
    await page.getByTestId('copy-menu').click();
    await page.getByRole('menuitem', { name: 'Preview and check mail report' }).click();
    await page.getByTestId('report').getByText('Packing wins.').waitFor();
    expect(await page.getByTestId('report').innerText()).toBe(words);
    await page.keyboard.press('Escape');
    await page.getByTestId('dialog').waitFor({ state: 'detached' });
    await page.getByTestId('run').click();
    const notice = page.locator('[data-notice="bundled"]');
    await notice.waitFor();
    await runState(page, 'finished');
    expect(await page.getByTestId('table').innerText()).toBe(table);
    expect(await page.getByTestId('hash').innerText()).toBe(hash);
    await window.picture('bundle-inputs');
    await notice.getByRole('button', { name: 'Take over' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await readFile(`${window.folder}/own.xlab`, 'utf8')).toBe(OWN);
    expect(await readFile(`${window.folder}/sizes.xlab`, 'utf8')).toBe(SIZES);
  });

  it('refuses a bundle whose numbers were changed into something impossible', async () => {
    const window = now();
    const { page } = window;
    const bundle = {
      format: 'xlabrun',
      version: 1,
      file: '../../outside.xlab',
      text: STRANGE,
      settings: {},
      seeds: '',
      view: { timeNs: 0, pins: [] },
      result: { schema: 1, runs: [{ design: STRANGE_TITLE }] },
    };
    await dropFile(page, 'bad.xlabrun', gzipSync(JSON.stringify(bundle)));
    await page.getByRole('alert').getByText('bad.xlabrun: ').waitFor();
    expect(await page.title()).not.toBe('taken');
  });

  it('shows markup in a stranger’s scenario as text and runs nothing of it', async () => {
    const window = now();
    const { page } = window;
    await dropFile(page, 'strange.xlab', Buffer.from(STRANGE));
    await page.getByTestId('open-scenarios').getByText('strange.xlab').waitFor();
    await page.getByTestId('hash').waitFor();
    await runToEnd(page);
    await openMaps(page);
    expect(await page.getByTestId('chart-pane').textContent()).toContain('<img src=x');
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.title()).not.toBe('taken');
  });

  it.each([
    [
      'a path out of its folder',
      'import progs_of from "../../etc/passwd" format bpftool_prog',
      'X0205',
    ],
    ['more events than the limit', 'limit events 10', 'X0412'],
  ])('answers %s with a finding, not with a run', async (_what, line, code) => {
    const window = now();
    const { page } = window;
    const text = TINY.replace('pool progs\n', `pool progs\n${line}\n`);
    await dropFile(page, 'hostile.xlab', Buffer.from(text));
    const problems = page.getByTestId('problems');
    await problems.waitFor();
    expect(await problems.innerText()).toContain(code);
    expect(await page.getByTestId('run').isDisabled()).toBe(true);
  });

  it('saves a scenario into the user’s folder as it stands in the editor', async () => {
    const window = now();
    const { page } = window;
    await openScenario(page, 'tiny.xlab');
    await lineWith(page, 'phase drop').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # the end');
    await page.keyboard.press('Control+S');
    await page.getByTitle('not saved').waitFor({ state: 'detached' });
    const text = await readFile(`${window.folder}/tiny.xlab`, 'utf8');
    expect(text).toContain('# the end');
  });

  it.skipIf(!suite.target.connects)(
    'shows the end of a run that finished while the tunnel was broken',
    async () => {
      let tunnel: Tunnel | null = null;
      await suite.reopen({
        scenarios: { 'tiny.xlab': TINY },
        through: async (url) => {
          const far = new URL(url);
          tunnel = new Tunnel(Number(far.port));
          far.port = String(await tunnel.open());
          return far.href;
        },
      });
      const window = now();
      const { page } = window;
      const cut = (): Promise<void> => tunnel?.cut() ?? Promise.reject(new Error('no tunnel'));
      await openScenario(page, 'tiny.xlab');
      await page.getByTestId('run').click();
      await page.getByText(/^[1-9]\/9 runs$/).waitFor();
      await cut();
      await page.locator('[data-notice="lost"]').waitFor();
      await window.picture('lost');
      await (tunnel as Tunnel | null)?.open();
      await page.locator('[data-notice="lost"]').waitFor({ state: 'detached' });
      await runState(page, 'finished');
      expect(await page.getByTestId('runs').innerText()).toBe('9/9 runs');
      await page.keyboard.press('y');
      await page.getByText('Mail report copied').waitFor({ state: 'attached' });
      expect(await window.readClipboard()).toBe(await commandLine(window, ['run', 'tiny.xlab']));
      await cut();
      window.problems.length = 0;
    },
  );

  it('asks, compares, explains, argues and checks by the keyboard alone', async () => {
    const window = now();
    const { page } = window;
    const { keyboard } = page;
    // Ask: open, change a parameter, run.
    await page.getByTestId('open-scenarios').waitFor();
    await keyboard.press('Control+O');
    await page.getByTestId('dialog').waitFor();
    await keyboard.type('tiny.xlab');
    await page.locator('[data-scenario$="tiny.xlab"]').waitFor();
    await keyboard.press('Enter');
    await page.getByTestId('open-scenarios').getByText('tiny.xlab').waitFor();
    await page.getByTestId('hash').waitFor();
    await tabTo(page, '[data-param="n"]');
    await keyboard.press('Control+A');
    await keyboard.type('40');
    await keyboard.press('Enter');
    await keyboard.press('F5');
    await page.getByTestId('runs').getByText('9/9 runs').waitFor();
    await runState(page, 'finished');
    // Compare: the chart has the focus and says its values; the mode changes; another baseline.
    await tabTo(page, '[data-testid="chart"]');
    await keyboard.press('ArrowLeft');
    const spoken = await page.evaluate(() =>
      document.activeElement?.getAttribute('aria-valuetext'),
    );
    expect(spoken).toMatch(/A .*B .*C /);
    await keyboard.press('m');
    await page.locator('button[aria-pressed="true"]', { hasText: 'diff' }).waitFor();
    await keyboard.press('m');
    await keyboard.press('m');
    await keyboard.press('t');
    // Explain: to a split, why, and to its line.
    await openMaps(page);
    await keyboard.press('End');
    await mapsShow(page, 'at 6.000 s');
    await keyboard.press('Shift+Comma');
    await page.getByTestId('why').getByText('level-2 split').first().waitFor();
    await tabTo(page, '[data-testid="why"] button');
    await keyboard.press('Enter');
    await page.locator('.cm-editor.cm-focused').waitFor();
    // Argue: out of the editor, the report, the command of its repetition.
    await keyboard.press('Escape');
    await keyboard.press('Tab');
    await keyboard.press('y');
    await page.getByText('Mail report copied').waitFor({ state: 'attached' });
    const printed = await commandLine(window, ['run', 'tiny.xlab', '--set', 'n=40']);
    expect(await window.readClipboard()).toBe(printed);
    // Check: all keys, and a posted result through the palette.
    await keyboard.press('?');
    await page.getByTestId('dialog').getByText('Copy the mail report').waitFor();
    await keyboard.press('Escape');
    await page.getByTestId('dialog').waitFor({ state: 'detached' });
    const args = ['run', 'tiny.xlab', '--set', 'n=40', '--out', 'posted', '--quiet'];
    await commandLine(window, args);
    const chooser = page.waitForEvent('filechooser');
    await keyboard.press('Control+Shift+P');
    await page.getByTestId('dialog').waitFor();
    await keyboard.type('result folder');
    await keyboard.press('Enter');
    await (await chooser).setFiles(`${window.folder}/posted`);
    // Side by side with the own numbers; without the comparison, in words.
    const comparison = page.locator('[data-notice="comparison"]');
    await comparison.waitFor();
    await tabTo(page, '[data-notice="comparison"] button');
    await keyboard.press('Enter');
    await comparison.waitFor({ state: 'detached' });
    const same = page.locator('[data-notice="same-hash"]');
    await same.getByText(/medians agree, and the event logs of 9 common runs/).waitFor();
  });
});
