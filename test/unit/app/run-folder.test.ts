/** The states in which a killed command leaves its folder, and what the same command makes of them. */
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOfFolder } from '../../support/files-of-folder.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const scenario = writeInto(
  root,
  'small.xlab',
  `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
compare module_alloc, bpf_prog_pack baseline module_alloc
seeds 1..3
pool progs
phase load for 2s { repeat 10 { load bpf size 168B into progs } }
probe every 1s: DirectMap4k
`,
);
const folderOf = (name: string): string => join(root, name);
const run = (folder: string, ...words: readonly string[]) =>
  runCli('run', scenario, '--out', folder, '--quiet', ...words);

/** A folder with all runs done. */
const finished = async (name: string, ...words: readonly string[]): Promise<string> => {
  const folder = folderOf(name);
  expect((await run(folder, ...words)).code).toBe(0);
  return folder;
};

describe('a folder that holds the finished result of the same hash', () => {
  it('needs no run again and keeps its bytes', async () => {
    const folder = await finished('whole', '--events');
    const files = filesOfFolder(folder);
    expect((await run(folder, '--events')).simulated).toBe(0);
    expect(filesOfFolder(folder)).toEqual(files);
  });

  it('has its runs done again when event logs are wanted that are not there', async () => {
    const folder = await finished('no-logs');
    expect((await run(folder, '--events')).simulated).toBe(6);
    expect(readdirSync(join(folder, 'events'))).toHaveLength(6);
  });

  it('does only the run whose event log is gone', async () => {
    const folder = await finished('one-log-gone', '--events');
    const files = filesOfFolder(folder);
    rmSync(join(folder, 'events', 'bpf_prog_pack-2.jsonl.gz'));
    expect((await run(folder, '--events')).simulated).toBe(1);
    expect(filesOfFolder(folder)).toEqual(files);
  });

  it('does every run of another hash', async () => {
    const folder = await finished('other');
    expect((await run(folder, '--seeds', '4..5')).simulated).toBe(4);
  });
});

describe('a folder that a killed command left', () => {
  it('in the middle of writing loses its temporary files', async () => {
    const folder = await finished('half-written');
    const files = filesOfFolder(folder);
    writeInto(folder, '.xlab-tmp-abc123/charts/half.svg', '<svg');
    rmSync(join(folder, 'result.json'));
    rmSync(join(folder, 'data'), { recursive: true });
    expect((await run(folder)).code).toBe(0);
    expect(filesOfFolder(folder)).toEqual(files);
  });

  it('with a cut result does all again', async () => {
    const folder = await finished('cut');
    const files = filesOfFolder(folder);
    const text = Buffer.from(files['result.json'] ?? '', 'base64');
    writeInto(folder, 'result.json', text.subarray(0, text.length / 2));
    expect((await run(folder)).simulated).toBe(6);
    expect(filesOfFolder(folder)).toEqual(files);
  });
});

describe('shares of a run', () => {
  it('in one folder do not meet, and merge to the bytes of the whole, event logs too', async () => {
    const whole = await finished('unshared', '--events');
    const folder = folderOf('shares');
    for (const share of ['1/2', '2/2']) {
      expect((await run(folder, '--shard', share, '--events')).code).toBe(0);
    }
    const merged = folderOf('merged');
    expect((await runCli('merge', folder, '--out', merged, '--quiet')).code).toBe(0);
    expect(filesOfFolder(merged)).toEqual(filesOfFolder(whole));
  });

  it('that are whole are not done again', async () => {
    const folder = folderOf('share-again');
    await run(folder, '--shard', '1/2');
    const files = filesOfFolder(folder);
    expect((await run(folder, '--shard', '1/2')).simulated).toBe(0);
    expect(filesOfFolder(folder)).toEqual(files);
  });

  it('whose kept runs are of another share are done as asked', async () => {
    const [first, second] = [folderOf('kept-1'), folderOf('kept-2')];
    await run(first, '--shard', '1/2');
    cpSync(first, second, { recursive: true });
    renameSync(join(second, 'shard-1-of-2.xlabshard'), join(second, 'shard-1-of-2.xlabshard.tmp'));
    expect((await run(second, '--shard', '2/2')).simulated).toBe(3);
    expect(existsSync(join(second, 'shard-2-of-2.xlabshard'))).toBe(true);
  });
});
