/**
 * The built main process and preload, started against an Electron that only takes notes: every point
 * of the desktop's safety is read off what the shipped code does, and off its text.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { LAB_API_METHODS } from '../../src/contract/lab-api.js';
import { FakeContents, record } from '../support/fake-electron.js';
import { PROJECT_ROOT } from '../support/packaged-desktop.js';

vi.mock('electron', async () => (await import('../support/fake-electron.js')).fakeElectron);

const OUT = join(PROJECT_ROOT, 'out');
const OWN_PAGE = { senderFrame: { origin: 'app://bundle', parent: null } };
const textsBelow = (folder: string): { name: string; text: string }[] =>
  readdirSync(join(OUT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:js|cjs|html)$/.test(name))
    .map((name) => ({
      name: `${folder}/${name}`,
      text: readFileSync(join(OUT, folder, name), 'utf8'),
    }));

describe('the built main process', () => {
  beforeAll(async () => {
    const main: unknown = await import(pathToFileURL(join(OUT, 'main', 'main.js')).href);
    expect(main).toBeDefined();
    await vi.waitFor(() => expect(record.windows[0]?.loaded).toHaveLength(1));
  });

  it('registers the scheme and turns the sandbox on before Electron is ready', () => {
    const ready = record.order.indexOf('ready');
    expect(record.order.slice(0, ready).sort()).toEqual(['sandbox', 'scheme']);
    expect(record.order.indexOf('window')).toBeGreaterThan(ready);
  });

  it('opens one window: isolated, sandboxed, without Node, on its own scheme', () => {
    expect(record.windows).toHaveLength(1);
    const preferences = record.windows[0]?.options.webPreferences ?? {};
    expect(preferences).toEqual({
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
      preload: join(OUT, 'preload', 'preload.cjs'),
    });
    expect(record.windows[0]?.loaded).toEqual(['app://bundle/index.html']);
  });

  it('gives its scheme no privilege that goes past the content policy', () => {
    expect(record.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  const get = async (url: string): Promise<Response> => {
    const handler = record.protocols.get('app');
    if (handler === undefined) throw new Error('no handler of the scheme');
    return handler({ url, method: 'GET' } as Request);
  };

  it('serves the built page under a content policy without inline or evaluated script', async () => {
    const page = await get('app://bundle/index.html');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="app"');
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    const rules = new Map(
      policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
    );
    expect(rules.get('default-src')).toBe("'none'");
    expect(rules.get('script-src')).toBe("'self'");
    expect(rules.get('connect-src')).toBe("'self'");
    expect(rules.get('frame-ancestors')).toBe("'none'");
    expect(rules.get('base-uri')).toBe("'none'");
    expect(rules.get('form-action')).toBe("'none'");
    expect(policy).not.toMatch(/unsafe-eval|\*|https?:/);
    expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it.each([
    'app://bundle/../main/main.js',
    'app://bundle/..%2fmain%2fmain.js',
    'app://bundle/%2e%2e/package.json',
    'app://bundle//etc/passwd',
    'app://elsewhere/index.html',
  ])('serves nothing outside the built page: %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('denies navigation, redirects, webviews and new windows to every page', () => {
    const contents = record.windows[0]?.webContents ?? new FakeContents();
    expect(contents.windowOpen?.()).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      contents.emit(name, { preventDefault });
      expect(preventDefault, name).toHaveBeenCalledOnce();
    }
  });

  it('denies every permission but writing text to the clipboard to its own page', () => {
    const requested = (permission: string, requestingUrl: string): unknown => {
      const answer = vi.fn();
      const handler = record.permission['request'] as (...args: unknown[]) => void;
      handler({}, permission, answer, { requestingUrl });
      return answer.mock.calls[0]?.[0];
    };
    const own = 'app://bundle/index.html';
    const asked = ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read'];
    expect(asked.filter((permission) => requested(permission, own) !== false)).toEqual([]);
    expect(requested('clipboard-sanitized-write', own)).toBe(true);
    expect(requested('clipboard-sanitized-write', 'https://elsewhere.example/')).toBe(false);
    const device = record.permission['device'] as () => unknown;
    expect(device()).toBe(false);
    const check = record.permission['check'] as (...args: unknown[]) => unknown;
    expect(check({}, 'media', 'app://bundle')).toBe(false);
  });

  it('listens on one channel for each call of LabApi and on no other', () => {
    expect([...record.channels.keys()].sort()).toEqual(
      LAB_API_METHODS.map((name) => `lab:${name}`).sort(),
    );
    expect(record.listeners).toEqual([]);
  });

  it.each(LAB_API_METHODS)('refuses strangers and bad arguments of %s', async (method) => {
    const handler = record.channels.get(`lab:${method}`);
    const strangers = [
      { senderFrame: { origin: 'https://elsewhere.example', parent: null } },
      { senderFrame: { origin: 'app://bundle', parent: {} } },
      { senderFrame: null },
    ];
    for (const stranger of strangers) {
      expect(await handler?.(stranger)).toMatchObject({ error: { code: -32600 } });
    }
    const reply = await handler?.(OWN_PAGE, { __proto__: null, odd: 1 }, 'one too many', 3);
    expect(reply).toMatchObject({ error: { code: -32602 } });
    expect(record.children).toHaveLength(0);
  });

  it('hands a good call to the built engine host', () => {
    void record.channels.get('lab:describe')?.(OWN_PAGE);
    const [child] = record.children;
    expect(child?.modulePath).toBe(join(OUT, 'main', 'engine-host.js'));
    expect(existsSync(child?.modulePath ?? '')).toBe(true);
    expect(child?.posted).toMatchObject([{ method: 'describe', params: [] }]);
  });

  it('passes events of the engine on to the window', () => {
    const event = { kind: 'progress', runId: 'run-1', done: 1, total: 4, requests: 10 };
    record.children[0]?.emit('message', { jsonrpc: '2.0', method: 'event', params: [event] });
    expect(record.windows[0]?.webContents.sent).toEqual([['lab:event', event]]);
  });
});

describe('the built preload', () => {
  const text = readFileSync(join(OUT, 'preload', 'preload.cjs'), 'utf8');
  const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
  const invoked: unknown[][] = [];
  const listened: string[] = [];

  beforeAll(() => {
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: Record<string, () => unknown>) =>
          exposed.set(name, api),
      },
      ipcRenderer: {
        invoke: (...args: unknown[]) => (invoked.push(args), Promise.resolve('reply')),
        on: (channel: string) => listened.push(channel),
        removeListener: () => undefined,
      },
    };
    // A sandboxed preload is CommonJS and may require electron only; it sees no Node at all.
    runInNewContext(text, {
      exports: {},
      module: { exports: {} },
      require: (name: string) => {
        if (name !== 'electron') throw new Error(`the sandbox has no module ${name}`);
        return electron;
      },
    });
  });

  it('runs in the sandbox and exposes the calls of LabApi and its events, nothing else', () => {
    expect([...exposed.keys()]).toEqual(['xlabDesktop']);
    const api = exposed.get('xlabDesktop') ?? {};
    expect(Object.keys(api).sort()).toEqual([...LAB_API_METHODS, 'subscribe'].sort());
    expect(Object.values(api).filter((entry) => typeof entry !== 'function')).toEqual([]);
  });

  it('reaches one fixed channel by each call', async () => {
    const api = exposed.get('xlabDesktop') ?? {};
    for (const method of LAB_API_METHODS) await api[method]?.('argument');
    expect(invoked).toEqual(LAB_API_METHODS.map((method) => [`lab:${method}`, 'argument']));
    api['subscribe']?.(() => undefined);
    expect(listened).toEqual(['lab:event']);
  });
});

describe('the built text', () => {
  const texts = ['main', 'preload', 'renderer'].flatMap(textsBelow);

  it.each([
    ['turns a protection off', /(?:contextIsolation|sandbox|webSecurity)["']?:\s*(?:false|!1)/],
    [
      'turns Node on in a page',
      /(?:nodeIntegration\w*|webviewTag|enableRemoteModule|allowRunningInsecureContent)["']?:\s*(?:true|!0)/,
    ],
    ['opens addresses outside', /\bshell\s*\.\s*open|\.openExternal\(/],
    ['loads pages from files', /\.loadFile\(|loadURL\(\s*["'`]file:/],
  ])('nowhere %s', (_what, pattern) => {
    expect(texts.filter(({ text }) => pattern.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it('makes no code from text, in no process', () => {
    const pattern = /\beval\s*\(|\bnew Function\b|\bnew\s+vm\.Script\b/;
    const found = texts.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
    expect(found).toEqual([]);
  });

  it('has a page without inline script, inline handler or foreign address', () => {
    const page = readFileSync(join(OUT, 'renderer', 'index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|https?:|javascript:/i);
    expect(page).toMatch(/<script[^>]*\bsrc="\.?\/assets\//);
  });

  it('loads only what is a dependency of the package', () => {
    const description = JSON.parse(
      readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'),
    ) as Record<'dependencies', Record<string, string>>;
    const pattern = /^(?:import|export)\b[^"\n]*"([@\w][^"\n]*)";?$|\bimport\("([@\w][^"\n]*)"\)/gm;
    const names = textsBelow('main').flatMap(({ text }) =>
      [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ''),
    );
    const packages = names
      .filter((name) => !name.startsWith('node:') && name !== 'electron')
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    expect(new Set(packages).size).toBeGreaterThan(5);
    const missing = packages.filter((name) => description.dependencies[name] === undefined);
    expect([...new Set(missing)]).toEqual([]);
  });
});
