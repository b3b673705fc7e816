/** `xlab desktop`: the Electron window, or one sentence about what to do without Electron. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { builtEntry, projectRoot } from '../../app/shipped-files.js';
import { ExitCode } from '../exit-codes.js';
import { printError, printNote } from '../terminal.js';
import { DEFAULT_PORT, serve } from './serve.js';

/**
 * The Electron binary, or undefined. The package is never imported: it would try to download the
 * binary when that is missing.
 */
function electronBinary(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
    const name = join(folder, 'path.txt');
    const relative = existsSync(name) ? readFileSync(name, 'utf8').trim() : 'electron';
    const binary = join(override ?? join(folder, 'dist'), relative);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

interface DesktopArguments {
  readonly orServe?: boolean;
}

async function openDesktop(args: DesktopArguments): Promise<void> {
  const root = projectRoot();
  const binary = electronBinary();
  if (binary === undefined || root === undefined || builtEntry('main.js') === undefined) {
    const what = binary === undefined ? 'there is no Electron binary here' : 'it is not built';
    if (args.orServe === true) {
      printNote(`${what}; the same window in a browser:`);
      await serve({ port: DEFAULT_PORT, open: true, orAnyPort: true });
      return;
    }
    printError(`${what}; xlab serve shows the same window in a browser`);
    process.exitCode = ExitCode.wrongInput;
    return;
  }
  const child = spawn(binary, [root], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? ExitCode.internal;
  });
}

export function registerDesktop(program: Command): void {
  program
    .command('desktop')
    .description('open the window in Electron')
    .option('--or-serve', 'without Electron, serve it to a browser')
    .action(openDesktop);
}
