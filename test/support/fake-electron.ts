/**
 * Electron at its boundary: everything the main process calls is recorded, nothing is done. The names
 * are those that the program imports; a call of anything else fails as a missing function.
 */
import { EventEmitter } from 'node:events';

export type ChannelHandler = (event: unknown, ...args: unknown[]) => Promise<unknown>;
type AnyHandler = (...args: never[]) => unknown;

/** A page's contents as security code sees them. */
export class FakeContents extends EventEmitter {
  windowOpen: (() => unknown) | null = null;
  readonly sent: unknown[][] = [];
  setWindowOpenHandler(handler: () => unknown): void {
    this.windowOpen = handler;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

/** What the program did to Electron so far. */
export const record = {
  order: [] as string[],
  schemes: [] as { scheme: string; privileges: Record<string, unknown> }[],
  protocols: new Map<string, (request: Request) => Promise<Response>>(),
  channels: new Map<string, ChannelHandler>(),
  listeners: [] as string[],
  permission: {} as Record<string, AnyHandler>,
  windows: [] as FakeWindow[],
  children: [] as FakeChild[],
};

class FakeChild extends EventEmitter {
  readonly posted: unknown[] = [];
  readonly modulePath: string;
  constructor(modulePath: string) {
    super();
    this.modulePath = modulePath;
  }
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    return true;
  }
}

class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: { webPreferences?: Record<string, unknown> };
  readonly loaded: string[] = [];
  progress = -1;
  constructor(options: { webPreferences?: Record<string, unknown> }) {
    super();
    this.options = options;
    record.order.push('window');
    record.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  static getAllWindows(): FakeWindow[] {
    return record.windows;
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return Promise.resolve();
  }
  show(): void {
    this.emit('show');
  }
  isFocused(): boolean {
    return true;
  }
  isDestroyed(): boolean {
    return false;
  }
  setProgressBar(value: number): void {
    this.progress = value;
  }
}

class FakeApp extends EventEmitter {
  enableSandbox(): void {
    record.order.push('sandbox');
  }
  whenReady(): Promise<void> {
    record.order.push('ready');
    return Promise.resolve();
  }
  getPath(name: string): string {
    return `/fake/${name}`;
  }
  quit(): void {
    record.order.push('quit');
  }
}
const app = new FakeApp();

const permissionSetter =
  (name: string) =>
  (handler: AnyHandler): void => {
    record.permission[name] = handler;
  };

export const fakeElectron = {
  app,
  BrowserWindow: FakeWindow,
  Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => undefined },
  Notification: class extends EventEmitter {
    show(): void {
      this.emit('show');
    }
  },
  dialog: { showMessageBox: () => Promise.resolve({ response: 2 }) },
  ipcMain: {
    handle: (channel: string, handler: ChannelHandler) => record.channels.set(channel, handler),
    on: (channel: string) => record.listeners.push(channel),
  },
  protocol: {
    registerSchemesAsPrivileged: (schemes: typeof record.schemes) => {
      record.order.push('scheme');
      record.schemes.push(...schemes);
    },
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      record.protocols.set(scheme, handler),
  },
  session: {
    defaultSession: {
      setPermissionRequestHandler: permissionSetter('request'),
      setPermissionCheckHandler: permissionSetter('check'),
      setDevicePermissionHandler: permissionSetter('device'),
    },
  },
  utilityProcess: {
    fork: (modulePath: string) => {
      const child = new FakeChild(modulePath);
      record.children.push(child);
      return child;
    },
  },
};
