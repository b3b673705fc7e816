import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBrowserHost } from '../../../src/host/browser-host.js';
import type { BrowserHost } from '../../../src/host/browser-host.js';
import { LabService } from '../../../src/host/lab-service.js';
import {
  decodeMessage,
  LAB_PROTOCOL,
  REQUEST_CHARS_MAX,
  TOKEN_PROTOCOL_PREFIX,
} from '../../../src/host/wire.js';
import { FakeLabEngine } from '../../support/fake-lab-engine.js';
import { MemoryScenarioStore } from '../../support/memory-scenario-store.js';

const TOKEN = 'a'.repeat(43);
let root = '';
let host: BrowserHost;

const newLab = (): LabService =>
  new LabService({
    engine: new FakeLabEngine(),
    store: new MemoryScenarioStore({ 'a.xlab': 'xlab 1\n' }),
    host: 'browser',
    now: () => 0,
  });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'xlab-root-'));
  await writeFile(join(root, 'index.html'), '<p>lab</p>');
  await writeFile(join(root, '.hidden.json'), '{}');
  host = await startBrowserHost({ api: newLab(), root, port: 0, token: TOKEN });
});

afterEach(async () => {
  await host.close();
  await rm(root, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((done, fail) => {
    const options = { host: '127.0.0.1', port: host.port, path, headers, method };
    const sent = httpRequest(options, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on('error', fail);
    sent.end();
  });
}

interface Client {
  readonly socket: WebSocket;
  /** The next message that `matches`. */
  next(matches: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

function open(token = TOKEN, origin?: string): Promise<Client> {
  const address = `127.0.0.1:${String(host.port)}`;
  const socket = new WebSocket(
    `ws://${address}/lab`,
    [LAB_PROTOCOL, `${TOKEN_PROTOCOL_PREFIX}${token}`],
    { origin: origin ?? `http://${address}` },
  );
  const seen: Record<string, unknown>[] = [];
  const waiters: (() => void)[] = [];
  socket.on('message', (data: Buffer) => {
    seen.push(decodeMessage(data.toString()) as Record<string, unknown>);
    for (const wake of waiters.splice(0)) wake();
  });
  const next: Client['next'] = async (matches) => {
    for (;;) {
      const index = seen.findIndex(matches);
      if (index >= 0) return seen.splice(index, 1)[0] ?? {};
      await new Promise<void>((wake) => waiters.push(wake));
    }
  };
  return new Promise((done, fail) => {
    socket.on('open', () => done({ socket, next }));
    socket.on('error', fail);
  });
}

describe('browser host: files', () => {
  test('serves the page under the security headers', async () => {
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, body: '<p>lab</p>' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(page.headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });

  test('lets a browser keep what carries its hash in its name, and nothing else', async () => {
    await mkdir(join(root, 'assets'));
    for (const name of ['index-D44E5a-r.js', 'index.js', 'first-run.js']) {
      await writeFile(join(root, 'assets', name), '');
    }
    const kept = async (path: string): Promise<unknown> =>
      (await get(path)).headers['cache-control'];
    expect(await kept('/assets/index-D44E5a-r.js')).toContain('immutable');
    for (const path of [
      '/',
      '/assets/index.js',
      '/assets/first-run.js',
      '/assets/none-D44E5a-r.js',
    ]) {
      expect(await kept(path)).toBe('no-cache');
    }
  });

  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/%252e%252e/package.json',
    '/a/..%2f..%2fpackage.json',
    '/..%5c..%5cpackage.json',
    '//etc/passwd.json',
    '/.hidden.json',
    '/.git/config.json',
    '/a%00.js',
    '/%ff.js',
    '/index.sh',
    '/lab',
  ])('does not serve %s', async (path) => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(reply.body).toBe('not found\n');
  });

  test('keeps to its folder beside a folder whose name begins alike', async () => {
    const beside = `${root}-beside`;
    await mkdir(beside);
    await writeFile(join(beside, 'a.json'), '{}');
    const name = beside.split('/').at(-1) ?? '';
    expect((await get(`/../${name}/a.json`)).status).toBe(404);
    await rm(beside, { recursive: true });
  });

  test('sends the security headers with refusals too', async () => {
    for (const reply of [await get('/none.js'), await get('/', { host: 'evil.example' })]) {
      expect(reply.headers['content-security-policy']).toContain("script-src 'self'");
      expect(reply.headers['x-content-type-options']).toBe('nosniff');
      expect(reply.headers['referrer-policy']).toBe('no-referrer');
    }
  });

  test('lets nobody frame the page, and no page of another site read it', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('listens on loopback only', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((entry) => entry?.internal === false && entry.family === 'IPv4');
    for (const entry of others) {
      const reached = await new Promise((done) => {
        const socket = connect({ host: entry?.address ?? '', port: host.port });
        socket.on('connect', () => done(true));
        socket.on('error', () => done(false));
      });
      expect(reached).toBe(false);
    }
    expect(host.url.startsWith('http://127.0.0.1:')).toBe(true);
  });

  test('refuses a Host header that is not loopback', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { host: 'localhost:9999' })).status).toBe(200);
  });

  test.each([
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example#127.0.0.1',
    '127.0.0.1@evil.example',
    '0.0.0.0',
    '127.0.0.2',
    '127.0.0.1:99999999',
  ])('refuses the Host header %s', async (name) => {
    expect((await get('/', { host: name })).status).toBe(403);
  });

  test('refuses methods that change something', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });
});

