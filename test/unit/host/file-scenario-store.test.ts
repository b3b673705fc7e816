import { mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileScenarioStore, SCENARIO_BYTES_MAX } from '../../../src/host/file-scenario-store.js';

let base = '';
let shipped = '';
let user = '';
let store: FileScenarioStore;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'xlab-store-'));
  shipped = join(base, 'scenarios');
  user = join(base, 'user');
  await mkdir(shipped);
  await writeFile(
    join(shipped, 'b.xlab'),
    'xlab 1\ntitle "Second \\"one\\""\nquestion "Why?"\n# title "no"\n',
  );
  await writeFile(join(shipped, 'a.xlab'), 'xlab 1\n');
  await writeFile(join(shipped, 'notes.txt'), 'x');
  await writeFile(join(base, 'secret.xlab'), 'secret');
  store = new FileScenarioStore({ shippedFolder: shipped, userFolder: user });
});

afterEach(() => rm(base, { recursive: true, force: true }));

describe('file scenario store', () => {
  test('lists scenarios by name with title and question, and the file name without a title', async () => {
    expect(await store.list()).toEqual([
      { id: 'a.xlab', title: 'a.xlab', question: '' },
      { id: 'b.xlab', title: 'Second "one"', question: 'Why?' },
    ]);
  });

  test('saving a shipped scenario makes a copy in the user folder and leaves the original', async () => {
    const saved = await store.write({ id: 'a.xlab', text: 'xlab 1\n# mine\n' });
    expect(saved.id).toBe(join(user, 'a.xlab'));
    expect(await readFile(join(shipped, 'a.xlab'), 'utf8')).toBe('xlab 1\n');
    expect((await store.read(saved.id)).text).toBe('xlab 1\n# mine\n');
    expect((await store.list()).map((entry) => entry.id)).toContain(saved.id);
  });

  test('a save leaves no temporary file behind', async () => {
    await store.write({ id: 'a.xlab', text: 'one' });
    await store.write({ id: join(user, 'a.xlab'), text: 'two' });
    expect(await readdir(user)).toEqual(['a.xlab']);
    expect(await readFile(join(user, 'a.xlab'), 'utf8')).toBe('two');
  });

  test('a text from elsewhere goes beside a file of its name, never over it', async () => {
    await store.write({ id: 'new.xlab', text: 'mine' });
    const dropped = await store.write({ id: 'new.xlab', text: 'theirs' });
    const again = await store.write({ id: 'new.xlab', text: 'theirs' });
    expect([dropped.id, again.id]).toEqual([join(user, 'new-2.xlab'), join(user, 'new-2.xlab')]);
    expect(await readFile(join(user, 'new.xlab'), 'utf8')).toBe('mine');
    await store.write({ id: dropped.id, text: 'theirs, changed' });
    expect(await readFile(join(user, 'new-2.xlab'), 'utf8')).toBe('theirs, changed');
  });

  test('a file that was changed since it was opened is left as it is until that is known', async () => {
    const { id } = await store.write({ id: 'a.xlab', text: 'opened' });
    await writeFile(id, 'changed in another program');
    const mine = { id, text: 'mine' };
    await expect(store.write({ ...mine, replaces: 'opened' })).rejects.toThrow(
      /^a\.xlab was changed elsewhere since it was opened and is left as it is; save once more/,
    );
    expect(await readFile(id, 'utf8')).toBe('changed in another program');
    await store.write({ ...mine, replaces: 'changed in another program' });
    expect(await readFile(id, 'utf8')).toBe('mine');
    await store.write({ ...mine, replaces: 'opened' });
    await rm(id);
    await store.write({ ...mine, replaces: 'opened' });
    expect(await readFile(id, 'utf8')).toBe('mine');
  });

  test('a folder that cannot be made is told of without its path', async () => {
    await writeFile(user, 'a file in the place of the folder');
    await expect(store.write({ id: 'a.xlab', text: 'x' })).rejects.toThrow(
      /^cannot (?:make the scenario folder|write a\.xlab): (?!.*xlab-store-)/,
    );
  });

  test.each([
    ['../secret.xlab', 'parent folder'],
    ['/etc/passwd.xlab', 'absolute path elsewhere'],
    ['x/../../secret.xlab', 'dots inside'],
    ['a.txt', 'other extension'],
    ['', 'nothing'],
    ['a\0.xlab', 'zero byte'],
  ])('refuses %j (%s)', async (id) => {
    await expect(store.read(id)).rejects.toThrow(/outside|not a \.xlab|needs a name/);
    await expect(store.write({ id, text: '' })).rejects.toThrow(
      /outside|not a \.xlab|needs a name/,
    );
  });

  test('refuses a link that leads out of the folder', async () => {
    await symlink(join(base, 'secret.xlab'), join(shipped, 'link.xlab'));
    await expect(store.read('link.xlab')).rejects.toThrow('outside the scenario folders');
  });

  test('a granted file may be read and written in place', async () => {
    const path = join(base, 'secret.xlab');
    await expect(store.read(path)).rejects.toThrow('outside');
    const id = await store.grant(path);
    await store.write({ id, text: 'changed' });
    expect((await store.read(id)).text).toBe('changed');
    expect(await store.locate(id)).toEqual({ folder: base, file: 'secret.xlab' });
  });

  test('a file above the size limit is neither read nor written', async () => {
    await writeFile(join(shipped, 'big.xlab'), 'x'.repeat(SCENARIO_BYTES_MAX + 1));
    await expect(store.read('big.xlab')).rejects.toThrow('1 MiB');
    const text = 'x'.repeat(SCENARIO_BYTES_MAX + 1);
    await expect(store.write({ id: 'a.xlab', text })).rejects.toThrow('1 MiB');
  });

  test('a missing file says so without naming folders', async () => {
    await expect(store.read('none.xlab')).rejects.toThrow(
      'cannot read none.xlab: it does not exist',
    );
  });
});
