/** Folders of bundles that a killed process has left: the next start removes them, and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeStaleBundles, unpackBundle } from '../../../src/app/bundle-folder.js';
import { mayLive, processMark } from '../../../src/app/process-mark.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const [pid = '', start = '', space = ''] = processMark().split('-');
/** The number of a process that has ended. */
const endedPid = String(spawnSync(process.execPath, ['-e', '']).pid);
const ended = [endedPid, start, space].join('-');

describe('the mark of a process', () => {
  it('tells one that has ended from one that lives', () => {
    expect(mayLive(processMark())).toBe(true);
    expect(mayLive(ended)).toBe(false);
  });

  it.runIf(start !== '0')('tells a process from an earlier one with its number', () => {
    expect(mayLive([pid, String(Number(start) + 1), space].join('-'))).toBe(false);
    expect(mayLive([pid, '0', space].join('-'))).toBe(true);
  });

  it('calls nothing dead that it cannot know: another space of numbers, another form', () => {
    expect(mayLive([endedPid, start, `${space}1`].join('-'))).toBe(true);
    expect(mayLive('abc')).toBe(true);
    expect(mayLive('')).toBe(true);
  });
});

describe('folders of bundles', () => {
  const folder = temporaryFolder();
  const made: string[] = [];
  afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

  it('go with the next start when their process was killed; all else stays', async () => {
    const live = await unpackBundle({ file: 'a.xlab', text: 'xlab 1\n', inputs: [] });
    made.push(live);
    expect(basename(live)).toContain(processMark());

    const stale = join(folder, `xlab-bundle-${ended}-abcDE1`);
    mkdirSync(join(stale, 'host'), { recursive: true });
    writeFileSync(join(stale, 'host', 'trace.txt'), 'x');
    const kept = ['xlab-bundle-abcDEF', `xlab-other-${ended}-abcDE1`, basename(live)];
    for (const name of kept) mkdirSync(join(folder, name));
    writeFileSync(join(folder, `xlab-bundle-${ended}-abcDE2`), 'a file');
    const target = join(folder, 'of-somebody');
    mkdirSync(target);
    symlinkSync(target, join(folder, `xlab-bundle-${ended}-abcDE3`));

    await removeStaleBundles(folder);
    expect(existsSync(stale)).toBe(false);
    for (const name of [...kept, `xlab-bundle-${ended}-abcDE2`, 'of-somebody']) {
      expect(existsSync(join(folder, name)), name).toBe(true);
    }

    await removeStaleBundles(dirname(live));
    expect(existsSync(join(live, 'a.xlab'))).toBe(true);
    await removeStaleBundles(join(folder, 'nowhere'));
  });
});
