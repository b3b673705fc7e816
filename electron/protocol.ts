/**
 * The `app://bundle` scheme: the built window's files and nothing else, under the security headers.
 * A scheme of our own instead of file URLs, so that the page has an origin and no file access.
 */
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { SECURITY_HEADERS } from '../src/host/content-policy.js';
import { staticFile } from '../src/host/static-files.js';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://bundle';
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Call before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Serves `root` under the scheme. Call when the app is ready. */
export function serveAppScheme(root: string): void {
  protocol.handle(APP_SCHEME, (request) => respond(root, request));
}

async function respond(root: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.host !== 'bundle') return notFound();
  const file = staticFile(root, url.pathname);
  if (file === null) return notFound();
  try {
    const body = await readFile(file.path);
    const headers = { ...SECURITY_HEADERS, 'Content-Type': file.contentType };
    return new Response(Uint8Array.from(body), { headers });
  } catch {
    return notFound();
  }
}

const notFound = (): Response => new Response('not found', { status: 404 });
