/** A host's reply as a value or as the error that the window shows. */
import { LabError } from '../../src/contract/lab-api.js';
import { RpcErrorCode } from '../../src/host/wire.js';
import type { RpcReply } from '../../src/host/wire.js';

/** The result of a reply; throws LabError for an answer meant for the user, Error for a defect. */
export function outcomeOf(reply: RpcReply): unknown {
  if (!('error' in reply)) return reply.result;
  const { code, message } = reply.error;
  if (code === RpcErrorCode.lab) throw new LabError(message);
  throw new Error(message);
}
