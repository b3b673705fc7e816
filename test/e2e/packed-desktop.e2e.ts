/**
 * The packed program, as far as it goes without Electron's binary: fuses in the binary, what the
 * archive holds and what it leaves out, and the packed command line at work from the unpacked archive.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packDesktop, PROJECT_ROOT } from '../support/packaged-desktop.js';

interface AsarModule {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractAll(archive: string, folder: string): void;
}
interface FusesModule {
  getCurrentFuseWire(binary: string): Promise<Readonly<Record<string, number | string>>>;
  readonly FuseV1Options: Readonly<Record<string, number>>;
}

const fromHere = createRequire(import.meta.url);
const fromPackager = createRequire(fromHere.resolve('electron-builder'));
const fromLibrary = createRequire(fromPackager.resolve('app-builder-lib'));
const asar = fromLibrary('@electron/asar') as AsarModule;
const fuses = fromLibrary('@electron/fuses') as FusesModule;
/** State of a fuse in the wire. */
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);

describe('the packed desktop', () => {
  let folder = '';
  let packed = '';
  let files: ReadonlySet<string>;
  const archive = (): string => join(packed, 'resources', 'app.asar');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xlab-packed-'));
    packed = await packDesktop(folder);
    files = new Set(asar.listPackage(archive(), { isPack: false }));
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has every fuse of the configuration in its binary', async () => {
    const wire = await fuses.getCurrentFuseWire(join(packed, 'xlab-desktop'));
    const stateOf = (name: string): unknown => wire[String(fuses.FuseV1Options[name])];
    expect(stateOf('RunAsNode')).toBe(OFF);
    expect(stateOf('EnableCookieEncryption')).toBe(ON);
    expect(stateOf('EnableNodeOptionsEnvironmentVariable')).toBe(OFF);
    expect(stateOf('EnableNodeCliInspectArguments')).toBe(OFF);
    expect(stateOf('EnableEmbeddedAsarIntegrityValidation')).toBe(ON);
    expect(stateOf('OnlyLoadAppFromAsar')).toBe(ON);
    expect(stateOf('LoadBrowserProcessSpecificV8Snapshot')).toBe(OFF);
    expect(stateOf('GrantFileProtocolExtraPrivileges')).toBe(OFF);
  });

  it.each([
    '/package.json',
    '/out/main/main.js',
    '/out/main/engine-host.js',
    '/out/main/sim-worker.js',
    '/out/main/map-worker.js',
    '/out/preload/preload.cjs',
    '/out/renderer/index.html',
    '/out/first-run.json',
    '/scenarios/std/layouts.json',
    '/scenarios/one-leaf.xlab',
  ])('holds %s', (name) => {
    expect(files.has(name)).toBe(true);
  });

  it('holds no source, no test, no map of sources and no tool of development', () => {
    const stray = [...files].filter((name) =>
      /^\/(?:src|dsl|test|electron|renderer)\/|\.map$|^\/node_modules\/(?:electron|vite|vitest|vue|electron-builder)\//.test(
        name,
      ),
    );
    expect(stray).toEqual([]);
    // Design plugins need the library, and nothing else of its package.
    const compiler = [...files].filter((name) => /^\/node_modules\/typescript\/.*\.js$/.test(name));
    expect(compiler).toEqual(['/node_modules/typescript/lib/typescript.js']);
  });

  it('keeps beside the archive what native code opens by itself', () => {
    const beside = join(packed, 'resources', 'app.asar.unpacked', 'node_modules');
    expect(existsSync(join(beside, 'dejavu-fonts-ttf', 'ttf', 'DejaVuSans.ttf'))).toBe(true);
    expect(existsSync(join(beside, '@resvg', 'resvg-js', 'index.js'))).toBe(true);
  });

  it('starts the main module that it holds', async () => {
    const unpacked = join(folder, 'unpacked');
    asar.extractAll(archive(), unpacked);
    const text = await readFile(join(unpacked, 'package.json'), 'utf8');
    const description = JSON.parse(text) as Record<string, unknown>;
    expect(files.has(String(description['main']).slice(1))).toBe(true);
    expect(description['scripts']).toBeUndefined();
    const own = JSON.parse(await readFile(join(PROJECT_ROOT, 'package.json'), 'utf8')) as object;
    expect(description['version']).toBe(Reflect.get(own, 'version'));
  });

  it('holds all libraries that a run with pictures loads', async () => {
    const unpacked = join(folder, 'unpacked');
    const results = join(folder, 'results');
    const scenario = join('scenarios', 'one-leaf.xlab');
    const args = [join('out', 'main', 'cli.js'), 'run', scenario, '--out', results];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: unpacked });
    expect(stdout).toContain('SIMULATION, not a measurement');
    const names = ['report.txt', 'result.json', 'charts', 'data'];
    expect(names.filter((name) => !existsSync(join(results, name)))).toEqual([]);
  });
});
