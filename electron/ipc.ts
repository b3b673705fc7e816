/**
 * Every channel between the window and the main process. One channel per call of LabApi, one for its
 * events, no other. A request is unknown data: its sender must be the main frame of our own page and
 * its arguments must pass the schemas before the engine host sees them.
 */
import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { LAB_API_METHODS } from '../src/contract/lab-api.js';
import type { LabApiMethod, LabEvent } from '../src/contract/lab-api.js';
import { argumentProblem } from '../src/host/dispatch.js';
import { RpcErrorCode } from '../src/host/wire.js';
import type { RpcReply } from '../src/host/wire.js';
import { callChannel, EVENT_CHANNEL } from './channels.js';
import { APP_ORIGIN } from './protocol.js';

/** What answers the calls: the engine host behind its link. */
export interface CallTarget {
  call(method: LabApiMethod, args: readonly unknown[]): Promise<RpcReply>;
}

/** Registers all channels. Sender problems and bad arguments are answered, never thrown. */
export function registerIpc(target: CallTarget): void {
  for (const method of LAB_API_METHODS) {
    ipcMain.handle(callChannel(method), async (event, ...args: unknown[]) => {
      if (!isOwnPage(event)) return refusal(RpcErrorCode.invalidRequest, 'unknown sender');
      const problem = argumentProblem(method, args);
      if (problem !== null) {
        return refusal(RpcErrorCode.invalidArguments, `${method}: ${problem}`);
      }
      return target.call(method, args);
    });
  }
}

/** Passes one event on to a window. */
export function sendEvent(
  window: { readonly webContents: { send(channel: string, event: LabEvent): void } },
  event: LabEvent,
): void {
  window.webContents.send(EVENT_CHANNEL, event);
}

function isOwnPage(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN;
}

const refusal = (code: number, message: string): RpcReply => ({
  jsonrpc: '2.0',
  id: null,
  error: { code, message },
});
