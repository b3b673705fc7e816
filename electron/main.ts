/**
 * Desktop start. Only wires: scheme and sandbox before the app is ready, then permissions, files,
 * engine host, the watch over runs, channels and the window.
 */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow } from 'electron';
import { EngineLink } from './engine-link.js';
import { registerIpc, sendEvent } from './ipc.js';
import { setApplicationMenu } from './menu.js';
import { registerAppScheme, serveAppScheme } from './protocol.js';
import { RunWatch } from './run-watch.js';
import { denyPermissions, hardenApp } from './security.js';
import { openWindow } from './window.js';

const built = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

async function start(): Promise<void> {
  denyPermissions();
  serveAppScheme(built('../renderer'));
  setApplicationMenu(process.platform === 'darwin');
  const link = new EngineLink({
    modulePath: built('./engine-host.js'),
    args: [app.getPath('userData')],
    onEvent: (event) => {
      watch.receive(event);
      for (const window of BrowserWindow.getAllWindows()) sendEvent(window, event);
    },
  });
  const watch = new RunWatch((runId) => link.call('cancel', [runId]));
  const open = (): Promise<void> => openWindow(built(PRELOAD), (window) => watch.guard(window));
  registerIpc(link);
  app.on('will-quit', () => link.close());
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void open();
  });
  await open();
}

const PRELOAD = '../preload/preload.cjs';

registerAppScheme();
hardenApp();
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
void app.whenReady().then(start);
