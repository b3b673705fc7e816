/**
 * The packager at work without Electron's binary: packs the built program around a made-up runtime. What
 * stands for the binary carries the fuse wire that Electron carries, all fuses as Electron ships them,
 * so that the real packager flips the real wire and builds the real archive.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What marks the wire in the binary: a constant of Electron. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_WIRE_VERSION = 1;
/** As shipped: Node run mode, Node options and inspection, extra file privileges are on. */
const SHIPPED_FUSES = '101100011';

async function makeRuntime(folder: string): Promise<void> {
  await mkdir(join(folder, 'locales'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  const binary = join(folder, 'electron');
  await writeFile(
    binary,
    Buffer.concat([
      Buffer.from('\x7fELF'),
      Buffer.from(FUSE_SENTINEL),
      Buffer.from([FUSE_WIRE_VERSION, SHIPPED_FUSES.length]),
      Buffer.from(SHIPPED_FUSES),
    ]),
  );
  await chmod(binary, 0o755);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'locales/en-US.pak']) {
    await writeFile(join(folder, name), '');
  }
}

/** Packs for Linux below `folder`; answers with the folder of the packed program. */
export async function packDesktop(folder: string): Promise<string> {
  const runtime = join(folder, 'runtime');
  await makeRuntime(runtime);
  const require = createRequire(import.meta.url);
  const args = [
    require.resolve('electron-builder/cli.js'),
    ...['--config', 'electron/packaging.ts', '--linux', 'dir', '--publish', 'never'],
    `-c.electronDist=${runtime}`,
    `-c.directories.output=${join(folder, 'dist')}`,
  ];
  // As on a machine of its own: no question to any server whether there is a newer packager.
  const env = { ...process.env, CI: 'true' };
  await promisify(execFile)(process.execPath, args, { cwd: PROJECT_ROOT, env });
  return join(folder, 'dist', 'linux-unpacked');
}
