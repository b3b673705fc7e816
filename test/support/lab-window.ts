/**
 * The whole program under test: the production build with its real engine behind a real window. Two
 * targets show the same window, `xlab serve` in Chromium and the Electron program; a target that cannot
 * be had on this machine says why, and its tests are skipped by name.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, launchBrowser } from './browser.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = join(ROOT, 'out', 'main', 'cli.js');
const PICTURES = join(ROOT, 'test-results', 'lab');
const WIDTH = 1440;
const HEIGHT = 900;

export interface LabWindow {
  readonly page: Page;
  /** Folder of the user's scenarios. */
  readonly folder: string;
  /** What went wrong in the page so far. */
  readonly problems: string[];
  readClipboard(): Promise<string>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface LabWindowOptions {
  /** Scenarios in the user's folder: file name and text. */
  readonly scenarios?: Readonly<Record<string, string>>;
  readonly theme?: 'light' | 'dark';
  /** Puts something between window and program: gets the address, answers with another. */
  readonly through?: (url: string) => Promise<string>;
  /** The address is asked for, no more: whoever measures the start waits for what it ends with, and nothing else. */
  readonly asked?: boolean;
}

export interface WindowTarget {
  readonly name: string;
  /** Why there is no such window here; null where there is. */
  readonly missing: string | null;
  /** True where a line that can break lies between window and program. */
  readonly connects: boolean;
  /** Gets ready for several windows; the answer ends it. */
  prepare(): Promise<() => Promise<void>>;
  open(options?: LabWindowOptions): Promise<LabWindow>;
}

function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      problems.push(`console: ${message.text()}`);
    }
  });
  return problems;
}

const pictureOf =
  (page: Page, target: string) =>
  async (name: string): Promise<void> => {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}-${target}.png`) });
  };

async function userFolder(scenarios: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xlab-window-'));
  mkdirSync(join(folder, 'scenarios'));
  for (const [name, text] of Object.entries(scenarios)) {
    await writeFile(join(folder, 'scenarios', name), text);
  }
  return folder;
}

/** `xlab serve` on a free port: its process and the address that it prints. */
export async function startServe(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const args = [CLI, 'serve', '--port', '0', '--scenarios', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise<string>((done, fail) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) done(text.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => fail(new Error(`xlab serve ended with code ${String(code)}`)));
  });
  return { child, url };
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

const chromiumPath = browserPath();
let browser: Browser | null = null;

/** The window has its page and hears keys and drops; scripts may come after the load of the page. */
export const listens = (page: Page): Promise<void> => page.locator('#app > *').first().waitFor();

async function emptyTab(
  from: Browser,
  options: LabWindowOptions,
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await from.newContext({
    viewport: { width: WIDTH, height: HEIGHT },
    colorScheme: options.theme ?? 'light',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return { context, page: await context.newPage() };
}

async function openInChromium(options: LabWindowOptions = {}): Promise<LabWindow> {
  if (browser === null) throw new Error('the browser was not started');
  const folder = await userFolder(options.scenarios ?? {});
  const [{ child, url }, { context, page }] = await Promise.all([
    startServe(join(folder, 'scenarios')),
    emptyTab(browser, options),
  ]);
  const problems = watchProblems(page);
  const address = options.through === undefined ? url : await options.through(url);
  await page.goto(address, { waitUntil: options.asked === true ? 'commit' : 'load' });
  if (options.asked !== true) await listens(page);
  return {
    page,
    folder: join(folder, 'scenarios'),
    problems,
    readClipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    picture: pictureOf(page, 'chromium'),
    close: async () => {
      await context.close();
      await endProcess(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const chromium: WindowTarget = {
  name: 'Chromium over xlab serve',
  missing: chromiumPath === undefined ? 'no Chromium on this machine' : null,
  connects: true,
  prepare: async () => {
    const started = await launchBrowser(chromiumPath ?? '');
    browser = started;
    return async () => {
      browser = null;
      await started.close();
    };
  },
  open: openInChromium,
};

/** The binary beside the package of that name; the package itself is not loaded: it would download. */
function electronPath(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const named = join(folder, 'path.txt');
  const relative = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron';
  const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), relative);
  return existsSync(path) ? path : undefined;
}

const electronBinary = electronPath();

async function openInElectron(options: LabWindowOptions = {}): Promise<LabWindow> {
  const folder = await userFolder(options.scenarios ?? {});
  const app = await _electron.launch({
    executablePath: electronBinary ?? '',
    args: [ROOT, `--user-data-dir=${folder}`, '--force-color-profile=srgb'],
    colorScheme: options.theme ?? 'light',
    acceptDownloads: true,
  });
  const page = await app.firstWindow();
  await page.setViewportSize({ width: WIDTH, height: HEIGHT });
  return {
    page,
    folder: join(folder, 'scenarios'),
    problems: watchProblems(page),
    // The page itself may write the clipboard but not read it.
    readClipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    picture: pictureOf(page, 'electron'),
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const electron: WindowTarget = {
  name: 'the Electron window',
  missing: electronBinary === undefined ? 'no Electron binary on this machine' : null,
  connects: false,
  prepare: () => Promise.resolve(() => Promise.resolve()),
  open: openInElectron,
};

export const WINDOW_TARGETS: readonly WindowTarget[] = [chromium, electron];
