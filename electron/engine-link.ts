/**
 * Main's end of the engine host. Calls are numbered and answered out of order; when the host ends
 * without being asked to, open calls and running experiments are answered with a failure and the next
 * call starts a new host. The window never waits for a process that is gone.
 */
import { utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { LabApiMethod, LabEvent } from '../src/contract/lab-api.js';
import { RpcErrorCode } from '../src/host/wire.js';
import type { HostMessage, RpcReply } from '../src/host/wire.js';

export interface EngineLinkOptions {
  /** Absolute path of the built engine host. */
  readonly modulePath: string;
  readonly args: readonly string[];
  readonly onEvent: (event: LabEvent) => void;
}

const GONE = 'the engine process ended; it starts again with the next run';

export class EngineLink {
  private readonly options: EngineLinkOptions;
  private readonly open = new Map<number, (reply: RpcReply) => void>();
  private readonly running = new Set<string>();
  private child: UtilityProcess | null = null;
  private nextId = 1;

  constructor(options: EngineLinkOptions) {
    this.options = options;
  }

  call(method: LabApiMethod, params: readonly unknown[]): Promise<RpcReply> {
    const child = this.child ?? this.start();
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((done) => {
      this.open.set(id, done);
      child.postMessage({ jsonrpc: '2.0', id, method, params });
    });
  }

  /** Ends the host for good. */
  close(): void {
    const child = this.child;
    this.child = null;
    child?.kill();
  }

  private start(): UtilityProcess {
    const child = utilityProcess.fork(this.options.modulePath, [...this.options.args], {
      serviceName: 'xlab engine',
    });
    child.on('message', (message: HostMessage) => this.receive(message));
    child.on('exit', () => this.ended(child));
    this.child = child;
    return child;
  }

  private receive(message: HostMessage): void {
    if ('method' in message) {
      if (message.method === 'event') this.relay(message.params[0]);
      return;
    }
    if (message.id === null) return;
    const done = this.open.get(message.id);
    this.open.delete(message.id);
    done?.(message);
  }

  private relay(event: LabEvent): void {
    const over =
      event.kind === 'failed' ||
      event.kind === 'cancelled' ||
      (event.kind === 'result' && event.result.complete);
    if (over) this.running.delete(event.runId);
    else this.running.add(event.runId);
    this.options.onEvent(event);
  }

  private ended(child: UtilityProcess): void {
    if (this.child === child) this.child = null;
    for (const [id, done] of this.open) {
      done({ jsonrpc: '2.0', id, error: { code: RpcErrorCode.lab, message: GONE } });
    }
    this.open.clear();
    for (const runId of this.running) {
      this.options.onEvent({ kind: 'failed', runId, message: GONE, diagnostics: [] });
    }
    this.running.clear();
  }
}
