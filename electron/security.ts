/**
 * What no page in this app may do, whatever it contains: navigate, open windows, attach webviews,
 * ask for permissions. The one permission given is writing text to the clipboard, to the own page.
 */
import { app, session } from 'electron';
import type { WebContents } from 'electron';
import { APP_ORIGIN } from './protocol.js';

const CLIPBOARD_WRITE = 'clipboard-sanitized-write';

/** Call before the app is ready: every later page runs in Chromium's sandbox and under the denials. */
export function hardenApp(): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => denyEscapes(contents));
}

function denyEscapes(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Call when the app is ready. */
export function denyPermissions(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(permission === CLIPBOARD_WRITE && isOwnUrl(details.requestingUrl));
  });
  own.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === CLIPBOARD_WRITE && isOwnUrl(origin);
  });
  own.setDevicePermissionHandler(() => false);
}

/** Origins arrive with or without a trailing slash. */
const isOwnUrl = (url: string): boolean => url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
