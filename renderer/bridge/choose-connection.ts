/**
 * Chooses the host at start: the preload's bridge where there is one, else the socket of the page's
 * own host. The token comes in the fragment once, moves to the session's storage and leaves the
 * address bar, so that a copied address does not carry it.
 */
import type { LabConnection } from './connection.js';
import { desktopBridgeOf, desktopConnection } from './desktop-connection.js';
import { socketConnection } from './socket-connection.js';

const TOKEN_KEY = 'xlab.token';
const TOKEN_IN_FRAGMENT = /(?:^#|&)token=([\w-]+)/;

/** Takes the token out of the address. Empty when the page was opened without one. */
export function takeToken(scope: Window): string {
  const carried = TOKEN_IN_FRAGMENT.exec(scope.location.hash)?.[1];
  if (carried === undefined) return scope.sessionStorage.getItem(TOKEN_KEY) ?? '';
  scope.sessionStorage.setItem(TOKEN_KEY, carried);
  const rest = scope.location.hash.replace(TOKEN_IN_FRAGMENT, '').replace(/^#?&/, '#');
  const { pathname, search } = scope.location;
  scope.history.replaceState(null, '', pathname + search + (rest === '#' ? '' : rest));
  return carried;
}

export function chooseConnection(scope: Window): LabConnection {
  const bridge = desktopBridgeOf(scope);
  if (bridge !== null) return desktopConnection(bridge);
  const token = takeToken(scope);
  return socketConnection({ url: `ws://${scope.location.host}/lab`, token });
}
