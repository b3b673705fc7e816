/**
 * `npm run bench:window`: the budgets of the window, measured in Chromium over `xlab serve` on the production
 * build, printed as a table. Numbers are of this machine at this moment; nothing is asserted. Each row
 * is the median and the worst of several repetitions.
 *
 *   tsx test/e2e/bench-window.ts [--json]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { dropFile, lineWith, openScenario, runState } from '../support/lab-actions.js';
import { LONG, MILLION, MILLION_POINTS, SMALL, textOfLines } from '../support/bench-scenarios.js';
import { CLI, WINDOW_TARGETS } from '../support/lab-window.js';
import type { LabWindow, WindowTarget } from '../support/lab-window.js';
import { countFrames, millisecondsTo } from '../support/page-timing.js';

interface Row {
  readonly action: string;
  readonly budget: string;
  /** Milliseconds, or frames per second where `unit` says so. */
  readonly median: number;
  readonly worst: number;
  readonly unit: 'ms' | 'frames/s';
  /** Measured against budget, above 1 where it is missed. */
  readonly ratio: number;
}

const REPEATS = 9;
/** Between two starts. */
const SETTLE_MS = 1000;
const SCENARIOS = {
  'small.xlab': SMALL,
  'million.xlab': MILLION,
  'points.xlab': MILLION_POINTS,
  'long.xlab': LONG,
  'lines.xlab': textOfLines(480),
};

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function timed(action: string, budgetMs: number, values: readonly number[]): Row {
  const median = medianOf(values);
  return {
    action,
    budget: `${String(budgetMs)} ms`,
    median,
    worst: Math.max(...values),
    unit: 'ms',
    ratio: median / budgetMs,
  };
}

async function repeat(count: number, once: (i: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < count; i += 1) values.push(await once(i));
  return values;
}

/** Until the clock of the scrubber and the step under it stand still. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        let timer = setTimeout(done, 250);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(done, 250);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
  );
}

async function placeOf(page: Page, testId: string): Promise<(share: number) => [number, number]> {
  const box = await page.getByTestId(testId).first().boundingBox();
  if (box === null) throw new Error(`${testId} has no place on screen`);
  return (share) => [box.x + box.width * share, box.y + box.height / 2];
}

/** From the start of the program, in a browser that runs, to a drawn chart: the result that comes with it. */
async function benchStart(target: WindowTarget): Promise<Row> {
  const values = await repeat(5, async () => {
    const started = performance.now();
    const window = await target.open({ scenarios: SCENARIOS, asked: true });
    await window.page.locator('[data-testid="chart"][data-drawn="true"]').first().waitFor();
    const passed = performance.now() - started;
    await window.close();
    // What ends of the last start would take the processors from the next one.
    await pause(SETTLE_MS);
    return passed;
  });
  return timed('start of xlab serve to first chart drawn', 1500, values);
}

async function benchTyping(page: Page): Promise<Row> {
  await openScenario(page, 'lines.xlab');
  await lineWith(page, 'param churn').click();
  await page.keyboard.press('End');
  const values = await repeat(REPEATS, async () => {
    await settled(page);
    const shown = { selector: '[data-testid="problems"]', text: 'X' };
    const passed = await millisecondsTo(page, shown, () => page.keyboard.type('!'));
    await page.keyboard.press('Backspace');
    await page.getByTestId('problems').waitFor({ state: 'detached' });
    return passed;
  });
  return timed('key press to diagnostics, file of 480 lines', 100, values);
}

async function benchParameter(page: Page): Promise<Row> {
  await openScenario(page, 'small.xlab');
  const field = page.locator('[data-param="n"]');
  await page.getByTestId('run').click();
  await runState(page, 'finished');
  const values = await repeat(REPEATS, async (i) => {
    await field.fill(String(21 + i));
    const shown = { selector: '[data-testid="hash"]', text: '' };
    const passed = await millisecondsTo(page, shown, async () => {
      await field.press('Enter');
      await page.keyboard.press('F5');
    });
    await runState(page, 'finished');
    await settled(page);
    return passed;
  });
  return timed('parameter change and F5 to first result, small scenario', 1000, values);
}

/**
 * The budget is one frame: what all panes do once the page has the move. The way from the hand to the
 * screen, with the wait for the screen's next frame, stands beside it.
 */
async function benchCursor(page: Page): Promise<Row> {
  await page.getByRole('button', { name: 'cursor', exact: true }).click();
  const at = await placeOf(page, 'chart');
  const movesFrom = (from: 'input' | 'page'): Promise<number[]> =>
    repeat(40, async (i) => {
      const [x, y] = at(0.2 + 0.01 * (i % 40));
      const shown = { selector: '[aria-label="Comparison table"] header', text: '', from };
      await settledFrame(page);
      return millisecondsTo(page, shown, () => page.mouse.move(x, y));
    });
  const whole = medianOf(await movesFrom('input')).toFixed(0);
  const action = `cursor move to all panes drawn (with the wait for a frame ${whole} ms)`;
  return timed(action, 16, await movesFrom('page'));
}

const settledFrame = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(undefined))));

