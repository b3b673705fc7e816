/** `xlab desktop` and what `npm start` does, of the built command line, with and without a binary. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLI, endProcess } from '../support/lab-window.js';

describe('the built command xlab desktop', () => {
  let folder = '';
  const children: ChildProcess[] = [];
  /** Nothing on the path: no program of the machine that opens browsers is started. */
  const env = (binaryFolder: string): NodeJS.ProcessEnv => ({
    HOME: folder,
    PATH: folder,
    ELECTRON_OVERRIDE_DIST_PATH: binaryFolder,
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'xlab-desktop-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await endProcess(child);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const startOrServe = (): Promise<string> => {
    const args = [CLI, 'desktop', '--or-serve'];
    const child = spawn(process.execPath, args, { env: env(join(folder, 'none')) });
    children.push(child);
    return new Promise((done, fail) => {
      child.stdout.setEncoding('utf8').once('data', done);
      child.once('exit', (code) => fail(new Error(`it ended with code ${String(code)}`)));
    });
  };

  it('says in one sentence that there is no binary, and names xlab serve', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'desktop'], {
      env: env(join(folder, 'none')),
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('no Electron binary');
    expect(stderr).toContain('xlab serve');
  });

  it('serves the window instead when asked to, beside one that already runs', async () => {
    const address = /^http:\/\/127\.0\.0\.1:(\d+)\/#token=[\w-]{32,}\n$/;
    const first = address.exec(await startOrServe())?.[1];
    const second = address.exec(await startOrServe())?.[1];
    expect(Number(first)).toBeGreaterThan(0);
    expect(Number(second)).toBeGreaterThan(0);
    expect(second).not.toBe(first);
  });

  it.skipIf(process.platform === 'win32')('starts the binary on the program', () => {
    const binary = join(folder, 'electron');
    writeFileSync(binary, '#!/bin/sh\necho "started on $1"\nexit 7\n');
    chmodSync(binary, 0o755);
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'desktop'], {
      env: { ...env(folder), PATH: '/bin:/usr/bin' },
      encoding: 'utf8',
    });
    const root = join(CLI, '..', '..', '..');
    expect(stdout.trim()).toBe(`started on ${root}`);
    expect(status).toBe(7);
  });
});