describe('browser host: socket', () => {
  test.each([
    ['wrong token', 'b'.repeat(43), undefined, '401'],
    ['foreign origin', TOKEN, 'http://evil.example', '403'],
    ['other port as origin', TOKEN, 'http://127.0.0.1:1', '403'],
    ['page of a file', TOKEN, 'null', '403'],
    ['page over https', TOKEN, 'https://127.0.0.1', '403'],
    ['token that is cut short', TOKEN.slice(1), undefined, '401'],
    ['token that is longer', `${TOKEN}a`, undefined, '401'],
  ])('refuses a %s', async (_name, token, origin, status) => {
    await expect(open(token, origin)).rejects.toThrow(status);
  });

  test('serves files while the lab is being loaded and sockets when it is there', async () => {
    let ready: (lab: LabService) => void = () => undefined;
    const api = new Promise<LabService>((done) => (ready = done));
    await host.close();
    host = await startBrowserHost({ api, root, port: 0, token: TOKEN });
    expect((await get('/')).status).toBe(200);
    const waiting = open();
    ready(newLab());
    const client = await waiting;
    client.socket.send('{"jsonrpc":"2.0","id":1,"method":"describe","params":[]}');
    expect(await client.next((message) => message['id'] === 1)).toHaveProperty('result.version');
  });

  test('refuses sockets when the lab cannot be loaded', async () => {
    await host.close();
    const api = Promise.reject(new Error('no scenarios'));
    host = await startBrowserHost({ api, root, port: 0, token: TOKEN });
    await expect(open()).rejects.toThrow('503');
  });

  test('answers a call and keeps the id', async () => {
    const client = await open();
    client.socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'openScenario', params: ['a.xlab'] }),
    );
    const reply = await client.next((message) => message['id'] === 7);
    expect(reply['result']).toEqual({ id: 'a.xlab', text: 'xlab 1\n' });
  });

  test.each([
    ['not json', '{', -32700],
    ['not a request', '[1]', -32600],
    ['unknown call', '{"jsonrpc":"2.0","id":1,"method":"exec","params":[]}', -32601],
    ['inherited name', '{"jsonrpc":"2.0","id":1,"method":"constructor","params":[]}', -32601],
    ['wrong argument', '{"jsonrpc":"2.0","id":1,"method":"openScenario","params":[5]}', -32602],
    [
      'extra field',
      '{"jsonrpc":"2.0","id":1,"method":"report","params":[{"runId":"r","format":"mail","x":1}]}',
      -32602,
    ],
    ['lab error', '{"jsonrpc":"2.0","id":1,"method":"openScenario","params":["b.xlab"]}', 1],
  ])('answers %s with an error code and stays open', async (_name, text, code) => {
    const client = await open();
    client.socket.send(text);
    const reply = await client.next((message) => 'error' in message);
    expect(reply['error']).toMatchObject({ code });
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('is refused without a token, without our protocol and on another path', async () => {
    const address = `127.0.0.1:${String(host.port)}`;
    const refusal = (path: string, protocols: string[]): Promise<string> =>
      new Promise((done) => {
        const socket = new WebSocket(`ws://${address}${path}`, protocols, {
          origin: `http://${address}`,
        });
        socket.on('error', (error) => done(error.message));
        socket.on('open', () => done('open'));
      });
    const token = TOKEN_PROTOCOL_PREFIX + TOKEN;
    expect(await refusal('/lab', [LAB_PROTOCOL])).toContain('401');
    expect(await refusal('/lab', [token])).toContain('401');
    expect(await refusal('/other', [LAB_PROTOCOL, token])).toContain('404');
  });

  test('refuses more windows than it has room for', async () => {
    for (let i = 0; i < 16; i += 1) await open();
    await expect(open()).rejects.toThrow('503');
  });

  test('answers bytes and more open requests than allowed with an error', async () => {
    const client = await open();
    client.socket.send(Buffer.from([1, 2, 3]));
    const bytes = await client.next((message) => 'error' in message);
    expect(bytes['error']).toMatchObject({ message: 'text messages only' });
    const call = '{"jsonrpc":"2.0","id":9,"method":"describe","params":[]}';
    for (let i = 0; i < 200; i += 1) client.socket.send(call);
    const flood = await client.next((message) => 'error' in message);
    expect(flood['error']).toMatchObject({ message: 'too many open requests' });
  });

  test('closes on a message above the limit', async () => {
    const client = await open();
    const closed = new Promise<number>((done) => client.socket.on('close', done));
    client.socket.send('x'.repeat(REQUEST_CHARS_MAX + 1));
    expect(await closed).toBe(1009);
  });

  test('sends heartbeats and drops a client that does not answer pings', async () => {
    await host.close();
    const heartbeatIntervalMs = 20;
    host = await startBrowserHost({
      api: newLab(),
      root,
      port: 0,
      token: TOKEN,
      heartbeatIntervalMs,
    });
    const client = await open();
    await client.next((message) => message['method'] === 'heartbeat');
    await client.next((message) => message['method'] === 'heartbeat');
    const closed = new Promise((done) => client.socket.on('close', done));
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 120);
    await closed;
    expect(client.socket.readyState).toBe(WebSocket.CLOSED);
  });

  test('passes run events on to every window', async () => {
    const [one, two] = [await open(), await open()];
    const run = {
      id: 'a.xlab',
      text: 'xlab 1\n',
      settings: {},
      seeds: '',
      only: [],
      continues: '',
      phaseLine: 0,
    };
    one.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'run', params: [run] }));
    for (const client of [one, two]) {
      const event = await client.next((message) => message['method'] === 'event');
      expect(event['params']).toMatchObject([{ runId: 'run-1' }]);
    }
  });
});
