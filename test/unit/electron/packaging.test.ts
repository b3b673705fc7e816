import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import type { Configuration } from 'electron-builder';
import { describe, expect, test } from 'vitest';
import packaging from '../../../electron/packaging.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ICON_PIXELS = 1024;

interface Packager {
  getConfig(folder: string, file: string, options: null): Promise<Configuration>;
  validateConfiguration(config: object, log: object): Promise<void>;
}
interface PackagerLog {
  readonly DebugLogger: new (isEnabled: boolean) => object;
}

const fromHere = createRequire(import.meta.url);
const fromPackager = createRequire(fromHere.resolve('electron-builder'));
const packager = fromPackager('app-builder-lib/out/util/config/config') as Packager;
const { DebugLogger } = fromPackager('builder-util') as PackagerLog;
const validate = (config: object): Promise<void> =>
  packager.validateConfiguration(config, new DebugLogger(false));

describe('packaging', () => {
  test('the packager reads the file and finds no mistake in it', async () => {
    const config = await packager.getConfig(ROOT, 'electron/packaging.ts', null);
    await validate(config);
    expect(config.appId).toBe(packaging.appId);
    await expect(validate({ ...config, electronFuses: { runAsNode: 'no' } })).rejects.toThrow(
      'electronFuses',
    );
    await expect(validate({ ...config, electronFusses: {} })).rejects.toThrow('electronFusses');
  });

  test('every fuse is set the safe way', () => {
    expect(packaging.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(packaging.asar).toBe(true);
  });

  test('Linux, macOS and Windows each have their packages', () => {
    expect(packaging.linux?.target).toEqual(['AppImage', 'deb']);
    expect(packaging.mac?.target).toEqual(['dmg', 'zip']);
    expect(packaging.win?.target).toEqual(['nsis', 'zip']);
    expect(packaging.mac?.hardenedRuntime).toBe(true);
    expect(packaging.publish).toBeNull();
  });

  test('the icon is the icon of the window, large enough for every system', () => {
    const svg = readFileSync(join(ROOT, 'renderer/public/icon.svg'), 'utf8');
    const drawn = new Resvg(svg, { fitTo: { mode: 'width', value: ICON_PIXELS } }).render().asPng();
    const file = join(ROOT, String(packaging.icon));
    if (process.env['XLAB_WRITE_ICON'] === '1') writeFileSync(file, drawn);
    expect(readFileSync(file).equals(drawn), 'write it again with XLAB_WRITE_ICON=1').toBe(true);
  });
});
