import { beforeEach, describe, expect, test, vi } from 'vitest';
import { LAB_API_METHODS } from '../../../src/contract/lab-api.js';

type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;
const handlers = new Map<string, Handler>();
vi.mock('electron', () => ({
  ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) },
  protocol: {},
}));
const { registerIpc } = await import('../../../electron/ipc.js');

const OWN = { senderFrame: { origin: 'app://bundle', parent: null } };
const calls: unknown[] = [];

beforeEach(() => {
  handlers.clear();
  calls.length = 0;
  registerIpc({
    call: (method, args) => {
      calls.push([method, ...args]);
      return Promise.resolve({ jsonrpc: '2.0', id: 1, result: 'done' });
    },
  });
});

const invoke = (channel: string, event: unknown, ...args: unknown[]): Promise<unknown> => {
  const handler = handlers.get(channel);
  if (handler === undefined) throw new Error(`no channel ${channel}`);
  return handler(event, ...args);
};

describe('ipc', () => {
  test('there is one channel per call and no other', () => {
    expect([...handlers.keys()].sort()).toEqual(
      LAB_API_METHODS.map((name) => `lab:${name}`).sort(),
    );
  });

  test('a good request reaches the engine', async () => {
    expect(await invoke('lab:openScenario', OWN, 'a.xlab')).toMatchObject({ result: 'done' });
    expect(calls).toEqual([['openScenario', 'a.xlab']]);
  });

  test.each([
    ['another origin', { senderFrame: { origin: 'https://evil.example', parent: null } }],
    ['a frame inside the page', { senderFrame: { origin: 'app://bundle', parent: {} } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('%s is refused before the engine sees it', async (_name, event) => {
    const reply = await invoke('lab:openScenario', event, 'a.xlab');
    expect(reply).toMatchObject({ error: { code: -32600 } });
    expect(calls).toEqual([]);
  });

  test.each([
    ['lab:openScenario', []],
    ['lab:openScenario', [5]],
    ['lab:cancel', ['run-1', 'more']],
    ['lab:report', [{ runId: 'run-1', format: 'exe' }]],
    ['lab:run', [{ id: 'a.xlab' }]],
  ])('%s with bad arguments %j is refused', async (channel, args) => {
    expect(await invoke(channel, OWN, ...args)).toMatchObject({ error: { code: -32602 } });
    expect(calls).toEqual([]);
  });
});
