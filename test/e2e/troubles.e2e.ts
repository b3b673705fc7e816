/**
 * States of section "empty and error states" that come from what a run or a file did, on the real engine:
 * each is reached by its real cause, says what happened, and its action does what it says.
 */
import { expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { describeWindows } from '../support/each-window.js';
import { openScenario, runState } from '../support/lab-actions.js';
import { writeInto } from '../support/temporary-folder.js';
import { badPlugin, TROUBLE_FILES } from '../support/trouble-scenarios.js';

describeWindows('what went wrong', { scenarios: TROUBLE_FILES }, (now) => {
  const notice = (id: string) => now().page.locator(`[data-notice="${id}"]`);
  const act = (id: string, title: string): Promise<void> =>
    notice(id).getByRole('button', { name: title, exact: true }).click();
  const editorText = (): Promise<string> => now().page.getByTestId('editor').innerText();

  it('a phase that overran is given the time that it needs', async () => {
    const { page } = now();
    await openScenario(page, 'short.xlab');
    await page.getByTestId('run').click();
    await notice('overran').waitFor();
    expect(await notice('overran').innerText()).toMatch(
      /^Phase boot needed \d+ ms but ends at 50 ms, in seed 1\./,
    );
    await now().picture('trouble-overran');
    await act('overran', 'Go to phase');
    expect(await page.locator('.cm-activeLine').innerText()).toContain('phase boot');
    const [, wanted = ''] = /Set to (\d+) ms/.exec(await notice('overran').innerText()) ?? [];
    await act('overran', `Set to ${wanted} ms`);
    expect(await editorText()).toContain(`phase boot for ${wanted}ms`);
    await page.getByTestId('hash').waitFor();
    await page.getByTestId('run').click();
    await notice('overran').waitFor({ state: 'detached' });
    await runState(page, 'finished');
  });

  it.each([
    [
      'throws',
      'failed in seed 1 at event',
      'Open state before it',
      'The design fails with the next one: load bpf',
    ],
    ['overlaps', 'handed out the same', 'Show both owners', 'Handed out again to load bpf'],
  ] as const)('a design that %s is void, and its last state can be seen', async (...row) => {
    const [kind, said, action, shown] = row;
    const { page } = now();
    writeInto(now().folder, 'mine.ts', badPlugin(kind));
    await page.getByTestId('open-scenarios').click();
    await page.getByLabel('Find a scenario').fill('mine.xlab');
    await page.locator('[data-scenario$="mine.xlab"]').click();
    await page.getByTestId('ask-plugin').click();
    await page.getByTestId('load-plugin').click();
    await page.getByTestId('hash').waitFor();
    await page.getByTestId('run').click();
    await notice('misbehaved').waitFor();
    const text = await notice('misbehaved').innerText();
    expect(text).toContain(said);
    expect(text).toContain("This design's results are void.");
    await act('misbehaved', action);
    await page.getByTestId('why').getByText(shown).waitFor();
    await now().picture(`trouble-${kind}`);
    if (kind === 'throws') {
      await act('misbehaved', 'Copy report');
      expect(await now().readClipboard()).toContain('free list corrupt');
    }
  });

  it('a file that is gone can be located or taken out', async () => {
    const { page } = now();
    await page.getByTestId('open-scenarios').click();
    await page.getByLabel('Find a scenario').fill('moved.xlab');
    await page.locator('[data-scenario$="moved.xlab"]').click();
    await notice('file-moved').waitFor();
    expect(await notice('file-moved').innerText()).toContain('host/old.txt is not where it was.');
    await now().picture('trouble-file-moved');
    await act('file-moved', 'Locate');
    await page.getByLabel('Path, relative to the scenario').fill('ksymbol.txt');
    await page.getByRole('button', { name: 'Use this path' }).click();
    await notice('file-moved').waitFor({ state: 'detached' });
    expect(await editorText()).toContain('"ksymbol.txt"');
  });

  it('lines that were not understood are shown, and the scenario runs on', async () => {
    const { page } = now();
    await openScenario(page, 'partial.xlab');
    await notice('partial-input').waitFor();
    expect(await notice('partial-input').innerText()).toContain(
      '1 of 3 lines of ksymbol.txt were not understood; first: line 3.',
    );
    await act('partial-input', 'Show lines');
    await page.getByTestId('unread-summary').getByText('1 line of ksymbol.txt:').waitFor();
    expect(await page.getByTestId('unread-lines').innerText()).toMatch(/^3\s+what is this$/);
    await now().picture('trouble-partial-input');
    await page.keyboard.press('Escape');
    await page.getByTestId('dialog').waitFor({ state: 'detached' });
    await act('partial-input', 'Continue');
    await notice('partial-input').waitFor({ state: 'detached' });
  });

  it('thousands of lines that were not understood can be read to the last one', async () => {
    const { page } = now();
    await openScenario(page, 'ragged.xlab');
    await act('partial-input', 'Show lines');
    await page.getByTestId('unread-summary').getByText('3,000 lines of ragged.txt:').waitFor();
    const lines = page.getByTestId('unread-lines');
    expect(await lines.innerText()).toMatch(/^3\s+odd 3\n4\s+odd 4/);
    expect(await lines.locator('li').count()).toBeLessThan(100);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('region', { name: 'Lines' }).focus();
    await page.keyboard.press('End');
    await lines.getByText('odd 3002', { exact: true }).waitFor();
    await now().picture('trouble-ragged-input');
  });

  it('a file with hidden pointers comes with the command that records it', async () => {
    const { page } = now();
    await page.getByTestId('open-scenarios').click();
    await page.getByLabel('Find a scenario').fill('hidden.xlab');
    await page.locator('[data-scenario$="hidden.xlab"]').click();
    await notice('pointers').waitFor();
    expect(await notice('pointers').innerText()).toContain('All addresses in hidden.txt are 0.');
    await now().picture('trouble-pointers');
    await act('pointers', 'Copy command');
    expect(await now().readClipboard()).toContain('kernel.kptr_restrict=1; perf record');
  });

  it('a metric that was not recorded is probed and run', async () => {
    const { page } = now();
    await openScenario(page, 'good.xlab');
    await page.getByTestId('run').click();
    await runState(page, 'finished');
    await page.getByRole('button', { name: 'Metrics' }).click();
    await page.getByRole('menuitemcheckbox', { name: /vmap\.holes/ }).click();
    await page.keyboard.press('Escape');
    const row = page.locator('article[data-metric="vmap.holes"]');
    expect(await row.innerText()).toContain('vmap.holes was not probed in this run.');
    await now().picture('trouble-not-probed');
    await row.getByRole('button', { name: 'Add probe and run' }).click();
    await row.getByTestId('chart').waitFor();
    expect(await editorText()).toContain('probe every 100ms: vmap.holes');
  });

  it('results of an older text show what has changed since', async () => {
    const { page } = now();
    await openScenario(page, 'good.xlab');
    await page.getByTestId('run').click();
    await runState(page, 'finished');
    await page.locator('.cm-line', { hasText: 'title' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('s"');
    await notice('stale').waitFor();
    await act('stale', 'Show difference');
    const lines = page.getByTestId('difference').locator('li');
    expect(await lines.locator(':scope[data-sign="-"]').innerText()).toContain('title "Good"');
    expect(await lines.locator(':scope[data-sign="+"]').innerText()).toContain('title "Goods"');
    await now().picture('trouble-difference');
  });
});
