import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/app/make-folder.js';

const root = mkdtempSync(join(tmpdir(), 'xlab-make-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes the folders above, and a folder that is there is fine', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('refuses a path through a file and makes nothing', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file', 'x', 'y'))).toThrow(/ENOTDIR/);
    expect(() => makeFolder(join(root, 'file'))).not.toThrow();
  });

  it.runIf(existsSync('/proc/self'))('ends with an error where nothing can be made', () => {
    expect(() => makeFolder('/proc/xlab/out')).toThrow(/ENOENT/);
  });
});
