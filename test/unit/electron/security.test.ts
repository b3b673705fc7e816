import { beforeAll, describe, expect, test, vi } from 'vitest';

const appListeners = new Map<string, (...args: unknown[]) => void>();
const enableSandbox = vi.fn();
const handlers: Record<string, (...args: never[]) => unknown> = {};
vi.mock('electron', () => ({
  app: {
    enableSandbox,
    on: (name: string, listener: (...args: unknown[]) => void) => appListeners.set(name, listener),
  },
  protocol: {},
  session: {
    defaultSession: {
      setPermissionRequestHandler: (handler: (...args: never[]) => unknown) => {
        handlers['request'] = handler;
      },
      setPermissionCheckHandler: (handler: (...args: never[]) => unknown) => {
        handlers['check'] = handler;
      },
      setDevicePermissionHandler: (handler: (...args: never[]) => unknown) => {
        handlers['device'] = handler;
      },
    },
  },
}));
const { denyPermissions, hardenApp } = await import('../../../electron/security.js');

beforeAll(() => {
  hardenApp();
  denyPermissions();
});

function pageContents() {
  const listeners = new Map<string, (event: { preventDefault: () => void }) => void>();
  let openHandler: () => unknown = () => null;
  appListeners.get('web-contents-created')?.(
    {},
    {
      setWindowOpenHandler: (handler: () => unknown) => {
        openHandler = handler;
      },
      on: (name: string, listener: (event: { preventDefault: () => void }) => void) =>
        listeners.set(name, listener),
    },
  );
  return { listeners, open: () => openHandler() };
}

const requested = (permission: string, url: string): unknown => {
  let answer: unknown;
  const handler = handlers['request'] as unknown as (
    contents: unknown,
    permission: string,
    callback: (allowed: boolean) => void,
    details: { requestingUrl: string },
  ) => void;
  handler({}, permission, (allowed) => (answer = allowed), { requestingUrl: url });
  return answer;
};

describe('security', () => {
  test('every page runs in the sandbox', () => {
    expect(enableSandbox).toHaveBeenCalledOnce();
  });

  test.each(['will-navigate', 'will-redirect', 'will-attach-webview'])(
    '%s is prevented',
    (name) => {
      const preventDefault = vi.fn();
      pageContents().listeners.get(name)?.({ preventDefault });
      expect(preventDefault).toHaveBeenCalledOnce();
    },
  );

  test('opening a window is denied', () => {
    expect(pageContents().open()).toEqual({ action: 'deny' });
  });

  test.each(['geolocation', 'media', 'notifications', 'clipboard-read', 'openExternal', 'hid'])(
    'permission %s is denied, even to the own page',
    (permission) => {
      expect(requested(permission, 'app://bundle/index.html')).toBe(false);
    },
  );

  test('writing the clipboard is allowed to the own page only', () => {
    expect(requested('clipboard-sanitized-write', 'app://bundle/index.html')).toBe(true);
    expect(requested('clipboard-sanitized-write', 'app://bundle.evil/')).toBe(false);
    expect(requested('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
  });

  test('devices are denied', () => {
    expect(handlers['device']?.()).toBe(false);
  });
});
