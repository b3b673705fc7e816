/** Wrong input of every kind: one clear message, exit code 2, nothing written. */
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const out = join(root, 'out');

const GOOD = `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
compare linux_6_1, linux_6_12 baseline linux_6_1
pool progs
phase load for 2s { repeat 10 { load bpf size 168B into progs } }
phase drop for 1s { free all progs }
probe every 100ms: DirectMap4k
`;
const edited = (from: string, to: string): string => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};
let count = 0;
const scenario = (text: string | Uint8Array): string => {
  count += 1;
  return writeInto(root, `case-${String(count)}.xlab`, text);
};

/** Runs, expects exit code 2 and an untouched disk, returns what was said. */
async function refused(path: string, ...more: readonly string[]): Promise<string> {
  const before = readdirSync(root).length;
  const { code, out: printed, err } = await runCli('run', path, '--out', out, ...more);
  expect(code).toBe(2);
  expect(printed).toBe('');
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(root).length).toBe(before);
  return err;
}

describe('a wrong scenario', () => {
  it('with an unknown unit names the unit, the place and the remedy', async () => {
    const err = await refused(scenario(edited('8GiB', '8388608kB')));
    expect(err).toContain("error[X0103]: unknown unit 'kB'");
    expect(err).toMatch(/case-\d+\.xlab:2:15/);
    expect(err).toContain('help: write 8388608KiB');
  });

  it('with unknown names lists each with the nearest', async () => {
    const text = edited('linux_6_12 ', 'linux_6_122 ').replace('DirectMap4k', 'DirectMap4K');
    const err = await refused(scenario(text));
    expect(err).toContain("unknown design 'linux_6_122'");
    expect(err).toContain("did you mean 'linux_6_12'?");
    expect(err).toContain("unknown metric 'DirectMap4K'");
    expect(err).toContain("did you mean 'DirectMap4k'?");
  });

  it('that is empty says what is missing', async () => {
    expect(await refused(scenario(''))).toContain('error[X0001]');
  });

  it('that is not text says so', async () => {
    const err = await refused(scenario(Uint8Array.from([0xff, 0xfe, 0x00, 0x80])));
    expect(err).toMatch(/^error: cannot read '.*': it is not UTF-8 text\n$/);
  });

  it('with a line of 10 MB is refused by its length, in one message', async () => {
    const err = await refused(scenario(`${GOOD}# ${'x'.repeat(10_000_000)}\n`));
    expect(err).toContain('error[X0006]');
    expect(err.length).toBeLessThan(1000);
  });

  it('with 10^9 events is refused before anything runs', async () => {
    const err = await refused(scenario(edited('repeat 10 ', 'repeat 1_000_000_000 ')));
    expect(err).toContain('error[X0412]');
    expect(err).toContain('2,000,000,001 events (limit 100,000,000)');
  });

  it('with more runs than allowed names their number', async () => {
    const err = await refused(scenario(`${GOOD}seeds 1..90000\n`));
    expect(err).toContain('180,000 runs');
  });

  it('that imports a missing, a cut or an outside recording says which', async () => {
    const importing = (path: string): string =>
      scenario(`${GOOD}import host from "${path}" format recording\n`);
    expect(await refused(importing('nowhere'))).toContain("there is no recording 'nowhere'");
    expect(await refused(importing('../host'))).toContain('error[X0205]');
    const shipped = join('scenarios', 'recordings', 'debian-6.1-bpf');
    for (const name of readdirSync(shipped)) {
      const bytes = readFileSync(join(shipped, name));
      const isEvents = name.startsWith('events');
      writeInto(root, `cut/${name}`, isEvents ? bytes.subarray(0, bytes.length / 2) : bytes);
    }
    const err = await refused(importing('cut'));
    expect(err).toContain('error[X0701]');
    expect(err).toContain('the gzip data end early');
  });
});

