import { describe, expect, test, vi } from 'vitest';

const options: { webPreferences?: Record<string, unknown> }[] = [];
const loaded: string[] = [];
vi.mock('electron', () => ({
  protocol: {},
  BrowserWindow: class {
    constructor(given: { webPreferences?: Record<string, unknown> }) {
      options.push(given);
    }
    once(): void {
      // The window is shown by the real one only.
    }
    loadURL(url: string): Promise<void> {
      loaded.push(url);
      return Promise.resolve();
    }
  },
}));
const exposed = new Map<string, Record<string, unknown>>();
const invoked: unknown[][] = [];

describe('window', () => {
  test('opens the own page sandboxed and isolated, without Node', async () => {
    const { openWindow } = await import('../../../electron/window.js');
    await openWindow('/preload.cjs');
    expect(loaded).toEqual(['app://bundle/index.html']);
    expect(options[0]?.webPreferences).toMatchObject({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
  });

  test('the preload exposes named functions only', async () => {
    vi.resetModules();
    vi.doMock('electron', () => ({
      contextBridge: {
        exposeInMainWorld: (name: string, api: Record<string, unknown>) => exposed.set(name, api),
      },
      ipcRenderer: {
        invoke: (...args: unknown[]) => {
          invoked.push(args);
          return Promise.resolve('reply');
        },
        on: vi.fn(),
        removeListener: vi.fn(),
      },
    }));
    await import('../../../electron/preload.js');
    const { LAB_API_METHODS } = await import('../../../src/contract/lab-api.js');
    const api = exposed.get('xlabDesktop') ?? {};
    expect([...exposed.keys()]).toEqual(['xlabDesktop']);
    expect(Object.keys(api).sort()).toEqual([...LAB_API_METHODS, 'subscribe'].sort());
    expect(Object.values(api).every((entry) => typeof entry === 'function')).toBe(true);
    await (api['cancel'] as (runId: string) => Promise<unknown>)('run-1');
    expect(invoked).toEqual([['lab:cancel', 'run-1']]);
  });
});
