/** The connection through Electron's preload. The line is always open: main restarts the engine. */
import type { LabEvent } from '../../src/contract/lab-api.js';
import { LAB_API_METHODS } from '../../src/contract/lab-api.js';
import type { LabApiMethod } from '../../src/contract/lab-api.js';
import type { RpcReply } from '../../src/host/wire.js';
import type { LabConnection } from './connection.js';
import { labCalls } from './lab-calls.js';
import { outcomeOf } from './rpc-outcome.js';

/** What the preload puts into the window. */
export type DesktopBridge = Readonly<
  Record<LabApiMethod, (...args: readonly unknown[]) => Promise<RpcReply>>
> & {
  readonly subscribe: (listener: (event: LabEvent) => void) => () => void;
};

/** The preload's bridge, or null in a browser. */
export function desktopBridgeOf(scope: object): DesktopBridge | null {
  if (!('xlabDesktop' in scope)) return null;
  const bridge = scope.xlabDesktop;
  if (typeof bridge !== 'object' || bridge === null) return null;
  const names: readonly string[] = [...LAB_API_METHODS, 'subscribe'];
  const whole = names.every((name) => typeof Reflect.get(bridge, name) === 'function');
  return whole ? (bridge as DesktopBridge) : null;
}

export function desktopConnection(bridge: DesktopBridge): LabConnection {
  return {
    ...labCalls(async (method, args) => outcomeOf(await bridge[method](...args))),
    subscribe: (listener) => bridge.subscribe(listener),
    onLine: (listener) => {
      listener('open');
      return () => undefined;
    },
    close: () => undefined,
  };
}
