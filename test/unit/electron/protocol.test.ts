import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

type Handler = (request: Request) => Promise<Response>;
const registered = new Map<string, Handler>();
const schemes: unknown[] = [];
vi.mock('electron', () => ({
  protocol: {
    registerSchemesAsPrivileged: (list: unknown[]) => schemes.push(...list),
    handle: (scheme: string, handler: Handler) => registered.set(scheme, handler),
  },
}));
const { registerAppScheme, serveAppScheme } = await import('../../../electron/protocol.js');

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'xlab-app-'));
  await writeFile(join(root, 'index.html'), '<p>lab</p>');
  registerAppScheme();
  serveAppScheme(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A request as Electron hands it over: `Request` itself refuses unknown schemes in Node. */
const ask = (url: string, method = 'GET'): Promise<Response> => {
  const handler = registered.get('app');
  if (handler === undefined) throw new Error('no app scheme');
  return handler({ url, method } as Request);
};

describe('app scheme', () => {
  test('is standard and secure, without privileges that bypass the content policy', () => {
    expect(schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  test('serves the page under the security headers', async () => {
    const page = await ask('app://bundle/index.html');
    expect(await page.text()).toBe('<p>lab</p>');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(page.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  });

  test.each([
    ['app://other/index.html', 'GET'],
    ['app://bundle/index.html', 'POST'],
    ['app://bundle/..%2f..%2fetc/passwd', 'GET'],
    ['app://bundle/missing.js', 'GET'],
  ])('%s by %s is not found', async (url, method) => {
    expect((await ask(url, method)).status).toBe(404);
  });
});
