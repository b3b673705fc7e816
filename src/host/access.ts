/**
 * Who may talk to the browser host. It listens on loopback only; a page of another site in the same
 * browser can still reach it, so the Host header must name loopback (a rebound DNS name does not),
 * the Origin must be the served page, and the socket must carry the token of this start. The port in
 * Host may differ from the one listened on: an ssh tunnel maps it.
 */
import { timingSafeEqual } from 'node:crypto';
import { LAB_PROTOCOL, TOKEN_PROTOCOL_PREFIX } from './wire.js';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
/** What a token may look like: long enough not to be guessed, safe in a URL and in a header. */
const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;

export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && LOOPBACK_HOST.test(host);

export const isToken = (text: string): boolean => TOKEN.test(text);

/** True when `origin` is the page that this host serves under `host`. */
export const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  isLoopbackHost(host) && origin === `http://${host ?? ''}`;

/** True when the offered subprotocols hold ours and the right token. Compares in constant time. */
export function offersToken(protocolHeader: string | undefined, token: string): boolean {
  const offered = (protocolHeader ?? '').split(',').map((entry) => entry.trim());
  if (!offered.includes(LAB_PROTOCOL)) return false;
  const carried = offered.find((entry) => entry.startsWith(TOKEN_PROTOCOL_PREFIX));
  if (carried === undefined) return false;
  const given = Buffer.from(carried.slice(TOKEN_PROTOCOL_PREFIX.length));
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
