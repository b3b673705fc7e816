/** Comparing: charts from a list, scales, odd seeds, chips, designs added in the bar, labels of six designs. */
import { expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { describeWindows } from '../support/each-window.js';
import { lineWith, openScenario, runToEnd } from '../support/lab-actions.js';
import { ODD_SEEDS, SIX_DESIGNS, TINY } from '../support/lab-scenarios.js';

const scenarios = { 'tiny.xlab': TINY, 'six.xlab': SIX_DESIGNS, 'odd.xlab': ODD_SEEDS };

describeWindows('comparing', { scenarios }, (now) => {
  it('gives each design a scale of its own from the axis menu, and says so in the chart', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    await page.getByRole('button', { name: 'side', exact: true }).click();
    const row = page.locator('article[data-metric="direct_map_level2_splits"]');
    await row.getByTestId('chart').nth(2).waitFor();
    await row.getByTestId('axis-menu').click();
    await page.getByRole('menuitemradio', { name: 'Free for each design' }).click();
    await row.getByText('scales differ').waitFor();
    await now().picture('free-scale');
    await row.getByTestId('axis-menu').click();
    await page.getByRole('menuitemradio', { name: 'The same for all designs' }).click();
    await row.getByText('scales differ').waitFor({ state: 'detached' });
  });

  it('takes charts that are dragged from the list, and shows them again another time', async () => {
    const { page } = now();
    // All charts in sight: a drag is from one place on screen to another.
    await page.setViewportSize({ width: 1440, height: 1500 });
    const shown = (): Promise<string[]> =>
      page
        .locator('article[data-metric]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-metric') ?? ''));
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const before = await shown();
    await page.getByRole('button', { name: 'Metrics' }).click();
    const item = page.locator('[data-metric-item="text.pte_4k"]');
    const first = page.locator('article[data-metric]').first();
    await item.dragTo(first, { targetPosition: { x: 120, y: 60 } });
    await expect.poll(shown).toEqual(['text.pte_4k', ...before]);
    await page.keyboard.press('Escape');
    await page
      .locator('article h3')
      .last()
      .dragTo(first, { targetPosition: { x: 120, y: 60 } });
    const moved = [before.at(-1), 'text.pte_4k', ...before.slice(0, -1)];
    await expect.poll(shown).toEqual(moved);
    await openScenario(page, 'six.xlab');
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    expect(await shown()).toEqual(moved);
  });

  it('makes the design the baseline whose chip is dragged to the first place', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await runToEnd(page);
    const chips = page.getByLabel('Designs, baseline first').getByRole('listitem');
    await chips.nth(2).dragTo(chips.first());
    await expect.poll(() => chips.first().innerText()).toMatch(/^A\s*topdown_split\s*\(base\)/);
    expect(await chips.nth(1).innerText()).toMatch(/^B\s*module_alloc/);
  });

  it('names the seed behind an odd value and shows it everywhere after a click', async () => {
    const { page } = now();
    await openScenario(page, 'odd.xlab');
    await runToEnd(page);
    const chart = page.locator('article[data-metric="DirectMap4k"]');
    const rings = chart.locator('[data-testid="outliers"] path').first();
    await rings.waitFor({ state: 'attached' });
    const path = (await rings.getAttribute('d')) ?? '';
    const [, x, y] = /^M([\d.]+) ([\d.]+)/.exec(path) ?? [];
    const frame = await chart.getByTestId('chart').boundingBox();
    const at = { x: (frame?.x ?? 0) + Number(x) + 3, y: (frame?.y ?? 0) + Number(y) };
    await page.mouse.move(at.x, at.y);
    const tip = chart.getByTestId('outlier');
    await tip.waitFor({ state: 'attached' });
    await now().picture('odd-seed');
    expect(await accessibilityProblems(page)).toEqual([]);
    const seed = /seed (\d+):/.exec(await tip.innerText())?.[1] ?? '';
    await page.mouse.click(at.x, at.y);
    await page.getByTestId('chart-pane').getByText(`seed ${seed}`).first().waitFor();
    const choice = page.locator('header label', { hasText: 'seed' }).locator('select');
    expect(await choice.inputValue()).toBe(seed);
    expect(await page.getByText('pins: none').count()).toBe(1);
  });

  it('adds a design with options to the scenario from the bar', async () => {
    const { page } = now();
    await openScenario(page, 'tiny.xlab');
    await page.getByTestId('add-design-button').click();
    await page.getByLabel('Find a design').fill('execmem_rox');
    await page.locator('[data-design="execmem_rox"]').click();
    await now().picture('add-design');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.locator('[data-option="cache"]').fill('8MiB');
    await page.locator('[data-option="name"]').fill('progs');
    await page.getByRole('button', { name: 'Add to the comparison' }).click();
    await page.getByText("'progs' is the name of something else").waitFor();
    await page.locator('[data-option="name"]').fill('rox_big');
    await page.getByRole('button', { name: 'Add to the comparison' }).click();
    await lineWith(page, 'allocator rox_big = execmem_rox { cache 8MiB }').waitFor();
    await lineWith(page, 'topdown_split, rox_big baseline module_alloc').waitFor();
    const chips = page.getByLabel('Designs, baseline first');
    await chips.getByText('rox_big').waitFor();
    await runToEnd(page);
    expect(await page.getByTestId('runs').innerText()).toBe('12/12 runs');
    await chips.getByText('cache').waitFor();
  });

  it('keeps the labels of six designs apart at the ends of their lines', async () => {
    const { page } = now();
    await openScenario(page, 'six.xlab');
    await runToEnd(page);
    const tops = await page
      .getByTestId('chart')
      .first()
      .locator('.label')
      .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().top));
    expect(tops).toHaveLength(6);
    const sorted = [...tops].sort((a, b) => a - b);
    const gaps = sorted.slice(1).map((top, i) => top - (sorted[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(17);
    await now().picture('six-designs');
  });
});
