/**
 * The connection to `xlab serve`: JSON-RPC over one WebSocket. A line that falls silent or closes is
 * opened again with growing pauses; calls that were open are answered with a LabError, and the host
 * tells a new subscriber the last state of every run, so nothing has to be asked twice.
 */
import { LabError } from '../../src/contract/lab-api.js';
import type { LabApiMethod, LabEvent } from '../../src/contract/lab-api.js';
import {
  encodeMessage,
  HEARTBEAT_INTERVAL_MS,
  LAB_PROTOCOL,
  parseHostMessage,
  TOKEN_PROTOCOL_PREFIX,
} from '../../src/host/wire.js';
import type { RpcReply } from '../../src/host/wire.js';
import { LINE_GONE } from './connection.js';
import type { LabConnection, LineState } from './connection.js';
import { labCalls } from './lab-calls.js';
import { outcomeOf } from './rpc-outcome.js';

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 4000;
/** Attempts that never reach an open line before the window says that the host refuses it. */
const FIRST_ATTEMPTS_MAX = 3;
const SILENCE_MAX_MS = 3 * HEARTBEAT_INTERVAL_MS;

export interface SocketOptions {
  /** `ws://host/lab` of the page's own host. */
  readonly url: string;
  readonly token: string;
}

interface OpenCall {
  readonly method: LabApiMethod;
  readonly done: (reply: RpcReply) => void;
  readonly fail: (error: Error) => void;
}

class SocketLine {
  private readonly options: SocketOptions;
  private readonly openCalls = new Map<number, OpenCall>();
  /** Calls made before the line is open, in order. */
  private readonly waiting: string[] = [];
  private readonly lineListeners = new Set<(state: LineState) => void>();
  private readonly eventListeners = new Set<(event: LabEvent) => void>();
  private socket: WebSocket | null = null;
  private state: LineState = 'connecting';
  private nextId = 1;
  private attempts = 0;
  private everOpen = false;
  private closed = false;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.options = options;
    this.connect();
  }

  call(method: LabApiMethod, params: readonly unknown[]): Promise<RpcReply> {
    if (this.state === 'lost' || this.state === 'refused') {
      return Promise.reject(new LabError(LINE_GONE));
    }
    const id = this.nextId;
    this.nextId += 1;
    const text = encodeMessage({ jsonrpc: '2.0', id, method, params });
    return new Promise((done, fail) => {
      this.openCalls.set(id, { method, done, fail });
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
      else this.waiting.push(text);
    });
  }

  onLine(listener: (state: LineState) => void): () => void {
    this.lineListeners.add(listener);
    listener(this.state);
    return () => this.lineListeners.delete(listener);
  }

  onEvent(listener: (event: LabEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.silence);
    this.socket?.close();
  }

  private connect(): void {
    const protocols = [LAB_PROTOCOL, TOKEN_PROTOCOL_PREFIX + this.options.token];
    const socket = new WebSocket(this.options.url, protocols);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.everOpen = true;
      this.attempts = 0;
      for (const text of this.waiting.splice(0)) socket.send(text);
      this.heard();
      this.setState('open');
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      this.heard();
      if (typeof event.data === 'string') this.receive(event.data);
    });
    socket.addEventListener('close', () => this.ended(socket));
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.close(), SILENCE_MAX_MS);
  }

  private receive(text: string): void {
    const message = parseHostMessage(text);
    if (message === null) return;
    if ('method' in message) {
      if (message.method === 'event') {
        for (const listener of this.eventListeners) listener(message.params[0]);
      }
      return;
    }
    if (message.id === null) return;
    const call = this.openCalls.get(message.id);
    this.openCalls.delete(message.id);
    call?.done(message);
  }

  private ended(socket: WebSocket): void {
    if (this.socket !== socket || this.closed) return;
    clearTimeout(this.silence);
    this.waiting.length = 0;
    for (const call of this.openCalls.values()) call.fail(new LabError(LINE_GONE));
    this.openCalls.clear();
    this.attempts += 1;
    if (!this.everOpen && this.attempts >= FIRST_ATTEMPTS_MAX) {
      this.setState('refused');
      return;
    }
    this.setState('lost');
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (this.attempts - 1));
    setTimeout(() => {
      if (!this.closed) this.connect();
    }, pauseMs);
  }

  private setState(state: LineState): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.lineListeners) listener(state);
  }
}

export function socketConnection(options: SocketOptions): LabConnection {
  const line = new SocketLine(options);
  return {
    ...labCalls(async (method, args) => outcomeOf(await line.call(method, args))),
    subscribe: (listener) => line.onEvent(listener),
    onLine: (listener) => line.onLine(listener),
    close: () => line.close(),
  };
}
