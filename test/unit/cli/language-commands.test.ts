import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();

describe('explain', () => {
  it('prints the page of a code, in any case', async () => {
    const { code, out } = await runCli('explain', 'x0103');
    expect(code).toBe(0);
    expect(out).toMatch(/^X0103: unknown or forbidden unit/);
    const json = await runCli('explain', 'X0103', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ code: 'X0103', page: out });
  });

  it('of a code that does not exist lists those that do', async () => {
    const { code, out, err } = await runCli('explain', 'X9999');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain("there is no code 'X9999'");
    expect(err).toContain('X0001');
  });
});

const UNTIDY = 'xlab 1\nmachine {\n ram 8GiB\n   cpu  skl }\n';

describe('fmt', () => {
  it('writes the standard layout, after which nothing changes', async () => {
    const path = writeInto(root, 'untidy.xlab', UNTIDY);
    expect((await runCli('fmt', '--check', path)).code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(UNTIDY);
    expect((await runCli('fmt', path)).code).toBe(0);
    const tidy = readFileSync(path, 'utf8');
    expect(tidy).not.toBe(UNTIDY);
    expect((await runCli('fmt', '--check', path)).code).toBe(0);
    await runCli('fmt', path);
    expect(readFileSync(path, 'utf8')).toBe(tidy);
  });

  it('leaves a file with mistakes alone and says what they are', async () => {
    const wrong = 'xlab 1\nmachine { ram 8GiB\n';
    const path = writeInto(root, 'wrong.xlab', wrong);
    const { code, err } = await runCli('fmt', path);
    expect(code).toBe(2);
    expect(err).toContain('error[X0');
    expect(readFileSync(path, 'utf8')).toBe(wrong);
  });

  it('of a missing file says so', async () => {
    const { code, err } = await runCli('fmt', join(root, 'nowhere.xlab'));
    expect(code).toBe(2);
    expect(err).toContain('there is no such file');
  });
});

describe('reading results', () => {
  it.each(['report', 'diff', 'merge'])('%s of a folder without one is refused', async (command) => {
    const words = command === 'diff' ? [root, root] : [root];
    const { code, out, err } = await runCli(command, ...words);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^error: /);
  });

  it('report of something else than a result names what is wrong', async () => {
    const path = writeInto(root, 'result.json', '{"schema": 1, "tool": 7}');
    const { code, err } = await runCli('report', path);
    expect(code).toBe(2);
    expect(err).toMatch(/is no result: /);
  });
});

describe('windows', () => {
  it('are not served on a port that does not exist', async () => {
    const { code, err } = await runCli('serve', '--port', '70000');
    expect(code).toBe(2);
    expect(err).toContain('--port takes a number from 0 to 65535');
  });
});
