/**
 * `xlab serve`: the built window and LabApi over one loopback port. Static files under the security
 * headers, and a WebSocket that speaks the JSON-RPC of `wire.ts`. See `access.ts` for who gets in.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { assert } from '../base/assert.js';
import type { LabApi } from '../contract/lab-api.js';
import { isLoopbackHost, isOwnOrigin, isToken, offersToken } from './access.js';
import { SECURITY_HEADERS } from './content-policy.js';
import { answerText } from './dispatch.js';
import type { TextAnswers } from './dispatch.js';
import { PacedEvents } from './paced-events.js';
import { ASK_EACH_TIME, staticFile } from './static-files.js';
import type { StaticFile } from './static-files.js';
import {
  decodeMessage,
  encodeMessage,
  HEARTBEAT_INTERVAL_MS,
  LAB_PROTOCOL,
  REPLY_CHARS_MAX,
  REQUEST_CHARS_MAX,
  RpcErrorCode,
} from './wire.js';
import type { HostMessage } from './wire.js';

/** Windows at the same time. */
const CLIENTS_MAX = 16;
/** Requests of one client that may be open at a time; more are answered with an error. */
const OPEN_REQUESTS_MAX = 64;

/** A lab; answers that it has as text are passed on as they are. */
export type HostedLab = LabApi & Partial<TextAnswers>;

export interface BrowserHostOptions {
  /** A lab that is still being loaded lets files be served already; sockets wait for it. */
  readonly api: HostedLab | Promise<HostedLab>;
  /** Folder of the built window. */
  readonly root: string;
  /** 0 for any free port. */
  readonly port: number;
  /** 32..128 characters of `[A-Za-z0-9_-]`. */
  readonly token: string;
  readonly heartbeatIntervalMs?: number;
}

export interface BrowserHost {
  readonly port: number;
  /** Address to open; the token stands in the fragment, which never leaves the browser. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts listening on 127.0.0.1; rejects when the port is taken. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  assert(isToken(options.token), 'token of the browser host has 32..128 safe characters');
  const server = createServer((request, response) => {
    void serveFile(options.root, request, response);
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: REQUEST_CHARS_MAX,
    perMessageDeflate: false,
    handleProtocols: () => LAB_PROTOCOL,
  });
  const lab = Promise.resolve(options.api);
  // Whoever loads the lab says what went wrong; here it only means that sockets are refused.
  lab.catch(() => undefined);
  server.on('upgrade', (request, socket, head) => {
    const refusal = upgradeRefusal(request, options.token, sockets.clients.size);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    socket.on('error', () => socket.destroy());
    void lab.then(
      (api) => sockets.handleUpgrade(request, socket, head, (client) => connect(client, api)),
      () => refuse(socket, '503 Service Unavailable'),
    );
  });
  const heartbeat = setInterval(
    () => beat(sockets),
    options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS,
  );
  heartbeat.unref();
  const port = await listen(server, options.port);
  return {
    port,
    url: `http://127.0.0.1:${String(port)}/#token=${options.token}`,
    close: () => {
      clearInterval(heartbeat);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      assert(typeof address === 'object' && address !== null, 'a listening server has a port');
      done(address.port);
    });
  });
}

async function serveFile(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (
    status: number,
    { contentType, cacheControl }: Pick<StaticFile, 'contentType' | 'cacheControl'>,
    body: string | Buffer,
  ): void => {
    const own = { 'Content-Type': contentType, 'Cache-Control': cacheControl };
    response.writeHead(status, { ...SECURITY_HEADERS, ...own });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const plain = { contentType: 'text/plain; charset=utf-8', cacheControl: ASK_EACH_TIME };
  if (!isLoopbackHost(request.headers.host)) {
    reply(403, plain, 'loopback only\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    reply(405, plain, 'only GET and HEAD\n');
    return;
  }
  const file = staticFile(root, (request.url ?? '/').split('?')[0] ?? '/');
  if (file === null) {
    reply(404, plain, 'not found\n');
    return;
  }
  try {
    reply(200, file, await readFile(file.path));
  } catch {
    reply(404, plain, 'not found\n');
  }
}

/** Status line that refuses the upgrade, or null. */
function upgradeRefusal(
  request: IncomingMessage,
  token: string,
  clientCount: number,
): string | null {
  const { host, origin } = request.headers;
  if ((request.url ?? '').split('?')[0] !== '/lab') return '404 Not Found';
  if (!isOwnOrigin(origin, host)) return '403 Forbidden';
  if (!offersToken(request.headers['sec-websocket-protocol'], token)) return '401 Unauthorized';
  return clientCount >= CLIENTS_MAX ? '503 Service Unavailable' : null;
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const alive = new WeakSet<WebSocket>();

/** Drops clients that did not answer the last ping; tells the others that the host is there. */
function beat(sockets: WebSocketServer): void {
  for (const client of sockets.clients) {
    if (!alive.has(client)) {
      client.terminate();
      continue;
    }
    alive.delete(client);
    client.ping();
    send(client, { jsonrpc: '2.0', method: 'heartbeat', params: [] });
  }
}

function connect(client: WebSocket, api: HostedLab): void {
  let openRequests = 0;
  alive.add(client);
  client.on('pong', () => alive.add(client));
  client.on('error', () => client.terminate());
  client.on('message', (data, isBinary) => {
    if (isBinary || openRequests >= OPEN_REQUESTS_MAX) {
      const message = isBinary ? 'text messages only' : 'too many open requests';
      send(client, {
        jsonrpc: '2.0',
        id: null,
        error: { code: RpcErrorCode.invalidRequest, message },
      });
      return;
    }
    openRequests += 1;
    void reply(client, api, textOf(data)).finally(() => {
      openRequests -= 1;
    });
  });
  const paced = new PacedEvents((event, sent) => {
    const message: HostMessage = { jsonrpc: '2.0', method: 'event', params: [event] };
    if (client.readyState === client.OPEN) sendText(client, encodeMessage(message), sent);
    else sent();
  });
  const unsubscribe = api.subscribe((event) => paced.offer(event));
  client.on('close', unsubscribe);
}

async function reply(client: WebSocket, api: HostedLab, text: string): Promise<void> {
  let message: unknown;
  try {
    message = decodeMessage(text);
  } catch {
    send(client, {
      jsonrpc: '2.0',
      id: null,
      error: { code: RpcErrorCode.parse, message: 'not JSON' },
    });
    return;
  }
  sendText(client, await answerText(api, message));
}

function send(client: WebSocket, message: HostMessage): void {
  if (client.readyState === client.OPEN) sendText(client, encodeMessage(message));
}

/** `sent` is called when the text has left this program, or will not. */
function sendText(client: WebSocket, text: string, sent: () => void = () => undefined): void {
  if (client.readyState === client.OPEN && text.length <= REPLY_CHARS_MAX) {
    client.send(text, sent);
    return;
  }
  if (client.readyState === client.OPEN) client.close(1009, 'result too large for the window');
  sent();
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Uint8Array).toString('utf8');
}
