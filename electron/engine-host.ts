/**
 * The utility process of the desktop: owns the LabService and, through it, the simulation workers.
 * Speaks the JSON-RPC of the browser host over the parent port. The first argument is the folder of
 * the user's data.
 */
import { join } from 'node:path';
import { assert } from '../src/base/assert.js';
import { createLabService } from '../src/host/create-lab.js';
import { answer } from '../src/host/dispatch.js';
import type { HostMessage } from '../src/host/wire.js';

const userData = process.argv[2];
assert(userData !== undefined, 'the engine host is started with the folder of the user data');
const port = process.parentPort;
const { service } = createLabService('electron', { userFolder: join(userData, 'scenarios') });
const post = (message: HostMessage): void => port.postMessage(message);

service.subscribe((event) => post({ jsonrpc: '2.0', method: 'event', params: [event] }));
port.on('message', ({ data }: { data: unknown }) => {
  void answer(service, data).then(post);
});