describe('a wrong command line', () => {
  const good = (): string => scenario(GOOD);

  it('says that the file is missing, or a folder', async () => {
    expect(await refused(join(root, 'nowhere.xlab'))).toContain('there is no such file');
    mkdirSync(join(root, 'folder.xlab'));
    expect(await refused(join(root, 'folder.xlab'))).toContain('it is a folder');
  });

  it.each([
    [['--set', 'churn'], 'expected name=value'],
    [['--set', 'churn=3'], "'churn'"],
    [['--seeds', '5..1'], 'the range of seeds is empty'],
    [['--only', 'linux_7_9'], "unknown design 'linux_7_9' in --only"],
    [['--report', 'pdf'], "no report is called 'pdf'"],
    [['--shard', '3/2'], 'expected K/N'],
    [['--expect-hash', 'xyz'], 'expected hexadecimal digits'],
    [['--threads', '0'], 'number from 1 to 64'],
    [['--shard', '0/2'], 'expected K/N'],
    [['--shard', 'a/b'], 'expected K/N'],
    [['--frobnicate'], "unknown option '--frobnicate'"],
    [['--junit', join(root, 'none', 'verdicts.xml')], 'there is no folder'],
    [['--junit', root], 'it is a folder, not a file'],
    [['--ktap', '--junit', '-'], '--ktap and --junit - both print'],
    [['--ktap', '--json'], '--ktap and --json both print'],
  ])('%j is refused with a reason', async (words, message) => {
    expect(await refused(good(), ...words)).toContain(message);
  });

  it('does not write into a file', async () => {
    const file = writeInto(root, 'taken', 'mine');
    const { code, err } = await runCli('run', good(), '--out', file);
    expect(code).toBe(2);
    expect(err).toContain('it is a file, not a folder');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.each([
    [['diff', 'nowhere', 'nowhere'], "cannot read 'nowhere'"],
    [['diff', 'nowhere'], "missing required argument 'b'"],
    [['diff', join(root), join(root)], 'there is no such file'],
    [['merge'], "missing required argument 'dirs'"],
    [['merge', 'nowhere'], 'there is no folder nowhere'],
    [['merge', root], 'holds no share of a run'],
    [['report', 'nowhere'], "cannot read 'nowhere'"],
    [['report', 'nowhere', '--format', 'pdf'], "no report is called 'pdf'"],
  ])('%j is refused, and nothing is printed or written', async (words, message) => {
    const before = readdirSync(root).length;
    const { code, out: printed, err } = await runCli(...words);
    expect([code, printed]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(readdirSync(root).length).toBe(before);
  });

  it('of a merge does not write into a file, nor of shares that do not fit', async () => {
    const [first, second] = [join(root, 'share-1'), join(root, 'share-2')];
    await runCli('run', good(), '--shard', '1/2', '--out', first, '--quiet');
    await runCli('run', good(), '--seeds', '2', '--shard', '2/2', '--out', second, '--quiet');
    const file = writeInto(root, 'taken-by-merge', 'mine');
    for (const [words, message] of [
      [['merge', first, '--out', file], 'it is a file, not a folder'],
      [['merge', first, '--out', out], '1 of 2 runs are missing'],
      [['merge', first, second, '--out', out], 'is of another scenario hash'],
    ] as const) {
      const { code, out: printed, err } = await runCli(...words);
      expect([code, printed]).toEqual([2, '']);
      expect(err).toContain(message);
      expect(existsSync(out)).toBe(false);
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('knows no such command', async () => {
    const { code, out: printed, err } = await runCli('frobnicate');
    expect(code).toBe(2);
    expect(printed).toBe('');
    expect(err).toContain("unknown command 'frobnicate'");
  });

  it('with another hash than expected ends with 5 before anything runs', async () => {
    const words = ['--expect-hash', '0123456789ab', '--out', out];
    const { code, out: printed, err } = await runCli('run', good(), ...words);
    expect(code).toBe(5);
    expect(printed).toBe('');
    expect(err).toMatch(/hash [0-9a-f]{12}, not 0123456789ab/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('check', () => {
  it('of a good scenario prints one line with runs and hash', async () => {
    const { code, out: printed, err } = await runCli('check', scenario(GOOD), '--seeds', '1..3');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^case-\d+\.xlab: ok, 6 runs \(2 designs x 3 seeds\), hash [0-9a-f]{12}\n$/,
    );
  });

  it('of several mistakes names them all and counts them', async () => {
    const text = edited('8GiB', '8GB').replace('168B', '168').replace('every 100ms', 'every 100');
    const { code, err } = await runCli('check', scenario(text));
    expect(code).toBe(2);
    expect(err.match(/^error\[X0\d+\]/gm)).toHaveLength(3);
    expect(err).toMatch(/: 3 errors\n$/);
  });

  it('as JSON gives lines and columns', async () => {
    const { code, out: printed } = await runCli('check', scenario(edited('8GiB', '8GB')), '--json');
    expect(code).toBe(2);
    const answer = JSON.parse(printed) as { diagnostics: readonly unknown[]; summary?: unknown };
    expect(answer.summary).toBeUndefined();
    expect(answer.diagnostics).toMatchObject([
      { code: 'X0103', severity: 'error', at: { line: 2, column: 15 } },
    ]);
  });

  it('of a library is content that it has nothing to run', async () => {
    const path = join('scenarios', 'std', 'sizes.xlab');
    const { code, out: printed } = await runCli('check', path);
    expect(code).toBe(0);
    expect(printed).toContain('ok, nothing to run');
  });
});

describe('lists', () => {
  it('show what a scenario may name, as text and as JSON', async () => {
    const text = await runCli('designs');
    expect(text.code).toBe(0);
    expect(text.out).toContain('linux_6_12');
    const json = await runCli('list', 'metrics', '--json');
    expect(JSON.parse(json.out)).toContainEqual(
      expect.objectContaining({ name: 'direct_map_level2_splits' }),
    );
    const one = await runCli('designs', 'linux_6_1');
    expect(one.out).toContain('linux_6_1 (linux 6.1)');
  });

  it('of something unknown offer what there is', async () => {
    const { code, err } = await runCli('designs', 'linux_6_11');
    expect(code).toBe(2);
    expect(err).toContain("did you mean 'linux_6_1");
  });

  it('count what an import uses', async () => {
    const path = join('scenarios', 'recordings', 'debian-6.1-bpf');
    const { code, out: printed } = await runCli('import', 'recording', path);
    expect(code).toBe(0);
    expect(printed).toMatch(/records: \d+: \d+ used, \d+ guessed, \d+ dropped/);
  });
});
