/**
 * The built window's files by URL path, for the browser host and for Electron's app scheme. A path
 * resolves below the root or not at all; unknown extensions are not served.
 */
import { extname, join, normalize, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly path: string;
  readonly contentType: string;
  /** `Cache-Control`: a file under this name never changes, or the browser asks each time. */
  readonly cacheControl: string;
}

export const ASK_EACH_TIME = 'no-cache';
const NEVER_CHANGES = 'public, max-age=31536000, immutable';
/** The build puts a hash of the content into these names. */
const HASHED_NAME = /^\/assets\/[\w.-]+-[\w-]{8}\.\w+$/;

/** The file that `urlPath` (percent-encoded, starts with `/`) names below `root`, or null. */
export function staticFile(root: string, urlPath: string): StaticFile | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || decoded.includes('\0') || decoded.includes('\\')) return null;
  const parts = decoded.split('/');
  if (parts.some((part) => part === '..' || (part.startsWith('.') && part !== ''))) return null;
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  const contentType = CONTENT_TYPES[extname(path)];
  if (contentType === undefined || !path.startsWith(normalize(root) + sep)) return null;
  const cacheControl = HASHED_NAME.test(decoded) ? NEVER_CHANGES : ASK_EACH_TIME;
  return { path, contentType, cacheControl };
}
