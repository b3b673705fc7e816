/** Maps: when a place was last executed, what a pool holds, and the glow of what a step of playback splits. */
import { expect, it } from 'vitest';
import { describeWindows } from '../support/each-window.js';
import { mapsShow, openMaps, openScenario, runToEnd } from '../support/lab-actions.js';
import { TINY } from '../support/lab-scenarios.js';

const EXECUTED = TINY.replace(
  '  every 200ms',
  `  execute 1e6/s on cpu 0 {
    kernel weight 90%, hot 2MiB
    progs  weight 10%
  }
  every 200ms`,
);

const scenarios = { 'executed.xlab': EXECUTED };

describeWindows('maps', { scenarios }, (now) => {
  const run = async () => {
    const { page } = now();
    await openScenario(page, 'executed.xlab');
    await runToEnd(page);
    await openMaps(page);
    // Before the pool is emptied.
    const box = await page.getByTestId('scrubber').boundingBox();
    if (box === null) throw new Error('the scrubber has no place on screen');
    await page.mouse.click(box.x + 0.4 * box.width, box.y + box.height / 2);
    await page.mouse.move(box.x, box.y - 200);
    await mapsShow(page, 'at 2.');
    return page;
  };

  it('frames a selected pool in every map, marks its events and says what it holds', async () => {
    const page = await run();
    await page.keyboard.press('/');
    await page.getByTestId('dialog').locator('input').fill('progs');
    await page.keyboard.press('Enter');
    await page.locator('.cm-line.cm-selected-object').waitFor({ state: 'attached' });
    for (const design of ['module_alloc', 'bpf_prog_pack', 'topdown_split']) {
      const map = page.locator(`[data-testid="map"][data-design="${design}"]`);
      await expect.poll(() => map.getAttribute('data-marked')).not.toBe('0');
    }
    expect(await page.getByTestId('selected-events').getAttribute('d')).toMatch(/^M/);
    await now().picture('selected-pool');
    await page.getByRole('button', { name: 'Why', exact: true }).click();
    const said = await page.getByTestId('why').innerText();
    expect(said).toContain('60 objects were made into it');
    expect(said).toMatch(/A module_alloc: 60 live/);
    await page.keyboard.press('Escape');
    await page.getByTestId('selected-events').waitFor({ state: 'detached' });
  });

  it('says of the place under the pointer when it was last executed', async () => {
    const page = await run();
    const map = page.locator('[data-testid="map"][data-design="module_alloc"]');
    const box = await map.boundingBox();
    if (box === null) throw new Error('the map has no place on screen');
    const tip = page.getByTestId('hover-tip');
    const said = async (): Promise<string> => {
      await tip.waitFor();
      return tip.innerText();
    };
    await page.mouse.move(box.x + 3, box.y + 6);
    for (let i = 1; i < 40 && !/r-x/.test(await said()); i += 1) {
      const x = box.x + 3 + 6 * i;
      await page.mouse.move(x, box.y + 6);
      // The tip stands 14 pixels right of the pointer that it tells of.
      await expect.poll(async () => (await tip.boundingBox())?.x).toBeGreaterThan(x + 12);
    }
    await expect.poll(said, { timeout: 60_000 }).toMatch(/last executed at \d+\.\d+ s, .* ago/);
    await now().picture('place-tip');
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'detached' });
  });

  it('lets a split glow while playing and keeps it outlined while paused', async () => {
    const page = await run();
    await page.getByRole('button', { name: 'direct map', exact: true }).click();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.fresh.glows')].some(
        (path) => getComputedStyle(path).animationDuration === '0.5s',
      ),
    );
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.locator('.fresh:not(.glows)').first().waitFor({ state: 'attached' });
    expect(await page.locator('.fresh.glows').count()).toBe(0);
  });
});