async function benchScrub(page: Page): Promise<Row> {
  await openScenario(page, 'million.xlab');
  await page.getByTestId('run').click();
  await runState(page, 'finished');
  await page.getByTestId('map').first().waitFor({ timeout: 120_000 });
  const at = await placeOf(page, 'scrubber');
  const shares = [0.5, 0.1, 0.9, 0.3, 0.7, 0.05, 0.95, 0.2, 0.8, 0.4, 0.6];
  await page.mouse.move(...at(0.25));
  const values = await repeat(shares.length, async (i) => {
    await settled(page);
    const shown = { selector: '.scrub .row-label + output', text: '' };
    return millisecondsTo(page, shown, () => page.mouse.move(...at(shares[i] ?? 0)));
  });
  return timed('scrub to any time, map of 1e6 events', 50, values);
}

async function benchFrames(page: Page): Promise<Row> {
  await openScenario(page, 'points.xlab');
  await page.getByTestId('run').click();
  await runState(page, 'finished');
  await page.keyboard.press('Alt+1');
  await page.getByTestId('chart').first().click();
  await settled(page);
  const worst: number[] = [];
  const rates = await repeat(3, async () => {
    const { framesPerSecond, longestMs } = await countFrames(page, async () => {
      for (const key of 'wwwdddaaasss') {
        await page.keyboard.press(key);
        await settledFrame(page);
        await settledFrame(page);
      }
    });
    worst.push(longestMs);
    return framesPerSecond;
  });
  const median = medianOf(rates);
  return {
    action: `chart of 1e6 samples, pan and zoom (longest frame ${Math.max(...worst).toFixed(0)} ms)`,
    budget: '60 frames/s',
    median,
    worst: Math.min(...rates),
    unit: 'frames/s',
    ratio: 60 / median,
  };
}

async function benchStop(page: Page): Promise<Row> {
  await openScenario(page, 'long.xlab');
  const values = await repeat(5, async () => {
    await page.keyboard.press('F5');
    await page.getByText(/^[1-9]\d*\/600 runs$/).waitFor({ timeout: 60_000 });
    const stopped = { selector: '[data-testid="run-state"]', text: 'stopped' };
    return millisecondsTo(page, stopped, () => page.keyboard.press('Shift+F5'));
  });
  return timed('stop', 200, values);
}

/** A bundle of 30 runs as the window saves it, made by the command line. */
function bundleOf(window: LabWindow, folder: string): Buffer {
  const args = [CLI, 'run', join(window.folder, 'million.xlab'), '--seeds', '1..30'];
  execFileSync(process.execPath, [...args, '--out', folder, '--quiet'], { stdio: 'ignore' });
  const result: unknown = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
  const bundle = {
    format: 'xlabrun',
    version: 1,
    file: 'million.xlab',
    text: MILLION,
    settings: {},
    seeds: '1..30',
    view: { timeNs: 0, pins: [] },
    result,
  };
  return gzipSync(JSON.stringify(bundle));
}

async function benchBundle(target: WindowTarget): Promise<Row> {
  const scratch = mkdtempSync(join(tmpdir(), 'xlab-bench-'));
  let bytes: Buffer | null = null;
  try {
    const values = await repeat(3, async () => {
      const window = await target.open({ scenarios: SCENARIOS });
      const { page } = window;
      bytes ??= bundleOf(window, join(scratch, 'result'));
      await page.getByTestId('open-scenarios').waitFor();
      const shown = { selector: '[data-testid="table"]', text: 'DirectMap4k' };
      const ready = bytes;
      const passed = await millisecondsTo(page, shown, () => dropFile(page, 'a.xlabrun', ready));
      await window.close();
      return passed;
    });
    return timed('open a bundle of 30 runs, 1e6 events each', 2000, values);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tableOf(rows: readonly Row[]): string {
  const head = ['action', 'budget', 'median', 'worst', 'measured/budget'];
  const value = (row: Row, number: number): string =>
    row.unit === 'ms' ? `${number.toFixed(number < 100 ? 1 : 0)} ms` : `${number.toFixed(0)} /s`;
  const cells = rows.map((row) => [
    row.action,
    row.budget,
    value(row, row.median),
    value(row, row.worst),
    `${row.ratio.toFixed(2)}${row.ratio > 1 ? '  over' : ''}`,
  ]);
  const widths = head.map((name, i) =>
    Math.max(name.length, ...cells.map((line) => line[i]?.length ?? 0)),
  );
  const text = (line: readonly string[]): string =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return [text(head), ...cells.map(text)].map((line) => line.trimEnd()).join('\n');
}

async function main(): Promise<void> {
  const target = WINDOW_TARGETS[0];
  if (target === undefined || target.missing !== null) {
    process.stderr.write(`${target?.missing ?? 'no window'}; nothing to measure\n`);
    process.exitCode = 2;
    return;
  }
  const end = await target.prepare();
  const rows: Row[] = [];
  const keep = (row: Row): void => {
    rows.push(row);
    process.stderr.write(`${row.action}: ${row.median.toFixed(1)} ${row.unit}\n`);
  };
  keep(await benchStart(target));
  const window = await target.open({ scenarios: SCENARIOS });
  const { page } = window;
  keep(await benchTyping(page));
  keep(await benchParameter(page));
  keep(await benchCursor(page));
  keep(await benchScrub(page));
  keep(await benchFrames(page));
  keep(await benchStop(page));
  await window.close();
  keep(await benchBundle(target));
  await end();
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const [load = 0] = loadavg();
    const machine = `${String(availableParallelism())} processors, load ${load.toFixed(1)}`;
    process.stdout.write(
      `${tableOf(rows)}\n(${machine}; pictures are drawn without a graphics card)\n`,
    );
  }
}

await main();
