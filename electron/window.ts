/** The one window: sandboxed, isolated, shown when it has something to show. */
import { BrowserWindow } from 'electron';
import type { WebPreferences } from 'electron';
import { APP_URL } from './protocol.js';

export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/**
 * Opens the window on the built page. `preloadPath` is an absolute path; `onCreated` sees the window
 * before it has loaded anything.
 */
export async function openWindow(
  preloadPath: string,
  onCreated: (window: BrowserWindow) => void = () => undefined,
): Promise<void> {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'xlab',
    webPreferences: { ...WEB_PREFERENCES, preload: preloadPath },
  });
  onCreated(window);
  window.once('ready-to-show', () => window.show());
  await window.loadURL(APP_URL);
}
