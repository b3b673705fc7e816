import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LabEvent } from '../../../src/contract/lab-api.js';

class FakeChild extends EventEmitter {
  readonly posted: { id: number; method: string }[] = [];
  readonly kill = vi.fn();
  postMessage(message: { id: number; method: string }): void {
    this.posted.push(message);
  }
}
const children: FakeChild[] = [];
vi.mock('electron', () => ({
  utilityProcess: {
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
  },
}));
const { EngineLink } = await import('../../../electron/engine-link.js');

const events: LabEvent[] = [];
const link = () =>
  new EngineLink({ modulePath: '/x.js', args: [], onEvent: (event) => events.push(event) });

beforeEach(() => {
  children.length = 0;
  events.length = 0;
});

const child = (index: number): FakeChild => {
  const found = children[index];
  if (found === undefined) throw new Error('no child process');
  return found;
};

describe('engine link', () => {
  test('answers calls out of order by their number', async () => {
    const engine = link();
    const one = engine.call('describe', []);
    const two = engine.call('cancel', ['run-1']);
    const [first, second] = child(0).posted;
    child(0).emit('message', { jsonrpc: '2.0', id: second?.id, result: 'two' });
    child(0).emit('message', { jsonrpc: '2.0', id: first?.id, result: 'one' });
    expect(await one).toMatchObject({ result: 'one' });
    expect(await two).toMatchObject({ result: 'two' });
    expect(children).toHaveLength(1);
  });

  test('a host that ends answers open calls, fails its runs, and is started again', async () => {
    const engine = link();
    const call = engine.call('describe', []);
    const progress = { kind: 'progress', runId: 'run-1', done: 1, total: 6, requests: 10 };
    child(0).emit('message', { jsonrpc: '2.0', method: 'event', params: [progress] });
    child(0).emit('exit', 139);
    expect(await call).toMatchObject({
      error: { message: expect.stringContaining('ended') as string },
    });
    expect(events.map((event) => event.kind)).toEqual(['progress', 'failed']);
    void engine.call('describe', []);
    expect(children).toHaveLength(2);
  });

  test('a finished run is not failed by a later end of the host', () => {
    const engine = link();
    void engine.call('describe', []);
    const cancelled = { kind: 'cancelled', runId: 'run-1', done: 1, total: 6 };
    child(0).emit('message', { jsonrpc: '2.0', method: 'event', params: [cancelled] });
    child(0).emit('exit', 0);
    expect(events.map((event) => event.kind)).toEqual(['cancelled']);
  });
});
