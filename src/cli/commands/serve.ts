/** `xlab serve [--port N] [--open]`: the window in a browser, on a loopback port. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { builtWindowFolder } from '../../app/shipped-files.js';
import { startBrowserHost } from '../../host/browser-host.js';
import type { BrowserHost } from '../../host/browser-host.js';
import type { Lab } from '../../host/create-lab.js';
import { ExitCode } from '../exit-codes.js';
import { printError, printNote } from '../terminal.js';

export interface ServeArguments {
  readonly port: string;
  readonly open?: boolean;
  readonly scenarios?: string;
  /** Takes any free port when that one is taken. */
  readonly orAnyPort?: boolean;
}

export const DEFAULT_PORT = '7464';
const PORT_MAX = 65_535;
/** Token of 256 bits. */
const TOKEN_BYTES = 32;

/** Where the user's scenarios are kept, as desktop programs of the system do. */
export function userScenariosFolder(): string {
  const home = homedir();
  const data = process.env['XDG_DATA_HOME'];
  return join(
    data !== undefined && data !== '' ? data : join(home, '.local', 'share'),
    'xlab',
    'scenarios',
  );
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

function openInBrowser(url: string): void {
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => printNote('no browser could be opened; open the address by hand'));
  child.unref();
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** The engine is most of the program: it is loaded while the browser fetches the window. */
async function loadLab(userFolder: string): Promise<Lab> {
  const { createLabService } = await import('../../host/create-lab.js');
  return createLabService('browser', { userFolder });
}

/** Calls `start` after what waits already, such as the listening of a server. */
const soon = async <T>(start: () => Promise<T>): Promise<T> => {
  await new Promise((done) => setTimeout(done, 0));
  return start();
};

/** Serves until a signal ends it. */
export async function serve(args: ServeArguments): Promise<void> {
  const port = Number(args.port);
  if (!/^\d+$/.test(args.port) || port > PORT_MAX) {
    printError(`--port takes a number from 0 to ${String(PORT_MAX)}`);
    process.exitCode = ExitCode.wrongInput;
    return;
  }
  const root = builtWindowFolder();
  if (root === undefined) {
    printError('the window is not built', 'run npm run build');
    process.exitCode = ExitCode.wrongInput;
    return;
  }
  const loading = soon(() => loadLab(args.scenarios ?? userScenariosFolder()));
  const api = loading.then((lab) => lab.service);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const start = (wanted: number): Promise<BrowserHost> =>
    startBrowserHost({ api, root, port: wanted, token });
  try {
    const host = await start(port).catch((error: unknown) => {
      if (args.orAnyPort === true && isTaken(error)) return start(0);
      throw error;
    });
    process.stdout.write(`${host.url}\n`);
    printNote('Ctrl-C ends it; from another machine: ssh -L PORT:127.0.0.1:PORT');
    if (args.open === true) openInBrowser(host.url);
    const stop = (): void => {
      const closed = loading.then((lab) => lab.close());
      void Promise.all([host.close(), closed]).then(() => process.exit(ExitCode.ok));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    await loading.catch(async (error: unknown) => {
      await host.close();
      throw error;
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    printError(`port ${args.port} is taken`, 'name another with --port, 0 for any free one');
    process.exitCode = ExitCode.wrongInput;
  }
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine')
    .option('--port <n>', 'port on 127.0.0.1, 0 for any free one', DEFAULT_PORT)
    .option('--open', 'open it in the browser')
    .option('--scenarios <dir>', 'folder of your own scenarios')
    .action(serve);
}
