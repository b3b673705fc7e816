/**
 * A window under test: the built page in a real browser, served by the real browser host over any lab.
 * The page's errors, console messages and policy violations are collected; a test ends by looking at
 * them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { LabApi } from '../../src/contract/lab-api.js';
import { startBrowserHost } from '../../src/host/browser-host.js';
import type { BrowserHost } from '../../src/host/browser-host.js';

export const WINDOW_ROOT = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const PICTURES = fileURLToPath(new URL('../../test-results/window', import.meta.url));
export const TEST_TOKEN = 'test-token-of-the-window-tests-0123456789';

export interface WindowSession {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly host: BrowserHost;
  /** What went wrong in the page so far. */
  readonly problems: string[];
  /** Saves a picture of the whole window for people to look at. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark' | 'contrast';
  readonly reducedMotion?: boolean;
  readonly port?: number;
  /** Pixels of the screen for each pixel of the page. */
  readonly scale?: number;
}

export async function openWindow(
  browser: Browser,
  api: LabApi,
  options: SessionOptions = {},
): Promise<WindowSession> {
  const host = await startBrowserHost({
    api,
    root: WINDOW_ROOT,
    port: options.port ?? 0,
    token: TEST_TOKEN,
  });
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.theme === 'dark' ? 'dark' : 'light',
    contrast: options.theme === 'contrast' ? 'more' : 'no-preference',
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      problems.push(`console: ${message.text()}`);
    }
  });
  await page.goto(host.url);
  await page.locator('#app > *').first().waitFor();
  return {
    page,
    context,
    host,
    problems,
    picture: async (name) => {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    },
    close: async () => {
      await context.close();
      await host.close();
    },
  };
}
